"""The truth of the simulation: one board on a host with positions, in memory, without any network.

It answers the questions of sessions, appends events to a log with positions, remembers replies for retries, can forget
the older part of its log. It knows no time but the one it is told.
"""

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from imagechat_tui.core import asks
from imagechat_tui.protocol.events import (
    DeletedComment,
    DeletedImageChat,
    DeletedVote,
    ImageChatUpdated,
    Known,
    LiveEvent,
    NewComment,
    NewImageChat,
    NewVote,
    Skip,
    TypingUpdate,
    Unknown,
    UpdatedComment,
    Writer,
)
from imagechat_tui.protocol.models import Capabilities, Conversation, LiveComment, PublicComment, User
from imagechat_tui.protocol.models import Vote as WireVote
from imagechat_tui.protocol.replies import (
    CommentDeleted,
    Comments,
    CommentSaved,
    Done,
    ImageChats,
    LogPage,
    MarkerChanged,
    MarkerCreated,
    Reply,
    Snapshot,
    TextSaved,
    Voted,
    VoteDeleted,
)
from tests.simulation.rows import Comment, Marker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OK = "success"
DAY = 1_767_225_600_000
"""Midnight of the virtual day, in milliseconds since the epoch."""
PAGE = 40
"""Events of one page of the log: small, so that schedules meet several pages."""


class Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """A question that is answered with an error."""

    def __init__(self, status: int, code: str = "") -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


def iso(ms: int) -> str:
    """Milliseconds of the virtual day as ISO 8601."""
    seconds, rest = divmod(ms, 1000)
    return f"2026-01-01T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}Z"


