"""Bodies of answers. ``status`` is always there; an error is never sent with a 2xx status."""

from typing import Literal

from msgspec import field

from imagechat_tui.protocol.events import LiveEvent, Skip
from imagechat_tui.protocol.models import (
    Capabilities,
    Conversation,
    Image,
    MediaAsset,
    PageUser,
    PublicComment,
    User,
    Wire,
)


class Reply(Wire, frozen=True, kw_only=True):
    """The root of all successful answers; ``status`` is always sent because official clients test it."""

    status: str


class ApiError(Wire, frozen=True, kw_only=True):
    """An error (``APIError``). ``message`` is the image chat endpoints' second name for ``reason``."""

    reason: str
    code: str
    status: str
    message: str | None = None
    secondary_code: str | None = None
    banned_until: int | None = None
    max_character_length: int | None = None
    translated_error: str | None = None


class ErrorSeen(Wire, frozen=True, kw_only=True):
    """An error as a client reads it, whichever of the published shapes a host sends."""

    status: str = "failed"
    reason: str | None = None
    code: str = ""
    message: str | None = None
    translated_error: str | None = None
    max_character_length: int | None = None
    banned_until: int | None = None

    @property
    def sentence(self) -> str:
        """What a person is shown (foreign text: neutralise it first)."""
        return self.translated_error or self.reason or self.message or self.code


class ImageChats(Reply, frozen=True, kw_only=True):
    """GET ``/comment-image-chats/{T}``."""

    user: User | None
    conversations: list[Conversation]
    url_id_clean: str
    is_site_admin: bool
    tenant_id_ws: str = field(name="tenantIdWS")
    url_id_ws: str = field(name="urlIdWS")
    user_id_ws: str = field(name="userIdWS")
    imagechat: Capabilities | None = None


class ImageChatCreated(Reply, frozen=True, kw_only=True):
    """POST ``/comment-image-chats/{T}``."""

    created_chat_id: str
    seq: int | None = None


class Done(Reply, frozen=True, kw_only=True):
    """An answer that only says yes; ``seq`` is the last position of the write, absent when it is on no board."""

    seq: int | None = None


class Comments(Reply, frozen=True, kw_only=True):
    """GET ``/comments/{T}``."""

    comments: list[PublicComment]
    user: User | None
    page_number: int
    url_id_clean: str | None = None
    comment_count: int | None = None
    is_site_admin: bool | None = None
    has_more: bool | None = None
    includes_past_pages: bool | None = None
    is_closed: bool | None = None
    last_gen_date: int | None = None
    presence_poll_state: int | None = None
    tenant_id_ws: str | None = field(name="tenantIdWS", default=None)
    url_id_ws: str | None = field(name="urlIdWS", default=None)
    user_id_ws: str | None = field(name="userIdWS", default=None)
    seq: int | None = None
    """The board's position that this answer shows; absent when the thread is on no board (ours)."""


class CommentSaved(Reply, frozen=True, kw_only=True):
    """POST ``/comments/{T}``."""

    comment: PublicComment
    user: User | None
    user_id_ws: str | None = field(name="userIdWS", default=None)
    seq: int | None = None


class TextSaved(Reply, frozen=True, kw_only=True):
    """POST ``…/update-text``."""

    class Result(Wire, frozen=True, kw_only=True):
        """What became of the text."""

        approved: bool
        comment_html: str = field(name="commentHTML")

    comment: Result
    seq: int | None = None


class CommentText(Reply, frozen=True, kw_only=True):
    """GET ``…/text``."""

    comment_text: str
    sanitized_comment_text: str


class CommentDeleted(Reply, frozen=True, kw_only=True):
    """DELETE ``/comments/{T}/{id}``."""

    hard_removed: bool
    seq: int | None = None


class Voted(Reply, frozen=True, kw_only=True):
    """POST ``…/vote``."""

    class Voter(Wire, frozen=True, kw_only=True):
        """Told to an anonymous voter: the session to repeat."""

        session_id: str

    vote_id: str | None = None
    is_verified: bool | None = None
    edit_key: str | None = None
    user: Voter | None = None
    seq: int | None = None


class VoteDeleted(Reply, frozen=True, kw_only=True):
    """DELETE ``…/vote/{voteId}``."""

    was_pending_vote: bool | None = None
    seq: int | None = None


class VoteNames(Reply, frozen=True, kw_only=True):
    """GET ``…/votes``."""

    vote_user_names: list[str]
    has_more: bool


class PinChanged(Reply, frozen=True, kw_only=True):
    """POST ``…/pin`` and ``…/unpin``."""

    comment_positions: dict[str, dict[str, str | None]]
    seq: int | None = None


