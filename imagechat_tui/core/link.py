"""The states of the client's connection as one table that can be printed; it never connects and never waits.

A signal that a state has no row for changes nothing: a late probe cannot take a live link down.
"""

from collections import deque
from collections.abc import Mapping
from enum import Enum
from typing import Final

import msgspec

from imagechat_tui.core.views import LinkState, LinkView, Reason


class Signal(Enum):
    """What the link learns."""

    START = "start"
    """The user opens the board."""
    OPENED = "opened"
    """The live socket is open."""
    CAUGHT_UP = "caught up"
    """The log has been read to its end."""
    BEHIND = "behind"
    """Something is missing: the log has to be read."""
    LOST = "lost"
    """The socket ended, or an attempt failed."""
    REACHED = "reached"
    """Something answered over HTTP."""
    SILENT = "silent"
    """After a failed attempt the probe got no HTTP answer either."""
    DENIED = "denied"
    """Identity, tenant or certificate rejected."""
    RETRY = "retry"
    """The user asks to try again."""
    STOP = "stop"
    """The user leaves."""


TABLE: Final[Mapping[LinkState, Mapping[Signal, LinkState]]] = {
    LinkState.CLOSED: {
        Signal.START: LinkState.CONNECTING,
    },
    LinkState.CONNECTING: {
        Signal.OPENED: LinkState.SYNCING,
        Signal.LOST: LinkState.RECONNECTING,
        Signal.DENIED: LinkState.REFUSED,
        Signal.STOP: LinkState.CLOSED,
    },
    LinkState.SYNCING: {
        Signal.CAUGHT_UP: LinkState.LIVE,
        Signal.LOST: LinkState.RECONNECTING,
        Signal.DENIED: LinkState.REFUSED,
        Signal.STOP: LinkState.CLOSED,
    },
    LinkState.LIVE: {
        Signal.BEHIND: LinkState.SYNCING,
        Signal.LOST: LinkState.RECONNECTING,
        Signal.DENIED: LinkState.REFUSED,
        Signal.STOP: LinkState.CLOSED,
    },
    LinkState.RECONNECTING: {
        Signal.OPENED: LinkState.SYNCING,
        Signal.SILENT: LinkState.OFFLINE,
        Signal.DENIED: LinkState.REFUSED,
        Signal.STOP: LinkState.CLOSED,
    },
    LinkState.OFFLINE: {
        Signal.OPENED: LinkState.SYNCING,
        Signal.REACHED: LinkState.RECONNECTING,
        Signal.DENIED: LinkState.REFUSED,
        Signal.STOP: LinkState.CLOSED,
    },
    LinkState.REFUSED: {
        Signal.RETRY: LinkState.CONNECTING,
        Signal.STOP: LinkState.CLOSED,
    },
}
"""State, signal, next state. What is not listed stays as it is."""

HISTORY: Final = 50
"""Changes of state kept for the sync details."""


def after(state: LinkState, signal: Signal) -> LinkState:
    """The state that follows."""
    return TABLE[state].get(signal, state)


def table_as_mermaid() -> str:
    """The table as a Mermaid state diagram; signals between the same two states share one arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for state, row in TABLE.items():
        for signal, then in row.items():
            arrows.setdefault((state.value, then.value), []).append(signal.value)
    lines = [f"    {state} --> {then}: {', '.join(signals)}" for (state, then), signals in arrows.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> closed", *lines])


class Link:
    """The present state, why it is so, and how it came about."""

    def __init__(self) -> None:
        self._view = LinkView(state=LinkState.CLOSED)
        self.history: deque[tuple[float, LinkState, Signal]] = deque(maxlen=HISTORY)
        """When (session clock), which state was entered, by which signal; newest last."""
        self.live_since: float | None = None
        """When the link last became live; ``None`` while it is not."""
        self.reconnects = 0
        """How often the link became live again after a loss."""
        self._was_live = False
        self._was_lost = False

    @property
    def state(self) -> LinkState:
        """The present state."""
        return self._view.state

    @property
    def view(self) -> LinkView:
        """What banner and header show."""
        return self._view

    def tell(self, signal: Signal, now: float) -> bool:
        """Take a signal in; whether the state is another one now."""
        before = self._view.state
        state = after(before, signal)
        if state is before:
            return False
        self.history.append((now, state, signal))
        if state is LinkState.LIVE:
            self._became_live(now)
        elif state is not LinkState.SYNCING:
            self._was_lost = self._was_live
            self.live_since = None
        self._view = msgspec.structs.replace(self._view, state=state)
        return True

    def _became_live(self, now: float) -> None:
        self.reconnects += self._was_lost
        self._was_live, self._was_lost = True, False
        self.live_since = self.live_since or now
        self._view = LinkView(state=LinkState.LIVE, plain_host=self._view.plain_host)

    def note(
        self,
        *,
        attempt: int | None = None,
        retry_at: float | None = None,
        reason: Reason | None = None,
        detail: str = "",
    ) -> None:
        """Facts beside the state; ``None`` and empty clear all but ``attempt``."""
        self._view = msgspec.structs.replace(
            self._view,
            attempt=self._view.attempt if attempt is None else attempt,
            retry_at=retry_at,
            reason=reason,
            detail=detail,
        )

    def is_plain(self, *, plain: bool) -> None:
        """Whether the host offers the plain contract only."""
        self._view = msgspec.structs.replace(self._view, plain_host=plain)
