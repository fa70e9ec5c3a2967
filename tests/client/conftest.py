"""Hosts that a test tells what to answer, and a real server with one tenant."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

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
