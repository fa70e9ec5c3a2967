"""Real servers for tests: in the test's own event loop or as a process; their tenants, and people who sign in.

``in_process`` is fast and lets a test look inside; ``process`` can be killed. Both listen on a free port of 127.0.0.1.
"""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from msgspec.structs import replace

from imagechat_tui.protocol import paths
from imagechat_tui.protocol.sso import sign
from imagechat_tui.server.run import Running, running
from imagechat_tui.server.settings import DATABASE_FILE, Settings
from imagechat_tui.server.store import tenants
from imagechat_tui.server.store.database import Database
from tests.support.judge import judge
from tests.support.vigil import vigil

PATIENCE = 20.0
"""Seconds that anything on this machine may take before a test gives up on it."""
_LOOK_SECONDS = 0.02


@dataclass(frozen=True, kw_only=True)
class TenantKey:
    """A tenant and the secret that signs for it."""

    name: str
    secret: str

    def sso(self, user: str = "ann", **more: object) -> str:
        """A secure payload for a user of that id; ``more`` are keys of the contract (``isAdmin``, ``groupIds``)."""
        person = {"id": user, "email": f"{user}@example.com", "username": user, **more}
        payload = sign(person, secret=self.secret, now_ms=int(time.time() * 1000))
        vigil.keep_all_in({"sso": payload})
        return payload

    async def sign_in(self, url: str, user: str = "ann", **more: object) -> str:
        """The session token of a user, by the exchange that our client makes."""
        async with httpx.AsyncClient(base_url=url) as client:
            body = {"tenantId": self.name, "sso": self.sso(user, **more)}
            answer = await client.post(paths.SESSIONS, json=body)
            answer.raise_for_status()
            token: str = answer.json()["token"]
            return token

    async def client(self, url: str, user: str | None = "ann", **more: object) -> httpx.AsyncClient:
        """An HTTP client that asks as this user, or as nobody (``None``); close it."""
        headers = {} if user is None else {"Authorization": f"Bearer {await self.sign_in(url, user, **more)}"}
        return httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE)


@dataclass(frozen=True, kw_only=True)
class InProcess:
    """A server inside the test."""

    running: Running
    settings: Settings

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.running.url

    async def tenant(self, name: str = "acme", *, origins: Iterable[str] = (), simple_sso: bool = False) -> TenantKey:
        """A new tenant."""
        return await _add(self.running.deps.database, name, origins=origins, simple_sso=simple_sso)


@asynccontextmanager
async def in_process(data: Path, **changes: Any) -> AsyncIterator[InProcess]:
    """A server in this event loop; ``changes`` are fields of ``Settings``."""
    settings = replace(Settings(data=data, port=0), **changes)
    async with running(settings) as server:
        yield InProcess(running=server, settings=settings)


@dataclass(kw_only=True)
class ServerProcess:
    """A server in a process of its own."""

    data: Path
    url: str
    process: asyncio.subprocess.Process
    log: Path
    database: str | None = None
    """Its address when it is not the file in ``data``."""

    async def tenant(self, name: str = "acme", *, origins: Iterable[str] = (), simple_sso: bool = False) -> TenantKey:
        """A new tenant, added beside the running server, as an operator would."""
        return await add_tenant(self.data, name, origins=origins, simple_sso=simple_sso, database=self.database)

    async def kill(self) -> None:
        """End it without a word (SIGKILL)."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> int:
        """Ask it to end (SIGTERM); its exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)


async def add_tenant(
    data: Path,
    name: str = "acme",
    *,
    origins: Iterable[str] = (),
    simple_sso: bool = False,
    database: str | None = None,
) -> TenantKey:
    """A new tenant in the database of this directory, or in another one, whether or not a server uses it."""
    data.mkdir(parents=True, exist_ok=True)
    store = Database(database or f"sqlite:///{data / DATABASE_FILE}")
    await store.open()
    try:
        return await _add(store, name, origins=origins, simple_sso=simple_sso)
    finally:
        await store.close()


@asynccontextmanager
async def process(data: Path, *more: str, port: int = 0) -> AsyncIterator[ServerProcess]:
    """``imagechat serve`` as a user would start it, ready to answer; ``more`` are further flags.

    Ended at the latest when the block is left. A fixed ``port`` lets a restarted server keep its address.
    """
    data.mkdir(parents=True, exist_ok=True)
    ready, log = data / f"ready-{time.monotonic_ns()}.json", data / "server.log"
    flags = ("--host", "127.0.0.1", "--port", str(port), "--data", str(data), "--ready-file", str(ready))
    with log.open("ab") as words:
        child = await asyncio.create_subprocess_exec(
            *(*judge.command(), "serve", *flags, *more),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=words,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
    try:
        url = await _url_of(ready, child, log)
        database = more[more.index("--database") + 1] if "--database" in more else None
        yield ServerProcess(data=data, url=url, process=child, log=log, database=database)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def _url_of(ready: Path, child: asyncio.subprocess.Process, log: Path) -> str:
    async with asyncio.timeout(PATIENCE):
        while not ready.exists():
            if child.returncode is not None:
                raise AssertionError(f"the server ended with {child.returncode}: {log.read_text(errors='replace')}")
            await asyncio.sleep(_LOOK_SECONDS)
    url: str = json.loads(ready.read_text())["url"]
    return url


async def _add(database: Database, name: str, *, origins: Iterable[str], simple_sso: bool) -> TenantKey:
    secret = f"secret-of-{name}-{os.urandom(8).hex()}"
    added = await database.write(
        lambda tx: tenants.add(tx, name, secret=secret, now_ms=1, origins=list(origins), simple_sso=simple_sso)
    )
    vigil.keep(secret, "API secret")
    assert added, f"there is a tenant {name} already"
    return TenantKey(name=name, secret=secret)
