"""From a user's change to the questions that carry it out, and from the answers back to rows; one step or several.

``Writer`` is what ``operations`` needs to know of a host; this module is the host with positions.
"""

from typing import Final, Protocol

import msgspec
from msgspec import Struct

from imagechat_tui.core.asks import (
    ChangeMarker,
    RemoveComment,
    RemoveMarker,
    RemoveVote,
    Write,
    WriteComment,
    WriteMarker,
    WriteText,
    WriteVote,
)
from imagechat_tui.core.board import Board
from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    MoveMarker,
    ResolveMarker,
    Vote,
)
from imagechat_tui.core.overlay import Overlay
from imagechat_tui.core.rows import CommentRow, MarkerRow, new_comment, new_marker
from imagechat_tui.core.views import Reason
from imagechat_tui.protocol.replies import CommentSaved, MarkerChanged, MarkerCreated, Reply, Voted

TIMEOUT: Final = 10.0
"""Seconds until a write without an answer has ended as unknown."""


class Result(Struct, frozen=True, kw_only=True):
    """What the answer to a change says."""

    marker: MarkerRow | None = None
    comment: CommentRow | None = None
    vote_id: str | None = None
    seq: int | None = None
    """The last position of the write; ``None`` on a host without positions."""


class Writer(Protocol):
    """How changes are made on a kind of host."""

    def first(self, change: Overlay) -> Write | Reason:
        """The first question; a reason when this cannot be done at all."""

    def following(self, change: Overlay, step: int, reply: Reply) -> Write | None:
        """The question after the answer to step ``step`` (from 0); ``None``: the change is done."""

    def result(self, change: Overlay, reply: Reply) -> Result:
        """What the last answer says."""


class PositionWriter:
    """Changes on a host with positions: each is one request."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def first(self, change: Overlay) -> Write | Reason:
        """One question for the whole change."""
        intent, broadcast_id = change.intent, change.broadcast_ids[-1]
        match intent:
            case CreateMarker():
                return WriteMarker(broadcast_id=broadcast_id, x=intent.x, y=intent.y, comment=intent.text)
            case MoveMarker():
                return ChangeMarker(broadcast_id=broadcast_id, marker_id=intent.marker_id, x=intent.x, y=intent.y)
            case ResolveMarker():
                return ChangeMarker(broadcast_id=broadcast_id, marker_id=intent.marker_id, resolved=intent.resolved)
            case DeleteMarker():
                return RemoveMarker(broadcast_id=broadcast_id, marker_id=intent.marker_id)
        return comment_write(change, self._board)

    def following(self, change: Overlay, step: int, reply: Reply) -> Write | None:
        """Nothing: one request is enough."""
        del change, step, reply
        return None

    def result(self, change: Overlay, reply: Reply) -> Result:
        """The rows that the answer carries."""
        return result_of(reply, broadcast_id=change.broadcast_ids[-1])


def comment_write(change: Overlay, board: Board) -> Write | Reason:  # noqa: PLR0911 - one way out per kind of change
    """The question of a change to a comment, the same on every host."""
    intent, broadcast_id = change.intent, change.broadcast_ids[-1]
    row = board.row(change.marker_id)
    if row is None:
        return Reason.GONE
    match intent:
        case AddComment():
            return WriteComment(
                broadcast_id=broadcast_id,
                window_url_id=row.window,
                comment=intent.text,
                parent_id=intent.parent_id,
                marker_id=row.id,
            )
        case EditComment():
            return WriteText(broadcast_id=broadcast_id, comment_id=intent.comment_id, comment=intent.text)
        case DeleteComment():
            return RemoveComment(broadcast_id=broadcast_id, comment_id=intent.comment_id)
        case Vote() if intent.direction:
            return WriteVote(
                broadcast_id=broadcast_id,
                window_url_id=row.window,
                comment_id=intent.comment_id,
                up=intent.direction > 0,
            )
        case Vote():
            return _unvote(intent, board, window=row.window, broadcast_id=broadcast_id)
    return Reason.INVALID


def _unvote(intent: Vote, board: Board, *, window: str, broadcast_id: str) -> Write | Reason:
    thread = board.threads.get(intent.marker_id)
    comment = thread.rows.get(intent.comment_id) if thread else None
    if comment is None or comment.my_vote_id is None:
        return Reason.CONFLICT
    return RemoveVote(
        broadcast_id=broadcast_id, window_url_id=window, comment_id=comment.id, vote_id=comment.my_vote_id
    )


def result_of(reply: Reply, *, broadcast_id: str) -> Result:
    """Rows and position of an answer."""
    seq: int | None = getattr(reply, "seq", None)
    match reply:
        case MarkerCreated():
            comment = new_comment(reply.comment)
            marker = new_marker(reply.marker, counted_by=broadcast_id)
            if not marker.title:
                marker = msgspec.structs.replace(marker, title=comment.text, first_id=comment.id)
            return Result(marker=marker, comment=comment, seq=seq)
        case MarkerChanged():
            return Result(marker=new_marker(reply.marker, counted_by=broadcast_id), seq=seq)
        case CommentSaved():
            return Result(comment=new_comment(reply.comment), seq=seq)
        case Voted():
            return Result(vote_id=reply.vote_id, seq=seq)
    return Result(seq=seq)
