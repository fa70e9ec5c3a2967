"""The board as it stood when a session was at rest, in the words of a host: where a report begins that lost its start.

A session that is opened on a scene shows the same board with the same news, waits for the same moment, and has the same
failed changes. What it had counted, and what could be undone, is not in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from imagechat_tui.core.inputs import (
    Answered,
    CloseThread,
    FrameReceived,
    Input,
    OpenThread,
    Refused,
    Unanswered,
)
from imagechat_tui.core.outputs import Ask, Connect, OperationBegan, OperationEnded, Outcome, Output, WakeAt
from imagechat_tui.core.threads import PREFETCHED
from imagechat_tui.core.views import BoardReader, CommentView, Delivery, LinkState, MarkerView
from imagechat_tui.protocol.events import (
    Batch,
    DeletedImageChat,
    Event,
    Frame,
    ImageChatUpdated,
    NewComment,
    NewImageChat,
    VoteEvent,
)
from imagechat_tui.protocol.models import Conversation, LiveComment, PublicComment
from imagechat_tui.protocol.moments import iso
from imagechat_tui.protocol.replies import Comments, ImageChats, Reply, Snapshot

OK: Final = "success"

SOON: Final = 10.0
"""Seconds; an alarm within them may be another than the check of a quiet board."""


class Failed(Struct, frozen=True, kw_only=True):
    """A change that failed and can be tried again: the intent by its kind and values."""

    operation: str
    kind: str
    values: dict[str, Any]
    doubtful: bool
    """Nobody has said whether it happened."""


class Scene(Struct, frozen=True, kw_only=True):
    """What a host would say for a session to be where this one was."""

    at: float
    wake_at: float | None
    attempt: int
    chats: ImageChats
    snapshot: Snapshot
    threads: dict[str, Comments]
    """By marker, which is also the key of the thread here; those that were loaded."""
    news: tuple[NewImageChat | NewComment, ...]
    """What the person has not read yet, up to ``cursor``."""
    cursor: int
    looks_at: str | None
    failed: tuple[Failed, ...]


class Rest:
    """Watches a session's inputs and outputs, and knows when nothing is under way."""

    def __init__(self) -> None:
        self._chats: ImageChats | None = None
        self._asked: set[int] = set()
        self._running: set[str] = set()
        self._failed: dict[str, Failed] = {}
        self._ahead = 0
        """A position that a thread already shows."""
        self._attempt = 0
        self._wake_at: float | None = None
        self._looks_at: str | None = None

    def note(self, happened: Input, outputs: Iterable[Output]) -> None:
        """One input, and what the session answered."""
        match happened:
            case Answered() | Refused() | Unanswered():
                self._asked.discard(happened.ask)
                if isinstance(happened, Answered):
                    self._read(happened.reply)
            case OpenThread():
                self._looks_at = happened.marker_id
            case CloseThread():
                self._looks_at = None
        for output in outputs:
            self._hear(output)

    def _read(self, reply: Reply) -> None:
        if isinstance(reply, ImageChats):
            self._chats = reply
        elif isinstance(reply, Comments):
            self._ahead = max(self._ahead, reply.seq or 0)

    def _hear(self, output: Output) -> None:
        match output:
            case Ask():
                self._asked.add(output.ask)
            case Connect():
                self._attempt = output.attempt
            case WakeAt():
                self._wake_at = output.at
            case OperationBegan():
                self._running.add(output.operation)
                self._failed.pop(output.operation, None)
            case OperationEnded():
                self._running.discard(output.operation)
                if output.outcome is not Outcome.CONFIRMED:
                    doubtful = output.outcome is Outcome.UNKNOWN
                    self._failed[output.operation] = Failed(
                        operation=output.operation,
                        kind=type(output.intent).__name__,
                        values=msgspec.to_builtins(output.intent),
                        doubtful=doubtful,
                    )

    def scene(self, view: BoardReader, happened: Input, at: float) -> Scene | None:
        """The board, if everything that the session knows is in it: right after an event, with nothing under way."""
        stats, chats = view.stats, self._chats
        if chats is None or stats.cursor is None or self._is_busy(view, at):
            return None
        if not isinstance(happened, FrameReceived) or _end_of(happened.frame) != stats.cursor:
            return None
        markers = [marker for marker in view.markers() if marker.number is not None]
        threads = {marker.id: _confirmed(view.thread(marker.id)) for marker in markers}
        if None in threads.values() and len(threads) <= PREFETCHED:
            return None
        known = [marker for marker in markers if not _is_new(threads[marker.id])]
        looks_at = None if self._looks_at is None else view.marker(self._looks_at)
        return Scene(
            at=at,
            wake_at=self._wake_at,
            attempt=self._attempt,
            chats=chats,
            snapshot=Snapshot(
                status=OK,
                seq=0,
                image=None,
                title=view.board.title,
                visibility="link",
                markers=[_conversation(each, _read(threads[each.id])) for each in known],
            ),
            threads={each.id: _comments(_read(thread)) for each in known if (thread := threads[each.id]) is not None},
            news=tuple(_news(markers, threads)),
            cursor=stats.cursor,
            looks_at=None if looks_at is None else looks_at.id,
            failed=self._still_failed(view),
        )

    def _is_busy(self, view: BoardReader, at: float) -> bool:
        """Whether answers, endings or events are awaited, or something is about to be tried again."""
        stats = view.stats
        if view.link.state is not LinkState.LIVE or self._asked or self._running or stats.echo_ids:
            return True
        return (stats.cursor or 0) < self._ahead or (self._wake_at is not None and self._wake_at < at + SOON)

    def _still_failed(self, view: BoardReader) -> tuple[Failed, ...]:
        shown: list[MarkerView | CommentView] = [*view.markers()]
        shown += [comment for marker in view.markers() for comment in view.thread(marker.id) or ()]
        failed = {each.operation for each in shown if each.delivery is Delivery.FAILED}
        return tuple(each for name, each in self._failed.items() if name in failed)


