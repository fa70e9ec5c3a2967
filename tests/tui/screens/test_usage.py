"""The usage screen: sums, courses, days, and what is said when the numbers are not to be had."""

import datetime as dt
from collections.abc import Sequence

import pytest

from imagechat_tui.client.usage import UsageDay
from imagechat_tui.errors import ImagechatError, NotAllowedError
from tests.support.grid import grid
from tests.tui.stage import press, reviewed, shown, toasts
from tests.tui.usage import TODAY, Counted, a_fortnight


async def test_it_shows_sums_courses_and_days() -> None:
    """The latest day first, and a gap in the course for a day without numbers."""
    source = Counted(a_fortnight())
    async with shown(reviewed(), usage=source) as pilot:
        await press(pilot, "U")
        screen = grid(pilot.app)
        await press(pilot, "escape")
        assert "Usage" not in grid(pilot.app)
    assert source.asked == [14]
    for told in ("Messages", "18,850", "5.7 MB", TODAY.isoformat(), "█"):
        assert told in screen, screen
    assert screen.index(TODAY.isoformat()) < screen.index((TODAY - dt.timedelta(days=3)).isoformat())
    chart = next(line for line in screen.splitlines() if "Messages" in line and "18,850" in line)
    assert "▁▁" in chart


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ([], "Nothing was counted"),
        (NotAllowedError("Usage is for administrators \x1b[31mof acme"), "Usage is for administrators of acme"),
    ],
)
async def test_it_says_why_there_is_nothing_to_see(answer: Sequence[UsageDay] | ImagechatError, told: str) -> None:
    """In one sentence, without anybody's escape sequences."""
    async with shown(reviewed(), usage=Counted(answer)) as pilot:
        await press(pilot, "U")
        assert told in grid(pilot.app)


async def test_it_asks_again() -> None:
    """What failed may work now."""
    source = Counted(NotAllowedError("not yet"))
    async with shown(reviewed(), usage=source) as pilot:
        await press(pilot, "U")
        source.answer = a_fortnight()
        await press(pilot, "r")
        assert "18,850" in grid(pilot.app)
        await press(pilot, "U")
        assert "18,850" not in grid(pilot.app)


async def test_a_board_without_a_counter_says_so() -> None:
    """Nothing opens."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "U")
        assert toasts(pilot) == ["Nobody counts the usage of this board."]
