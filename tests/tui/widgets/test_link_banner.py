"""The banner of a link that is not live."""

import pytest

from imagechat_tui.core.views import LinkState, Reason
from imagechat_tui.tui.widgets.link_banner import LinkBanner
from tests.support.grid import grid
from tests.tui.stage import CLOCK, board_screen, calm, reviewed, shown


@pytest.mark.parametrize(("ahead", "said"), [(12.0, "in 12 s"), (0.4, "in 1 s"), (0.0, "now"), (-5.0, "now")])
async def test_it_counts_down_to_the_next_attempt(ahead: float, said: str) -> None:
    """A moment that has passed is now."""
    board = reviewed()
    board.set_link(LinkState.RECONNECTING, retry_at=CLOCK + ahead)
    async with shown(board) as pilot:
        assert f"trying again {said}" in grid(pilot.app)
        assert "r connects now" in grid(pilot.app)


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.OFFLINE])
@pytest.mark.parametrize("size", [(100, 30), (30, 8)], ids=["wide", "tiny"])
async def test_a_refusal_always_says_why(reason: Reason, size: tuple[int, int]) -> None:
    """Nothing of the sentence is cut, however small the screen."""
    board = reviewed()
    board.set_link(LinkState.REFUSED, reason=reason)
    async with shown(board, size) as pilot:
        banner = board_screen(pilot).query_one(LinkBanner)
        words = " ".join(grid(pilot.app).split())
        assert " ".join(banner._said.plain.split()) in words
        assert "Refused by the server ·" in words


async def test_a_tick_repaints_only_the_banner() -> None:
    """The layout is asked only when another height is needed."""
    board = reviewed()
    now = [CLOCK]
    board.set_link(LinkState.OFFLINE, retry_at=CLOCK + 9)
    async with shown(board) as pilot:
        banner = board_screen(pilot).query_one(LinkBanner)
        banner._clock = lambda: now[0]
        now[0] += 1
        banner._tick()
        await calm(pilot)
        assert "in 8 s" in grid(pilot.app)
