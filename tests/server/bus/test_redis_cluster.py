"""The bus between nodes over a Redis cluster: by its shards, and whatever becomes of one of them; with a real one."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from imagechat_tui.server.bus import redis_buckets
from imagechat_tui.server.bus.port import Topic
from imagechat_tui.server.bus.redis import RedisBus
from imagechat_tui.server.bus.redis_buckets import RedisBuckets
from tests.server.bus.test_redis import Log, node
from tests.server.bus.test_redis_crowds import ANN, BEN, PAGE
from tests.server.bus.test_redis_crowds import node as crowd_node
from tests.support.contracts.bus import BOARD, CHANNEL, PATIENCE, BusContract, Node, parcel
from tests.support.own_cluster import Cluster, own_cluster
from tests.support.own_engines import OwnRedis

pytestmark = pytest.mark.redis
LIFELINE = b"imagechat:nodes"


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    """One of three servers."""
    async with own_cluster() as made:
        yield made


def name_of(topic: Topic) -> bytes:
    """What a topic is called in Redis."""
    bus = RedisBus("redis://127.0.0.1:1", pack=str.encode, unpack=bytes.decode)
    return bus._name(topic)


def listens(each: Node) -> bool:
    """Whether a node has its subscriptions."""
    assert isinstance(each.bus, RedisBus)
    wires = each.bus._wires
    return wires.listens and all(listening.confirmed.is_set() for listening in wires._names.values())


async def until_heard(cluster: Cluster, server: OwnRedis, condition: Callable[[set[bytes]], bool]) -> None:
    """Wait until somebody listens, at one server, to the names that are meant."""
    async with asyncio.timeout(PATIENCE):
        while not condition(set(await cluster.ask(server, "PUBSUB", "SHARDCHANNELS"))):  # noqa: ASYNC110 - as it says
            await asyncio.sleep(0.01)


class TestRedisBusOfACluster(BusContract):
    """Two nodes that share a cluster."""

    @pytest.fixture
    async def nodes(self, cluster: Cluster) -> AsyncIterator[tuple[Node, Node]]:
        log = Log()
        async with node(cluster.url, log) as writer, node(cluster.url, log) as listener:
            yield writer, listener


async def test_events_go_by_shards_and_only_where_somebody_looks(cluster: Cluster) -> None:
    """The server of a board carries it, and no other server hears of it."""
    log = Log()
    async with node(cluster.url, log) as writer, node(cluster.url, log) as listener:
        topics = [Topic("board", "acme", f"page-{number}") for number in range(12)]
        for topic in topics:
            await listener.bus.watch(topic)
        for server in cluster.servers:
            mine = {name_of(topic) for topic in topics if (await cluster.owner(name_of(topic))) is server}
            assert mine
            await until_heard(cluster, server, lambda channels, mine=mine: channels - {LIFELINE} == mine)  # type: ignore[misc] # binds the loop's value
        writer.bus.publish([parcel(topic.key, topic=topic, position=1) for topic in topics])
        await listener.until(lambda: len(listener.got) == len(topics))
        assert await cluster.calls("spublish") == len(topics)
        assert await cluster.calls("publish") == await cluster.calls("subscribe") == 0
        for topic in topics:
            listener.bus.unwatch(topic)
        for server in cluster.servers:
            await until_heard(cluster, server, lambda channels: channels <= {LIFELINE})


async def test_a_moved_slot_takes_its_listeners_along(cluster: Cluster) -> None:
    """Both sides find the new server by themselves; what was said meanwhile is looked for."""
    log = Log()
    async with node(cluster.url, log) as writer, node(cluster.url, log) as listener:
        await listener.bus.watch(BOARD)
        await listener.bus.watch(CHANNEL)
        for position in range(1, 4):
            log.events[position] = f"e{position}"
            writer.bus.publish([parcel(f"e{position}", topic=BOARD, position=position)])
            await listener.until(lambda position=position: len(listener.got) == position)  # type: ignore[misc] # binds the loop's value
            taker = await cluster.move(name_of(BOARD))
            await until_heard(cluster, taker, lambda channels: name_of(BOARD) in channels)
        taker = await cluster.move(name_of(CHANNEL))
        await listener.until(lambda: listener.missed == [CHANNEL])
        writer.bus.publish([parcel("said", topic=CHANNEL), parcel("e4", topic=BOARD, position=4)])
        await listener.until(lambda: len(listener.got) == 5)
    assert sorted(listener.bodies) == ["e1", "e2", "e3", "e4", "said"]


async def test_what_is_said_while_a_slot_moves_is_not_lost(cluster: Cluster) -> None:
    """The writer still speaks to the old server, the listener still listens there."""
    log = Log()
    async with node(cluster.url, log) as writer, node(cluster.url, log) as listener:
        await listener.bus.watch(BOARD)
        for position in range(1, 61):
            log.events[position] = f"e{position}"
            writer.bus.publish([parcel(f"e{position}", topic=BOARD, position=position)])
            if position % 20 == 0:
                await cluster.move(name_of(BOARD))
        await listener.until(lambda: len(listener.got) == 60)
    assert listener.bodies == [f"e{position}" for position in range(1, 61)]


async def test_a_server_that_was_away_loses_nothing_and_holds_up_no_other(cluster: Cluster) -> None:
    """Its boards are read from the log when it is back; the boards of others stay live all the time."""
    log = Log()
    away = await cluster.owner(name_of(BOARD))
    others = [Topic("channel", "acme", f"other-{number}") for number in range(20)]
    owners = {topic: await cluster.owner(name_of(topic)) for topic in others}
    other = next(topic for topic in others if owners[topic] is not away)
    async with node(cluster.url, log) as writer, node(cluster.url, log) as listener:
        for topic in (BOARD, other):
            await listener.bus.watch(topic)
        log.events[1] = "e1"
        writer.bus.publish([parcel("e1", topic=BOARD, position=1)])
        await listener.until(lambda: listener.bodies == ["e1"])
        await away.end()
        await listener.until(lambda: not listens(listener))
        for position in range(2, 6):
            log.events[position] = f"e{position}"
            writer.bus.publish([parcel(f"e{position}", topic=BOARD, position=position)])
        writer.bus.publish([parcel("meanwhile", topic=other)])
        await listener.until(lambda: listener.bodies == ["e1", "meanwhile"])
        await away.start()
        await cluster.healthy()
        await listener.until(lambda: listens(listener))
        await listener.until(lambda: len(listener.got) == 6)
        assert listener.bodies[2:] == ["e2", "e3", "e4", "e5"]
        assert listener.missed == []
        log.events[6] = "e6"
        writer.bus.publish([parcel("e6", topic=BOARD, position=6)])
        await listener.until(lambda: listener.bodies[-1] == "e6")


async def test_crowds_are_told_in_a_cluster(cluster: Cluster) -> None:
    """Whoever comes later reads what is there; a moved slot takes the crowd along."""
    async with crowd_node(cluster.url, beat=0.1, life=2.0) as one, crowd_node(cluster.url, beat=0.1, life=2.0) as two:
        await one.show(ANN)
        await one.until(lambda: not one.crowds._dirty)
        await two.show(BEN)
        assert two.sees == [ANN]
        await one.until(lambda: one.sees == [BEN])
        await cluster.move(one.crowds._name(PAGE))
        await cluster.move(one.crowds._bus._name(PAGE))
        assert list((await one.crowds.look(PAGE)).values()) == [BEN]
        await two.show(ANN)
        await one.until(lambda: one.sees == [ANN])


async def test_nodes_take_from_one_bucket_in_a_cluster(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets are spread over all servers, each is on one; a busy machine may connect slowly."""
    monkeypatch.setattr(redis_buckets, "ANSWER_SECONDS", PATIENCE)
    one, two = RedisBuckets(cluster.url), RedisBuckets(cluster.url)
    for number in range(12):
        assert await one.take(("comment", str(number)), burst=2, per_second=0.001) == 0
        assert await two.take(("comment", str(number)), burst=2, per_second=0.001) == 0
        assert (await one.take(("comment", str(number)), burst=2, per_second=0.001) or 0) > 0
    await one.close()
    await two.close()


async def test_a_numbered_database_of_a_cluster_is_refused_in_words(
    cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    """The node serves its own viewers, and its log says what is wrong."""
    async with node(f"{cluster.url}/3", Log()) as alone:
        await alone.bus.watch(BOARD)
        alone.bus.publish([parcel("e1", topic=BOARD, position=1)])
        assert alone.bodies == ["e1"]
    assert "SELECT is not allowed in cluster mode" in caplog.text
