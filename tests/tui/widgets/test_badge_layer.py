"""Squares are reused, and never in each other's way."""

import msgspec

from imagechat_tui.core.views import Delivery
from imagechat_tui.tui.widgets.marker_badge import MarkerBadge
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import Stage, calm, picture, press, reviewed, shown


def seen(pilot: Stage) -> list[MarkerBadge]:
    """The badges on the screen."""
    return [badge for badge in pilot.app.screen.query(MarkerBadge) if badge.display]


async def test_no_two_squares_share_a_cell() -> None:
    """Two hundred markers at random places become stacks."""
    board = MemoryBoard(pixels=picture())
    for i in range(200):
        board.add(f"marker {i}", x=i * 37 % 101, y=i * 53 % 101)
    async with shown(board, (160, 45)) as pilot:
        taken: set[tuple[int, int]] = set()
        for badge in seen(pilot):
            cells = {
                (x, y)
                for x in range(badge.region.x, badge.region.right)
                for y in range(badge.region.y, badge.region.bottom)
            }
            assert not cells & taken
            taken |= cells
        assert sum(len(badge.keys) for badge in seen(pilot)) == 200


async def test_zooming_in_and_out_makes_no_new_widgets() -> None:
    """Hidden ones are used again."""
    async with shown(reviewed()) as pilot:
        before = len(pilot.app.screen.query(MarkerBadge))
        await press(pilot, "+", "+", "+", "-", "-", "-", "0")
        assert len(pilot.app.screen.query(MarkerBadge)) <= before + 1
        assert len(seen(pilot)) == 4


async def test_state_is_told_by_sign_and_frame() -> None:
    """Open, resolved, selected, unread, pending, failed: without any color."""
    board = reviewed()
    two, five = board.marker("m2"), board.marker("m5")
    assert two is not None
    assert five is not None
    board.put(msgspec.structs.replace(two, delivery=Delivery.FAILED))
    board.put(msgspec.structs.replace(five, delivery=Delivery.PENDING, x=10, y=80))
    async with shown(board, (80, 24)) as pilot:
        await press(pilot, "p", "n")
        text = grid(pilot.app)
        await calm(pilot)
    for sign in ("»*1«", "[2!]", "[3✓]", "[4]", "[5~]"):
        assert sign in text
