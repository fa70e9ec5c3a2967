"""The bus between nodes keeps the contract, and survives what Redis does to it; with a real Redis."""

import asyncio
import os
import secrets
import shutil
import socket
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from imagechat_tui.server.bus import wire
from imagechat_tui.server.bus.broker import reach
from imagechat_tui.server.bus.port import Parcel, Topic
from imagechat_tui.server.bus.redis import RedisBus
from tests.support.contracts.bus import BOARD, CHANNEL, PATIENCE, BusContract, Node, parcel

pytestmark = pytest.mark.redis
URL = os.environ.get("IMAGECHAT_TEST_REDIS", "redis://127.0.0.1:6379")


class Log:
    """What the store would have; counts how often it is read."""

    def __init__(self) -> None:
        self.events: dict[int, str] = {}
        self.head: int | None = None
        """What it says is the last position, where that is more than it has."""
        self.reads: list[tuple[int, int]] = []
        self.looks = 0
        self.fails = False

    async def missing(self, topic: Topic, after: int, until: int) -> Sequence[Parcel[str]]:
        self.reads.append((after, until))
        if self.fails:
            raise OSError("the database is away")
        return [
            Parcel(topic, position, body) for position, body in sorted(self.events.items()) if after < position <= until
        ]

    async def heads(self, topics: Collection[Topic]) -> Mapping[Topic, int]:
        self.looks += 1
        if self.fails:
            raise OSError("the database is away")
        return dict.fromkeys(topics, self.head if self.head is not None else max(self.events, default=0))


def make_bus(url: str, log: Log, *, hold: float = 0.1, check: float = 40.0) -> RedisBus[str]:
    """A node's bus for plain words."""
    return RedisBus(url, pack=str.encode, unpack=bytes.decode, log=log, hold_seconds=hold, check_seconds=check)


@asynccontextmanager
async def node(url: str, log: Log, *, hold: float = 0.1, check: float = 40.0) -> AsyncIterator[Node]:
    """An open node."""
    opened = await Node(make_bus(url, log, hold=hold, check=check)).open()
    try:
        yield opened
    finally:
        await opened.bus.close()


class OwnRedis:
    """A Redis of our own that can be killed and started again on the same port."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self._port}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Return when it accepts."""
        self._process = await asyncio.create_subprocess_exec(
            self._program, "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder),
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self._port)
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    return

    async def kill(self) -> None:
        """As if the machine had gone."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None


@pytest.fixture
async def own_redis(tmp_path: Path) -> AsyncIterator[OwnRedis]:
    """One that is running."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server to restart")
    own = OwnRedis(program, tmp_path)
    await own.start()
    yield own
    await own.kill()


@pytest.fixture
async def redis_url() -> str:
    """A Redis that answers, and names in it that nobody else uses."""
    client = Redis.from_url(URL)
    try:
        await client.ping()
    except (RedisError, OSError) as problem:
        pytest.skip(f"no Redis at {URL}: {problem}")
    finally:
        await client.aclose()
    return f"{URL}?prefix=test-{secrets.token_hex(6)}"


class TestRedisBus(BusContract):
    """Two nodes that share a Redis."""

    @pytest.fixture
    async def nodes(self, redis_url: str) -> AsyncIterator[tuple[Node, Node]]:
        log = Log()
        async with node(redis_url, log) as writer, node(redis_url, log) as listener:
            yield writer, listener


async def test_two_nodes_see_one_order(redis_url: str) -> None:
    """Both write to one board; each hands everything on by position, its own events too."""
    log = Log()
    async with node(redis_url, log, hold=2) as one, node(redis_url, log, hold=2) as two:
        for each in (one, two):
            await each.bus.watch(BOARD)
        one.bus.publish([parcel("e1", topic=BOARD, position=1)])
        await two.until(lambda: two.bodies == ["e1"])
        two.bus.publish([parcel("e3", topic=BOARD, position=3)])
        one.bus.publish([parcel("e2", topic=BOARD, position=2)])
        one.bus.publish([parcel("e4", topic=BOARD, position=4)])
        for each in (one, two):
            await each.until(lambda each=each: len(each.got) == 4)  # type: ignore[misc] # binds the loop's value
            assert each.bodies == ["e1", "e2", "e3", "e4"]
    assert log.reads == []


