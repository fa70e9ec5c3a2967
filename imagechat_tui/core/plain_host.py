"""News and changes on a host with the plain contract only: no positions, one socket for the page, one for a thread.

After every opening of the socket what was missed is read from the log by time, first the page's, then the open
thread's. Where the log does not reach back, or nothing was heard yet, the markers are listed and the thread is loaded:
what was missed is in them. Frames that came meanwhile are applied on top, in their order. Moving and resolving are not
part of the plain contract and end as refused. Two requests make a marker: a retry repeats only what is still to do.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from imagechat_tui.core.asks import ClaimWindow, ReadChats, ReadEvents, RemoveMarker, Write, WriteComment
from imagechat_tui.core.backoff import Backoff
from imagechat_tui.core.board import Board
from imagechat_tui.core.facts import Facts
from imagechat_tui.core.feed import Listener
from imagechat_tui.core.inputs import (
    Answered,
    CreateMarker,
    DeleteMarker,
    MoveMarker,
    Refused,
    ResolveMarker,
    Unanswered,
)
from imagechat_tui.core.outbox import Answer, Outbox
from imagechat_tui.core.overlay import Overlay
from imagechat_tui.core.replay import Heard, Missed
from imagechat_tui.core.rows import MarkerRow, new_comment
from imagechat_tui.core.views import Reason
from imagechat_tui.core.writes import Result, comment_write, result_of
from imagechat_tui.protocol.events import (
    Batch,
    CommentEvent,
    DeletedComment,
    Frame,
    LiveEvent,
    Skip,
    VoteEvent,
)
from imagechat_tui.protocol.ids import window_url_id
from imagechat_tui.protocol.limits import COORDINATE_DECIMALS
from imagechat_tui.protocol.replies import CommentSaved, EventLog, ImageChatCreated, ImageChats, Reply

TIMEOUT: Final = 10.0
"""Seconds for the list of markers, and for a log."""

HELD: Final = 2_000
"""Frames held back at most; beyond that they are dropped and the markers are read again."""

_DENIED: Final = frozenset({401, 403, 404})
_AGAIN: Final = "read again"


class PlainWriter:
    """Changes by the plain contract."""

    def __init__(self, board: Board, facts: Facts, *, url_id: str) -> None:
        self._board = board
        self._facts = facts
        self.url_id = url_id

    def first(self, change: Overlay) -> Write | Reason:
        """A marker begins with its first comment, unless an earlier attempt has written that already."""
        intent, broadcast_id = change.intent, change.broadcast_ids[-1]
        match intent:
            case CreateMarker() if change.comment is not None:
                return self._claim(intent, change.comment.id, broadcast_id=broadcast_id)
            case CreateMarker():
                window = self._window(intent)
                return WriteComment(broadcast_id=broadcast_id, window_url_id=window, comment=intent.text)
            case MoveMarker() | ResolveMarker():
                return Reason.NOT_COMPATIBLE
            case DeleteMarker():
                return RemoveMarker(broadcast_id=broadcast_id, marker_id=intent.marker_id)
        return comment_write(change, self._board)

    def following(self, change: Overlay, step: int, reply: Reply) -> Write | None:
        """After the first comment: the marker that claims its window, under an id of its own."""
        del step
        if not isinstance(change.intent, CreateMarker) or not isinstance(reply, CommentSaved):
            return None
        change.comment = new_comment(reply.comment)
        return self._claim(change.intent, reply.comment.id, broadcast_id=f"{change.broadcast_ids[-1]}.marker")

    def result(self, change: Overlay, reply: Reply) -> Result:
        """The answer names the marker; the rest of it is what was asked for."""
        intent = change.intent
        if not isinstance(intent, CreateMarker) or not isinstance(reply, ImageChatCreated):
            return msgspec.structs.replace(result_of(reply, broadcast_id=change.broadcast_ids[-1]), seq=None)
        comment = change.comment
        marker = MarkerRow(
            id=reply.created_chat_id,
            window=self._window(intent),
            number=None,
            x=round(intent.x, COORDINATE_DECIMALS),
            y=round(intent.y, COORDINATE_DECIMALS),
            author_id=self._board.me.id,
            author_name=self._board.me.name,
            created_at=comment.created_at if comment else change.began_ms,
            count=1,
            counted_by=change.broadcast_ids[-1],
            first_id=comment.id if comment else "",
            title=comment.text if comment else intent.text,
            last_id=comment.id if comment else "",
            last_at=comment.created_at if comment else None,
            last_author=self._board.me.name,
            last_author_id=self._board.me.id,
        )
        return Result(marker=marker, comment=comment)

    def _window(self, intent: CreateMarker) -> str:
        return window_url_id(self.url_id, self._facts.image_src or "", x=intent.x, y=intent.y)

    def _claim(self, intent: CreateMarker, comment_id: str, *, broadcast_id: str) -> Write:
        return ClaimWindow(
            broadcast_id=broadcast_id,
            window_url_id=self._window(intent),
            src=self._facts.image_src or "",
            page_title=self._facts.title,
            x=round(intent.x, COORDINATE_DECIMALS),
            y=round(intent.y, COORDINATE_DECIMALS),
            comment_id=comment_id,
        )


class PlainFeed:
    """Markers by list, news by the page's and the open thread's socket, what was missed by their logs."""

    def __init__(
        self,
        board: Board,
        outbox: Outbox,
        listener: Listener,
        *,
        writer: PlainWriter,
        random: Callable[[], float],
        is_echo: Callable[[str | None], bool],
    ) -> None:
        self.writer = writer
        self.board_scope = False
        self.thread_url_id: str | None = None
        self.cursor: int | None = None
        self.gaps = 0
        board.told_whole = False
        self._board = board
        self._outbox = outbox
        self._listener = listener
        self._is_echo = is_echo
        self._backoff = Backoff(random)
        self._open = False
        self._holding = True
        self._held: list[LiveEvent] = []
        self._incomplete = False
        self._ask: int | None = None
        self._page, self._thread = Heard(), Heard()
        self._silent_log = False

    @property
    def held_back(self) -> int:
        """Events held back now."""
        return len(self._held)

    def identified(self, chats: ImageChats, now: float) -> None:
        """The markers are readable before the socket is open."""
        self._replace(chats)
        self._listener.moved(now)

    def opened(self, now: float) -> None:
        """Read what was missed, now that nothing later can be."""
        self._open = True
        if self._silent_log or self._page.start_ms is None:
            # A host that never answers for its log is listed the next time, or it would never be live.
            self._silent_log = False
            self._read(now)
        else:
            self._replay_page(now)

    def lost(self, now: float) -> None:
        """What was held back will be in the next list."""
        del now
        self._open = False
        self._holding = True
        self._held.clear()
        self._outbox.forget(self._ask)
        self._outbox.cancel(_AGAIN)
        self._ask = None

    def frame(self, frame: Frame | None, now: float) -> None:
        """Apply an event, or hold it back until what was missed is in; what was heard and own echoes are no news."""
        if frame is None:
            self._incomplete = True
            self._start_over(now)
            return
        if isinstance(frame, Batch | Skip):
            return
        if self._holding:
            self._held.append(frame)
            if len(self._held) > HELD:
                self._held.clear()
                self._incomplete = True
        elif self._apply([frame], now):
            self._listener.moved(now)
        else:
            self._start_over(now)

    def expect(self, seq: int, now: float) -> None:
        """Positions mean nothing here."""

    def look(self, window: str | None, now: float) -> bool:
        """Another thread needs another socket, and is loaded again; a closed one goes on being followed, at no cost."""
        del now
        if window is None or window == self.thread_url_id:
            return False
        self.thread_url_id = window
        self._thread = Heard()
        return True

    def _start_over(self, now: float) -> None:
        if self._open and not self._holding:
            self._listener.fell_behind(now)
            self._read(now)

    def _replace(self, chats: ImageChats) -> None:
        """Only the thread with a socket of its own is known to be read anew; any other is when it is opened."""
        followed = self._board.marker_at(self.thread_url_id)
        self._board.replace(chats.conversations, stale=() if followed is None else (followed,))

    def _read(self, now: float) -> None:
        self._holding = True
        self._incomplete = False
        self._ask = self._outbox.ask(ReadChats(), now=now, timeout=TIMEOUT, then=self._listed)

    def _listed(self, answer: Answer, now: float) -> None:
        self._ask = None
        if isinstance(answer, Answered) and isinstance(answer.reply, ImageChats):
            self._backoff.reset()
            self._replace(answer.reply)
            self._release(now)
        elif not isinstance(answer, Refused):
            self._listener.no_answer(now)
        elif answer.status in _DENIED:
            self._listener.denied(answer, now)
        else:
            self._outbox.alarm(_AGAIN, now + max(self._backoff.next(), answer.retry_after or 0.0), self._read)

    def _release(self, now: float) -> None:
        """What was held back, on top of what was read."""
        held, self._held = self._held, []
        sound = self._apply(held, now)
        self._listener.moved(now)
        if sound and not self._incomplete:
            self._holding = False
            self._listener.caught_up(now)
        else:
            self._outbox.alarm(_AGAIN, now + self._backoff.next(), self._read)

    def _apply(self, events: Iterable[LiveEvent], now: float) -> bool:
        """Apply what was not heard before and is no echo; whether all of it made sense."""
        news = [event for event in events if self._channel(event).hear(event)]
        return self._listener.apply([event for event in news if not self._is_echo(event.broadcast_id)], now)

    def _channel(self, event: LiveEvent) -> Heard:
        return self._thread if isinstance(event, CommentEvent | VoteEvent) else self._page

    # What was missed ---------------------------------------------------------------------------------------------

    def _replay_page(self, now: float) -> None:
        self._holding = True
        self._incomplete = False
        self._ask_log(self._page, self.writer.url_id, now, then=self._page_told)

    def _page_told(self, missed: Missed | None, now: float) -> None:
        if missed is None or not self._take(missed, now):
            self._read(now)
        elif missed.more:
            self._replay_page(now)
        else:
            self._replay_thread(now)

    def _replay_thread(self, now: float) -> None:
        marker_id = self._board.marker_at(self.thread_url_id)
        if self.thread_url_id is None or marker_id is None:
            self._release(now)
            return

        def told(missed: Missed | None, at: float) -> None:
            self._thread_told(marker_id, missed, at)

        self._ask_log(self._thread, self.thread_url_id, now, then=told)

    def _thread_told(self, marker_id: str, missed: Missed | None, now: float) -> None:
        """A load may have shown what the log tells once more: what does not bear that makes the thread load again."""
        if missed is not None and self._take(missed, now):
            self._board.recount(marker_id)
        if missed is None or missed.more or any(map(_is_step, missed.events)):
            self._board.doubt(marker_id)
        self._release(now)

    def _take(self, missed: Missed, now: float) -> bool:
        events = [event for event in missed.events if not self._is_echo(event.broadcast_id)]
        return self._listener.apply(events, now)

    def _ask_log(self, heard: Heard, url_id: str, now: float, *, then: Callable[[Missed | None, float], None]) -> None:
        start_ms = heard.start_ms
        if start_ms is None:
            then(None, now)
            return

        def answered(answer: Answer, at: float) -> None:
            self._ask = None
            if isinstance(answer, Unanswered):
                self._silent_log = True
                self._listener.no_answer(at)
            else:
                reply = answer.reply if isinstance(answer, Answered) else None
                then(heard.missed(reply) if isinstance(reply, EventLog) else None, at)

        self._ask = self._outbox.ask(
            ReadEvents(url_id=url_id, start_ms=start_ms), now=now, timeout=TIMEOUT, then=answered
        )


def _is_step(event: LiveEvent) -> bool:
    """Whether an event counts from what was before it: twice is not the same as once."""
    return isinstance(event, VoteEvent | DeletedComment)
