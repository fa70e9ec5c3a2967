"""Confirmed rows, as the client keeps them, made out of what travels; the only place that knows both shapes.

A compact object says nothing by leaving a key out: what was known of names, texts and titles stays.
"""

import msgspec
from msgspec import Struct

from imagechat_tui.core.text import plain_text
from imagechat_tui.protocol.models import Conversation, LiveComment, PublicComment
from imagechat_tui.protocol.moments import milliseconds


class CommentRow(Struct, frozen=True, kw_only=True):
    """One confirmed comment."""

    id: str
    author_id: str | None
    author_name: str
    text: str
    created_at: int
    edited: bool = False
    parent_id: str | None = None
    pinned: bool = False
    locked: bool = False
    label: str | None = None
    votes: int = 0
    my_vote: int = 0
    my_vote_id: str | None = None
    is_unread: bool = False
    """What the host said; only read at the first load."""


class MarkerRow(Struct, frozen=True, kw_only=True):
    """One confirmed marker."""

    id: str
    window: str
    """The key of its thread."""
    number: int | None
    x: float
    y: float
    author_id: str | None
    author_name: str
    created_at: int
    count: int = 0
    counted_by: str | None = None
    """The broadcast id of the write that the count already includes."""
    first_id: str = ""
    title: str = ""
    resolved_at: int | None = None
    resolved_by: str | None = None
    last_id: str = ""
    last_at: int | None = None
    last_author: str | None = None
    last_author_id: str | None = None


def words(comment: LiveComment) -> str:
    """The raw text if it was sent, else the words of the HTML."""
    return comment.comment if comment.comment is not None else plain_text(comment.comment_html)


def author(comment: LiveComment) -> str | None:
    """The wire id of who wrote it."""
    return comment.user_id or comment.anon_user_id


def _label(comment: LiveComment) -> str | None:
    if comment.display_label:
        return comment.display_label
    if comment.is_by_admin:
        return "Admin"
    return "Moderator" if comment.is_by_moderator else None


def new_comment(comment: LiveComment) -> CommentRow:
    """A row for a comment seen for the first time."""
    row = CommentRow(
        id=comment.id,
        author_id=author(comment),
        author_name=comment.commenter_name,
        text=words(comment),
        created_at=milliseconds(comment.date),
        edited=comment.edited_at is not None,
        parent_id=comment.parent_id,
        pinned=bool(comment.is_pinned),
        locked=bool(comment.is_locked),
        label=_label(comment),
        votes=comment.votes or 0,
    )
    if not isinstance(comment, PublicComment):
        return row
    mine = 1 if comment.is_voted_up else -1 if comment.is_voted_down else 0
    return msgspec.structs.replace(row, my_vote=mine, my_vote_id=comment.my_vote_id, is_unread=comment.is_unread)


def changed_comment(row: CommentRow, comment: LiveComment) -> CommentRow:
    """The row after an event; what the event leaves out stays."""
    said = comment.comment is not None or comment.comment_html != ""
    text = words(comment) if said else row.text
    return msgspec.structs.replace(
        row,
        author_name=comment.commenter_name or row.author_name,
        text=text,
        edited=row.edited or comment.edited_at is not None or text != row.text,
        parent_id=comment.parent_id or row.parent_id,
        pinned=bool(comment.is_pinned),
        locked=bool(comment.is_locked),
        label=_label(comment) or row.label,
        votes=row.votes if comment.votes is None else comment.votes,
    )


def new_marker(found: Conversation, *, counted_by: str | None = None) -> MarkerRow:
    """A row for a marker seen for the first time."""
    first, last = found.first_comment, found.last_comment or found.first_comment
    return MarkerRow(
        id=found.id,
        window=found.url_id,
        number=found.number,
        x=found.x,
        y=found.y,
        author_id=found.user_id,
        author_name=found.user_name or (first.commenter_name if first else ""),
        created_at=milliseconds(found.created_at),
        count=found.comment_count,
        counted_by=counted_by,
        first_id=found.created_from_comment_id or (first.id if first else ""),
        title=words(first) if first else "",
        resolved_at=milliseconds(found.resolved_at) or None,
        resolved_by=found.resolved_by,
        last_id=last.id if last else "",
        last_at=milliseconds(last.date) or None if last else None,
        last_author=last.commenter_name if last else None,
        last_author_id=author(last) if last else None,
    )


def changed_marker(row: MarkerRow, found: Conversation, *, counted_by: str | None, whole: bool) -> MarkerRow:
    """The row after an event or a list; what they leave out because it never changes stays.

    Args:
        row: As it was.
        found: As the host says it is.
        counted_by: The broadcast id of the write that said so.
        whole: Whether absent means default; a plain host names the place and perhaps nothing else.
    """
    fresh = new_marker(found, counted_by=counted_by)
    if whole and not found.comment_count:
        row = msgspec.structs.replace(row, title="", last_id="", last_at=None, last_author=None, last_author_id=None)
    elif not whole and not found.comment_count:
        fresh = msgspec.structs.replace(fresh, count=row.count, counted_by=row.counted_by)
    first, last = found.first_comment, found.last_comment or found.first_comment
    return msgspec.structs.replace(
        fresh,
        window=fresh.window or row.window,
        number=row.number if fresh.number is None else fresh.number,
        author_id=fresh.author_id or row.author_id,
        author_name=found.user_name or row.author_name,
        created_at=fresh.created_at or row.created_at,
        first_id=fresh.first_id or row.first_id,
        title=fresh.title if first else row.title,
        last_id=fresh.last_id if last else row.last_id,
        last_at=fresh.last_at if last else row.last_at,
        last_author=fresh.last_author if last else row.last_author,
        last_author_id=fresh.last_author_id if last else row.last_author_id,
    )


def counted(row: MarkerRow, by: int, broadcast_id: str | None) -> MarkerRow:
    """The row with another count, unless the same write has told the whole count already."""
    if broadcast_id is not None and broadcast_id == row.counted_by:
        return row
    return msgspec.structs.replace(row, count=max(row.count + by, 0), counted_by=None)


def with_last(row: MarkerRow, comment: CommentRow, *, any_time: bool = False) -> MarkerRow:
    """The row with a comment as its newest, unless it is older than the one known."""
    if not any_time and (row.last_at or 0, row.last_id) > (comment.created_at, comment.id):
        return row
    return msgspec.structs.replace(
        row,
        last_id=comment.id,
        last_at=comment.created_at or None,
        last_author=comment.author_name,
        last_author_id=comment.author_id,
    )
