"""One's own changes that are not in the confirmed rows yet, and how each of them changes what is seen.

A change is pending until it ends; a confirmed one stays laid over (settled) until the rows contain it, a failed one
until it is retried or given up. Nothing here talks to a server.
"""

from dataclasses import dataclass, field
from enum import Enum

import msgspec

from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    Intent,
    MoveMarker,
    ResolveMarker,
    Vote,
)
from imagechat_tui.core.rows import CommentRow, MarkerRow
from imagechat_tui.core.views import CommentView, Delivery, MarkerView, Me, Reason


class Phase(Enum):
    """How far one's own change has come."""

    PENDING = "pending"
    SETTLED = "settled"
    """Confirmed by the server's answer; the confirmed rows are still behind it."""
    FAILED = "failed"


@dataclass(slots=True, kw_only=True)
class Overlay:
    """One change of one's own."""

    operation: str
    intent: Intent
    marker_id: str
    """The marker it belongs to; for a marker without a confirmation, the operation."""
    began_ms: int
    phase: Phase = Phase.PENDING
    reason: Reason | None = None
    broadcast_ids: list[str] = field(default_factory=list)
    """All ids it went out under; the present one last."""
    marker: MarkerRow | None = None
    """The server's row of the marker, once its answer is in."""
    comment: CommentRow | None = None
    """The server's row of the comment, once its answer is in."""

    @property
    def delivery(self) -> Delivery:
        """The phase, as screens show it."""
        if self.phase is Phase.PENDING:
            return Delivery.PENDING
        return Delivery.FAILED if self.phase is Phase.FAILED else Delivery.CONFIRMED

    @property
    def comment_id(self) -> str | None:
        """The comment it concerns, under the id it has on screens now."""
        match self.intent:
            case AddComment() | CreateMarker():
                return self.comment.id if self.comment else self.operation
            case EditComment() | DeleteComment() | Vote():
                return self.intent.comment_id
        return None


def own_marker(change: Overlay, me: Me) -> MarkerView:
    """The view of a marker that no confirmed row has yet."""
    intent, row = change.intent, change.marker
    if row is not None:
        return marker_view(row, unread=0, mine=True)
    if not isinstance(intent, CreateMarker):
        raise TypeError(f"{type(intent).__name__} creates no marker")
    return MarkerView(
        id=change.operation,
        number=None,
        x=intent.x,
        y=intent.y,
        title=intent.text,
        author_id=me.id,
        author_name=me.name,
        created_at=change.began_ms,
        comment_count=0 if change.phase is Phase.FAILED else 1,
        mine=True,
        delivery=change.delivery,
        reason=change.reason,
        operation=change.operation,
    )


def marker_view(row: MarkerRow, *, unread: int, mine: bool) -> MarkerView:
    """The view of a confirmed row."""
    return MarkerView(
        id=row.id,
        number=row.number,
        x=row.x,
        y=row.y,
        title=row.title,
        author_id=row.author_id,
        author_name=row.author_name,
        created_at=row.created_at,
        comment_count=row.count,
        unread=unread,
        mine=mine,
        resolved=row.resolved_at is not None,
        resolved_by=row.resolved_by,
        resolved_at=row.resolved_at,
        last_comment_at=row.last_at,
        last_author=row.last_author,
    )


def lay_over_marker(  # noqa: PLR0911 - one way out per kind of change
    view: MarkerView, change: Overlay, *, count: int, me: Me
) -> MarkerView | None:
    """A marker's view under one more change; ``count`` is what the change adds to its comments."""
    intent = change.intent
    if isinstance(intent, AddComment | EditComment | DeleteComment | Vote | CreateMarker):
        if change.phase is Phase.FAILED or not count:
            return view
        return msgspec.structs.replace(view, comment_count=max(view.comment_count + count, 0))
    if change.phase is Phase.FAILED:
        return msgspec.structs.replace(view, delivery=Delivery.FAILED, reason=change.reason, operation=change.operation)
    if isinstance(intent, DeleteMarker):
        return None
    operation = None if change.phase is Phase.SETTLED else change.operation
    view = msgspec.structs.replace(view, delivery=change.delivery, operation=operation, reason=None)
    if isinstance(intent, MoveMarker):
        x, y = (change.marker.x, change.marker.y) if change.marker else (intent.x, intent.y)
        return msgspec.structs.replace(view, x=x, y=y)
    if isinstance(intent, ResolveMarker) and intent.resolved != view.resolved:
        at = (change.marker.resolved_at if change.marker else None) or change.began_ms
        by = (change.marker.resolved_by if change.marker else None) or me.name
        return msgspec.structs.replace(
            view,
            resolved=intent.resolved,
            resolved_at=at if intent.resolved else None,
            resolved_by=by if intent.resolved else None,
        )
    return view


def own_comment(change: Overlay, me: Me) -> CommentView:
    """The view of a comment that no confirmed row has yet."""
    intent = change.intent
    if not isinstance(intent, AddComment | CreateMarker):
        raise TypeError(f"{type(intent).__name__} creates no comment")
    if change.comment is not None:
        return comment_view(change.comment, marker_id=change.marker_id, me=me, unread=False)
    return CommentView(
        id=change.operation,
        marker_id=change.marker_id,
        author_id=me.id,
        author_name=me.name,
        text=intent.text,
        created_at=change.began_ms,
        parent_id=intent.parent_id if isinstance(intent, AddComment) else None,
        mine=True,
        delivery=change.delivery,
        reason=change.reason,
        operation=change.operation,
    )


def comment_view(row: CommentRow, *, marker_id: str, me: Me, unread: bool) -> CommentView:
    """The view of a confirmed row."""
    return CommentView(
        id=row.id,
        marker_id=marker_id,
        author_id=row.author_id,
        author_name=row.author_name,
        text=row.text,
        created_at=row.created_at,
        edited=row.edited,
        parent_id=row.parent_id,
        mine=me.id is not None and row.author_id == me.id,
        unread=unread,
        pinned=row.pinned,
        locked=row.locked,
        label=row.label,
        votes=row.votes,
        my_vote=row.my_vote,
    )


def lay_over_comment(view: CommentView, change: Overlay) -> CommentView | None:
    """A comment's view under one more change that concerns it."""
    intent = change.intent
    if change.phase is Phase.FAILED:
        return msgspec.structs.replace(view, delivery=Delivery.FAILED, reason=change.reason, operation=change.operation)
    if isinstance(intent, DeleteComment):
        return None
    operation = None if change.phase is Phase.SETTLED else change.operation
    view = msgspec.structs.replace(view, delivery=change.delivery, operation=operation, reason=None)
    if isinstance(intent, EditComment):
        return msgspec.structs.replace(view, text=intent.text, edited=view.edited or intent.text != view.text)
    if isinstance(intent, Vote):
        return msgspec.structs.replace(
            view, votes=view.votes + intent.direction - view.my_vote, my_vote=intent.direction
        )
    return view
