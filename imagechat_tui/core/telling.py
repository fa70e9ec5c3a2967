"""Tells the others that the user is writing: at the first key, then every few seconds, and when it is over.

It keeps no alarm: who falls silent is forgotten by the others. What is not heard is not said again.
"""

from typing import Final

from imagechat_tui.core.asks import TellTyping
from imagechat_tui.core.board import Board
from imagechat_tui.core.inputs import AddComment, CreateMarker, EditComment, Intent
from imagechat_tui.core.link import Link
from imagechat_tui.core.outbox import Outbox
from imagechat_tui.core.views import LinkState
from imagechat_tui.core.writers import LASTS

APART: Final = 3.0
"""Seconds between two words of the same; the others wait for the next one more than twice as long."""

_TIMEOUT: Final = 3.0


class Telling:
    """What was told last."""

    def __init__(self, outbox: Outbox, board: Board, link: Link) -> None:
        self.able = False
        """Whether the host passes it on, and the user wants it to."""
        self._outbox = outbox
        self._board = board
        self._link = link
        self._place: str | None = None
        self._told_at: float | None = None
        """When it was said last; ``None`` when the others do not think so."""

    def key(self, marker_id: str | None, now: float) -> None:
        """The user has typed something for this marker; ``None``: for one to come."""
        marker_id = None if marker_id is None else self._board.known_as(marker_id)
        since = None if self._told_at is None else now - self._told_at
        if self._heard(marker_id) and (since is None or since >= APART or marker_id != self._place):
            self._place, self._told_at = marker_id, now
            self._ask(TellTyping(marker_id=marker_id), now)

    def _heard(self, marker_id: str | None) -> bool:
        """Whether others can know of it: the link is live, and the host knows marker and user."""
        if not self.able or self._board.me.id is None or self._link.state is not LinkState.LIVE:
            return False
        return marker_id is None or marker_id in self._board.rows

    def ended(self, now: float) -> None:
        """The user writes no longer."""
        if self._told_at is not None and now - self._told_at < LASTS:
            self._ask(TellTyping(marker_id=self._place, ended=True), now)
        self._told_at = None

    def sent(self, intent: Intent, now: float) -> None:
        """A change is on its way. A comment says by itself that it is finished, another text does not."""
        if isinstance(intent, AddComment | CreateMarker):
            self._told_at = None
        elif isinstance(intent, EditComment):
            self.ended(now)

    def lost(self) -> None:
        """The socket is gone, and with it what the others thought."""
        self._told_at = None

    def _ask(self, body: TellTyping, now: float) -> None:
        """Whoever has not heard it loses nothing: no answer is waited for."""
        self._outbox.forget(self._outbox.ask(body, now=now, timeout=_TIMEOUT, then=lambda _answer, _now: None))
