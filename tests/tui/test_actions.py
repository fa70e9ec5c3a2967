"""Every action of the key table by its key, on a board with a review on it."""

import pytest

from imagechat_tui.core import inputs
from imagechat_tui.core.views import LinkState
from imagechat_tui.tui.keys import TABLE
from tests.support.grid import grid
from tests.tui.acts import around, conversation, picture
from tests.tui.acts.register import ACTS, Act, last
from tests.tui.stage import bench, press, reviewed, shown, toasts
from tests.tui.usage import Counted, a_fortnight

SUBJECTS = (around, conversation, picture)


def test_every_action_is_acted() -> None:
    """A new one without an act fails."""
    assert set(ACTS) == {key.action for key in TABLE}


@pytest.mark.parametrize("act", dict.fromkeys(ACTS.values()), ids=lambda act: act.__name__.strip("_"))
async def test_an_action_does_what_its_key_says(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the key that the table names."""
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    board = reviewed()
    async with shown(board, link="https://chat.example/b", usage=Counted(a_fortnight())) as pilot:
        await act(pilot, board)


async def test_a_remapped_key_acts_and_is_named_everywhere() -> None:
    """The old key means nothing then; footer and help name the new one."""
    board = reviewed()
    async with shown(board, keys={"marker_here": "w"}) as pilot:
        assert "w marker" in grid(pilot.app)
        await press(pilot, "m")
        assert not bench(pilot).writing
        await press(pilot, "w")
        assert bench(pilot).writing


async def test_offline_nothing_is_sent_and_the_text_stays() -> None:
    """The composer stays open with what was typed, and the reason is said."""
    board = reviewed()
    board.set_link(LinkState.OFFLINE)
    async with shown(board) as pilot:
        await press(pilot, "m", "h", "i", "enter")
        assert not any(isinstance(one, inputs.Intent) for one in board.submitted)
        assert bench(pilot).composer.text == "hi"
        assert any("offline" in said for said in toasts(pilot))
        board.set_link(LinkState.LIVE)
        await press(pilot, "enter")
        assert isinstance(last(board, inputs.CreateMarker), inputs.CreateMarker)


@pytest.mark.parametrize("state", [LinkState.OFFLINE, LinkState.RECONNECTING, LinkState.REFUSED])
async def test_r_connects_now(state: LinkState) -> None:
    """Whatever the banner says."""
    board = reviewed()
    board.set_link(state)
    async with shown(board) as pilot:
        await press(pilot, "r")
        assert board.submitted[-1] == inputs.RetryNow()
