"""The things that travel: markers, comments, people, pictures; shapes only.

Two rules hold for every shape: a field without a default is always sent, a field that equals its default never is.
Names follow the published contract (``openapi-subset.json`` of the tests); what it does not have is marked ours.
"""

from msgspec import Struct, field


class Wire(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """The root of everything on the wire: immutable, camelCase, defaults left out.

    Nothing of it holds itself, so that nobody has to look for garbage in it: a board has ten thousands of these.
    """


class Image(Wire, frozen=True, kw_only=True):
    """The picture of a board (ours)."""

    src: str
    """A path of the same host, or an address that only shows as text."""
    width: int
    """Pixels."""
    height: int
    sha256: str
    version: int = 1
    """Counts up with every new picture of the same board."""


class LiveComment(Wire, frozen=True, kw_only=True):
    """A comment as live events carry it; every key but the id may be absent (the compact form on ``scope=board``)."""

    id: str = field(name="_id")
    tenant_id: str = ""
    url_id: str = ""
    """The ``windowUrlId`` of its thread."""
    user_id: str | None = None
    anon_user_id: str | None = None
    commenter_name: str = ""
    comment_html: str = field(name="commentHTML", default="")
    comment: str | None = None
    """The raw text."""
    parent_id: str | None = None
    date: str | None = None
    """ISO 8601 with milliseconds and Z."""
    verified: bool = True
    approved: bool = True
    url: str = ""
    page_title: str | None = None
    locale: str | None = None
    votes: int | None = None
    votes_up: int | None = None
    votes_down: int | None = None
    is_by_admin: bool = False
    is_by_moderator: bool = False
    is_pinned: bool | None = None
    is_locked: bool | None = None
    is_deleted: bool = False
    is_spam: bool = False
    display_label: str | None = None
    avatar_src: str | None = None
    commenter_link: str | None = None
    edited_at: str | None = None
    """ISO 8601; when the text last changed (ours)."""


class PubSubComment(LiveComment, frozen=True, kw_only=True):
    """A comment in a full live event: the keys that strict official clients require are always sent."""

    id: str = field(name="_id")
    tenant_id: str
    url_id: str
    commenter_name: str
    comment_html: str = field(name="commentHTML")
    comment: str | None
    verified: bool
    approved: bool
    url: str
    locale: str | None
    date: str | None


class PublicComment(LiveComment, frozen=True, kw_only=True):
    """A comment in a REST answer. ``comment`` (raw) is sent only where the caller asked for it (``raw=1``, ours)."""

    id: str = field(name="_id")
    commenter_name: str
    comment_html: str = field(name="commentHTML")
    date: str | None
    verified: bool
    edit_key: str | None = None
    """Given once, to the anonymous author, in the answer to the creation."""
    is_unread: bool = False
    my_vote_id: str | None = None
    is_voted_up: bool = False
    is_voted_down: bool = False
    is_flagged: bool = False
    is_blocked: bool = False
    has_children: bool | None = None
    child_count: int | None = None
    nested_children_count: int | None = None
    children: list["PublicComment"] | None = None


class Conversation(Wire, frozen=True, kw_only=True):
    """A marker as the wire knows it; the first four keys are the documented ones."""

    id: str = field(name="_id")
    url_id: str = ""
    """The ``windowUrlId``: an opaque key of the thread."""
    x: float = 0.0
    y: float = 0.0
    src: str = ""
    page_title: str = ""
    user_id: str | None = None
    created_from_comment_id: str = ""
    created_at: str | None = None
    comment_count: int = 0
    number: int | None = None
    """Counts markers of the board from 1 and is never given twice, so that all screens say the same (ours)."""
    user_name: str | None = None
    """Who made it, as shown (ours)."""
    resolved_at: str | None = None
    """ISO 8601; absent while open (ours)."""
    resolved_by: str | None = None
    """The name of who resolved it (ours)."""
    last_comment: LiveComment | None = None
    """The newest comment, compact (ours)."""
    first_comment: LiveComment | None = None
    """The comment that opened the thread, compact: what lists show as the marker's title (ours)."""


class PlainConversation(Conversation, frozen=True, kw_only=True):
    """A marker in answers to clients that know the documented keys: those four are always sent."""

    id: str = field(name="_id")
    url_id: str
    x: float
    y: float


class User(Wire, frozen=True, kw_only=True):
    """Who the caller is (``UserSessionInfo``)."""

    id: str | None = None
    username: str | None = None
    display_name: str | None = None
    email: str | None = None
    avatar_src: str | None = None
    authorized: bool | None = None
    is_anon_session: bool | None = None
    session_id: str | None = None
    group_ids: list[str] | None = None
    display_label: str | None = None
    website_url: str | None = None


class PageUser(Wire, frozen=True, kw_only=True):
    """Somebody on a page, in presence answers."""

    id: str
    display_name: str
    avatar_src: str | None = None
    is_private: bool | None = None


class Vote(Wire, frozen=True, kw_only=True):
    """One vote in a live event; ``created_at`` is in ms, unlike every other date of the contract."""

    id: str = field(name="_id")
    tenant_id: str
    url_id: str
    url_id_raw: str
    comment_id: str
    direction: int
    """1 or -1."""
    created_at: int
    verification_id: str | None
    user_id: str | None = None


class MediaAsset(Wire, frozen=True, kw_only=True):
    """One size of an uploaded picture."""

    w: int
    h: int
    src: str


class Capabilities(Wire, frozen=True, kw_only=True):
    """What a host offers beyond the contract; its absence means a plain host (ours)."""

    version: int
    scopes: list[str]
    batch: bool
    seq: int
    """The board's last position at the time of the answer."""
    image: Image | None
    link: str | None = None
    """The path of the board's link, for those who may change the board."""
    typing: bool = False
    """Whether it passes on who is writing."""