async def test_a_gap_is_read_from_the_log_once_for_everybody(redis_url: str) -> None:
    """Redis lost a message: after a short wait the log has it."""
    log = Log()
    async with node(redis_url, log) as writer, node(redis_url, log) as listener:
        await listener.bus.watch(BOARD)
        log.events = {1: "e1", 2: "e2", 3: "e3", 4: "e4"}
        writer.bus.publish([parcel("e1", topic=BOARD, position=1)])
        writer.bus.publish([parcel("e4", topic=BOARD, position=4)])
        await listener.until(lambda: len(listener.got) == 4)
    assert listener.bodies == ["e1", "e2", "e3", "e4"]
    assert log.reads == [(1, 3)]


async def test_a_gap_that_the_log_cannot_fill_is_left_to_the_clients(redis_url: str) -> None:
    """What is there is handed on; nobody waits for ever."""
    log = Log()
    log.fails = True
    async with node(redis_url, log) as writer, node(redis_url, log) as listener:
        await listener.bus.watch(BOARD)
        writer.bus.publish([parcel("e1", topic=BOARD, position=1)])
        writer.bus.publish([parcel("e3", topic=BOARD, position=3), parcel("e5", topic=BOARD, position=5)])
        await listener.until(lambda: len(listener.got) == 3)
    assert listener.bodies == ["e1", "e3", "e5"]


async def test_foreign_messages_are_ignored(redis_url: str) -> None:
    """Another program, or another version, on the same channel."""
    log = Log()
    client, space = Redis.from_url(URL), reach(redis_url).space
    async with node(redis_url, log) as writer, node(redis_url, log) as listener:
        await listener.bus.watch(BOARD)
        unreadable = msgspec.msgpack.encode(("other node", 1, [(1, b"\xff")]))
        for junk in (b"", b"\xff\xff", b'{"a":1}', unreadable):
            await client.publish(space + b'["board","acme","page"]', junk)
        writer.bus.publish([parcel("good", topic=BOARD, position=1)])
        await listener.until(lambda: bool(listener.got))
        assert listener.bodies == ["good"]
    await client.aclose()


async def test_a_message_that_comes_twice_is_taken_once(redis_url: str) -> None:
    """A sender whose connection broke does not know whether it had been heard; votes must not count twice."""
    log = Log()
    client, space = Redis.from_url(URL), reach(redis_url).space
    async with node(redis_url, log) as listener:
        await listener.bus.watch(CHANNEL)
        for number, word in ((1, b"a"), (2, b"b"), (1, b"a"), (2, b"b"), (3, b"c")):
            message = msgspec.msgpack.encode(("other node", number, [(None, word)]))
            await client.publish(space + b'["channel","acme","page"]', message)
        await listener.until(lambda: listener.bodies[-1:] == ["c"])
    assert listener.bodies == ["a", "b", "c"]
    await client.aclose()


async def test_without_redis_a_node_serves_its_own_viewers() -> None:
    """Opening, watching and publishing do not wait for it."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        async with asyncio.timeout(PATIENCE), node(f"redis://127.0.0.1:{nobody.getsockname()[1]}", Log()) as alone:
            await alone.bus.watch(BOARD)
            alone.bus.publish([parcel("e1", topic=BOARD, position=1)])
            assert alone.bodies == ["e1"]
            alone.bus.unwatch(BOARD)


async def test_a_whisper_is_not_kept_for_a_redis_that_is_away(own_redis: OwnRedis) -> None:
    """The node's own viewers hear it; others do not hear late what held for a moment."""
    log = Log()
    async with node(own_redis.url, log) as writer, node(own_redis.url, log) as listener:
        await writer.bus.watch(BOARD)
        await listener.bus.watch(BOARD)
        await own_redis.kill()
        await listener.until(lambda: not _connected(listener) and not _connected(writer))
        writer.bus.whisper(parcel("stale", topic=BOARD))
        assert writer.bodies == ["stale"]
        assert isinstance(writer.bus, RedisBus)
        assert not any(wire.unsent for wire in writer.bus._wires._by_owner.values())
        await own_redis.start()
        await listener.until(lambda: _connected(listener) and _connected(writer))
        writer.bus.whisper(parcel("fresh", topic=BOARD))
        await listener.until(lambda: bool(listener.got))
    assert listener.bodies == ["fresh"]


