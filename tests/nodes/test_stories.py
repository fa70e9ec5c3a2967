"""Stories that are played on one node over SQLite elsewhere, here over PostgreSQL and Redis with one node and two."""

import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.stories.test_connection import (
    test_a_request_whose_answer_is_lost_comes_back_as_news,
    test_s5_s7_a_cut_connection_heals_by_itself_and_catches_up,
)
from tests.stories.test_together import (
    test_s1_a_move_and_a_resolution_appear_too,
    test_s1_every_change_appears_on_the_other_screen_without_refresh,
    test_s3_s4_broadcasts_carry_the_operations_id_to_everybody,
    test_s24_only_its_creator_or_a_moderator_deletes_a_marker,
    test_two_people_on_the_same_cell_make_two_markers,
)
from tests.support.nodes import Service, engines, service
from tests.support.people import Place, make_board
from tests.support.proxy import Proxy, proxy_to

__all__ = [
    "test_a_request_whose_answer_is_lost_comes_back_as_news",
    "test_s1_a_move_and_a_resolution_appear_too",
    "test_s1_every_change_appears_on_the_other_screen_without_refresh",
    "test_s3_s4_broadcasts_carry_the_operations_id_to_everybody",
    "test_s5_s7_a_cut_connection_heals_by_itself_and_catches_up",
    "test_s24_only_its_creator_or_a_moderator_deletes_a_marker",
    "test_two_people_on_the_same_cell_make_two_markers",
]

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[1, 2], ids=["one node", "two nodes"])
async def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """Processes over PostgreSQL and Redis, behind a balancer; every story has a tenant of its own there."""
    async with (
        engines(tmp_path_factory.mktemp("service")) as shared,
        service(shared, nodes=request.param) as running,
    ):
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def place(server: Service) -> Place:
    """A board that anyone with its link may use."""
    return await make_board(server.url, await server.tenant(f"acme-{secrets.token_hex(4)}"))


@pytest_asyncio.fixture(loop_scope="module")
async def wire(server: Service) -> AsyncIterator[Proxy]:
    """A way to the service that can be cut, frozen and made to lose answers."""
    async with proxy_to(server.url) as proxy:
        yield proxy
