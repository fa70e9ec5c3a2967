"""News of a host with positions: one socket for the board, a log by position, a snapshot where the log ends.

A gap waits a moment, for events that only overtook each other; then the log is read. A board that was quiet for long is
compared with the log, because a lost last event leaves no gap to see.
"""

from collections.abc import Callable, Iterable
from typing import Final

from imagechat_tui.core.asks import ReadLog, ReadSnapshot
from imagechat_tui.core.backoff import Backoff
from imagechat_tui.core.board import Board
from imagechat_tui.core.facts import Facts
from imagechat_tui.core.feed import Listener
from imagechat_tui.core.inputs import Answered, Refused
from imagechat_tui.core.outbox import Answer, Outbox
from imagechat_tui.core.resync import Resync, segment_of
from imagechat_tui.core.writes import PositionWriter, Writer
from imagechat_tui.protocol.events import Frame, LiveEvent
from imagechat_tui.protocol.replies import ImageChats, LogPage, Snapshot

READ_TIMEOUT: Final = 10.0
"""Seconds for a page of the log or a snapshot."""

GAP_WAIT: Final = 0.25
"""Seconds that a gap may close by itself; as much again at random, so that viewers do not ask all at once."""

EXPECT_WAIT: Final = 1.0
"""Seconds until an event of one's own write has to have come."""

QUIET: Final = 120.0
"""Seconds without any position until the log is asked whether there is one; half as much again at random."""

_DENIED: Final = frozenset({401, 403, 404})
_LOG_TOO_OLD: Final = 410
_GAP, _EXPECT, _QUIET, _AGAIN = "gap", "expect", "quiet", "read again"


