"""Which thread is loaded next: the open one first, then the others one at a time, so that all is readable offline.

It asks while the link is live; a very large board is loaded in part. A thread that is refused is not asked for again
until the link becomes live the next time.
"""

from typing import Final

from imagechat_tui.core.asks import ReadThread
from imagechat_tui.core.board import Board
from imagechat_tui.core.endings import SERVER_ERROR
from imagechat_tui.core.inputs import Answered, Refused
from imagechat_tui.core.outbox import Answer, Outbox
from imagechat_tui.protocol.replies import Comments

PREFETCHED: Final = 300
"""Threads loaded without having been opened."""

TIMEOUT: Final = 10.0
"""Seconds for one thread."""

AGAIN: Final = 5.0
"""Seconds until a load that failed is tried again."""

_AGAIN = "load threads"
_TOO_MANY: Final = 429


class Threads:
    """The loading of threads."""

    def __init__(self, board: Board, outbox: Outbox) -> None:
        self._board = board
        self._outbox = outbox
        self._ask: int | None = None
        self._marker: str | None = None
        self._wanted: dict[str, None] = {}
        self._live = False
        self._cursor = 0

    def live(self, now: float, *, cursor: int | None) -> None:
        """The link is live: load what is missing."""
        self._live = True
        self._cursor = cursor or 0
        self._want_all()
        self._next(now)

    def lost(self) -> None:
        """No link: what is on its way is not waited for."""
        self._live = False
        self.cancel()

    def cancel(self) -> None:
        """The board was replaced: an older thread would not fit it."""
        self._outbox.forget(self._ask)
        if self._marker is not None:
            self._board.cancel_load(self._marker)
        self._ask = self._marker = None
        self._outbox.cancel(_AGAIN)

    def opened(self, marker_id: str, now: float) -> None:
        """The user looks at a thread: it is next, even when the link is not live; one on its way comes after it."""
        if not self._fresh(marker_id) and marker_id in self._board.rows and self._marker != marker_id:
            interrupted = self._marker
            self.cancel()
            if interrupted is not None:
                self._wanted = {interrupted: None, **self._wanted}
            self._load(marker_id, now)

    def appeared(self, marker_id: str, now: float, *, cursor: int | None) -> None:
        """A marker is new: its thread is wanted as well."""
        self._cursor = cursor or 0
        if not self._fresh(marker_id) and len(self._board.threads) < PREFETCHED:
            self._wanted[marker_id] = None
            self._next(now)

    def moved(self, cursor: int | None) -> None:
        """The position that the board shows now."""
        self._cursor = cursor or 0

    def _want_all(self) -> None:
        """Those that were loaded before and may have changed; then others, as long as there is room."""
        threads = self._board.threads
        wanted = sorted((key for key in self._board.rows if not self._fresh(key)), key=self._newest_first)
        room = max(PREFETCHED - len(threads), 0)
        missing = [key for key in wanted if key not in threads][:room]
        self._wanted = dict.fromkeys([key for key in wanted if key in threads] + missing)

    def _newest_first(self, marker_id: str) -> tuple[bool, int]:
        row = self._board.rows[marker_id]
        return marker_id != self._board.unread.open_marker, -(row.last_at or row.created_at)

    def _fresh(self, marker_id: str) -> bool:
        thread = self._board.threads.get(marker_id)
        return thread is not None and thread.fresh

    def _next(self, now: float) -> None:
        if self._ask is not None or not self._live:
            return
        while self._wanted:
            marker_id = next(iter(self._wanted))
            del self._wanted[marker_id]
            if marker_id in self._board.rows and not self._fresh(marker_id):
                self._load(marker_id, now)
                return

    def _load(self, marker_id: str, now: float) -> None:
        self._wanted.pop(marker_id, None)
        self._marker = marker_id
        self._board.begin_load(marker_id, cursor=self._cursor)
        window = self._board.rows[marker_id].window
        self._ask = self._outbox.ask(ReadThread(window_url_id=window), now=now, timeout=TIMEOUT, then=self._loaded)

    def _loaded(self, answer: Answer, now: float) -> None:
        marker_id, self._ask, self._marker = self._marker, None, None
        if marker_id is None:
            return
        if isinstance(answer, Refused) and answer.status < SERVER_ERROR and answer.status != _TOO_MANY:
            self._board.cancel_load(marker_id)
            self._next(now)
            return
        if not isinstance(answer, Answered) or not isinstance(answer.reply, Comments):
            self._board.cancel_load(marker_id)
            self._again(marker_id, now)
            return
        reply = answer.reply
        if self._board.finish_load(marker_id, reply.comments, seq=reply.seq):
            self._next(now)
        else:
            self._again(marker_id, now)

    def _again(self, marker_id: str, now: float) -> None:
        if marker_id in self._board.rows:
            self._wanted[marker_id] = None
        self._outbox.alarm(_AGAIN, now + AGAIN, self._next)
