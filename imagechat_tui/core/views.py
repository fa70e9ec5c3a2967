"""What a screen needs to know of a board: facts only, ready to be shown; the text in them is still foreign.

``Board`` (``board.py``) makes them out of confirmed rows and the pending changes laid over them.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Protocol

from msgspec import Struct


class LinkState(Enum):
    """The client's connection."""

    CONNECTING = "connecting"
    SYNCING = "syncing"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    OFFLINE = "offline"
    REFUSED = "refused"
    CLOSED = "closed"
    """Not started, or ended by the user."""


class Delivery(Enum):
    """How far a change of one's own has come."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    FAILED = "failed"
    """Refused or without an answer: the text is kept, a retry by hand is possible."""


class Reason(Enum):
    """Why an operation ended without success, or why the link is refused."""

    OFFLINE = "offline"
    """Never sent: there was no connection."""
    NO_ANSWER = "no-answer"
    """Sent, and nothing came back: it may have happened."""
    NOT_ALLOWED = "not-allowed"
    NOT_SIGNED_IN = "not-signed-in"
    INVALID = "invalid"
    GONE = "gone"
    LOCKED = "locked"
    CONFLICT = "conflict"
    TOO_FAST = "too-fast"
    BUSY = "busy"
    SERVER = "server"
    INSECURE = "insecure"
    """The certificate is not trusted."""
    NOT_COMPATIBLE = "not-compatible"
    """It answers, but does not speak the contract."""
    READ_ONLY = "read-only"


class Person(Struct, frozen=True, kw_only=True):
    """Somebody, as the wire knows them."""

    id: str
    name: str


class CommentView(Struct, frozen=True, kw_only=True, gc=False):
    """One comment of a thread."""

    id: str
    """The comment's id; for an own comment without a confirmation, its operation."""
    marker_id: str
    author_id: str | None
    author_name: str
    text: str
    created_at: int
    """Milliseconds since the epoch."""
    edited: bool = False
    parent_id: str | None = None
    mine: bool = False
    unread: bool = False
    pinned: bool = False
    locked: bool = False
    label: str | None = None
    """What the server says of the author: "Admin", "Moderator" or a label of their own."""
    votes: int = 0
    my_vote: int = 0
    """1, -1 or 0."""
    delivery: Delivery = Delivery.CONFIRMED
    reason: Reason | None = None
    operation: str | None = None
    """The operation behind a pending or failed state."""


class MarkerView(Struct, frozen=True, kw_only=True, gc=False):
    """One marker of the board."""

    id: str
    """The marker's id; for an own marker without a confirmation, its operation."""
    number: int | None
    """What is written on it; none until the server confirmed it."""
    x: float
    y: float
    """Percent of the picture, 0..100, from the left and the top edge."""
    title: str
    """The text of its first comment."""
    author_id: str | None
    author_name: str
    created_at: int
    comment_count: int
    unread: int = 0
    mine: bool = False
    resolved: bool = False
    resolved_by: str | None = None
    resolved_at: int | None = None
    last_comment_at: int | None = None
    last_author: str | None = None
    delivery: Delivery = Delivery.CONFIRMED
    reason: Reason | None = None
    operation: str | None = None


class LinkView(Struct, frozen=True, kw_only=True):
    """The link, as banner and header show it."""

    state: LinkState
    attempt: int = 0
    """Failed attempts since the link was last live."""
    retry_at: float | None = None
    """When the next attempt starts, on the session's clock (seconds)."""
    reason: Reason | None = None
    detail: str = ""
    """The server's own words, if any (foreign text)."""
    plain_host: bool = False
    """The host offers the plain contract only."""


class BoardView(Struct, frozen=True, kw_only=True):
    """What stands above the picture."""

    title: str
    image_src: str | None
    image_version: int
    image_size: tuple[int, int] | None
    """Width and height in pixels, when the server knows them."""
    visibility: str
    markers: int
    open: int
    resolved: int
    unread: int
    """Comments not seen yet, over all threads."""


class Me(Struct, frozen=True, kw_only=True):
    """Who this client is on the board, and what that allows."""

    id: str | None
    name: str
    signed_in: bool
    anonymous: bool
    moderator: bool
    """Admins and moderators."""


class SyncStats(Struct, frozen=True, kw_only=True):
    """Counts for the sync details screen."""

    cursor: int | None
    reconnects: int
    gaps: int
    malformed: int
    unknown: int
    frames: int
    held_back: int
    """Events that wait now for what is missing before them."""
    confirmed: int
    refused: int
    unknown_outcome: int
    echo_ids: int
    followed: str | None = None
    """A plain host: the marker whose thread has the socket's second channel, once the link is live."""


class BoardReader(Protocol):
    """What a screen reads from a session; always the present truth, cheap to ask, never changed by reading."""

    @property
    def link(self) -> LinkView:
        """The connection."""

    @property
    def board(self) -> BoardView:
        """Title, picture and counts."""

    @property
    def me(self) -> Me:
        """Who the user is here."""

    @property
    def people(self) -> tuple[Person, ...]:
        """Who looks at the board now, by name; without a connection: nobody."""

    @property
    def viewers(self) -> int:
        """How many look, those without a name included."""

    @property
    def writers(self) -> Mapping[str | None, tuple[Person, ...]]:
        """Who else writes now, by the marker whose thread it is for (``None``: a marker to come); first who began."""

    @property
    def stats(self) -> SyncStats:
        """Counts of the sync."""

    def markers(self) -> Sequence[MarkerView]:
        """All markers by number; own ones without a confirmation last."""

    def marker(self, marker_id: str) -> MarkerView | None:
        """One marker, also by the operation that is about to create it."""

    def thread(self, marker_id: str) -> Sequence[CommentView] | None:
        """The comments of a marker, oldest first, replies after their parent; ``None`` until loaded."""
