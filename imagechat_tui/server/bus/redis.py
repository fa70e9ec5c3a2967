"""The bus between nodes, over Redis or Valkey publish/subscribe; the only module that knows them.

What this node publishes reaches its own rooms directly, so they stay live while Redis is away. What Redis loses is
found by positions and read from the log. Nobody who publishes or watches waits for Redis longer than a moment.
"""

import asyncio
import contextlib
import logging
import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterable
from collections.abc import Sequence as Many
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from imagechat_tui.server.bus.port import Deliver, Parcel, Repair, Topic
from imagechat_tui.server.bus.sequence import Sequence

if TYPE_CHECKING:
    from redis.asyncio.client import PubSub

T = TypeVar("T")

logger = logging.getLogger(__name__)

HOLD_SECONDS: Final = 0.1
"""How long a parcel waits for its elder brothers before the log is read."""

WATCH_SECONDS: Final = 1.0
"""How long a viewer waits for Redis to confirm a subscription; without it the log has to make up for more."""

UNSENT_MESSAGES: Final = 10_000
"""Messages kept while Redis is slow or away; older ones are dropped, and found missing by their positions."""

SENT_TOGETHER: Final = 200

SILENCE_SECONDS: Final = 15.0
"""After so long without a word Redis is asked for a sign of life, and after twice that given up."""

PAUSE_SECONDS: Final = (0.1, 5.0)
"""First and longest pause before Redis is tried again."""

_LIFELINE: Final = b"imagechat:nodes"
"""A channel that every node listens to, so that there always is a subscription to read from."""

Message = tuple[str, int, list[tuple[int | None, bytes]]]
"""Which node, its how manieth message, and the parcels of one topic. A message that was sent twice is taken once."""

_encode = msgspec.msgpack.Encoder().encode
_decode: Callable[[bytes], Message] = msgspec.msgpack.Decoder(Message).decode


