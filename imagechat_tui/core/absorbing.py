"""One's own confirmed change goes into the rows where no event will bring it: it makes the event and applies it.

On hosts without positions that is every change; on the others only a change in a thread that a snapshot made stale.
"""

from imagechat_tui.core.board import Board
from imagechat_tui.core.inputs import AddComment, CreateMarker, DeleteComment, DeleteMarker, EditComment, Vote
from imagechat_tui.core.overlay import Overlay
from imagechat_tui.core.rows import CommentRow
from imagechat_tui.core.writes import Result
from imagechat_tui.protocol.events import (
    DeletedComment,
    DeletedImageChat,
    DeletedVote,
    Known,
    NewVote,
    UpdatedComment,
)
from imagechat_tui.protocol.models import LiveComment
from imagechat_tui.protocol.models import Vote as WireVote


def absorb(change: Overlay, result: Result, board: Board) -> None:
    """Put a confirmed change into the rows."""
    intent = change.intent
    if isinstance(intent, CreateMarker):
        if result.marker is not None:
            board.take_marker(result.marker, [result.comment] if result.comment else [])
        return
    if isinstance(intent, AddComment):
        if result.comment is not None:
            board.take_comment(change.marker_id, result.comment, broadcast_id=change.broadcast_ids[-1])
        return
    event = _event(change, board, vote_id=result.vote_id)
    if event is not None:
        board.apply(event)


def freshen(change: Overlay, board: Board) -> None:
    """Put a confirmed change into its thread if that is stale; markers are as of the cursor already."""
    if isinstance(change.intent, AddComment | CreateMarker):
        if change.comment is not None:
            board.patch_stale(change.marker_id, change.comment)
        return
    event = _event(change, board, vote_id=None)
    if event is not None:
        board.patch_stale(change.marker_id, event)


def begin_thread(change: Overlay, board: Board) -> None:
    """A plain host's event of one's own new marker does not say the comment that it begins with, which is known."""
    if isinstance(change.intent, CreateMarker) and change.comment is not None:
        board.seed(change.marker_id, [change.comment], seq=0)
        board.recount(change.marker_id)


def _event(change: Overlay, board: Board, *, vote_id: str | None) -> Known | None:
    intent, marker_id = change.intent, change.marker_id
    thread = board.threads.get(marker_id)
    match intent:
        case DeleteMarker():
            return DeletedImageChat(chat_id=marker_id)
        case EditComment():
            edited = LiveComment(id=intent.comment_id, comment=intent.text)
            return UpdatedComment(chat_id=marker_id, comment=edited)
        case DeleteComment():
            return DeletedComment(chat_id=marker_id, comment=LiveComment(id=intent.comment_id))
        case Vote() if thread is not None and intent.comment_id in thread.rows:
            return _vote(intent, thread.rows[intent.comment_id], me=board.me.id, vote_id=vote_id)
    return None


def _vote(intent: Vote, row: CommentRow, *, me: str | None, vote_id: str | None) -> Known:
    vote = WireVote(
        id=vote_id or row.my_vote_id or "",
        tenant_id="",
        url_id="",
        url_id_raw="",
        comment_id=row.id,
        direction=intent.direction or row.my_vote,
        created_at=0,
        verification_id=None,
        user_id=me,
    )
    if intent.direction:
        return NewVote(chat_id=intent.marker_id, vote=vote)
    return DeletedVote(chat_id=intent.marker_id, vote=vote)
