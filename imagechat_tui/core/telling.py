"""Tells the others that the user is writing: at the first key, then every few seconds, and when it is over.

It keeps no alarm: who falls silent is forgotten by the others. A word that was still on its way when it was over may
have come last; that it is over is said once more then.
"""

from functools import partial
from typing import Final

from imagechat_tui.core.asks import TellTyping
from imagechat_tui.core.board import Board
from imagechat_tui.core.inputs import AddComment, CreateMarker, EditComment, Intent
from imagechat_tui.core.link import Link
from imagechat_tui.core.outbox import Answer, Outbox
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
            word = TellTyping(marker_id=marker_id)
            self._outbox.ask(word, now=now, timeout=_TIMEOUT, then=partial(self._arrived, marker_id))

    def _heard(self, marker_id: str | None) -> bool:
        """Whether others can know of it: the link is live, and the host knows marker and user."""
        if not self.able or self._board.me.id is None or self._link.state is not LinkState.LIVE:
            return False
        return marker_id is None or marker_id in self._board.rows

    def ended(self, now: float) -> None:
        """The user writes no longer."""
        if self._told_at is not None and now - self._told_at < LASTS:
            self._say_ended(self._place, now)
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

    def _arrived(self, marker_id: str | None, _answer: Answer, now: float) -> None:
        if self._told_at is None and self._heard(marker_id):
            self._say_ended(marker_id, now)

    def _say_ended(self, marker_id: str | None, now: float) -> None:
        """Whoever does not hear it waits a little: no answer is waited for."""
        word = TellTyping(marker_id=marker_id, ended=True)
        self._outbox.forget(self._outbox.ask(word, now=now, timeout=_TIMEOUT, then=lambda _answer, _now: None))