class RedisBus(Generic[T]):
    """A ``Bus`` that joins the nodes of one Redis."""

    def __init__(
        self,
        url: str,
        *,
        pack: Callable[[T], bytes],
        unpack: Callable[[bytes], T],
        repair: Repair[T],
        hold_seconds: float = HOLD_SECONDS,
    ) -> None:
        """Make it; ``open`` connects.

        Args:
            url: ``redis://host:port/db``, ``rediss://`` with TLS, ``unix://``.
            pack: A body as bytes.
            unpack: The body back; may raise for bytes of another version.
            repair: Reads parcels from the log.
            hold_seconds: How long to wait for missing positions before the log is read.
        """
        self._redis = Redis.from_url(url)
        self._pubsub: PubSub | None = None
        self._speaking = asyncio.Lock()  # A subscription takes one command at a time.
        self._pack, self._unpack, self._repair = pack, unpack, repair
        self._hold = hold_seconds
        self._node = secrets.token_urlsafe(9)
        self._deliver: Deliver[T] | None = None
        self._watched: Counter[Topic] = Counter()
        self._names: dict[bytes, Topic] = {}
        self._confirmed: dict[bytes, asyncio.Event] = {}
        self._sequences: dict[Topic, Sequence[T]] = {}
        self._repairs: dict[Topic, asyncio.Task[None]] = {}
        self._unsent: deque[tuple[int, bytes, bytes]] = deque(maxlen=UNSENT_MESSAGES)
        self._number = 0
        self._heard_from: dict[str, int] = {}
        self._to_send = asyncio.Event()
        self._connected = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []

    async def open(self, deliver: Deliver[T]) -> None:
        """See ``Bus``."""
        self._deliver = deliver
        self._tasks = [asyncio.create_task(_steadily(step)) for step in (self._listen, self._send)]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS):
                await self._connected.wait()

    async def close(self) -> None:
        """See ``Bus``."""
        self._deliver = None
        pending: set[asyncio.Task[Any]] = {*self._tasks, *self._repairs.values()}
        while pending:  # The library may swallow a cancellation while it connects.
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=0.2)
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()

    def wants(self, topic: Topic) -> bool:  # noqa: ARG002 - other nodes may watch anything
        """See ``Bus``."""
        return True

    def publish(self, parcels: Many[Parcel[T]]) -> None:
        """See ``Bus``."""
        by_topic: dict[Topic, list[Parcel[T]]] = {}
        for parcel in parcels:
            by_topic.setdefault(parcel.topic, []).append(parcel)
        for topic, group in by_topic.items():
            body = [(parcel.position, self._pack(parcel.body)) for parcel in group]
            self._number += 1
            self._unsent.append((self._number, _name(topic), _encode((self._node, self._number, body))))
            self._arrived(topic, group)
        if self._unsent:
            self._to_send.set()

    async def watch(self, topic: Topic) -> None:
        """See ``Bus``."""
        self._watched[topic] += 1
        name = _name(topic)
        if self._watched[topic] == 1:
            self._names[name] = topic
            self._confirmed[name] = asyncio.Event()
            if topic.kind == "board":
                self._sequences[topic] = Sequence()
            await self._tell("subscribe", name)
        confirmed = self._confirmed[name]
        if self._pubsub is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS):
                await confirmed.wait()

    def unwatch(self, topic: Topic) -> None:
        """See ``Bus``."""
        self._watched[topic] -= 1
        if self._watched[topic] > 0:
            return
        del self._watched[topic]
        name = _name(topic)
        self._names.pop(name, None)
        self._confirmed.pop(name, None)
        self._sequences.pop(topic, None)
        repair = self._repairs.pop(topic, None)
        if repair is not None:
            repair.cancel()
        task = asyncio.get_running_loop().create_task(self._leave(name))
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)

    # In ------------------------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        """Read from one subscription until it breaks."""
        pubsub = self._redis.pubsub()
        try:
            async with self._speaking:
                await pubsub.subscribe(_LIFELINE, *self._names)
                self._pubsub = pubsub
            self._connected.set()
            for topic in list(self._sequences):
                self._read_log(topic)  # What came while nobody listened.
            silent = False
            while True:
                message = await pubsub.get_message(timeout=SILENCE_SECONDS)
                if message is not None:
                    silent = False
                    self._heard(message)
                elif silent:
                    raise TimeoutError
                else:
                    silent = True
                    await self._tell("ping")
        finally:
            self._pubsub = None
            await pubsub.aclose()  # type: ignore[no-untyped-call] # redis leaves it without types

    def _heard(self, message: dict[str, Any]) -> None:
        name, kind = message["channel"], message["type"]
        topic = self._names.get(name)
        if kind == "subscribe" and topic is not None:
            again = self._confirmed[name].is_set()
            self._confirmed[name].set()
            if again and topic in self._sequences:
                self._read_log(topic)  # The library has reconnected by itself.
        if kind != "message" or topic is None:
            return
        try:
            node, number, body = _decode(message["data"])
            if node == self._node or number <= self._heard_from.get(node, 0):
                return
            self._heard_from[node] = number
            parcels = [Parcel(topic, position, self._unpack(packed)) for position, packed in body]
        except (msgspec.MsgspecError, ValueError):
            logger.warning("a message on Redis is of another version or not ours")
            return
        self._arrived(topic, parcels)

    def _arrived(self, topic: Topic, parcels: Iterable[Parcel[T]]) -> None:
        """Hand on what is in order; wait for what is missing."""
        if topic not in self._watched or self._deliver is None:
            return
        sequence = self._sequences.get(topic)
        ready = list(parcels) if sequence is None else sequence.take(parcels)
        if ready:
            self._deliver(ready)
        if sequence is not None and sequence.gap is not None:
            self._read_log(topic, after_pause=self._hold)

    def _read_log(self, topic: Topic, *, after_pause: float = 0.0) -> None:
        if topic in self._repairs or self._sequences[topic].last is None:
            return
        task = asyncio.get_running_loop().create_task(self._repaired(topic, pause=after_pause))
        self._repairs[topic] = task

    async def _repaired(self, topic: Topic, *, pause: float) -> None:
        """Read what is missing from the log; whatever the log does not have either is no longer waited for."""
        sequence = self._sequences[topic]
        try:
            await asyncio.sleep(pause)
            if pause and sequence.gap is None:
                return
            after, until = sequence.gap or (sequence.last or 0, None)
            try:
                found = await self._repair(topic, after, until)
            except Exception:
                logger.exception("a gap could not be read from the log; clients will see it")
                found = []
            ready = [*sequence.take(found), *(sequence.give_up() if until is not None else [])]
            if ready and self._deliver is not None:
                self._deliver(ready)
        finally:
            watched = self._sequences.get(topic) is sequence
            if watched:
                self._repairs.pop(topic, None)
        if watched and sequence.gap is not None:
            self._read_log(topic, after_pause=self._hold)

    # Out -----------------------------------------------------------------------------------------------------------

    async def _send(self) -> None:
        """Publish what is waiting, many messages at a time; what failed is sent again."""
        while True:
            await self._to_send.wait()
            while waiting := list(islice(self._unsent, SENT_TOGETHER)):
                sending = self._redis.pipeline(transaction=False)
                for _, name, message in waiting:
                    sending.publish(name, message)
                await sending.execute()
                while self._unsent and self._unsent[0][0] <= waiting[-1][0]:
                    self._unsent.popleft()
            self._to_send.clear()

    async def _tell(self, command: str, *names: bytes) -> None:
        """Say something to Redis; while it is away, the next connection subscribes to everything anyway."""
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS), self._speaking:
                if self._pubsub is not None:
                    await getattr(self._pubsub, command)(*names)

    async def _leave(self, name: bytes) -> None:
        if name not in self._names:
            await self._tell("unsubscribe", name)


def _name(topic: Topic) -> bytes:
    """The channel of a topic; no two topics share one."""
    return b"imagechat:" + msgspec.json.encode(topic)


async def _steadily(step: Callable[[], Any]) -> None:
    """Do it again whenever Redis fails, after a growing pause."""
    pause = PAUSE_SECONDS[0]
    while True:
        begun = asyncio.get_running_loop().time()
        try:
            await step()
        except (RedisError, OSError, TimeoutError) as problem:
            logger.warning("Redis is away (%s); trying again in %.1f s", type(problem).__name__, pause)
        except Exception:
            logger.exception("the bus failed; trying again in %.1f s", pause)
        if asyncio.get_running_loop().time() - begun > PAUSE_SECONDS[1]:
            pause = PAUSE_SECONDS[0]
        await asyncio.sleep(pause)
        pause = min(PAUSE_SECONDS[1], pause * 2)
