"""Hosts that a test tells what to answer, and a real server with one tenant."""

import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from imagechat_tui.client.local import LocalServer
from tests.client.hosts import Host, http_host
from tests.client.shop import Shop
from tests.support.servers import in_process


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    """It answers everything with 404 until told otherwise."""
    async with http_host() as host:
        yield host


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """A server with one tenant."""
    async with in_process(tmp_path / "server") as server:
        yield Shop(server=server, tenant=await server.tenant("acme"), folder=tmp_path)


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[int]]:
    """The processes that were started as local servers; all are ended, also those that came too late to serve."""
    pids: set[int] = set()
    spawn = LocalServer._spawn

    def noted(server: LocalServer) -> Any:
        child = spawn(server)
        pids.add(child.process.pid)
        return child

    monkeypatch.setattr(LocalServer, "_spawn", noted)
    yield pids
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
