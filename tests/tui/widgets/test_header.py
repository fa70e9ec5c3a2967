"""The line above everything."""

import pytest

from imagechat_tui.core.views import LinkState, Person
from tests.support.grid import grid
from tests.tui.stage import calm, reviewed, shown


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (160, "checkout.png  v2 · 4 open · 1 resolved · 2 new"),
        (60, "checkout.png  4 open · 2 new"),
        (40, "checkout.png  4 open"),
        (30, "checkout.png"),
    ],
)
async def test_it_says_as_much_as_there_is_room_for(columns: int, said: str) -> None:
    """The name comes first, the link is never cut."""
    async with shown(reviewed(), (columns, 20)) as pilot:
        first = grid(pilot.app).splitlines()[0]
        assert first.strip().startswith(said)
        assert "● live" in first


async def test_names_of_people_are_shown_where_there_is_room() -> None:
    """Three of them, and how many more."""
    board = reviewed()
    board.people = tuple(Person(id=str(i), name=f"P{i}") for i in range(5))
    board.viewers = 7
    async with shown(board, (160, 20)) as pilot:
        assert "7 here: P0, P1, P2 +4" in grid(pilot.app)


@pytest.mark.parametrize("state", LinkState)
async def test_every_state_is_a_sign_and_a_word(state: LinkState) -> None:
    """People are known only while live."""
    board = reviewed()
    async with shown(board) as pilot:
        board.set_link(state)
        await calm(pilot)
        first = grid(pilot.app).splitlines()[0]
        assert state.value in first
        assert ("here" in first) is (state is LinkState.LIVE)


async def test_a_very_long_name_is_cut_not_the_link() -> None:
    """With an ellipsis."""
    board = reviewed()
    board.title = "ラベル" * 60
    async with shown(board, (80, 20)) as pilot:
        first = grid(pilot.app).splitlines()[0]
        assert "…" in first
        assert "live" in first
