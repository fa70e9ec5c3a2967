"""The threads around the database: one writer with group commit, readers beside it; knows no table and no rule.

Whatever is waiting when the writer comes around is committed together, so that full durability costs one sync per
group instead of one per write. What was committed is handed to the event loop once per group, in commit order, before
anybody who wrote it learns that it is done.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any, Final, TypeVar

from msgspec import Struct
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from imagechat_tui.server.store import engines, migrate
from imagechat_tui.server.store.gathering import gathering
from imagechat_tui.server.store.locking import About, lock
from imagechat_tui.server.store.logged import Logged

T = TypeVar("T")

MOST_TOGETHER: Final = 512
"""Most writes of one group: bounds how long the first one waits for the last."""

_REPEATS: Final = 3
"""How often a write is tried again that another node's write got in the way of."""

_AGAIN_SECONDS: Final = 0.05
"""Until what is to end is told so again: between two statements nobody hears it."""

_log = logging.getLogger(__name__)


class OutcomeUnknownError(Exception):
    """The connection broke during the commit: it may have come through, or not."""


class OvertakenError(Exception):
    """Another node's write came first, after this one had looked: it is run again, and sees what the other one did."""


class Transaction:
    """What one write works with: the connection, and what it wants published once everything is committed."""

    __slots__ = ("connection", "published")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.published: list[Logged] = []

    def publish(self, logged: Logged) -> None:
        """Hand over after the commit; dropped if the write fails."""
        self.published.append(logged)


class _Write(Struct):
    """One waiting write; ``result`` or ``problem`` is set by the writer."""

    work: Callable[[Transaction], Any]
    future: asyncio.Future[Any]
    about: About | None = None
    result: Any = None
    problem: BaseException | None = None


def _logged(done: int, of: int) -> None:
    """The steps of a change of the schema, for operators."""
    _log.info("bringing the database up to date: %d of %d steps done", done, of)


class Database:
    """One database, seen from one event loop.

    A function given to ``read`` or ``write`` touches nothing but its connection: it runs on another thread, and a write
    may run twice when somebody else's write of the same group failed.
    """

    def __init__(self, url: str, *, readers: int = 4) -> None:
        self.url = url
        self.on_commit: Callable[[Sequence[Logged]], None] = _nobody
        """Called on the event loop, in commit order, before the futures of that group resolve."""
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="store-read")
        self._reading = threading.local()
        self._read_connections: list[Connection] = []
        self._waiting: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._read_engine: Engine | None = None
        self._opening: Connection | None = None

    async def open(self, *, told: migrate.Told = _logged) -> None:
        """Bring the schema to its newest form and start the writer.

        Cancelled, it leaves the database as it was.

        Args:
            told: the steps of a change of the schema that are done, and how many there are; in another thread.

        Raises:
            UserError: It cannot be opened; the sentence says why and what to do.
        """
        self._loop = asyncio.get_running_loop()
        connecting = self._loop.run_in_executor(None, self._connect, told)
        try:
            connection = await asyncio.shield(connecting)
        except asyncio.CancelledError:
            await self._give_up(connecting)
            raise
        self._read_engine = engines.reader_engine(self.url)
        self._writer = threading.Thread(target=self._write_until_closed, args=(connection,), name="store-write")
        self._writer.daemon = True  # A server that crashed must not hang on its writer; an orderly end joins it.
        self._writer.start()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in one read transaction: everything it sees is of one moment."""
        return await self._running().run_in_executor(self._readers, self._read, work)

    async def write(self, work: Callable[[Transaction], T], *, about: About | None = None) -> T:
        """Run ``work`` on the writer; when it returns, its changes are durable and published.

        ``about``: the board that it will most likely change; nodes that know it lock each other out for a shorter time.

        Raises:
            OvertakenError: ``work`` raised it again and again; then nothing of it was written.
            OutcomeUnknownError: Nobody can know whether it was written.
            Exception: Whatever ``work`` raised, or the database; then nothing of it was written.
        """
        future: asyncio.Future[T] = self._running().create_future()
        self._waiting.put(_Write(work, future, about))
        return await future

    async def close(self) -> None:
        """Finish what is waiting, then let go of the database."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        self._waiting.put(None)
        await asyncio.to_thread(writer.join)
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._read_connections:
            connection.close()

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None or self._writer is None:
            raise RuntimeError("the database is not open")
        return self._loop

    async def _give_up(self, connecting: "asyncio.Future[Connection]") -> None:
        """End what the thread does, statement by statement, until it has ended."""
        while not connecting.done():
            if self._opening is not None:
                engines.interrupt(self._opening)
            await asyncio.wait({connecting}, timeout=_AGAIN_SECONDS)
        if connecting.exception() is None:
            connecting.result().close()

    def _connect(self, told: migrate.Told) -> Connection:
        connection: Connection | None = None
        try:
            connection = self._opening = engines.writer_engine(self.url).connect()
            migrate.to_newest(connection, told=told)
        except Exception as problem:
            if connection is not None:
                connection.close()
            if isinstance(problem, DBAPIError | OSError):
                raise engines.explain(problem, self.url) from problem
            raise
        return connection

    def _read(self, work: Callable[[Connection], T]) -> T:
        connection: Connection | None = getattr(self._reading, "connection", None)
        if connection is None:
            assert self._read_engine is not None  # noqa: S101 - set by open, without which nothing gets here
            connection = self._reading.connection = self._read_engine.connect()
            self._read_connections.append(connection)
        try:
            with connection.begin():
                return work(connection)
        except DBAPIError as problem:
            if not engines.is_lost(problem):
                raise
        # The server was away; SQLAlchemy connects anew where the lost connection is used again.
        with connection.begin():
            return work(connection)

    def _write_until_closed(self, connection: Connection) -> None:
        while (group := self._next_group()) is not None:
            published = _commit(connection, group)
            self._hand_over(published, group)
        if engines.is_sqlite(self.url):
            connection.exec_driver_sql("PRAGMA optimize")
        connection.close()

    def _next_group(self) -> list[_Write] | None:
        first = self._waiting.get()
        if first is None:
            return None
        group = [first]
        while len(group) < MOST_TOGETHER:
            try:
                more = self._waiting.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._waiting.put(None)
                break
            group.append(more)
        return group

    def _hand_over(self, published: list[Logged], group: list[_Write]) -> None:
        assert self._loop is not None  # noqa: S101 - set before the writer starts
        try:
            self._loop.call_soon_threadsafe(self._deliver, published, group)
        except RuntimeError:
            _log.warning("the event loop ended before %d writes were answered", len(group))

    def _deliver(self, published: list[Logged], group: list[_Write]) -> None:
        if published:
            try:
                self.on_commit(published)
            except Exception:  # noqa: BLE001 - who wrote it must be answered, whatever the listener did
                _log.exception("publishing %d events failed", len(published))
        for write in group:
            if write.future.done():
                continue
            if write.problem is None:
                write.future.set_result(write.result)
            else:
                write.future.set_exception(write.problem)


