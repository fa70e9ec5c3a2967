"""What the two kinds of host have in common for the one who joins them: how news comes, and who is told.

Shapes only. ``positions`` and ``plain_host`` are the two feeds; ``joining`` is the one who listens.
"""

from collections.abc import Iterable
from typing import Protocol

from imagechat_tui.core.inputs import Refused
from imagechat_tui.core.writes import Writer
from imagechat_tui.protocol.events import Frame, LiveEvent
from imagechat_tui.protocol.replies import ImageChats


class Listener(Protocol):
    """Who is told what a feed finds out."""

    def caught_up(self, now: float) -> None:
        """The board shows everything the server has."""

    def fell_behind(self, now: float) -> None:
        """Something is missing and is being read."""

    def no_answer(self, now: float) -> None:
        """A question that the feed needs got no answer: the socket is not to be trusted."""

    def denied(self, answer: Refused, now: float) -> None:
        """The server rejects who asks."""

    def apply(self, events: Iterable[LiveEvent], now: float) -> bool:
        """Apply events to the board; whether all of them made sense."""

    def moved(self, now: float) -> None:
        """The cursor has moved, or the board was replaced."""


class Feed(Protocol):
    """How news of a kind of host comes in."""

    gaps: int
    """Gaps met and repaired."""

    @property
    def writer(self) -> Writer:
        """How changes are made on this kind of host."""

    @property
    def board_scope(self) -> bool:
        """Whether one socket brings everything."""

    @property
    def thread_url_id(self) -> str | None:
        """The thread whose own socket has to be open as well."""

    @property
    def cursor(self) -> int | None:
        """The position the board shows; ``None`` without positions."""

    @property
    def held_back(self) -> int:
        """Events held back now."""

    def identified(self, chats: ImageChats, now: float) -> None:
        """The host has told who the user is and what is on the board; the socket is about to be opened."""

    def opened(self, now: float) -> None:
        """The live socket is open: read what was missed, then tell the listener."""

    def lost(self, now: float) -> None:
        """The live socket is gone."""

    def frame(self, frame: Frame | None, now: float) -> None:
        """A frame of the live socket; ``None`` for one that does not decode."""

    def expect(self, seq: int, now: float) -> None:
        """The server has told a position that the socket should bring soon."""

    def look(self, window: str | None, now: float) -> bool:
        """The user looks at a thread; whether the socket has to be opened anew for it."""
