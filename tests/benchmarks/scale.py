"""How far several nodes carry, by measured costs: what each thing costs, and what 1 thousand to 10 million people need.

``python -m tests.benchmarks.scale [--people N]``: measures one node that is written to, one that listens, Redis and
PostgreSQL (processor time by the operating system's accounts, so other work of the machine matters little), then does
the arithmetic and prints both as Markdown. Assumptions are named as such.
"""

import argparse
import asyncio
import math
import tempfile
import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx
from redis.asyncio import Redis
from sqlalchemy import NullPool, create_engine, text
from websockets.asyncio.client import connect

from imagechat_tui.protocol import ids, paths
from tests.benchmarks.live.accounting import processor_seconds
from tests.benchmarks.live.peers import BATCHED
from tests.benchmarks.live.rooms import fan_out, idle
from tests.support.nodes import REDIS, Engines, engines, node_process
from tests.support.people import make_board
from tests.support.servers import ServerProcess, TenantKey

SIZES: Final = (1_000, 100_000, 10_000_000)
OF_EACH: Final = 18
"""Comments of one person: less than they may write at once."""
VIEWERS: Final = 200


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Measured: microseconds of one processor, and memory."""

    connection_kb: float
    connection_us: float
    """Per second, of one at rest."""
    delivery_us: float
    """One event to one socket."""
    write_us: float
    """One comment on its node: request, transaction, publication."""
    hop_us: float
    """One comment on a node that hears of it, its one viewer included."""
    redis_us: float
    """One comment with one node that listens."""
    postgres_us: float
    """One comment, reads of its request included."""


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Not measured."""

    changes_per_second: float = 0.01
    """Of one connected person: one change in 100 s."""
    audience: int = 20
    """People who look at the same board."""
    busy: float = 0.6
    """Of a processor, at most, so that bursts find room."""
    node_gb: float = 4.0
    sockets_of_node: int = 50_000
    """Open files and the time that a whole node's people need to come back."""
    postgres_processors: int = 32
    redis_processors: int = 1


def needs(people: int, costs: Costs, given: Assumptions) -> Mapping[str, str]:
    """A row of the table: what so many people need, by nothing but arithmetic."""
    changes = people * given.changes_per_second
    deliveries = changes * given.audience
    alone = people * costs.connection_us + changes * costs.write_us + deliveries * costs.delivery_us
    nodes = 1
    while True:  # More nodes mean more hops, up to one per viewer.
        hops = changes * (min(nodes, given.audience) - 1)
        processors = (alone + hops * costs.hop_us) / 1e6
        limits = {
            "processor of nodes": processors / given.busy,
            "memory of nodes": people * costs.connection_kb / 1e6 / given.node_gb,
            "sockets of nodes": people / given.sockets_of_node,
        }
        wanted = max(1, math.ceil(max(limits.values())))
        if wanted <= nodes:
            break
        nodes = wanted
    engines_ = {
        "Redis": changes * max(1, min(nodes, given.audience) - 1) * costs.redis_us / 1e6 / given.redis_processors,
        "PostgreSQL": changes * costs.postgres_us / 1e6 / given.postgres_processors,
    }
    first = max(engines_, key=lambda name: engines_[name])
    if engines_[first] <= given.busy:
        first = max(limits, key=lambda name: limits[name])
    return {
        "people": f"{people:,}",
        "changes/s": f"{changes:,.0f}",
        "deliveries/s": f"{deliveries:,.0f}",
        "hops/s": f"{hops:,.0f}",
        "nodes": f"{nodes:,}",
        "memory of connections": f"{people * costs.connection_kb / 1e6:,.2f} GB",
        "Redis": f"{engines_['Redis']:.0%} of {given.redis_processors}",
        "PostgreSQL": f"{engines_['PostgreSQL']:.0%} of {given.postgres_processors}",
        "first limit": first,
    }