def _nobody(_batch: Sequence[Logged]) -> None:
    """Nobody listens."""


def _commit(connection: Connection, group: list[_Write]) -> list[Logged]:
    """Commit the group together; what comes of it is in its members, what is to be published is returned."""
    published = _together(connection, group)
    if published is None:
        published = _apart(connection, group)
    for write in group:
        for _ in range(_REPEATS):
            if not _worth_repeating(write.problem):
                break
            write.problem = None
            published += _apart(connection, [write])
    return published


def _worth_repeating(problem: BaseException | None) -> bool:
    return problem is not None and (isinstance(problem, OvertakenError) or engines.worth_repeating(problem))


def _together(connection: Connection, group: list[_Write]) -> list[Logged] | None:
    """One transaction without savepoints; ``None`` when a member failed, and nothing was written."""
    ran = False
    try:
        with connection.begin():
            # A write that is alone has nothing to share.
            with gathering(connection) if len(group) > 1 else nullcontext() as held:
                if held is not None:
                    lock(connection, held, (write.about for write in group if write.about is not None))
                published = [logged for write in group for logged in _run(connection, write)]
            ran = True
    except Exception as problem:  # noqa: BLE001 - whoever wrote it is told
        if not ran and (len(group) > 1 or engines.is_lost(problem)):
            return None
        for write in group:
            write.problem = _as_told(problem, ran=ran)
        return []
    return published


def _apart(connection: Connection, group: list[_Write]) -> list[Logged]:
    """One transaction, each member inside its own savepoint, so that one that fails fails alone."""
    ran = False
    try:
        with connection.begin():
            published = [logged for write in group for logged in _run_guarded(connection, write)]
            ran = True
    except Exception as problem:  # noqa: BLE001 - whoever wrote it is told
        for write in group:
            write.problem = write.problem or _as_told(problem, ran=ran)
        return []
    return published


def _as_told(problem: Exception, *, ran: bool) -> Exception:
    """A commit that broke may have come through: it is not done again, and its writers do not hear that it failed."""
    if not (ran and engines.is_lost(problem)):
        return problem
    unknown = OutcomeUnknownError("the connection broke during the commit")
    unknown.__cause__ = problem
    return unknown


def _run(connection: Connection, write: _Write) -> list[Logged]:
    transaction = Transaction(connection)
    write.result = write.work(transaction)
    return transaction.published


def _run_guarded(connection: Connection, write: _Write) -> list[Logged]:
    try:
        with connection.begin_nested():
            return _run(connection, write)
    except Exception as problem:
        if engines.is_lost(problem):
            raise
        write.problem = problem
        return []