class PositionFeed:
    """Cursor, hold-back, log and snapshot of one board."""

    def __init__(
        self, board: Board, facts: Facts, outbox: Outbox, listener: Listener, *, random: Callable[[], float]
    ) -> None:
        self.writer: Writer = PositionWriter(board)
        self.board_scope = True
        self.thread_url_id: str | None = None
        self.gaps = 0
        self._board = board
        self._facts = facts
        self._outbox = outbox
        self._listener = listener
        self._random = random
        self._resync = Resync()
        self._backoff = Backoff(random)
        self._still_behind = Backoff(random)
        self._open = False
        self._log_ask: int | None = None
        self._snapshot_ask: int | None = None
        self._asked_while_open = False
        self._heard_at = 0.0

    @property
    def cursor(self) -> int | None:
        """The position the board shows."""
        return self._resync.cursor

    @property
    def held_back(self) -> int:
        """Events held back now."""
        return self._resync.held_back

    # The socket --------------------------------------------------------------------------------------------------

    def identified(self, chats: ImageChats, now: float) -> None:
        """Read the whole board beside the opening of the socket, unless it is known already."""
        if chats.imagechat is not None:
            self._facts.show_image(chats.imagechat.image)
        if self._resync.cursor is None and self._snapshot_ask is None:
            self._read_snapshot(now)

    def opened(self, now: float) -> None:
        """Read the log from the cursor on; without one, the snapshot that is on its way comes first."""
        self._open = True
        if self._resync.cursor is not None:
            self._read_log(now)
        elif self._snapshot_ask is None:
            self._read_snapshot(now)

    def lost(self, now: float) -> None:
        """Whatever was held back will be in the log."""
        del now
        self._open = False
        self._asked_while_open = False
        self._outbox.forget(self._log_ask)
        self._log_ask = None
        if self._resync.cursor is not None:
            self._outbox.forget(self._snapshot_ask)
            self._snapshot_ask = None
        self._resync.drop_held()
        for name in (_GAP, _EXPECT, _QUIET, _AGAIN):
            self._outbox.cancel(name)

    def frame(self, frame: Frame | None, now: float) -> None:
        """Apply what comes next, hold back what comes too early."""
        if frame is None:
            self._resync.damage()
        else:
            segment = segment_of(frame)
            if segment is None:
                return
            events = self._resync.offer(segment)
            if events and not self._apply(events, now):
                return
            self._listener.moved(now)
        if self._resync.holding:
            return
        self._watch(now)

    def expect(self, seq: int, now: float) -> None:
        """The socket should bring this position within a second."""
        if self._resync.cursor is not None and seq > self._resync.cursor:
            self._resync.expected = max(self._resync.expected, seq)
            if not self._resync.holding and not self._outbox.is_set(_EXPECT):
                self._expect_within(now)

    def _expect_within(self, now: float) -> None:
        expected = self._resync.expected

        def late(at: float) -> None:
            if (self._resync.cursor or 0) < expected:
                self._gap(at)
            elif self._resync.expected > expected:
                self._expect_within(at)

        self._outbox.alarm(_EXPECT, now + EXPECT_WAIT, late)

    def look(self, window: str | None, now: float) -> bool:
        """One socket brings all threads."""
        del window, now
        return False

    def _watch(self, now: float) -> None:
        """After a frame: wait for what is missing, or be content for a while."""
        if self._resync.gap:
            if not self._outbox.is_set(_GAP):
                self._outbox.alarm(_GAP, now + GAP_WAIT * (1 + self._random()), self._gap)
        else:
            self._outbox.cancel(_GAP)
        self._heard_at = now
        if not self._outbox.is_set(_QUIET):
            self._wait_for_quiet()

    def _wait_for_quiet(self) -> None:
        self._outbox.alarm(_QUIET, self._heard_at + QUIET * (1 + 0.5 * self._random()), self._quiet)

    def _quiet(self, now: float) -> None:
        """The alarm is not moved by every frame: it may find that something was heard meanwhile."""
        if now - self._heard_at < QUIET:
            self._wait_for_quiet()
        else:
            self._read_log(now)

    def _gap(self, now: float) -> None:
        if self._resync.behind and not self._resync.holding:
            self.gaps += 1
            self._listener.fell_behind(now)
            self._read_log(now)

    # The log -----------------------------------------------------------------------------------------------------

    def _read_log(self, now: float) -> None:
        cursor = self._resync.cursor
        if not self._open or cursor is None or self._log_ask is not None or self._snapshot_ask is not None:
            return
        self._resync.begin_read()
        for name in (_GAP, _EXPECT, _QUIET, _AGAIN):
            self._outbox.cancel(name)

        def then(answer: Answer, at: float) -> None:
            self._log_ask = None
            self._logged(answer, cursor, at)

        self._log_ask = self._outbox.ask(ReadLog(after=cursor), now=now, timeout=READ_TIMEOUT, then=then)

    def _logged(self, answer: Answer, after: int, now: float) -> None:
        if not isinstance(answer, Answered):
            self._failed(answer, now, again=self._read_log)
            return
        page = answer.reply
        if not isinstance(page, LogPage) or page.head < after:
            self._read_snapshot(now)
            return
        self._backoff.reset()
        events = self._resync.page(page)
        if not self._apply(events, now):
            return
        self._listener.moved(now)
        if not page.has_more:
            self._catch_up(now)
        elif self._resync.cursor == after:
            self._read_snapshot(now)
        else:
            self._read_log(now)

    def _catch_up(self, now: float) -> None:
        if not self._apply(self._resync.release(), now):
            return
        self._listener.moved(now)
        if self._resync.behind:
            self._resync.holding = True
            self._listener.fell_behind(now)
            self._outbox.alarm(_AGAIN, now + self._still_behind.next(), self._read_log)
            return
        self._still_behind.reset()
        self._listener.caught_up(now)
        self._watch(now)

    def _failed(self, answer: Answer, now: float, *, again: Callable[[float], None]) -> None:
        if not isinstance(answer, Refused):
            self._listener.no_answer(now)
        elif answer.status == _LOG_TOO_OLD:
            self._read_snapshot(now)
        elif answer.status in _DENIED:
            self._listener.denied(answer, now)
        else:
            wait = max(self._backoff.next(), min(answer.retry_after or 0.0, 60.0))
            self._outbox.alarm(_AGAIN, now + wait, again)

    # The snapshot ------------------------------------------------------------------------------------------------

    def _read_snapshot(self, now: float) -> None:
        if self._snapshot_ask is not None:
            return
        self._resync.begin_read()
        for name in (_GAP, _EXPECT, _QUIET, _AGAIN):
            self._outbox.cancel(name)
        if self._open:
            self._listener.fell_behind(now)
        self._asked_while_open = self._open
        self._snapshot_ask = self._outbox.ask(ReadSnapshot(), now=now, timeout=READ_TIMEOUT, then=self._snapped)

    def _snapped(self, answer: Answer, now: float) -> None:
        self._snapshot_ask = None
        if not isinstance(answer, Answered) or not isinstance(answer.reply, Snapshot):
            self._failed(answer, now, again=self._read_snapshot)
            return
        self._backoff.reset()
        snapshot = answer.reply
        self._board.replace(snapshot.markers)
        self._facts.show(title=snapshot.title, visibility=snapshot.visibility)
        self._facts.show_image(snapshot.image)
        complete = self._asked_while_open or self._resync.starts_next(snapshot.seq)
        self._resync.snapshot(snapshot.seq)
        self._listener.moved(now)
        if not self._open:
            return
        if complete:
            self._catch_up(now)
        else:
            self._read_log(now)

    def _apply(self, events: Iterable[LiveEvent], now: float) -> bool:
        if self._listener.apply(events, now):
            return True
        self._read_snapshot(now)
        return False