Thread = Sequence[CommentView] | None


def _end_of(frame: Frame | None) -> int | None:
    """The position at which a write ends with this frame; ``None`` when its marker may still have to be told of."""
    if isinstance(frame, Batch) and frame.events and frame.last > frame.first:
        return _end_of(frame.events[-1]) and frame.last
    ends = isinstance(frame, ImageChatUpdated | DeletedImageChat | VoteEvent)
    return frame.seq if ends and isinstance(frame, Event) else None


def _confirmed(thread: Thread) -> Thread:
    """The comments that the server has, oldest first."""
    if thread is None:
        return None
    return sorted((each for each in thread if each.id != each.operation), key=lambda each: (each.created_at, each.id))


def _read(thread: Thread) -> Thread:
    return None if thread is None else [each for each in thread if not each.unread]


def _is_new(thread: Thread) -> bool:
    return bool(thread) and not _read(thread)


def _news(markers: Iterable[MarkerView], threads: Mapping[str, Thread]) -> Iterator[NewImageChat | NewComment]:
    for marker in markers:
        unread = [each for each in threads[marker.id] or () if each.unread]
        if _is_new(threads[marker.id]):
            yield NewImageChat(conversation=_conversation(marker, unread[:1], new=True))
            del unread[0]
        for comment in unread:
            yield NewComment(chat_id=marker.id, comment=_comment(comment))


def _conversation(marker: MarkerView, thread: Thread, *, new: bool = False) -> Conversation:
    first: LiveComment | None = _comment(thread[0]) if thread else None
    last = _comment(thread[-1]) if thread else None
    if first is None or (first.comment != marker.title and not new):
        first = LiveComment(
            id=f"{marker.id}-first",
            comment=marker.title,
            commenter_name=marker.author_name,
            user_id=marker.author_id,
            date=iso(marker.created_at),
        )
    return Conversation(
        id=marker.id,
        url_id=marker.id,
        x=marker.x,
        y=marker.y,
        user_id=marker.author_id,
        user_name=marker.author_name,
        created_at=iso(marker.created_at),
        comment_count=marker.comment_count - marker.unread if thread is None else len(thread),
        number=marker.number,
        resolved_at=None if marker.resolved_at is None else iso(marker.resolved_at),
        resolved_by=marker.resolved_by,
        first_comment=first,
        last_comment=last,
    )


def _comments(thread: Thread) -> Comments:
    return Comments(status=OK, comments=[_comment(each) for each in thread or ()], user=None, page_number=-1, seq=0)


def _comment(view: CommentView) -> PublicComment:
    return PublicComment(
        id=view.id,
        user_id=view.author_id,
        commenter_name=view.author_name,
        comment=view.text,
        comment_html="",
        parent_id=view.parent_id,
        date=iso(view.created_at),
        verified=True,
        edited_at=iso(view.created_at) if view.edited else None,
        is_pinned=view.pinned,
        is_locked=view.locked,
        display_label=view.label,
        votes=view.votes,
        my_vote_id=f"{view.id}-vote" if view.my_vote else None,
        is_voted_up=view.my_vote > 0,
        is_voted_down=view.my_vote < 0,
    )
