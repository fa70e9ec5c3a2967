"""The briefest forms of the commonest write, a marker with its first comment (ours); pure, exact or not used at all.

Whoever shortens expands the short form again and compares: where anything would be different, the long form is sent.
What is left out is what the reader knows: the defaults, what it asked for itself, names made of the ``broadcastId``,
and thread keys made of the board's first picture, which never changes.
"""

import re
from typing import Final

from msgspec import UNSET, Raw, UnsetType, field
from msgspec.structs import replace

from imagechat_tui.errors import ProtocolError
from imagechat_tui.protocol import ids
from imagechat_tui.protocol.events import NewImageChat
from imagechat_tui.protocol.models import Conversation, LiveComment, PublicComment, User, Wire
from imagechat_tui.protocol.moments import iso, milliseconds
from imagechat_tui.protocol.replies import MarkerCreated, Reply
from imagechat_tui.protocol.requests import CreateMarker

_NAMING: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Ground(Wire, frozen=True, kw_only=True):
    """What the thread keys of a board's markers are made of."""

    url_id: str
    src: str
    """The board's first picture; a board whose picture was replaced has no ground."""


class Opening(Wire, tag_field="type", tag="marker", frozen=True, kw_only=True):
    """A live frame of two events: a new marker and its first comment, at the positions ``seq - 1`` and ``seq``."""

    seq: int
    broadcast_id: str | None = None
    id: str = field(name="_id", default="")
    comment_id: str = ""
    url_id: str = ""
    number: int | None = None
    x: float
    y: float
    user_id: str | None = None
    anon_user_id: str | None = None
    commenter_name: str = ""
    display_label: str | None = None
    is_by_admin: bool = False
    is_by_moderator: bool = False
    verified: bool = True
    comment: str | None = None
    date: int
    """Milliseconds."""


class BriefCreated(Reply, frozen=True, kw_only=True):
    """What the author of a marker cannot know: its number, when, at which position; the rest where not as asked."""

    number: int | None = None
    date: int = 0
    """Milliseconds."""
    seq: int | None = None
    id: str = field(name="_id", default="")
    comment_id: str = ""
    url_id: str = ""
    x: float | None = None
    edit_key: str | None = None
    marker: Raw | UnsetType = UNSET
    """Set in the long form, which is decoded as such."""


def named_after(broadcast_id: str) -> tuple[str, str] | None:
    """The ids that a marker and its first comment get if they are free; ``None``: it is not fit to name things."""
    if _NAMING.fullmatch(broadcast_id) is None:
        return None
    return f"m-{broadcast_id}", f"c-{broadcast_id}"


def opening(event: NewImageChat, *, first: int, last: int, ground: Ground | None) -> Opening | None:
    """The frame of a new marker that carries its first comment and covers the positions ``first`` to ``last``.

    ``None``: it has to be said at length.
    """
    marker = event.conversation
    said = None if marker is None else marker.first_comment
    if marker is None or said is None or last != first + 1:
        return None
    full = Opening(
        seq=last,
        broadcast_id=event.broadcast_id,
        id=marker.id,
        comment_id=said.id,
        url_id=marker.url_id,
        number=marker.number,
        x=marker.x,
        y=marker.y,
        user_id=said.user_id,
        anon_user_id=said.anon_user_id,
        commenter_name=said.commenter_name,
        display_label=said.display_label,
        is_by_admin=said.is_by_admin,
        is_by_moderator=said.is_by_moderator,
        verified=said.verified,
        comment=said.comment,
        date=milliseconds(said.date),
    )
    short = replace(full, id="", comment_id="")
    if named_after(event.broadcast_id or "") != (marker.id, said.id):
        short = full
    if marker.url_id == _key(ground, x=marker.x, y=marker.y):
        short = replace(short, url_id="")
    return short if _opened(short, ground) == event else None


def opened(frame: Opening, ground: Ground | None) -> NewImageChat:
    """The event of such a frame, its comment inside the marker.

    Raises:
        ProtocolError: It leaves out what this reader does not know.
    """
    event = _opened(frame, ground)
    if event is None:
        raise ProtocolError("a marker without a key")
    return event


