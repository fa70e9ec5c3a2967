"""Redis or PostgreSQL is away for a while: what still works, what is said, and that nothing is lost when it heals."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import create_engine, make_url, text

from imagechat_tui.core.inputs import CreateMarker
from imagechat_tui.core.outputs import Outcome
from imagechat_tui.core.views import Reason
from imagechat_tui.protocol import paths
from tests.support.nodes import REDIS, Engines, node_here
from tests.support.own_cluster import own_cluster
from tests.support.people import agree, make_board, person
from tests.support.proxy import Proxy, proxy_to

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


@asynccontextmanager
async def to_redis(shared: Engines) -> AsyncIterator[tuple[Proxy, str]]:
    """A way to Redis that can be cut, and its address."""
    async with proxy_to(REDIS) as way:
        yield way, shared.redis.replace(urlsplit(REDIS).netloc, f"127.0.0.1:{way.port}")


@asynccontextmanager
async def to_postgres(shared: Engines) -> AsyncIterator[tuple[Proxy, str]]:
    """A way to PostgreSQL that can be cut, and its address."""
    url = make_url(shared.database)
    async with proxy_to(f"postgres://{url.host}:{url.port or 5432}") as way:
        yield way, url.set(host="127.0.0.1", port=way.port).render_as_string(hide_password=False)


@pytest.mark.parametrize("how", ["cut", "freeze"])
async def test_a_node_without_redis_goes_on_and_nothing_is_lost(shared: Engines, how: str) -> None:
    """Writes are accepted, rooms of the same node are live; after healing every board is the same, without a reload."""
    async with (
        to_redis(shared) as (way, url),
        node_here(shared, "one") as one,
        node_here(shared, "two", redis=url) as two,
    ):
        place = await make_board(one.url, await one.tenant())
        there = place.through(two.url)
        async with person(place, "ann") as ann, person(there, "ben") as ben, person(there, "cid") as cid:
            for each in (ann, ben, cid):
                await each.live()
            await ann.pin("before")
            await cid.sees("before")
            if how == "cut":
                await way.refuse()
                way.cut()
            else:
                way.freeze()
            await ben.pin("on the cut-off node")
            await cid.sees("on the cut-off node")
            await ann.pin("on the other one")
            if how == "cut":
                await way.listen()
            else:
                way.cut()
                way.thaw()
            await ann.sees("on the cut-off node")
            await cid.sees("on the other one")
            await agree(ann, ben, cid)
            assert [each.view.stats.reconnects for each in (ann, ben, cid)] == [0, 0, 0]


async def test_no_server_of_a_redis_cluster_takes_events_along(shared: Engines) -> None:
    """Each is killed and comes back in turn; every board is the same afterwards, without a reload."""
    async with own_cluster() as cluster:
        joined = replace(shared, redis=cluster.url)
        async with node_here(joined, "one") as one, node_here(joined, "two") as two:
            place = await make_board(one.url, await one.tenant())
            async with person(place, "ann") as ann, person(place.through(two.url), "ben") as ben:
                for each in (ann, ben):
                    await each.live()
                for number, server in enumerate(cluster.servers):
                    await server.end()
                    await ann.pin(f"by Ann, {number}")
                    await ben.pin(f"by Ben, {number}")
                    await server.start()
                    await cluster.healthy()
                    await agree(ann, ben)
                assert len(ben.view.markers()) == 2 * len(cluster.servers)
                assert [each.view.stats.reconnects for each in (ann, ben)] == [0, 0]


async def test_the_last_event_is_found_though_its_message_was_lost(shared: Engines) -> None:
    """Nothing follows that could show the gap; the comparison of positions finds it."""
    async with node_here(shared, "one") as one, node_here(shared, "two", check_seconds=0.3) as two:
        place = await make_board(one.url, await one.tenant())
        async with person(place, "ann") as ann, person(place.through(two.url), "ben") as ben:
            await ann.live()
            await ben.live()
            bus = one.running.deps.hub._bus
            bus._wires.send = lambda _name, _data: None  # type: ignore[attr-defined] # everything from here on is lost
            await ann.pin("unheard of")
            await ben.sees("unheard of")


async def test_without_the_database_the_answer_is_busy_and_nothing_is_half_done(shared: Engines) -> None:
    """503 with Retry-After, readiness off; what was refused is not there later, and the next try succeeds."""
    async with to_postgres(shared) as (way, url), node_here(shared, "one", database=url) as one:
        place = await make_board(one.url, await one.tenant())
        async with person(place, "ann") as ann, httpx.AsyncClient(base_url=one.url) as probe:
            await ann.live()
            await way.refuse()
            way.cut()
            ended = await ann.change(CreateMarker(x=1, y=1, text="while it was away"))
            assert (ended.outcome, ended.reason) == (Outcome.REFUSED, Reason.BUSY)
            answer = await probe.get(paths.READY)
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) >= 1
            await way.listen()
            await ann.pin("afterwards")
            assert (await probe.get(paths.READY)).status_code == 200
        async with person(place, "ben") as ben:
            await ben.sees("afterwards")
            assert [marker.title for marker in ben.view.markers()] == ["afterwards"]


async def test_connections_that_the_database_ends_are_made_anew(shared: Engines) -> None:
    """As after a restart or a failover: people notice nothing but a moment."""
    name = f"nodes-{secrets.token_hex(6)}"
    url = make_url(shared.database).update_query_dict({"application_name": name}).render_as_string(hide_password=False)
    async with node_here(shared, "one", database=url) as one, node_here(shared, "two", database=url) as two:
        place = await make_board(one.url, await one.tenant())
        async with person(place, "ann") as ann, person(place.through(two.url), "ben") as ben:
            await ann.live()
            await ben.live()
            await ann.pin("before")
            assert await asyncio.to_thread(_end_connections, shared, name) >= 4
            await ben.pin("by Ben")
            await ann.pin("by Ann")
            await agree(ann, ben)
            assert len(ben.view.markers()) == 3


def _end_connections(shared: Engines, name: str) -> int:
    """End every connection of this name; how many there were."""
    engine = create_engine(shared.database)
    query = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name")
    with engine.connect() as connection:
        ended = len(connection.execute(query, {"name": name}).all())
    engine.dispose()
    return ended
