"""The table of the link: what leads where, what leads nowhere, and that it can be printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.core.link import HISTORY, TABLE, Link, Signal, after, table_as_mermaid
from imagechat_tui.core.views import LinkState, Reason


def test_every_state_has_a_row_and_can_be_left() -> None:
    """No state is missing from the table, and none is a trap."""
    assert set(TABLE) == set(LinkState)
    assert all(row for row in TABLE.values())


def test_every_open_state_ends_when_the_user_leaves() -> None:
    """Whatever the link is in, stop closes it."""
    assert all(after(state, Signal.STOP) is LinkState.CLOSED for state in LinkState)


@pytest.mark.parametrize("state", [LinkState.RECONNECTING, LinkState.OFFLINE, LinkState.CONNECTING])
def test_an_opened_socket_leads_to_reading_the_log_first(state: LinkState) -> None:
    """Nothing is live before the log was read."""
    assert after(state, Signal.OPENED) is LinkState.SYNCING


def test_only_the_user_leaves_refused() -> None:
    """No socket, probe or answer ends it: there is no silent retry loop."""
    silent = set(Signal) - {Signal.RETRY, Signal.STOP}
    assert all(after(LinkState.REFUSED, signal) is LinkState.REFUSED for signal in silent)
    assert after(LinkState.REFUSED, Signal.RETRY) is LinkState.CONNECTING


def test_a_late_probe_cannot_take_a_live_link_down() -> None:
    """Silence counts only while the link is being won back."""
    assert after(LinkState.LIVE, Signal.SILENT) is LinkState.LIVE
    assert after(LinkState.RECONNECTING, Signal.SILENT) is LinkState.OFFLINE


def test_live_is_reached_from_syncing_only() -> None:
    """There is one way to live, and it goes through the log."""
    ways = [state for state, row in TABLE.items() if LinkState.LIVE in row.values()]
    assert ways == [LinkState.SYNCING]


def test_the_table_prints_every_transition() -> None:
    """States and signals as a diagram; those between the same two states share an arrow."""
    lines = table_as_mermaid().splitlines()
    assert "    reconnecting --> offline: silent" in lines
    signals = [signal for line in lines if ": " in line for signal in line.partition(": ")[2].split(", ")]
    assert len(signals) == sum(len(row) for row in TABLE.values())


@given(st.lists(st.sampled_from(Signal), max_size=200))
def test_the_link_only_moves_by_its_table(signals: list[Signal]) -> None:
    """Whatever is told in whatever order; the history is bounded and ends with the present state."""
    link = Link()
    for number, signal in enumerate(signals):
        before = link.state
        changed = link.tell(signal, float(number))
        assert link.state is after(before, signal)
        assert changed is (link.state is not before)
    assert len(link.history) <= HISTORY
    assert not link.history or link.history[-1][1] is link.state


def test_reconnects_count_only_returns_after_a_loss() -> None:
    """Catching up within one connection is no reconnect."""
    link = Link()
    for signal in (Signal.START, Signal.OPENED, Signal.CAUGHT_UP, Signal.BEHIND, Signal.CAUGHT_UP):
        link.tell(signal, 1.0)
    assert (link.reconnects, link.live_since) == (0, 1.0)
    for signal in (Signal.LOST, Signal.OPENED, Signal.CAUGHT_UP):
        link.tell(signal, 2.0)
    assert (link.reconnects, link.live_since) == (1, 2.0)


def test_becoming_live_clears_what_was_said_about_the_loss() -> None:
    """Countdown, attempts and reason belong to a link that is not live."""
    link = Link()
    link.tell(Signal.START, 0.0)
    link.note(attempt=3, retry_at=9.0, reason=Reason.BUSY, detail="busy")
    link.tell(Signal.OPENED, 1.0)
    link.tell(Signal.CAUGHT_UP, 2.0)
    assert (link.view.attempt, link.view.retry_at, link.view.reason, link.view.detail) == (0, None, None, "")
