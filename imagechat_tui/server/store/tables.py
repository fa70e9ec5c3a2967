"""Every table and column, once; never a query.

Rules: every row names its tenant; moments are milliseconds since 1970 in UTC (``*_ms``); flags are 0 or 1; lists are
JSON text. Such types need no conversion by a driver, so a compiled statement can run on the driver itself.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

SCHEMA: Final = "0002"
"""The migration that these tables are the result of."""

metadata = MetaData()

_Row = BigInteger().with_variant(Integer, "sqlite")


def _tenant(*, primary_key: bool = True) -> Column[str]:
    return Column("tenant", Text, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=primary_key, nullable=False)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _ms(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


tenants = Table(
    "tenants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("generation", Integer, nullable=False, server_default="1"),  # Counts rotations of the secret.
    Column("origins", Text, nullable=False, server_default="[]"),
    _flag("simple_sso"),
    _ms("created_ms"),
)

users = Table(
    "users",
    metadata,
    _tenant(),
    Column("id", Text, primary_key=True),  # The id on the wire.
    Column("username", Text, nullable=False),
    Column("display_name", Text),
    Column("email", Text),
    Column("avatar", Text),
    Column("label", Text),
    Column("website", Text),
    Column("role", Text, nullable=False),
    Column("groups", Text),  # NULL: every page; a list: those that share a group.
    _flag("verified"),
    _flag("private"),
    _ms("created_ms"),
    _ms("seen_ms"),
    Index("users_by_email", "tenant", "email"),
    sqlite_with_rowid=False,
)

removals = Table(
    "removals",
    metadata,
    _tenant(),
    Column("user_id", Text, primary_key=True),
    _ms("removed_ms"),  # What was signed for them before is void.
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    _tenant(),
    Column("id", Text, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("user_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("groups", Text),
    Column("generation", Integer, nullable=False),  # The tenant's, when it was opened.
    _ms("created_ms"),
    _ms("expires_ms"),
    Index("sessions_by_user", "tenant", "user_id"),
    Index("sessions_by_expiry", "expires_ms"),
    sqlite_with_rowid=False,
)

invitations = Table(
    "invitations",
    metadata,
    _tenant(),
    Column("secret_hash", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("groups", Text),
    _ms("created_ms"),
    _ms("expires_ms"),
    _ms("used_ms", nullable=True),
    sqlite_with_rowid=False,
)

boards = Table(
    "boards",
    metadata,
    Column("id", _Row, primary_key=True),
    _tenant(primary_key=False),
    Column("url_id", Text, nullable=False),
    Column("token", Text, nullable=False),  # Of its link.
    Column("title", Text, nullable=False, server_default=""),
    Column("visibility", Text, nullable=False, server_default="link"),
    Column("groups", Text, nullable=False, server_default="[]"),
    Column("src", Text),
    Column("width", Integer),
    Column("height", Integer),
    Column("sha256", Text),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("created_by", Text),
    _ms("created_ms"),
    Column("head", BigInteger, nullable=False, server_default="0"),  # The last position given.
    Column("floor", BigInteger, nullable=False, server_default="0"),  # Positions up to here are no longer in the log.
    _ms("last_ms"),  # The last timestamp given.
    Column("numbered", Integer, nullable=False, server_default="0"),  # The last marker number given.
    Index("boards_by_url_id", "tenant", "url_id", unique=True),
    Index("boards_by_token", "tenant", "token", unique=True),
)

windows = Table(
    "windows",
    metadata,
    _tenant(),
    Column("url_id", Text, primary_key=True),
    Column("board_id", _Row, ForeignKey("boards.id", ondelete="CASCADE")),  # NULL until a marker claims it.
    Column("marker_id", Text),
    Column("created_by", Text),
    _ms("last_ms"),
    Index("windows_by_board", "board_id"),
    sqlite_with_rowid=False,
)

markers = Table(
    "markers",
    metadata,
    _tenant(),
    Column("id", Text, primary_key=True),
    Column("board_id", _Row, ForeignKey("boards.id", ondelete="CASCADE"), nullable=False),
    Column("window_url_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("src", Text, nullable=False),
    Column("page_title", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("session", Text),  # The session that made it.
    Column("created_from_comment_id", Text, nullable=False),
    _ms("created_ms"),
    _ms("resolved_ms", nullable=True),
    Column("resolved_by", Text),
    Column("comment_count", Integer, nullable=False, server_default="0"),
    Column("first_comment_id", Text),
    Column("last_comment_id", Text),
    Index("markers_by_board", "board_id", "number", unique=True),
    sqlite_with_rowid=False,
)

comments = Table(
    "comments",
    metadata,
    Column("position", _Row, primary_key=True),  # Order of writing, where dates are equal.
    _tenant(primary_key=False),
    Column("id", Text, nullable=False),
    Column("window_url_id", Text, nullable=False),
    Column("parent_id", Text),
    Column("user_id", Text, nullable=False),  # Of a signed-in user or an anonymous session.
    Column("session", Text),  # The session that wrote it, where only that one may change it.
    Column("edit_key_hash", Text),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("page_title", Text),
    Column("locale", Text),
    Column("avatar", Text),
    Column("link", Text),
    Column("label", Text),
    Column("role", Text, nullable=False),
    _ms("created_ms"),
    _ms("edited_ms", nullable=True),
    _flag("verified"),
    _flag("approved"),
    _flag("pinned"),
    _flag("locked"),
    Column("votes_up", Integer, nullable=False, server_default="0"),
    Column("votes_down", Integer, nullable=False, server_default="0"),
    Index("comments_by_id", "tenant", "id", unique=True),
    Index("comments_by_window", "tenant", "window_url_id", "position"),
    Index("comments_by_parent", "tenant", "parent_id"),
)

votes = Table(
    "votes",
    metadata,
    _tenant(),
    Column("comment_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("direction", Integer, nullable=False),
    Column("session", Text),  # The session that gave it.
    Column("edit_key_hash", Text),
    _ms("created_ms"),
    Index("votes_by_id", "tenant", "id", unique=True),
    sqlite_with_rowid=False,
)

flags = Table(
    "flags",
    metadata,
    _tenant(),
    Column("comment_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    _ms("created_ms"),
    sqlite_with_rowid=False,
)

blocks = Table(
    "blocks",
    metadata,
    _tenant(),
    Column("user_id", Text, primary_key=True),
    Column("blocked_user_id", Text, primary_key=True),
    _ms("created_ms"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    Column("id", _Row, primary_key=True),
    _tenant(primary_key=False),
    Column("url_id", Text, nullable=False),  # The channel.
    Column("timestamp", BigInteger, nullable=False),
    Column("board_id", _Row, ForeignKey("boards.id", ondelete="CASCADE")),
    Column("seq", BigInteger),
    Column("marker_id", Text),
    Column("only_for", Text),
    Column("data", LargeBinary, nullable=False),  # The event as JSON, without timestamp and seq.
    Index("events_by_position", "board_id", "seq", unique=True),
    Index("events_by_time", "tenant", "url_id", "timestamp"),
)

replies = Table(
    "replies",
    metadata,
    _tenant(),
    Column("actor", Text, primary_key=True),
    Column("broadcast_id", Text, primary_key=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    _ms("created_ms"),
    Index("replies_by_age", "created_ms"),
    sqlite_with_rowid=False,
)

pictures = Table(
    "pictures",
    metadata,
    _tenant(),
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),  # Of the bytes as uploaded.
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("url_id", Text),  # The board whose viewers may read it; NULL until one shows it.
    Column("created_by", Text, nullable=False),
    _ms("created_ms"),
    _flag("complete"),
    Index("pictures_by_age", "complete", "created_ms"),
)

picture_chunks = Table(
    "picture_chunks",
    metadata,
    _tenant(),
    Column("picture_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    _tenant(),
    Column("day", Text, primary_key=True),  # 2030-01-31, UTC.
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

absences = Table(
    "absences",
    metadata,
    _tenant(),
    Column("viewer", Text, primary_key=True),  # A hash of the userIdWS.
    Column("url_id", Text, primary_key=True),
    _ms("left_ms"),
    Index("absences_by_age", "left_ms"),
    sqlite_with_rowid=False,
)
