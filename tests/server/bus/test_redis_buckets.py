"""Rate limits that nodes share: one bucket for all of them, and none while Redis is away."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from imagechat_tui.server.bus.redis_buckets import RedisBuckets
from imagechat_tui.server.settings import Rate
from imagechat_tui.server.throttle import Throttle, TooOftenError
from tests.support.nodes import REDIS, engines
from tests.support.proxy import proxy_to

pytestmark = pytest.mark.redis
SLOW = Rate(per_minute=0.6, burst=3)
NEVER = 3_600.0


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """A Redis of this test's own."""
    async with engines(tmp_path) as shared:
        yield shared.redis


async def test_two_nodes_take_from_one_bucket(url: str) -> None:
    """The burst is for both together; the refusal says how long to wait; another name has its own."""
    nodes = [Throttle(clock=lambda: 0.0, shared=RedisBuckets(url)) for _ in range(2)]
    for number in range(3):
        await nodes[number % 2].admit(SLOW, "comment", "acme", "ann")
    for node in nodes:
        with pytest.raises(TooOftenError) as refused:
            await node.admit(SLOW, "comment", "acme", "ann", per_user=True)
        assert 90 < refused.value.retry_after <= 100
        assert refused.value.per_user
    await nodes[0].admit(SLOW, "comment", "acme", "bob")
    await _close(nodes)


async def test_a_bucket_fills_again(url: str) -> None:
    """By its rate, and a rate of nothing never fills."""
    buckets = RedisBuckets(url)
    assert await buckets.take(("a",), burst=1, per_second=1e6) == 0
    assert await buckets.take(("a",), burst=1, per_second=1e6) == 0
    assert await buckets.take(("b",), burst=1, per_second=0) == 0
    assert await buckets.take(("b",), burst=1, per_second=0) == NEVER
    await buckets.close()


@pytest.mark.parametrize("how", ["cut", "freeze"])
async def test_without_redis_every_node_has_its_own(url: str, how: str) -> None:
    """Nobody is refused for it, nobody is let through without end, and nobody waits twice."""
    async with proxy_to(REDIS) as way:
        node = Throttle(clock=lambda: 0.0, shared=RedisBuckets(f"redis://127.0.0.1:{way.port}?{url.partition('?')[2]}"))
        await node.admit(SLOW, "x")
        if how == "cut":
            await way.refuse()
            way.cut()
        else:
            way.freeze()
        accepted = way.accepted
        await node.admit(SLOW, "x")
        await node.admit(SLOW, "x")
        with pytest.raises(TooOftenError):
            await node.admit(SLOW, "x")
        assert way.accepted <= accepted + 1
        way.thaw()
        await _close([node])


async def _close(nodes: list[Throttle]) -> None:
    for node in nodes:
        assert node._shared is not None
        await node._shared.close()
