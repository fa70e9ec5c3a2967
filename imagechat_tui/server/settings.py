"""What an operator decides about one server process: one frozen value, read by everybody, changed by nobody.

Declares and never parses: flags, environment and files become this value in ``cli``.
"""

from pathlib import Path
from typing import Final, Literal

from msgspec import Struct, field

DATABASE_FILE: Final = "imagechat.sqlite3"

_DRAIN_SECONDS: Final = 10.0


class Rate(Struct, frozen=True, kw_only=True):
    """A token bucket: ``burst`` at once, then ``per_minute``."""

    per_minute: float
    burst: float


class Limits(Struct, frozen=True, kw_only=True):
    """How much one caller may do; rates answer 429 with ``Retry-After``, counts refuse."""

    comments: Rate = Rate(per_minute=60, burst=20)
    """Comments, edits, votes and flags, per user (a signed-in user, an anonymous session, or an address)."""
    tenant: Rate = Rate(per_minute=30_000, burst=2_000)
    """Writes, uploads, and lists of image chats, by all people of a tenant together: what one tenant can take from the
    others."""
    reads: Rate = Rate(per_minute=1_200, burst=300)
    """Reads, per user. The event log is not counted: reconnecting clients ask for it all at once."""
    typing: Rate = Rate(per_minute=30, burst=10)
    """Words that somebody is writing, per user; a client says one in three seconds."""
    uploads: Rate = Rate(per_minute=20, burst=10)
    """Pictures, per user."""
    sign_ins: Rate = Rate(per_minute=600, burst=300)
    """Sessions opened and invitations tried, per address; what is guessed has 128 bits and more, and a company that
    arrives at nine sits behind one."""
    connections_per_address: int = 1_000
    """Open HTTP connections from one address; loopback, where a proxy sits, is not counted."""
    sockets_per_user: int = 32
    """Open live sockets of one user."""
    sockets_per_address: int = 2_000
    """Open live sockets from one address; a company or a class may sit behind one."""
    address_factor: float = 30.0
    """An anonymous caller is limited by address at this multiple of the user's rate."""


class Settings(Struct, frozen=True, kw_only=True):
    """One server process."""

    data: Path
    """Where SQLite, pictures, certificates and the lock live; made with mode 0700 when it does not exist."""
    host: str = "127.0.0.1"
    port: int = 8787
    """0 = any free one; ``ready_file`` says which."""
    database: str | None = None
    """``sqlite:////path`` or ``postgresql+psycopg://...``; ``None`` is SQLite inside ``data``."""
    redis: str | None = None
    """``redis://...`` joins several nodes; ``None`` is a single one."""
    pictures: str | None = None
    """``s3://bucket/prefix`` or ``file:///folder``: where the bytes of pictures are kept; ``None`` is the database."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    dev_cert: bool = False
    """Serve TLS with a certificate of our own making, kept in ``data``."""
    ready_file: Path | None = None
    """Gets ``{"url","pid"}`` when connections are accepted."""
    local: bool = False
    """The background server of one user: Unix socket, one tenant, ends when idle."""
    socket: Path | None = None
    """Listen here instead of on TCP; with ``local`` the default is inside the runtime directory."""
    metrics_token: str | None = None
    """Opens ``/metrics`` to callers that are not on loopback."""
    allowed_hosts: tuple[str, ...] = ()
    """Values of ``Host`` that are answered beside the loopback names; empty = any, unless bound to loopback."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed; nobody else's are."""
    batch_ms: int = 20
    """At most one batch per room in this time."""
    idle_seconds: float = 15 * 60
    """``local``: end after this long without sockets and requests."""
    grace_seconds: float = 5.0
    """At the end requests in flight get this long."""
    usage_flush_seconds: float = 5.0
    """Frames delivered are counted in memory and stored this often: what a crash may lose."""
    drain_seconds: float | None = None
    """From the wish to end until it does: not ready at once, sockets sent away at random moments of the second half.
    ``None`` is 10 s for one of several nodes, and nothing for a single one, which nobody takes over from."""
    check_seconds: float = 40.0
    """Several nodes: how often positions are compared with the log."""
    beat_seconds: float = 5.0
    """Several nodes: how often each says who looks from it. A node is forgotten after three of them."""
    watch_seconds: float = 2.0
    """How often changes made by other processes (rotated keys, removed tenants, ended sessions) are looked for."""
    session_days: float = 90.0
    """How long a session lives after it was opened."""
    limits: Limits = field(default_factory=Limits)
    log_format: Literal["plain", "json"] = "plain"

    @property
    def database_url(self) -> str:
        """The database, as SQLAlchemy names it."""
        return self.database or f"sqlite:///{(self.data / DATABASE_FILE).absolute()}"

    @property
    def draining_seconds(self) -> float:
        """How long draining takes."""
        if self.drain_seconds is not None:
            return self.drain_seconds
        return _DRAIN_SECONDS if self.redis else 0.0

    @property
    def tls(self) -> bool:
        """Whether connections are encrypted."""
        return self.dev_cert or self.tls_cert is not None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.socket is not None or self.local or self.host in {"127.0.0.1", "::1", "localhost"}
