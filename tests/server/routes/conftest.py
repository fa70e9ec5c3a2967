"""One real server per test, a tenant, and clients who ask as somebody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.servers import InProcess, TenantKey, in_process


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[InProcess]:
    """A server on a free port."""
    async with in_process(tmp_path / "data") as running:
        yield running


@pytest.fixture
async def acme(server: InProcess) -> TenantKey:
    """A tenant of that server."""
    return await server.tenant("acme")
