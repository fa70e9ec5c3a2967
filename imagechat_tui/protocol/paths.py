"""Every path of the wire in one place, and the links that people pass around; never sends anything."""

from typing import Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

LIVE: Final = "/sub"
HEALTH: Final = "/healthz"
READY: Final = "/readyz"
METRICS: Final = "/metrics"
USAGE: Final = "/api/v1/tenant-daily-usage"
PRESENCE_STATUS: Final = "/user-presence-status"
CHECK_BLOCKED: Final = "/check-blocked-comments"
OURS: Final = "/imagechat/v1"
SESSIONS: Final = f"{OURS}/session"
INVITE: Final = f"{OURS}/invite"
PICTURE_FILES: Final = f"{OURS}/files"


def image_chats(tenant: str) -> str:
    """GET: markers of a page; POST: a new one."""
    return f"/comment-image-chats/{quote(tenant, safe='')}"


def image_chat(tenant: str, chat_id: str) -> str:
    """DELETE: one marker."""
    return f"{image_chats(tenant)}/{quote(chat_id, safe='')}"


def comments(tenant: str) -> str:
    """GET: a thread; POST: a comment."""
    return f"/comments/{quote(tenant, safe='')}"


def comment(tenant: str, comment_id: str, action: str = "") -> str:
    """DELETE without action; ``update-text``, ``text``, ``vote``, ``votes``, ``pin``, ``lock`` ... with it."""
    tail = f"/{action}" if action else ""
    return f"{comments(tenant)}/{quote(comment_id, safe='')}{tail}"


def event_log(tenant: str) -> str:
    """GET: stored events by time."""
    return f"/event-log/{quote(tenant, safe='')}"


def users(tenant: str, which: str) -> str:
    """GET: ``online``, ``offline`` or ``info``."""
    return f"/pages/{quote(tenant, safe='')}/users/{which}"


def upload_image(tenant: str) -> str:
    """POST multipart: a picture by the contract's presets."""
    return f"/upload-image/{quote(tenant, safe='')}"


def boards(tenant: str) -> str:
    """GET: snapshot of a board; PUT: a new board or a new version of its picture."""
    return f"{OURS}/boards/{quote(tenant, safe='')}"


def log(tenant: str) -> str:
    """GET: events of a board by position."""
    return f"{OURS}/log/{quote(tenant, safe='')}"


def markers(tenant: str) -> str:
    """POST: a marker with its first comment."""
    return f"{OURS}/markers/{quote(tenant, safe='')}"


def marker(tenant: str, chat_id: str) -> str:
    """PATCH: move, resolve or reopen."""
    return f"{markers(tenant)}/{quote(chat_id, safe='')}"


def typing(tenant: str) -> str:
    """POST: that one is writing."""
    return f"{OURS}/typing/{quote(tenant, safe='')}"


def pictures(tenant: str) -> str:
    """POST multipart: a picture at full size."""
    return f"{OURS}/pictures/{quote(tenant, safe='')}"


def board_link(tenant: str, token: str) -> str:
    """The path of a link to a board."""
    return f"{OURS}/b/{quote(tenant, safe='')}/{quote(token, safe='')}"


class BoardAddress(NamedTuple):
    """What a board link says: the server's origin, the tenant, and the board's token."""

    server: str
    tenant: str
    token: str


class InvitationAddress(NamedTuple):
    """What an invitation says: the server's origin and the secret that is redeemed once."""

    server: str
    secret: str


def read_board_link(link: str) -> BoardAddress | None:
    """The parts of a board link, ``None`` for any other address."""
    parts = urlsplit(link)
    prefix = f"{OURS}/b/"
    if parts.scheme not in {"http", "https"} or not parts.netloc or not parts.path.startswith(prefix):
        return None
    tenant, _, token = parts.path.removeprefix(prefix).rstrip("/").partition("/")
    if not tenant or not token or "/" in token:
        return None
    return BoardAddress(f"{parts.scheme}://{parts.netloc}", unquote(tenant), unquote(token))


def read_invitation(link: str) -> InvitationAddress | None:
    """The parts of an invitation link, ``None`` for any other address."""
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.rstrip("/") != INVITE:
        return None
    return InvitationAddress(f"{parts.scheme}://{parts.netloc}", parts.fragment) if parts.fragment else None
