"""Markers under the mouse: a click opens, a pull carries, and only where that is allowed."""

import pytest

from imagechat_tui.core import inputs
from imagechat_tui.tui.widgets.marker_badge import MarkerBadge
from tests.support.board_client import MemoryBoard
from tests.tui.stage import Stage, bench, board_screen, calm, reviewed, shown, toasts


async def pull(pilot: Stage, marker_id: str, by: tuple[int, int]) -> None:
    """Press on a marker's square, move in two steps, let go."""
    badge = next(one for one in board_screen(pilot).query(MarkerBadge) if one.display and one.keys == (marker_id,))
    x, y = badge.region.offset
    await pilot.mouse_down(offset=(x, y))
    await calm(pilot)
    for step in ((by[0] // 2, by[1] // 2), by):
        await pilot.hover(offset=(x + step[0], y + step[1]))
        await calm(pilot)
    await pilot.mouse_up(offset=(x + by[0], y + by[1]))
    await calm(pilot)


def moves(board: MemoryBoard) -> list[inputs.MoveMarker]:
    """What was moved."""
    return [one for one in board.submitted if isinstance(one, inputs.MoveMarker)]


async def test_a_moderator_pulls_a_marker_to_another_place() -> None:
    """It lands under the mouse, also when it passes over others on the way."""
    board = reviewed()
    board.moderator = True
    async with shown(board) as pilot:
        await pull(pilot, "m2", (12, 6))
        moved = moves(board)
        assert [one.marker_id for one in moved] == ["m2"]
        assert moved[0].x > 25
        assert moved[0].y > 20
        assert bench(pilot).picture.mode.value == "point"


async def test_somebody_elses_marker_stays_where_it_is() -> None:
    """And why is said; the picture is not panned instead."""
    board = reviewed()
    async with shown(board) as pilot:
        before = bench(pilot).picture.viewport
        await pull(pilot, "m2", (12, 6))
        assert moves(board) == []
        assert any("can move this marker" in said for said in toasts(pilot))
        assert bench(pilot).picture.viewport == before


@pytest.mark.parametrize("moderator", [True, False])
async def test_a_click_opens_and_moves_nothing(*, moderator: bool) -> None:
    """Whoever clicks."""
    board = reviewed()
    board.moderator = moderator
    async with shown(board) as pilot:
        badge = next(one for one in board_screen(pilot).query(MarkerBadge) if one.display and one.keys == ("m2",))
        await pilot.click(offset=badge.region.offset)
        await calm(pilot)
        opened = [one for one in board.submitted if isinstance(one, inputs.OpenThread)]
        assert [one.marker_id for one in opened] == ["m2"]
        assert moves(board) == []
