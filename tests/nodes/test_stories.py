"""The stories that are played on one node over SQLite elsewhere, here over PostgreSQL and Redis.

All of them on two nodes behind a balancer, some also on one node.
"""

import dataclasses
import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.stories import test_connection, test_privacy, test_several_images, test_threads, test_together
from tests.stories.modes import OWN_HOST
from tests.support.nodes import Service, engines, service
from tests.support.people import Place, make_board
from tests.support.proxy import Proxy, proxy_to

_OF_ONE_PROCESS = {
    "test_s2_one_live_connection_from_start_to_end",  # Reads the metrics of the one process.
    "test_s7_the_server_is_killed_and_started_again",  # Starts it itself; test_faults and test_engines kill nodes.
}
_ON_ONE_NODE_TOO = {
    "test_a_request_whose_answer_is_lost_comes_back_as_news",
    "test_s1_a_move_and_a_resolution_appear_too",
    "test_s3_s4_broadcasts_carry_the_operations_id_to_everybody",
    "test_s5_s7_a_cut_connection_heals_by_itself_and_catches_up",
    "test_two_people_on_the_same_cell_make_two_markers",
}

for _stories in (test_connection, test_privacy, test_several_images, test_threads, test_together):
    globals().update(
        (name, story)
        for name, story in vars(_stories).items()
        if name.startswith("test_") and name not in _OF_ONE_PROCESS
    )

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.asyncio(loop_scope="module")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """How many nodes each story is played on."""
    nodes = [1, 2] if metafunc.function.__name__ in _ON_ONE_NODE_TOO else [2]
    names = {1: "one node", 2: "two nodes"}
    metafunc.parametrize("running", nodes, indirect=True, scope="module", ids=[names[number] for number in nodes])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """Processes over PostgreSQL and Redis, behind a balancer."""
    async with (
        engines(tmp_path_factory.mktemp("service")) as shared,
        service(shared, nodes=request.param) as started,
    ):
        yield started


@pytest.fixture
def server(running: Service) -> Service:
    """The same for one story, which has tenants of its own there."""
    return dataclasses.replace(running, suffix=f"-{secrets.token_hex(4)}")


@pytest.fixture
def mode() -> str:
    """Our own kind of host."""
    return OWN_HOST


@pytest.fixture
def host(server: Service) -> str:
    """Its address."""
    return server.url


@pytest_asyncio.fixture(loop_scope="module")
async def place(server: Service) -> Place:
    """A board that anyone with its link may use."""
    return await make_board(server.url, await server.tenant())


@pytest_asyncio.fixture(loop_scope="module")
async def wire(server: Service) -> AsyncIterator[Proxy]:
    """A way to the service that can be cut, frozen and made to lose answers."""
    async with proxy_to(server.url) as proxy:
        yield proxy
