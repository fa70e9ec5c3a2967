"""A PostgreSQL and a Redis of a test's own, which it may kill: real ones, on free ports and in folders of their own."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.support.servers import PATIENCE

E = TypeVar("E", bound="Engine")
_LOOK_SECONDS = 0.05
_BINARIES = Path("/usr/lib/postgresql")
_NOBODY_NEEDED = "postgres"
"""PostgreSQL refuses to run as root."""


@dataclass(kw_only=True)
class Engine:
    """One engine's process; its port and its data stay when it is started anew."""

    command: tuple[str, ...]
    port: int
    user: str | None = None
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, and return once it answers; a data folder that its dead self still holds is waited for."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if self.process is None or self.process.returncode is not None:
                    self.process = await asyncio.create_subprocess_exec(
                        *self.command,
                        stdin=asyncio.subprocess.DEVNULL,
                        stdout=asyncio.subprocess.DEVNULL,
                        stderr=asyncio.subprocess.DEVNULL,
                        user=self.user,
                    )
                if await self._answers():
                    return
                await asyncio.sleep(_LOOK_SECONDS)

    async def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it; ``SIGINT`` is an orderly stop of both that sends everybody away."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)
            await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def _answers(self) -> bool:
        raise NotImplementedError


class Postgres(Engine):
    """A PostgreSQL server."""

    @property
    def url(self) -> str:
        """Its database ``postgres``."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    async def _answers(self) -> bool:
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=3"
        try:
            await (await psycopg.AsyncConnection.connect(where)).close()
        except psycopg.OperationalError:
            return False
        return True


@dataclass(kw_only=True)
class OwnRedis(Engine):
    """A Redis server that keeps nothing."""

    bus_port: int = 0
    """Where the others of its cluster reach it; 0 for one that is in none."""

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}"

    async def _answers(self) -> bool:
        client = Redis.from_url(self.url)
        try:
            await client.ping()
        except (RedisError, OSError):
            return False
        finally:
            await client.aclose()
        return True


@asynccontextmanager
async def own_postgres() -> AsyncIterator[Postgres]:
    """A new PostgreSQL; ended and deleted afterwards."""
    found = sorted(_BINARIES.glob("*/bin/initdb"))
    if not found:
        pytest.skip(f"no PostgreSQL in {_BINARIES}")
    binaries, user = found[-1].parent, _NOBODY_NEEDED if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="imagechat-postgres-"))
    if user is not None:
        shutil.chown(folder, user)
    made = await asyncio.create_subprocess_exec(
        *(str(binaries / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "--no-sync"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        user=user,
    )
    assert await made.wait() == 0
    port = _free_port()
    settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={port}")
    flags = (part for setting in settings for part in ("-c", setting))
    engine = Postgres(command=(str(binaries / "postgres"), "-D", str(folder / "data"), *flags), port=port, user=user)
    async with _started(engine):
        yield engine
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def own_redis(*flags: str, cluster: bool = False) -> AsyncIterator[OwnRedis]:
    """A new Redis with these further flags, or one that can be in a cluster; ended afterwards."""
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server")
    port = _free_port()
    bus_port = _free_port() if cluster else 0
    if cluster:
        # Away is who has not answered for a second; the others go on without it.
        own = ("--cluster-port", str(bus_port), "--cluster-node-timeout", "1000")
        flags += ("--cluster-enabled", "yes", *own, "--cluster-require-full-coverage", "no")
    folder = Path(tempfile.mkdtemp(prefix="imagechat-redis-"))
    usual = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder))
    async with _started(OwnRedis(command=("redis-server", *usual, *flags), port=port, bus_port=bus_port)) as engine:
        yield engine
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def _started(engine: E) -> AsyncIterator[E]:
    try:
        await engine.start()
        yield engine
    finally:
        with contextlib.suppress(TimeoutError):
            await engine.end(signal.SIGINT)
        await engine.end()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
