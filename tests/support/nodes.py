"""Several servers as one service: over one PostgreSQL and one Redis that nobody else's test sees, behind a balancer.

The balancer knows TCP only: connections go to the nodes in turn, past those that do not accept.
"""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.support.contracts.databases import empty_database
from tests.support.servers import InProcess, ServerProcess, TenantKey, add_tenant, in_process, process

REDIS = os.environ.get("IMAGECHAT_TEST_REDIS", "redis://127.0.0.1:6379")
_CHUNK = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Engines:
    """What nodes share."""

    database: str
    redis: str
    folder: Path


@asynccontextmanager
async def engines(folder: Path) -> AsyncIterator[Engines]:
    """An empty database and an empty space of names in Redis; both are gone afterwards."""
    client = Redis.from_url(REDIS)
    prefix = f"test-{secrets.token_hex(6)}"
    try:
        await client.ping()
    except (RedisError, OSError) as problem:
        await client.aclose()
        pytest.skip(f"no Redis at {REDIS}: {problem}")
    try:
        with empty_database("postgres", folder) as database:
            yield Engines(database=database, redis=f"{REDIS}?prefix={prefix}", folder=folder)
        async for name in client.scan_iter(match=f"imagechat:{prefix}:*"):
            await client.delete(name)
    finally:
        await client.aclose()


@dataclass(kw_only=True)
class Balancer:
    """A listening port of 127.0.0.1 before several nodes; made by ``balancer``."""

    targets: list[str]
    """``http://host:port`` of those that get connections; may change at any time."""
    port: int = 0
    _turn: int = 0
    _listener: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where clients connect to."""
        return f"http://127.0.0.1:{self.port}"

    async def listen(self) -> None:
        """Accept connections."""
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """End everything."""
        if self._listener is not None:
            self._listener.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._carry_both(reader, writer))
        self._tasks.add(task)
        # A task that is cancelled before its first step runs no line of its own.
        task.add_done_callback(lambda _task: writer.transport.abort())
        task.add_done_callback(self._tasks.discard)

    async def _carry_both(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        node = await self._reach()
        if node is None:
            return
        node_reader, node_writer = node
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_carry(reader, node_writer))
                group.create_task(_carry(node_reader, writer))
        finally:
            for side in (writer, node_writer):
                side.close()
            for side in (writer, node_writer):
                with contextlib.suppress(OSError):
                    await side.wait_closed()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        self._turn += 1
        for offset in range(len(self.targets)):
            parts = urlsplit(self.targets[(self._turn + offset) % len(self.targets)])
            with contextlib.suppress(OSError):
                return await asyncio.open_connection(parts.hostname, parts.port)
        return None


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        if writer.can_write_eof() and not writer.transport.is_closing():
            writer.write_eof()


@asynccontextmanager
async def balancer(*targets: str) -> AsyncIterator[Balancer]:
    """A balancer before these nodes."""
    made = Balancer(targets=list(targets))
    await made.listen()
    try:
        yield made
    finally:
        await made.close()


@dataclass(frozen=True, kw_only=True)
class Service:
    """Nodes behind a balancer."""

    nodes: list[ServerProcess]
    balancer: Balancer
    engines: Engines
    suffix: str = ""
    """Ends the names of its tenants, so that tests that share it do not meet."""

    @property
    def url(self) -> str:
        """The balancer's."""
        return self.balancer.url

    async def tenant(self, name: str = "acme", **more: Any) -> TenantKey:
        """A new tenant."""
        return await add_tenant(self.engines.folder, name + self.suffix, database=self.engines.database, **more)


@asynccontextmanager
async def service(shared: Engines, *, nodes: int) -> AsyncIterator[Service]:
    """So many processes as one service."""
    async with AsyncExitStack() as stack:
        started = [await stack.enter_async_context(node_process(shared, f"node-{number}")) for number in range(nodes)]
        front = await stack.enter_async_context(balancer(*(node.url for node in started)))
        yield Service(nodes=started, balancer=front, engines=shared)


@asynccontextmanager
async def node_process(
    shared: Engines, name: str, *more: str, redis: str | None = None
) -> AsyncIterator[ServerProcess]:
    """One node as a process; ``redis`` is another way to the same Redis."""
    flags = ("--database", shared.database, "--redis", redis or shared.redis)
    async with process(shared.folder / name, *flags, *more) as node:
        yield node


@asynccontextmanager
async def node_here(shared: Engines, name: str, **changes: Any) -> AsyncIterator[InProcess]:
    """One node in this event loop; ``changes`` are fields of ``Settings``."""
    settings = {"database": shared.database, "redis": shared.redis, "drain_seconds": 0.0} | changes
    async with in_process(shared.folder / name, **settings) as node:
        yield node
