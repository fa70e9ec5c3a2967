"""A new comment: whose it is, under which name, what it says; and its storing, inside somebody's write."""

import hashlib
import hmac
import secrets

from msgspec import Struct

from imagechat_tui.protocol.events import NewComment
from imagechat_tui.protocol.limits import URL_ID_CHARACTERS
from imagechat_tui.protocol.requests import CommentData
from imagechat_tui.server.actions import checks, html, shapes
from imagechat_tui.server.actions.pages import Page
from imagechat_tui.server.actions.writing import Write
from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.auth.permissions import is_simple
from imagechat_tui.server.store import comments, markers
from imagechat_tui.server.store.comments import Comment

NAMELESS = "Anonymous"
"""The name of somebody who gave none."""

_LABELS = {Role.ADMIN: "Administrator", Role.MODERATOR: "Moderator"}
_EDIT_KEY_BYTES = 16


class Draft(Struct, frozen=True, kw_only=True):
    """A comment that has passed every check that needs no database."""

    text: str
    html: str
    name: str
    email: str | None = None
    url: str
    page_title: str | None = None
    parent_id: str | None = None
    link: str | None = None
    edit_key: str | None = None
    """Given to an author whom nothing but this key or the session proves."""


def draft(actor: Actor, text: str, *, url: str, data: CommentData | None = None) -> Draft:
    """What an actor wants to say.

    Args:
        actor: Who; a signed-in one cannot take another name.
        text: As written.
        url: The page.
        data: What a client of the plain contract says about it.

    Raises:
        Refusal: 400, the text, or the name of somebody without an account, does not fit.
    """
    written = checks.comment(text)
    anonymous = not actor.signed_in
    name = actor.name
    if anonymous:
        name = checks.name(data.commenter_name) if data is not None else actor.name or NAMELESS
    return Draft(
        text=written,
        html=html.render(written),
        name=name or NAMELESS,
        email=actor.email if actor.signed_in else _optional(data.commenter_email if data else None, "commenterEmail"),
        url=checks.text(url, "url", empty=True),
        page_title=_optional(data.page_title if data else None, "pageTitle"),
        parent_id=_optional(data.parent_id if data else None, "parentId"),
        link=_link(data.commenter_link if data else None),
        edit_key=secrets.token_urlsafe(_EDIT_KEY_BYTES) if anonymous or is_simple(actor) else None,
    )


def add(write: Write, page: Page, new: Draft, *, comment_id: str) -> Comment:
    """Store a comment in a thread and count it there; ``announce`` has to follow."""
    actor = write.actor
    comment = Comment(
        id=comment_id,
        window_url_id=page.url_id,
        parent_id=new.parent_id,
        user_id=actor.user_id or "",
        session=actor.session,
        edit_key_hash=None if new.edit_key is None else key_hash(new.edit_key),
        name=new.name,
        email=new.email,
        text=new.text,
        html=new.html,
        url=new.url,
        page_title=new.page_title,
        locale=None,
        avatar=actor.avatar,
        link=new.link,
        label=actor.label or _LABELS.get(actor.role),
        role=actor.role.value,
        created_ms=write.now_ms,
        verified=actor.verified,
    )
    comments.add(write.tx, write.tenant, comment)
    if page.marker_id is not None:
        markers.written(write.tx, write.tenant, page.marker_id, comment_id=comment_id)
    write.count("comment_create_count")
    return comment


def announce(write: Write, page: Page, comment: Comment) -> None:
    """Log a new comment on its thread's channel."""
    event = NewComment(broadcast_id=write.broadcast_id, comment=shapes.live_comment(write.tenant, comment))
    write.log_thread(page, event, author=comment.user_id)


def key_hash(edit_key: str) -> str:
    """How an edit key is stored."""
    return hashlib.sha256(edit_key.encode(errors="surrogatepass")).hexdigest()


def key_fits(edit_key: str, stored: str | None) -> bool:
    """Whether this is the edit key, compared in constant time."""
    return stored is not None and hmac.compare_digest(key_hash(edit_key), stored)


def _optional(value: str | None, name: str) -> str | None:
    return None if not value else checks.text(value, name, most=2 * URL_ID_CHARACTERS)


def _link(value: str | None) -> str | None:
    link = _optional(value, "commenterLink")
    return link if link is not None and link.startswith(("http://", "https://")) else None
