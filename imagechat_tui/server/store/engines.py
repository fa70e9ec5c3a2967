"""How each database engine is opened and told to keep its promises; knows nothing of threads or of our tables.

SQLite: write-ahead log, so that readers never wait for the writer; ``synchronous=FULL``, so that what was acknowledged
survives a power cut; transactions are begun by hand, because the driver's own idea of them hides reads from snapshots.
"""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidRequestError

from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _
from imagechat_tui.server.store.gathering import send_due

BUSY_MS: Final = 5_000
"""How long a statement waits for another process that writes (a command beside the server) before it fails."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # 16 MB of pages per connection; sorting and temporary tables stay in memory.
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
    # A checkpoint every 16 MB of log: fewer, larger syncs of the main file than the default of 4 MB.
    "PRAGMA wal_autocheckpoint=4000",
    # A log that grew in a burst is cut back to 64 MB at the next checkpoint.
    "PRAGMA journal_size_limit=67108864",
)

_IN_THE_WAY: Final = frozenset({"40P01", "40001"})
"""SQLSTATE deadlock_detected and serialization_failure."""

_TIMEOUTS: Final = (
    # A statement that takes longer than this holds up every other write of this node.
    "SET statement_timeout = '30s'",
    "SET lock_timeout = '10s'",
    # A node that hangs in the middle lets go of its locks.
    "SET idle_in_transaction_session_timeout = '60s'",
)


_PATIENCE: Final = {
    "connect_timeout": 5,
    # A server that is cut off without a word: unanswered bytes end the connection after 8 s, silence after 5 + 3.
    "tcp_user_timeout": 8_000,
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}
"""Seconds, but ``tcp_user_timeout`` in ms: less than clients wait for an answer."""


def is_sqlite(url: str) -> bool:
    """Whether the address means a SQLite file."""
    return url.startswith("sqlite")


def writer_engine(url: str) -> Engine:
    """For the one writer thread; a transaction takes the write lock when it begins.

    Raises:
        UserError: The address is not one of a database we know.
    """
    engine = _engine(url, {})
    if is_sqlite(url):
        _prepare_sqlite(engine, begin="BEGIN IMMEDIATE", pragmas=_PRAGMAS)
    return engine


def reader_engine(url: str) -> Engine:
    """For reader threads; a transaction sees one moment of the database, and cannot write.

    Raises:
        UserError: The address is not one of a database we know.
    """
    engine = _engine(url, {"isolation_level": "REPEATABLE READ"} if not is_sqlite(url) else {})
    if is_sqlite(url):
        _prepare_sqlite(engine, begin="BEGIN", pragmas=(*_PRAGMAS, "PRAGMA query_only=ON"))
    else:
        event.listen(engine, "begin", _read_only)
    return engine


def explain(problem: BaseException, url: str) -> UserError:
    """One sentence for a person about why the database cannot be opened, and what to do."""
    try:
        where = make_url(url).render_as_string(hide_password=True)
        path = make_url(url).database
    except ArgumentError:
        where, path = "it", None
    cause = str(problem.orig) if isinstance(problem, DBAPIError) else str(problem)
    if is_sqlite(url) and path:
        where = path
        if "readonly" in cause or "unable to open" in cause or isinstance(problem, PermissionError):
            folder = Path(path).parent
            return UserError(
                _("Cannot write to {folder}: choose a data directory that you may write to (--data DIR).").format(
                    folder=folder
                )
            )
        if "not a database" in cause or "malformed" in cause:
            return UserError(
                _("{where} is not a database of imagechat, or it is damaged: restore it or choose another.").format(
                    where=where
                )
            )
        if "locked" in cause or "busy" in cause:
            return UserError(_("{where} is in use by another program: end that one first.").format(where=where))
        if "full" in cause:
            return UserError(_("No space is left for {where}: make room and start again.").format(where=where))
    return UserError(
        _("Cannot open the database {where}: {reason}").format(
            where=where, reason=cause.strip().splitlines()[0] if cause.strip() else _("no answer")
        )
    )


def interrupt(connection: Connection) -> None:
    """End the statement that another thread runs on this connection."""
    # It may be closed in this very moment: then there is nothing to end.
    with contextlib.suppress(InvalidRequestError, sqlite3.ProgrammingError):
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.interrupt()
        elif driver is not None:
            driver.cancel()


def is_lost(problem: BaseException) -> bool:
    """Whether the connection to the database broke; the next use opens another one."""
    return isinstance(problem, DBAPIError) and problem.connection_invalidated


def worth_repeating(problem: BaseException) -> bool:
    """Whether only the writes of another node were in the way (a deadlock, or a transaction that came second)."""
    return isinstance(problem, DBAPIError) and getattr(problem.orig, "sqlstate", None) in _IN_THE_WAY


def _engine(url: str, options: dict[str, Any]) -> Engine:
    try:
        if is_sqlite(url):
            engine = create_engine(
                url,
                poolclass=NullPool,
                # Compiled statements take their values by name from a plain dict.
                paramstyle="named",
                connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1_000, "cached_statements": 512},
                **options,
            )
        else:
            engine = create_engine(url, poolclass=NullPool, connect_args=_PATIENCE, **options)
            event.listen(engine, "connect", _prepare_postgresql)
    except (ArgumentError, ImportError) as problem:
        raise explain(problem, url) from problem
    event.listen(engine, "before_cursor_execute", _send_what_waits)
    return engine


def _prepare_sqlite(engine: Engine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    def began(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)


def _prepare_postgresql(connection: Any, _record: object) -> None:
    from psycopg.types.array import ListBinaryDumper  # noqa: PLC0415 - only the cluster extra has its library

    # As text, the elements of an array are looked at one by one for what has to be quoted: up to 20 times slower.
    connection.adapters.register_dumper(list, ListBinaryDumper)
    for statement in _TIMEOUTS:
        connection.execute(statement)
    connection.commit()


def _send_what_waits(connection: Connection, *_execution: object) -> None:
    """A statement that SQLAlchemy runs itself may look at anything."""
    send_due(connection, None)


def _read_only(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
