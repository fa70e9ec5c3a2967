"""Who looks from other nodes, over a real Redis: told, read, forgotten."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from redis.asyncio import Redis

from imagechat_tui.server.bus.broker import reach
from imagechat_tui.server.bus.crowds import NOBODY, Crowd
from imagechat_tui.server.bus.port import Topic
from imagechat_tui.server.bus.redis_crowds import RedisCrowds
from tests.server.bus.test_redis import URL, OwnRedis, own_redis, redis_url
from tests.support.contracts.bus import PATIENCE

__all__ = ["own_redis", "redis_url"]

pytestmark = pytest.mark.redis
PAGE = Topic("channel", "acme", "page")
ANN = Crowd(people={"acme:ann": "Ann"}, guests=1)
BEN = Crowd(people={"acme:ben": "Ben"})


@dataclass
class Node:
    """A node, and who looks from it."""

    crowds: RedisCrowds
    here: Crowd = NOBODY
    changes: list[Crowd] = field(default_factory=list)

    async def show(self, crowd: Crowd) -> None:
        """These people look from now on."""
        if crowd and not self.here:
            await self.crowds.watch(PAGE)
        self.here = crowd
        self.crowds.announce(PAGE)

    @property
    def sees(self) -> list[Crowd]:
        """The crowds of other nodes."""
        return list(self.crowds.known(PAGE).values())

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true, or fail."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - any condition, not one that somebody announces
                await asyncio.sleep(0.005)


@asynccontextmanager
async def node(url: str, *, beat: float = 5.0, life: float = 15.0) -> AsyncIterator[Node]:
    """An open node."""
    one = Node(RedisCrowds(url, beat_seconds=beat, life_seconds=life))
    await one.crowds.open(lambda _page: one.here, lambda _page, _node, crowd: one.changes.append(crowd))
    try:
        yield one
    finally:
        await one.crowds.close()


async def test_nodes_hear_of_each_other_and_agree(redis_url: str) -> None:
    """Whoever comes later reads what is there; whoever is there hears every change."""
    async with node(redis_url) as one, node(redis_url) as two:
        await one.show(ANN)
        await one.until(lambda: not one.crowds._dirty)
        await two.show(BEN)
        assert two.sees == [ANN]
        await one.until(lambda: one.sees == [BEN])
        await two.show(Crowd(people=BEN.people | {"acme:cid": "Cid"}))
        await one.until(lambda: one.sees == [two.here])
        await two.show(NOBODY)
        await one.until(lambda: one.sees == [])
        assert one.changes[-1] == NOBODY


async def test_a_node_where_nobody_looks_can_say_who_looks(redis_url: str) -> None:
    """For answers over REST; nothing is remembered of it."""
    async with node(redis_url) as one, node(redis_url) as other:
        assert await other.crowds.look(PAGE) == {}
        await one.show(ANN)
        async with asyncio.timeout(PATIENCE):
            while list((await other.crowds.look(PAGE)).values()) != [ANN]:  # noqa: ASYNC110 - Redis announces nothing
                await asyncio.sleep(0.01)
        assert other.crowds.known(PAGE) == {}


async def test_a_node_that_dies_takes_its_viewers_away(redis_url: str) -> None:
    """For those who listened, for those who come, and in Redis itself."""
    async with node(redis_url, beat=0.1, life=0.4) as one:
        await one.show(ANN)
        dying = node(redis_url, beat=0.1, life=0.4)
        two = await dying.__aenter__()
        await two.show(BEN)
        await one.until(lambda: one.sees == [BEN])
        for task in (*two.crowds._tasks, *two.crowds._bus._tasks):
            task.cancel()
        await one.until(lambda: one.sees == [])
        async with node(redis_url) as later:
            assert BEN not in (await later.crowds.look(PAGE)).values()
        await dying.__aexit__(None, None, None)
    client = Redis.from_url(URL)
    assert await client.keys(reach(redis_url).space + b"*") == []
    await client.aclose()


async def test_beats_keep_a_quiet_crowd(redis_url: str) -> None:
    """Nothing changes for several lives of a key."""
    async with node(redis_url, beat=0.05, life=0.3) as one, node(redis_url, beat=0.05, life=0.3) as two:
        await one.show(ANN)
        await two.show(BEN)
        await one.until(lambda: one.sees == [BEN])
        changes = len(one.changes)
        beats = two.crowds._bus._number
        await one.until(lambda: two.crowds._bus._number > beats + 15)
        assert one.sees == [BEN]
        assert len(one.changes) == changes


async def test_a_crowd_is_known_again_after_a_restart_of_redis(own_redis: OwnRedis) -> None:
    """Its keys are lost with it; the next beats bring everything back."""
    async with node(own_redis.url, beat=0.1, life=0.5) as one, node(own_redis.url, beat=0.1, life=0.5) as two:
        await one.show(ANN)
        await two.show(BEN)
        await one.until(lambda: one.sees == [BEN])
        await own_redis.kill()
        await one.until(lambda: one.sees == [])
        await own_redis.start()
        await one.until(lambda: one.sees == [BEN])
        await two.until(lambda: two.sees == [ANN])


async def test_without_redis_nobody_waits_long(own_redis: OwnRedis) -> None:
    """A node then knows its own viewers only."""
    await own_redis.kill()
    async with asyncio.timeout(PATIENCE), node(own_redis.url) as alone:
        await alone.show(ANN)
        assert alone.sees == []
        assert await alone.crowds.look(PAGE) == {}
