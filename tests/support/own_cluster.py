"""A Redis cluster for one test: real servers on free ports, which it may kill, and whose slots it may move."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from redis.asyncio import Redis
from redis.crc import key_slot
from redis.exceptions import RedisError

from tests.support.own_engines import OwnRedis, own_redis
from tests.support.servers import PATIENCE

_SERVERS: Final = 3
_SLOTS: Final = 16_384
_LOOK_SECONDS: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Servers without replicas; those that are there serve their slots when others are away."""

    servers: list[OwnRedis]

    @property
    def url(self) -> str:
        """The address of one of them."""
        return self.servers[0].url

    async def ask(self, server: OwnRedis, *command: object) -> Any:
        """What one of them answers."""
        client = Redis.from_url(server.url)
        try:
            answering: Awaitable[Any] = client.execute_command(*command)  # type: ignore[no-untyped-call] # redis has no type for it
            return await answering
        finally:
            await client.aclose()

    async def owner(self, name: bytes) -> OwnRedis:
        """The server that has a name's slot, as they say themselves."""
        slot = key_slot(name)
        for low, high, (_, port, *_), *_ in await self.ask(await self._any(), "CLUSTER", "SLOTS"):
            if low <= slot <= high:
                return next(server for server in self.servers if server.port == port)
        raise LookupError(name)

    async def move(self, name: bytes) -> OwnRedis:
        """Give a name's slot to the next server, by the steps that ``redis-cli --cluster reshard`` takes."""
        slot, owner = key_slot(name), await self.owner(name)
        taker = self.servers[(self.servers.index(owner) + 1) % len(self.servers)]
        ids = {server.port: await self.ask(server, "CLUSTER", "MYID") for server in (owner, taker)}
        await self.ask(taker, "CLUSTER", "SETSLOT", slot, "IMPORTING", ids[owner.port])
        await self.ask(owner, "CLUSTER", "SETSLOT", slot, "MIGRATING", ids[taker.port])
        while keys := await self.ask(owner, "CLUSTER", "GETKEYSINSLOT", slot, 100):
            await self.ask(owner, "MIGRATE", "127.0.0.1", taker.port, "", 0, 5_000, "KEYS", *keys)
        for server in (taker, owner, *self.servers):
            await self.ask(server, "CLUSTER", "SETSLOT", slot, "NODE", ids[taker.port])
        return taker

    async def calls(self, command: str) -> int:
        """How often the servers were told this since they started."""
        said = [await self.ask(server, "INFO", "commandstats") for server in self.servers]
        return sum(int(each.get(f"cmdstat_{command}", {}).get("calls", 0)) for each in said)

    async def healthy(self) -> None:
        """Return when all of them agree that every slot is served."""
        async with asyncio.timeout(PATIENCE):
            for server in self.servers:
                while not await self._is_well(server):  # noqa: ASYNC110 - Redis announces nothing
                    await asyncio.sleep(_LOOK_SECONDS)

    async def _is_well(self, server: OwnRedis) -> bool:
        try:
            info = await self.ask(server, "CLUSTER", "INFO")
        except (RedisError, OSError):
            return False
        return b"cluster_state:ok" in info and f"cluster_slots_ok:{_SLOTS}".encode() in info

    async def _any(self) -> OwnRedis:
        return next(server for server in self.servers if server.process and server.process.returncode is None)


@asynccontextmanager
async def own_cluster() -> AsyncIterator[Cluster]:
    """A new cluster; ended afterwards."""
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(own_redis(cluster=True)) for _ in range(_SERVERS)]
        made = Cluster(servers=servers)
        edges = [_SLOTS * number // _SERVERS for number in range(_SERVERS + 1)]
        for number, (server, (low, after)) in enumerate(zip(servers, pairwise(edges), strict=True), 1):
            await made.ask(server, "CLUSTER", "SET-CONFIG-EPOCH", number)
            await made.ask(server, "CLUSTER", "ADDSLOTSRANGE", low, after - 1)
            await made.ask(server, "CLUSTER", "MEET", "127.0.0.1", servers[0].port, servers[0].bus_port)
        await made.healthy()
        yield made
