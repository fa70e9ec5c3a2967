"""A server process and a board for each story, with a proxy before it where the story breaks the network."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.people import Place, make_board
from tests.support.proxy import Proxy, proxy_to
from tests.support.servers import ServerProcess, process


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server as ``imagechat serve`` starts it."""
    async with process(tmp_path / "data") as running:
        yield running


@pytest.fixture
async def place(server: ServerProcess) -> Place:
    """A board that anyone with its link may use."""
    return await make_board(server.url, await server.tenant())


@pytest.fixture
async def wire(server: ServerProcess) -> AsyncIterator[Proxy]:
    """A way to the server that can be cut, frozen and made to lose answers."""
    async with proxy_to(server.url) as proxy:
        yield proxy