async def measure_changes(folder: Path, people: int) -> dict[str, float]:
    """Processor time per comment of every part, in microseconds, with one viewer on the other node."""
    async with AsyncExitStack() as stack:
        shared = await stack.enter_async_context(engines(folder))
        one = await stack.enter_async_context(node_process(shared, "one"))
        two = await stack.enter_async_context(node_process(shared, "two"))
        tenant = await one.tenant()
        place = await make_board(one.url, tenant)
        marker = await _marker(one, tenant, place.url_id)
        async with await tenant.client(two.url, "viewer") as viewer:
            seen = await viewer.get(paths.image_chats(tenant.name), params={"urlId": place.url_id})
        names = {key: seen.json()[key] for key in ("urlIdWS", "userIdWS", "tenantIdWS")}
        names = {"urlId": names.pop("urlIdWS"), "scope": "board", **names}
        live = f"{two.url.replace('http', 'ws')}{paths.LIVE}?{urlencode(names)}"
        socket = await stack.enter_async_context(connect(live))
        reading = asyncio.create_task(_drain(socket))
        clients = [await stack.enter_async_context(await tenant.client(one.url, f"u{n}")) for n in range(people)]
        before = await _spent(shared, one, two)
        await asyncio.gather(*(_write(client, tenant.name, marker) for client in clients))
        after = await _spent(shared, one, two)
        reading.cancel()
    return {name: (after[name] - before[name]) / (people * OF_EACH) * 1e6 for name in after}


async def _marker(node: ServerProcess, tenant: TenantKey, url_id: str) -> str:
    async with await tenant.client(node.url, "author") as author:
        body = {"urlId": url_id, "x": 5, "y": 5, "comment": "the first", "broadcastId": str(uuid.uuid4())}
        (await author.post(paths.markers(tenant.name), json=body)).raise_for_status()
        found = await author.get(paths.image_chats(tenant.name), params={"urlId": url_id})
        marker = found.json()["conversations"][0]
        return ids.window_url_id(url_id, marker["src"], x=marker["x"], y=marker["y"])


async def _write(client: httpx.AsyncClient, tenant: str, window: str) -> None:
    for number in range(OF_EACH):
        query = {"urlId": window, "broadcastId": str(uuid.uuid4())}
        body = {"commenterName": "Ann", "comment": f"comment number {number}", "url": window, "urlId": window}
        (await client.post(f"/comments/{tenant}", params=query, json=body)).raise_for_status()


async def _drain(socket: object) -> None:
    async for _ in socket:  # type: ignore[attr-defined] # a connection of websockets
        pass


async def _spent(shared: Engines, one: ServerProcess, two: ServerProcess) -> dict[str, float]:
    """Seconds that each part has run."""
    redis = Redis.from_url(REDIS)
    server: int = (await redis.info("server"))["process_id"]
    await redis.aclose()
    with create_engine(shared.database, poolclass=NullPool).connect() as connection:
        backends = connection.execute(text("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")).scalars()
        postgres = sum(processor_seconds(pid) for pid in backends)
    return {
        "write": processor_seconds(one.process.pid),
        "hop": processor_seconds(two.process.pid),
        "redis": processor_seconds(server),
        "postgres": postgres,
    }


def measure(people: int) -> Costs:
    """Everything, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        changes = asyncio.run(measure_changes(Path(folder), people))
    with tempfile.TemporaryDirectory() as folder:
        resting = idle(BATCHED, Path(folder), connections=1_000, seconds=5)
        room = fan_out(BATCHED, Path(folder), viewers=VIEWERS, rate=50, seconds=4)
    return Costs(
        connection_kb=resting.kilobytes_each,
        connection_us=resting.processor_percent / 100 / 1_050 * 1e6,
        delivery_us=room.microseconds_per_delivery,
        write_us=changes["write"],
        hop_us=changes["hop"],
        redis_us=changes["redis"],
        postgres_us=changes["postgres"],
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50, help="who write at once while a change is measured")
    costs, given = measure(parser.parse_args().people), Assumptions()
    print("| measured | |\n|---|---|")
    for name in Costs.__dataclass_fields__:
        print(f"| {name} | {getattr(costs, name):,.1f} |")
    print("\n| assumed | |\n|---|---|")
    for name in Assumptions.__dataclass_fields__:
        print(f"| {name} | {getattr(given, name):,} |")
    rows = [needs(people, costs, given) for people in SIZES]
    print("\n| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(row.values()) + " |")


if __name__ == "__main__":
    main()
