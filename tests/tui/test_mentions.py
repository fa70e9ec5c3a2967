"""Names after an @."""

import pytest

from imagechat_tui.core.views import Person
from imagechat_tui.tui.mentions import begun, matching
from tests.support.grid import grid
from tests.tui.stage import bench, press, reviewed, shown

NAMES = ["Ana", "Bo Anders", "Žan", "anton", "\x1b[31mEve\x1b]0;x\x07"]


@pytest.mark.parametrize(
    ("before", "typed"),
    [("@", ""), ("see @an", "an"), ("(@A", "A"), ("mia@example.org", None), ("@ana ", None), ("plain", None)],
)
def test_a_name_begins_after_an_at_sign_of_its_own(before: str, typed: str | None) -> None:
    """An address is no name."""
    assert begun(before) == typed


def test_names_match_from_their_beginning_first() -> None:
    """Whatever the case; a later word counts as well."""
    assert matching("AN", NAMES) == ["Ana", "anton", "Bo Anders"]
    assert matching("ž", NAMES) == ["Žan"]
    assert matching("e", NAMES) == ["Eve"]


async def test_people_here_are_offered_and_completed() -> None:
    """With markup in a name as words; never oneself."""
    board = reviewed()
    board.people = (Person(id="me", name="Mia"), Person(id="b", name="[b]Bo[/b]"), Person(id="a", name="Ana"))
    async with shown(board) as pilot:
        await press(pilot, "m", "@")
        assert "tab @[b]Bo[/b] · @Ana " in grid(pilot.app)
        await press(pilot, "left_square_bracket", "tab")
        assert bench(pilot).composer.text == "@[b]Bo[/b] "


async def test_tab_without_a_name_goes_on() -> None:
    """To the next pane, as everywhere; the text stays."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "m", "h", "i", "tab")
        assert bench(pilot).composer.text == "hi"
        assert not bench(pilot).writing