def _opened(frame: Opening, ground: Ground | None) -> NewImageChat | None:
    names = named_after(frame.broadcast_id or "") or ("", "")
    marker_id, comment_id = frame.id or names[0], frame.comment_id or names[1]
    window = frame.url_id or _key(ground, x=frame.x, y=frame.y)
    if not (marker_id and comment_id and window):
        return None
    comment = LiveComment(
        id=comment_id,
        user_id=frame.user_id,
        anon_user_id=frame.anon_user_id,
        commenter_name=frame.commenter_name,
        display_label=frame.display_label,
        is_by_admin=frame.is_by_admin,
        is_by_moderator=frame.is_by_moderator,
        verified=frame.verified,
        comment=frame.comment,
        date=iso(frame.date),
    )
    marker = Conversation(
        id=marker_id,
        url_id=window,
        x=frame.x,
        y=frame.y,
        user_id=frame.user_id or frame.anon_user_id,
        created_at=iso(frame.date),
        comment_count=1,
        number=frame.number,
        first_comment=comment,
    )
    return NewImageChat(broadcast_id=frame.broadcast_id, seq=frame.seq, conversation=marker)


def created(reply: MarkerCreated, asked: CreateMarker, *, author: User | None) -> BriefCreated | None:
    """The answer to ``asked``, for an author who knows ``author``; ``None``: it has to be said at length.

    What no terminal shows (HTML, avatar, home page) is left out as well.
    """
    marker, comment = reply.marker, replace(reply.comment, comment_html="", avatar_src=None, commenter_link=None)
    ground = Ground(url_id=ids.clean_url_id(asked.url_id), src=marker.src) if marker.src else None
    named = named_after(asked.broadcast_id) == (marker.id, comment.id)
    short = BriefCreated(
        status=reply.status,
        number=marker.number,
        date=milliseconds(marker.created_at),
        seq=reply.seq,
        id="" if named else marker.id,
        comment_id="" if named else comment.id,
        url_id="" if marker.url_id == _key(ground, x=marker.x, y=marker.y) else marker.url_id,
        x=None if marker.x == asked.x else marker.x,
        edit_key=comment.edit_key,
    )
    whole = replace(reply, comment=comment)
    return short if _created(short, asked, author=author, ground=ground) == whole else None


def told(short: BriefCreated, asked: CreateMarker, *, author: User | None, ground: Ground | None) -> MarkerCreated:
    """The answer at length, but for what no terminal shows.

    Raises:
        ProtocolError: It leaves out what this reader does not know.
    """
    reply = _created(short, asked, author=author, ground=ground)
    if reply is None:
        raise ProtocolError("an answer that leaves out too much")
    return reply


def _created(
    short: BriefCreated, asked: CreateMarker, *, author: User | None, ground: Ground | None
) -> MarkerCreated | None:
    names = named_after(asked.broadcast_id) or ("", "")
    marker_id, comment_id = short.id or names[0], short.comment_id or names[1]
    x = asked.x if short.x is None else short.x
    window = short.url_id or _key(ground, x=x, y=asked.y)
    if author is None or author.id is None or not (marker_id and comment_id and window):
        return None
    anonymous = ids.is_anonymous(author.id)
    name, date = author.username or "", iso(short.date)
    marker = Conversation(
        id=marker_id,
        url_id=window,
        x=x,
        y=asked.y,
        src=ground.src if ground else "",
        user_id=author.id,
        user_name=name,
        created_at=date,
        comment_count=1,
        number=short.number,
    )
    comment = PublicComment(
        id=comment_id,
        user_id=None if anonymous else author.id,
        anon_user_id=author.id if anonymous else None,
        commenter_name=name,
        comment_html="",
        comment=asked.comment,
        date=date,
        verified=True,
        edit_key=short.edit_key,
    )
    return MarkerCreated(status=short.status, marker=marker, comment=comment, seq=short.seq)


def _key(ground: Ground | None, *, x: float, y: float) -> str:
    return "" if ground is None else ids.window_url_id(ground.url_id, ground.src, x=x, y=y)