class BlockStatuses(Reply, frozen=True, kw_only=True):
    """POST and DELETE ``/block-from-comment/{id}``, GET ``/check-blocked-comments``."""

    comment_statuses: dict[str, bool]


class LogEntry(Wire, frozen=True, kw_only=True):
    """One stored event of the log by time; ``data`` is the event as JSON text."""

    id: str = field(name="_id")
    created_at: str
    tenant_id: str
    url_id: str
    broadcast_id: str
    data: str


class EventLog(Reply, frozen=True, kw_only=True):
    """GET ``/event-log/{T}``."""

    events: list[LogEntry]


class UsersOnline(Reply, frozen=True, kw_only=True):
    """GET ``/pages/{T}/users/online``."""

    users: list[PageUser]
    total_count: int
    anon_count: int
    next_after_name: str | None
    next_after_user_id: str | None


class UsersOffline(Reply, frozen=True, kw_only=True):
    """GET ``/pages/{T}/users/offline``."""

    users: list[PageUser]
    next_after_name: str | None
    next_after_user_id: str | None


class UsersInfo(Reply, frozen=True, kw_only=True):
    """GET ``/pages/{T}/users/info``."""

    users: list[PageUser]


class PresenceStatus(Reply, frozen=True, kw_only=True):
    """GET ``/user-presence-status``: every asked id is answered."""

    user_ids_online: dict[str, bool]


class Uploaded(Reply, frozen=True, kw_only=True):
    """POST ``/upload-image/{T}``: ``url`` for one size, ``media`` for several."""

    url: str | None = None
    media: list[MediaAsset] | None = None


class DailyUsage(Wire, frozen=True, kw_only=True):
    """One tenant's day (UTC). Months count from 0, days from 1. The two ``pub_sub`` keys are extra to the schema."""

    id: str
    tenant_id: str
    year_number: int
    month_number: int
    day_number: int
    comment_fetch_count: int
    comment_create_count: int
    conversation_create_count: int
    vote_count: int
    account_created_count: int
    user_mention_search: int
    hash_tag_search: int
    gif_search_trending: int
    gif_search: int
    api_credits_used: int
    api_error_count: int
    created_at: str
    billed: bool
    ignored: bool
    pub_sub_message_count: int
    pub_sub_bandwidth: int


class DailyUsages(Reply, frozen=True, kw_only=True):
    """GET ``/api/v1/tenant-daily-usage``, oldest first."""

    tenant_daily_usages: list[DailyUsage]


class Snapshot(Reply, frozen=True, kw_only=True):
    """GET ``/imagechat/v1/boards/{T}``: the whole board at one position, from one transaction."""

    seq: int
    image: Image | None
    title: str
    visibility: Literal["link", "tenant", "groups"]
    markers: list[Conversation]


class LogPage(Reply, frozen=True, kw_only=True):
    """GET ``/imagechat/v1/log/{T}``: events after a position; at the end the cursor moves to ``head``."""

    events: list[LiveEvent | Skip]
    """In order of position. Decoded by ``codec.decode_log_page``: types unknown to this version are kept."""
    head: int
    has_more: bool


class MarkerCreated(Reply, frozen=True, kw_only=True):
    """POST ``/imagechat/v1/markers/{T}``."""

    marker: Conversation
    comment: PublicComment
    seq: int | None = None


class MarkerChanged(Reply, frozen=True, kw_only=True):
    """PATCH ``/imagechat/v1/markers/{T}/{chatId}``."""

    marker: Conversation
    seq: int | None = None


class PictureStored(Reply, frozen=True, kw_only=True):
    """POST ``/imagechat/v1/pictures/{T}``."""

    src: str
    width: int
    height: int
    sha256: str


class BoardPut(Reply, frozen=True, kw_only=True):
    """PUT ``/imagechat/v1/boards/{T}``; ``link`` is a path of the same host."""

    url_id: str
    link: str
    src: str | None = None
    """What the board shows now: an earlier upload of the same bytes stays."""
    seq: int | None = None


class BoardLinkInfo(Reply, frozen=True, kw_only=True):
    """GET of a board link with ``Accept: application/json``."""

    tenant_id: str
    url_id: str
    title: str
    image: Image | None


class SessionOpened(Reply, frozen=True, kw_only=True):
    """POST ``/imagechat/v1/session`` and ``/imagechat/v1/invite``: the token is shown this once."""

    token: str
    tenant_id: str
    user: User


class WhoAmI(Reply, frozen=True, kw_only=True):
    """GET ``/imagechat/v1/session``."""

    tenant_id: str
    user: User | None
    is_site_admin: bool
