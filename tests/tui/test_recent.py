"""Boards looked at lately."""

import pytest

from imagechat_tui.tui.recent import RecentApp
from imagechat_tui.tui.recent_boards import RecentBoard
from tests.support.board_client import MINUTE_MS, NOW_MS
from tests.support.grid import grid

BOARDS = [
    RecentBoard(target="/home/mia/checkout.png", title="checkout.png", seen_ms=NOW_MS - 5 * MINUTE_MS),
    RecentBoard(target="https://chat.example/imagechat/v1/b/acme/x7", title="Landing", seen_ms=NOW_MS),
    RecentBoard(target="/tmp/\x1b[31mevil.png", title="[red]ラベル[/]\x1b]0;x\x07", seen_ms=0),  # noqa: S108 - a name
]


def app() -> RecentApp:
    """On the boards above."""
    return RecentApp(BOARDS, wall_ms=lambda: NOW_MS)


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["enter"], BOARDS[0].target),
        (["down", "enter"], BOARDS[1].target),
        (["down", "down", "down", "up", "enter"], BOARDS[1].target),
        ([*"land", "enter"], BOARDS[1].target),
        ([*"CHECK mia", "enter"], BOARDS[0].target),
        ([*"none of them", "enter", "escape"], None),
        (["escape"], None),
        (["ctrl+q"], None),
    ],
)
async def test_keys_choose(keys: list[str], chosen: str | None) -> None:
    """Letters search, arrows move, enter chooses, escape leaves."""
    chooser = app()
    async with chooser.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*("space" if key == " " else key for key in keys))
        await pilot.pause()
    assert chooser.return_value == chosen


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (40, 12), (30, 8)])
async def test_rows_tell_name_place_and_time_at_every_size(size: tuple[int, int]) -> None:
    """Foreign words stay words."""
    chooser = app()
    async with chooser.run_test(size=size) as pilot:
        await pilot.pause()
        text = grid(chooser)
        written = "".join(strip.render(chooser.console) for strip in chooser.screen._compositor.render_strips())
    assert "checkout.png" in text
    assert "5 min" in text
    assert "[red]" in text
    assert "3 of 3" in text
    assert text.splitlines()[-1].endswith("esc quit")
    assert "\x1b]0;" not in written
