"""A server process and a board for each story, with a proxy before it where the story breaks the network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.stories.modes import OWN_HOST, PLAIN_HOST
from tests.support.people import Place, make_board
from tests.support.plain_host import plain_host
from tests.support.proxy import Proxy, proxy_to
from tests.support.servers import ServerProcess, process


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every story is played at both kinds of host, unless it says why not."""
    if "mode" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("own_host_only")
        metafunc.parametrize("mode", [OWN_HOST] if only else [OWN_HOST, PLAIN_HOST], indirect=True)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server as ``imagechat serve`` starts it."""
    async with process(tmp_path / "data") as running:
        yield running


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """Which kind of host the story plays at."""
    return str(request.param)


@asynccontextmanager
async def host_at(url: str, mode: str) -> AsyncIterator[str]:
    """The address of such a host before the server at ``url``, which may be that server itself."""
    if mode == OWN_HOST:
        yield url
        return
    async with plain_host(url) as (before, _):
        yield before


@pytest.fixture
async def host(server: ServerProcess, mode: str) -> AsyncIterator[str]:
    """The address of the host: the server's, or that of a plain host before it."""
    async with host_at(server.url, mode) as url:
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