class ModelServer:
    """One board."""

    def __init__(self, *, as_served: bool = True) -> None:
        """``as_served``: the events of one write come in the order of the real server, not the other way round."""
        self.markers: dict[str, Marker] = {}
        self.deleted: dict[str, int] = {}
        """Ids of markers and comments that were deleted, and the position of the deletion."""
        self.log: list[LiveEvent | Skip] = []
        self.kept_from = 0
        """The log answers for positions after this one."""
        self.published: Callable[[Sequence[LiveEvent | Skip]], None] = lambda _events: None
        self.told: Callable[[TypingUpdate], None] = lambda _frame: None
        self._as_served = as_served
        self._ids = 0
        self._number = 0
        self._now = 0
        self._replies: dict[tuple[str, str], tuple[asks.Write, Reply]] = {}
        self._batch: list[LiveEvent | Skip] = []

    @property
    def seq(self) -> int:
        """The last position."""
        return len(self.log)

    def something_else(self, *, hidden: bool) -> None:
        """An event of a kind that no client knows, or that nobody here may see."""
        seq = self.seq + 1
        event = Skip(from_=seq, to=seq) if hidden else Unknown(type="page-react", seq=seq, timestamp=seq)
        self.log.append(event)
        self.published([event])

    def truncate(self) -> None:
        """Forget the log up to now."""
        self.kept_from = self.seq

    def answer(self, user: str, body: asks.AskBody, now_ms: int) -> Reply:
        """Answer a question.

        Raises:
            Refusal: With the status of the error.
        """
        self._now = max(self._now, now_ms)
        if isinstance(body, asks.Write):
            return self._write(user, body)
        match body:
            case asks.ReadChats():
                return self._chats(user)
            case asks.ReadSnapshot():
                markers = [self.conversation(marker) for marker in self.markers.values()]
                return Snapshot(status=OK, seq=self.seq, image=None, title="board", visibility="link", markers=markers)
            case asks.ReadLog():
                return self._read_log(body.after)
            case asks.ReadThread():
                return self._read_thread(user, body.window_url_id)
            case asks.TellTyping():
                if body.marker_id is not None:
                    self._marker(body.marker_id)
                writer = Writer(user_id=user, user_name=user, chat_id=body.marker_id, ended=body.ended or None)
                self.told(TypingUpdate(who=[writer]))
        return Done(status=OK)

    def _chats(self, user: str) -> ImageChats:
        return ImageChats(
            status=OK,
            user=User(id=user, username=user),
            conversations=[],
            url_id_clean="board",
            is_site_admin=False,
            tenant_id_ws="t",
            url_id_ws="board",
            user_id_ws=f"ws-{user}",
            imagechat=Capabilities(version=1, scopes=["board"], batch=True, seq=self.seq, image=None, typing=True),
        )

    def _read_log(self, after: int) -> LogPage:
        if after < self.kept_from:
            raise Refusal(410, "log-too-old")
        page: list[LiveEvent | Skip] = [
            event for event in self.log[after : after + PAGE] if not isinstance(event, Skip)
        ]
        return LogPage(status=OK, events=page, head=self.seq, has_more=after + PAGE < self.seq)

    def _read_thread(self, user: str, window: str) -> Comments:
        marker = self.markers.get(window.removeprefix("w-"))
        found = [] if marker is None else [self.public(comment, user) for comment in marker.comments.values()]
        return Comments(status=OK, comments=found, user=None, page_number=-1, seq=self.seq if marker else None)

    # Writing -----------------------------------------------------------------------------------------------------

    def _write(self, user: str, body: asks.Write) -> Reply:
        stored = self._replies.get((user, body.broadcast_id))
        if stored is not None:
            if stored[0] != body:
                raise Refusal(409, "broadcast-id-reused")
            return stored[1]
        self._batch = []
        reply = self._do(user, body)
        self._replies[user, body.broadcast_id] = (body, reply)
        self.published(self._batch)
        return reply

    def _do(self, user: str, body: asks.Write) -> Reply:  # noqa: PLR0911 - one way out per kind of write
        match body:
            case asks.WriteMarker():
                return self._create(user, body)
            case asks.WriteComment():
                return self._comment(user, body)
            case asks.WriteText():
                return self._edit(user, body)
            case asks.RemoveComment():
                return self._remove_comment(user, body)
            case asks.ChangeMarker():
                return self._change(user, body)
            case asks.RemoveMarker():
                marker = self._marker(body.marker_id)
                del self.markers[marker.id]
                event = DeletedImageChat(broadcast_id=body.broadcast_id, chat_id=marker.id)
                self._emit(event)
                for key in (marker.id, *marker.comments):
                    self.deleted[key] = self.seq
                return Done(status=OK, seq=self.seq)
            case asks.WriteVote() | asks.RemoveVote():
                return self._vote(user, body)
        raise Refusal(400)

    def _create(self, user: str, body: asks.WriteMarker) -> Reply:
        self._number += 1
        comment = self._new_comment(user, body.comment)
        marker = Marker(
            id=self._new_id("m"), number=self._number, x=body.x, y=body.y, author=user, at=self._now,
            comments={comment.id: comment},
        )  # fmt: skip
        self.markers[marker.id] = marker
        first = NewComment(broadcast_id=body.broadcast_id, chat_id=marker.id, comment=self.live(comment))
        made = NewImageChat(broadcast_id=body.broadcast_id, conversation=self.conversation(marker))
        self._emit(*((made, first) if self._as_served else (first, made)))
        return MarkerCreated(
            status=OK, marker=self.conversation(marker), comment=self.public(comment, user), seq=self.seq
        )

    def _comment(self, user: str, body: asks.WriteComment) -> Reply:
        marker = self._marker(body.window_url_id.removeprefix("w-"))
        if body.parent_id is not None and body.parent_id not in marker.comments:
            raise Refusal(404, "not-found")
        comment = self._new_comment(user, body.comment, parent=body.parent_id)
        marker = replace(marker, comments={**marker.comments, comment.id: comment}, resolved=None)
        event = NewComment(broadcast_id=body.broadcast_id, chat_id=marker.id, comment=self.live(comment))
        self._emit_with_marker(event, marker)
        return CommentSaved(status=OK, comment=self.public(comment, user), user=None, seq=self.seq)

    def _edit(self, user: str, body: asks.WriteText) -> Reply:
        marker, comment = self._find(body.comment_id)
        if comment.author != user:
            raise Refusal(403, "unauthorized")
        comment = replace(comment, text=body.comment, edited=True)
        marker = replace(marker, comments={**marker.comments, comment.id: comment})
        event = UpdatedComment(broadcast_id=body.broadcast_id, chat_id=marker.id, comment=self.live(comment))
        self._emit_with_marker(event, marker)
        result = TextSaved.Result(approved=True, comment_html=comment.text)
        return TextSaved(status=OK, comment=result, seq=self.seq)

    def _remove_comment(self, user: str, body: asks.RemoveComment) -> Reply:
        marker, comment = self._find(body.comment_id)
        if comment.author != user:
            raise Refusal(403, "unauthorized")
        gone = {comment.id}
        while more := {each.id for each in marker.comments.values() if each.parent in gone} - gone:
            gone |= more
        innermost_first = [each for each in reversed(marker.comments.values()) if each.id in gone]
        marker = replace(marker, comments={key: each for key, each in marker.comments.items() if key not in gone})
        for each in innermost_first[:-1]:
            self._emit(
                DeletedComment(broadcast_id=body.broadcast_id, chat_id=marker.id, comment=LiveComment(id=each.id))
            )
        last = LiveComment(id=comment.id)
        event = DeletedComment(broadcast_id=body.broadcast_id, chat_id=marker.id, comment=last)
        self._emit_with_marker(event, marker)
        for key in gone:
            self.deleted[key] = self.seq
        return CommentDeleted(status=OK, hard_removed=True, seq=self.seq)

    def _change(self, user: str, body: asks.ChangeMarker) -> Reply:
        marker = self._marker(body.marker_id)
        if body.x is not None and body.y is not None:
            marker = replace(marker, x=body.x, y=body.y)
        if body.resolved is not None:
            marker = replace(marker, resolved=(self._now, user) if body.resolved else None)
        self.markers[marker.id] = marker
        self._emit(ImageChatUpdated(broadcast_id=body.broadcast_id, conversation=self.update(marker)))
        return MarkerChanged(status=OK, marker=self.conversation(marker), seq=self.seq)

    def _vote(self, user: str, body: asks.WriteVote | asks.RemoveVote) -> Reply:
        marker, comment = self._find(body.comment_id)
        event: Known
        if isinstance(body, asks.WriteVote):
            if any(voter == user for _, voter, _ in comment.votes):
                raise Refusal(409)
            vote = (self._new_id("v"), user, 1 if body.up else -1)
            comment = replace(comment, votes=(*comment.votes, vote))
            event = NewVote(
                broadcast_id=body.broadcast_id, chat_id=marker.id, vote=self._wire_vote(vote, comment, marker)
            )
        else:
            found = [each for each in comment.votes if each[0] == body.vote_id and each[1] == user]
            if not found:
                raise Refusal(404, "not-found")
            vote = found[0]
            comment = replace(comment, votes=tuple(each for each in comment.votes if each != vote))
            event = DeletedVote(
                broadcast_id=body.broadcast_id, chat_id=marker.id, vote=self._wire_vote(vote, comment, marker)
            )
        self.markers[marker.id] = replace(marker, comments={**marker.comments, comment.id: comment})
        self._emit(event)
        if isinstance(body, asks.WriteVote):
            return Voted(status=OK, vote_id=vote[0], seq=self.seq)
        return VoteDeleted(status=OK, seq=self.seq)

    def _emit_with_marker(self, event: Known, marker: Marker) -> None:
        self.markers[marker.id] = marker
        updated = ImageChatUpdated(broadcast_id=event.broadcast_id, conversation=self.update(marker))
        self._emit(*((event, updated) if self._as_served else (updated, event)))

    def _emit(self, *events: Known) -> None:
        for event in events:
            placed = _with_seq(event, self.seq + 1)
            self.log.append(placed)
            self._batch.append(placed)

    # Finding and showing -----------------------------------------------------------------------------------------

    def _new_id(self, kind: str) -> str:
        self._ids += 1
        return f"{kind}{self._ids}"

    def _new_comment(self, user: str, text: str, *, parent: str | None = None) -> Comment:
        self._now += 1
        return Comment(id=self._new_id("c"), author=user, text=text, at=self._now, seq=self.seq + 1, parent=parent)

    def _marker(self, marker_id: str) -> Marker:
        if marker_id not in self.markers:
            raise Refusal(404, "not-found")
        return self.markers[marker_id]

    def _find(self, comment_id: str) -> tuple[Marker, Comment]:
        for marker in self.markers.values():
            if comment_id in marker.comments:
                return marker, marker.comments[comment_id]
        raise Refusal(404, "not-found")

    def conversation(self, marker: Marker) -> Conversation:
        """A marker on the wire."""
        return Conversation(
            id=marker.id,
            url_id=f"w-{marker.id}",
            x=marker.x,
            y=marker.y,
            user_id=marker.author,
            user_name=marker.author,
            created_at=iso(marker.at),
            number=marker.number,
            **self._state(marker),
        )

    def _state(self, marker: Marker) -> dict[str, Any]:
        comments = list(marker.comments.values())
        return {
            "comment_count": len(comments),
            "resolved_at": iso(marker.resolved[0]) if marker.resolved else None,
            "resolved_by": marker.resolved[1] if marker.resolved else None,
            "first_comment": self.live(comments[0]) if comments else None,
            "last_comment": self._last(comments[-1]) if len(comments) > 1 else None,
        }

    def _last(self, comment: Comment) -> LiveComment:
        return replace(self.live(comment), parent_id=None)

    def update(self, marker: Marker) -> Conversation:
        """A marker in an update: without what never changes."""
        return Conversation(id=marker.id, url_id="", x=marker.x, y=marker.y, number=None, **self._state(marker))

    def live(self, comment: Comment) -> LiveComment:
        """A comment in an event."""
        return LiveComment(
            id=comment.id,
            user_id=comment.author,
            commenter_name=comment.author,
            comment=comment.text,
            parent_id=comment.parent,
            date=iso(comment.at),
            edited_at=iso(comment.at) if comment.edited else None,
        )

    def public(self, comment: Comment, user: str) -> PublicComment:
        """A comment in an answer to ``user``."""
        mine = next((vote for vote in comment.votes if vote[1] == user), None)
        return PublicComment(
            id=comment.id,
            user_id=comment.author,
            commenter_name=comment.author,
            comment_html=comment.text,
            comment=comment.text,
            parent_id=comment.parent,
            date=iso(comment.at),
            verified=True,
            edited_at=iso(comment.at) if comment.edited else None,
            votes=sum(vote[2] for vote in comment.votes),
            my_vote_id=mine[0] if mine else None,
            is_voted_up=mine is not None and mine[2] > 0,
            is_voted_down=mine is not None and mine[2] < 0,
        )

    @staticmethod
    def _wire_vote(vote: tuple[str, str, int], comment: Comment, marker: Marker) -> WireVote:
        window = f"w-{marker.id}"
        return WireVote(
            id=vote[0], tenant_id="t", url_id=window, url_id_raw=window, comment_id=comment.id, direction=vote[2],
            created_at=0, verification_id=None, user_id=vote[1],
        )  # fmt: skip


def _with_seq(event: Known, seq: int) -> Known:
    return replace(event, seq=seq, timestamp=seq)
