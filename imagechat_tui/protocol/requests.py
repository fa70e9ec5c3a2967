"""Bodies of requests. Unknown keys are ignored, wrong types are errors; ranges are checked by the server's actions."""

from typing import Literal

from msgspec import UNSET, UnsetType

from imagechat_tui.protocol.models import Wire


class CreateImageChat(Wire, frozen=True, kw_only=True):
    """POST ``/comment-image-chats/{T}``; all eight are required."""

    url_id: str
    window_url_id: str
    page_title: str
    src: str
    x: float
    y: float
    created_from_comment_id: str
    broadcast_id: str


class DeleteImageChat(Wire, frozen=True, kw_only=True):
    """DELETE ``/comment-image-chats/{T}/{chatId}``; also accepted as a query parameter."""

    broadcast_id: str


class CommentData(Wire, frozen=True, kw_only=True):
    """POST ``/comments/{T}``; the ``urlId`` of the query decides."""

    commenter_name: str
    comment: str
    url: str
    url_id: str
    commenter_email: str | None = None
    commenter_link: str | None = None
    user_id: str | None = None
    avatar_src: str | None = None
    parent_id: str | None = None
    date: float | None = None
    """Milliseconds of the client's clock; some clients know only doubles."""
    page_title: str | None = None
    product_id: float | None = None
    mentions: list[dict[str, object]] | None = None
    hash_tags: list[dict[str, object]] | None = None


class UpdateText(Wire, frozen=True, kw_only=True):
    """POST ``/comments/{T}/{id}/update-text``."""

    comment: str
    mentions: list[dict[str, object]] | None = None
    hash_tags: list[dict[str, object]] | None = None


class VoteBody(Wire, frozen=True, kw_only=True):
    """POST ``/comments/{T}/{id}/vote``; all four keys are required, the last three may be null."""

    vote_dir: Literal["up", "down"]
    commenter_name: str | None
    commenter_email: str | None
    url: str | None


class BlockBody(Wire, frozen=True, kw_only=True):
    """POST and DELETE ``/block-from-comment/{id}``."""

    comment_ids: list[str] | None = None


class CreateMarker(Wire, frozen=True, kw_only=True):
    """POST ``/imagechat/v1/markers/{T}``: a marker with its first comment."""

    url_id: str
    x: float
    y: float
    comment: str
    broadcast_id: str


class ChangeMarker(Wire, frozen=True, kw_only=True):
    """PATCH ``/imagechat/v1/markers/{T}/{chatId}``: move (both coordinates) or resolve and reopen."""

    broadcast_id: str
    x: float | UnsetType = UNSET
    y: float | UnsetType = UNSET
    resolved: bool | UnsetType = UNSET


class Typing(Wire, frozen=True, kw_only=True):
    """POST ``/imagechat/v1/typing/{T}``: the caller is writing, or no longer; said again every few seconds."""

    url_id: str
    chat_id: str | None = None
    """The marker whose thread it is for; absent: for a marker to come."""
    ended: bool = False


class PutBoard(Wire, frozen=True, kw_only=True):
    """PUT ``/imagechat/v1/boards/{T}``: without ``url_id`` a new board, with it a new version of its picture."""

    title: str
    src: str
    broadcast_id: str
    url_id: str | None = None
    visibility: Literal["link", "tenant", "groups"] | UnsetType = UNSET
    """Absent: a new board is ``link``, a known one stays as it is, its groups too."""
    groups: list[str] | None = None


class OpenSession(Wire, frozen=True, kw_only=True):
    """POST ``/imagechat/v1/session``: an SSO payload is exchanged once for a bearer token."""

    tenant_id: str
    sso: str | None = None
    """The SSO payload as JSON text; absent asks for an anonymous session."""


class RedeemInvitation(Wire, frozen=True, kw_only=True):
    """POST ``/imagechat/v1/invite``."""

    secret: str
