"""A server process and a board for each story, with a proxy before it where the story breaks the network."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.people import Place, make_board
from tests.support.plain_host import plain_host
from tests.support.proxy import Proxy, proxy_to
from tests.support.servers import ServerProcess, process

OWN_HOST = "own host"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server as ``imagechat serve`` starts it."""
    async with process(tmp_path / "data") as running:
        yield running


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """Which kind of host the story plays at; ``in_both_modes`` has both."""
    return str(getattr(request, "param", OWN_HOST))


@pytest.fixture
async def host(server: ServerProcess, mode: str) -> AsyncIterator[str]:
    """The address of the host: the server's, or that of a plain host before it."""
    if mode == OWN_HOST:
        yield server.url
        return
    async with plain_host(server.url) as (url, _):
        yield url


@pytest.fixture
async def place(server: ServerProcess, host: str, mode: str) -> Place:
    """A board that anyone with its link may use."""
    return (await make_board(server.url, await server.tenant())).through(host, plain=mode != OWN_HOST)


@pytest.fixture
async def wire(host: str) -> AsyncIterator[Proxy]:
    """A way to the host that can be cut, frozen and made to lose answers."""
    async with proxy_to(host) as proxy:
        yield proxy