async def test_a_restart_of_redis_loses_nothing(own_redis: OwnRedis) -> None:
    """What came meanwhile is read from the log, and then messages flow again."""
    log = Log()
    async with node(own_redis.url, log) as writer, node(own_redis.url, log) as listener:
        await listener.bus.watch(BOARD)
        writer.bus.publish([parcel("e1", topic=BOARD, position=1)])
        await listener.until(lambda: listener.bodies == ["e1"])
        log.events[1] = "e1"
        await own_redis.kill()
        await listener.until(lambda: not _connected(listener) and not _connected(writer))
        log.events[2] = "e2"
        writer.bus.publish([parcel("e2", topic=BOARD, position=2)])
        await own_redis.start()
        await listener.until(lambda: listener.bodies == ["e1", "e2"])
        await listener.until(lambda: _connected(writer))
        writer.bus.publish([parcel("e3", topic=BOARD, position=3)])
        await listener.until(lambda: listener.bodies == ["e1", "e2", "e3"])


def _connected(each: Node) -> bool:
    assert isinstance(each.bus, RedisBus)
    return each.bus._wires.listens


async def test_a_lost_last_event_is_found_without_a_next_one(redis_url: str) -> None:
    """Nobody publishes anything any more: only a comparison with the log can tell."""
    log = Log()
    async with node(redis_url, log, check=0.05) as listener:
        await listener.bus.watch(BOARD)
        log.events[1] = "e1"
        await listener.until(lambda: listener.bodies == ["e1"])
        log.events |= {2: "e2", 3: "e3"}
        await listener.until(lambda: listener.bodies == ["e1", "e2", "e3"])
        looks = log.looks
        await listener.until(lambda: log.looks > looks + 3)
        assert len(log.reads) == 2


async def test_what_the_log_does_not_have_either_is_told_to_the_viewers(redis_url: str) -> None:
    """Too old to be kept: they have to come back and look at the whole board; once."""
    log = Log()
    async with node(redis_url, log, check=0.05) as listener:
        await listener.bus.watch(BOARD)
        log.head = 7
        await listener.until(lambda: bool(listener.missed))
        looks = log.looks
        await listener.until(lambda: log.looks > looks + 3)
        assert listener.missed == [BOARD]


async def test_a_log_that_is_away_is_asked_again(redis_url: str) -> None:
    """Nothing is given up because of it."""
    log = Log()
    async with node(redis_url, log, check=0.05) as listener:
        await listener.bus.watch(BOARD)
        log.fails = True
        looks = log.looks
        await listener.until(lambda: log.looks > looks)
        log.events[1] = "e1"
        log.fails = False
        await listener.until(lambda: listener.bodies == ["e1"])
        assert listener.missed == []


async def test_channels_have_no_positions_so_their_viewers_are_told_to_look(own_redis: OwnRedis) -> None:
    """After Redis was away nobody can know what was said meanwhile."""
    log = Log()
    async with node(own_redis.url, log) as listener:
        await listener.bus.watch(CHANNEL)
        assert listener.missed == []
        await own_redis.kill()
        await listener.until(lambda: not _connected(listener))
        await own_redis.start()
        await listener.until(lambda: listener.missed == [CHANNEL])


async def test_more_than_can_be_kept_is_made_known_to_all(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that was alone for too long has dropped messages that others cannot know of."""
    log = Log()
    monkeypatch.setattr(wire, "UNSENT_MESSAGES", 3)
    async with node(redis_url, log) as writer, node(redis_url, log) as listener:
        await listener.bus.watch(CHANNEL)
        writer.bus.publish([parcel("said", topic=Topic("channel", "acme", str(number))) for number in range(5)])
        await listener.until(lambda: listener.missed == [CHANNEL])


async def test_a_board_is_caught_up_with_though_redis_was_away_when_it_was_opened(own_redis: OwnRedis) -> None:
    """The first viewer comes in the middle of an outage; what others write meanwhile arrives after it."""
    log = Log()
    log.events[1] = "before"
    await own_redis.kill()
    async with node(own_redis.url, log) as listener:
        await listener.bus.watch(BOARD)
        log.events[2] = "meanwhile"
        await own_redis.start()
        await listener.until(lambda: listener.bodies == ["meanwhile"])
