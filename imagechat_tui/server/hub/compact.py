"""The forms of an event: whole for official clients, compact on ``scope=board``; pure functions.

Compact is only what carries information, and nothing twice. What is left out: the time beside the position, names that
the socket's address has said already, the HTML beside the raw text, whatever a terminal does not show. Absent means
default; an update leaves out what never changes of a marker (key, number, author, birth).
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import (
    CommentEvent,
    DeletedComment,
    DeletedImageChat,
    ImageChatUpdated,
    Known,
    NewComment,
    NewImageChat,
    VoteEvent,
)
from imagechat_tui.protocol.models import Conversation, LiveComment
from imagechat_tui.server.store.logged import Logged

_OF_THE_THREAD: Final = frozenset({"firstComment", "lastComment"})
_parts = msgspec.json.Decoder(dict[str, Raw])


def plain_event(event: Known) -> Known:
    """A stored event as official clients get it: whole, without the comments that we keep inside markers.

    Those belong to the thread's channel, and would double the size of a frame that has to stay below 1 kB.
    """
    if not isinstance(event, NewImageChat | ImageChatUpdated | DeletedImageChat) or event.conversation is None:
        return event
    return replace(event, conversation=replace(event.conversation, first_comment=None, last_comment=None))


def plain_stored(data: bytes) -> bytes:
    """The same of the event's JSON as the log keeps it; every other key stays as it stands there."""
    event = _parts.decode(data)
    if "conversation" not in event:
        return bytes(data)
    marker = {key: part for key, part in _parts.decode(event["conversation"]).items() if key not in _OF_THE_THREAD}
    return codec.encode(event | {"conversation": marker})


def board_event(logged: Logged) -> Known:
    """A stored event as the viewers of its board get it, with its position."""
    event = logged.event
    if isinstance(event, CommentEvent):
        comment = LiveComment(id=event.comment.id) if isinstance(event, DeletedComment) else event.comment
        compact = compact_comment(comment)
        if logged.replayed:  # Its marker is news yet to come: only the thread's key connects the two.
            compact = replace(compact, url_id=comment.url_id)
        return replace(event, seq=logged.seq, timestamp=None, chat_id=logged.marker_id, comment=compact)
    if isinstance(event, NewImageChat | ImageChatUpdated | DeletedImageChat):
        return _chat_event(event, seq=logged.seq)
    if isinstance(event, VoteEvent):
        return replace(event, seq=logged.seq, timestamp=None, chat_id=logged.marker_id)
    return replace(event, seq=logged.seq, timestamp=None)


def _chat_event(event: NewImageChat | ImageChatUpdated | DeletedImageChat, *, seq: int | None) -> Known:
    marker = event.conversation
    if marker is None:
        return replace(event, seq=seq, timestamp=None)
    if isinstance(event, DeletedImageChat):
        return replace(event, seq=seq, timestamp=None, chat_id=marker.id, conversation=None)
    compact = compact_marker(marker)
    if isinstance(event, ImageChatUpdated):
        compact = replace(compact, url_id="", number=None, user_id=None, user_name=None, created_at=None)
    return replace(event, seq=seq, timestamp=None, chat_id=None, conversation=compact)


def compact_comment(comment: LiveComment) -> LiveComment:
    """A comment without what its board's viewers know or do not show."""
    return LiveComment(
        id=comment.id,
        user_id=comment.user_id,
        anon_user_id=comment.anon_user_id if comment.user_id is None else None,
        commenter_name=comment.commenter_name,
        comment=comment.comment,
        parent_id=comment.parent_id,
        date=comment.date,
        verified=comment.verified,
        approved=comment.approved,
        votes=comment.votes or None,
        votes_up=comment.votes_up or None,
        votes_down=comment.votes_down or None,
        is_by_admin=comment.is_by_admin,
        is_by_moderator=comment.is_by_moderator,
        is_pinned=comment.is_pinned or None,
        is_locked=comment.is_locked or None,
        is_deleted=comment.is_deleted,
        is_spam=comment.is_spam,
        display_label=comment.display_label,
        edited_at=comment.edited_at,
    )


def compact_marker(marker: Conversation) -> Conversation:
    """A marker without what its key or its first comment repeats; a newest comment that is the first is sent once."""
    first, last = marker.first_comment, marker.last_comment
    if first is not None and last is not None and first.id == last.id:
        last = None
    return Conversation(
        id=marker.id,
        url_id=marker.url_id,
        x=marker.x,
        y=marker.y,
        user_id=marker.user_id,
        created_from_comment_id="" if first is not None else marker.created_from_comment_id,
        created_at=marker.created_at,
        comment_count=marker.comment_count,
        number=marker.number,
        user_name=None if first is not None and first.commenter_name == marker.user_name else marker.user_name,
        resolved_at=marker.resolved_at,
        resolved_by=marker.resolved_by,
        last_comment=None if last is None else compact_comment(last),
        first_comment=None if first is None else compact_comment(first),
    )


def collapse(events: Sequence[Known]) -> list[Known]:
    """The events of one batch without those that a later one of the same batch makes superfluous, in order.

    An update of a marker gives way to a later update or deletion of it; a first comment goes inside the marker that the
    same write created. The batch's range still covers their positions.
    """
    if len(events) == 1:
        return list(events)
    kept: dict[int, Known] = dict(enumerate(events))
    final: dict[str | None, int] = {}
    opened: dict[tuple[str | None, str | None], int] = {}
    for index, event in enumerate(events):
        if isinstance(event, ImageChatUpdated | DeletedImageChat):
            kept.pop(final.get(event.marker_id, -1), None)
            if isinstance(event, ImageChatUpdated):
                final[event.marker_id] = index
        elif isinstance(event, NewImageChat):
            opened[event.broadcast_id, event.marker_id] = index
    for index, event in enumerate(events):
        if isinstance(event, NewComment) and (event.broadcast_id, event.chat_id) in opened:
            at = opened[event.broadcast_id, event.chat_id]
            kept[at] = _opened_by(kept[at], event)
            del kept[index]
    return list(kept.values())


def _opened_by(marker: Known, first: NewComment) -> Known:
    """A new marker that carries its first comment, at the later position of the two."""
    if not isinstance(marker, NewImageChat) or marker.conversation is None:
        return marker
    seq = first.seq if marker.seq is None else max(marker.seq, first.seq or 0)
    made = replace(marker.conversation, first_comment=first.comment, created_from_comment_id="", last_comment=None)
    return replace(marker, seq=seq, conversation=made)
