"""The bus between nodes, over Redis or Valkey publish/subscribe; the only module that knows them.

What this node publishes reaches its own rooms directly, so they stay live while Redis is away. What Redis loses is
found by positions and read from the log. Nobody who publishes or watches waits for Redis longer than a moment.
"""

import asyncio
import contextlib
import logging
import random
import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterable
from collections.abc import Sequence as Many
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import msgspec
from redis.exceptions import RedisError

from imagechat_tui.server.bus.broker import reach, steadily
from imagechat_tui.server.bus.port import Deliver, Log, Missed, Parcel, Topic, nobody
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
"""Messages kept while Redis is slow or away. Older ones are dropped, and all nodes told to look into the log."""

SENT_TOGETHER: Final = 200

SILENCE_SECONDS: Final = 15.0
"""After so long without a word Redis is asked for a sign of life, and after twice that given up."""

CHECK_SECONDS: Final = 40.0
"""How often positions are compared with the log: finds a last event that was lost, when no next one shows the gap."""

_LIFELINE: Final = b"nodes"
"""A channel that every node listens to, so that there always is a subscription to read from."""

Message = tuple[str, int, list[tuple[int | None, bytes]]]
"""Which node, its how manieth message, and the parcels of one topic. A message that was sent twice is taken once."""

_encode = msgspec.msgpack.Encoder().encode
_decode: Callable[[bytes], Message] = msgspec.msgpack.Decoder(Message).decode


class RedisBus(Generic[T]):
    """A ``Bus`` that joins the nodes of one Redis."""

    def __init__(  # noqa: PLR0913 - all but the address by name, most of them with a usual value
        self,
        url: str,
        *,
        pack: Callable[[T], bytes],
        unpack: Callable[[bytes], T],
        log: Log[T] | None = None,
        realm: str = "",
        hold_seconds: float = HOLD_SECONDS,
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        """Make it; ``open`` connects.

        Args:
            url: See ``broker.reach``.
            pack: A body as bytes.
            unpack: The body back; may raise for bytes of another version.
            log: Where the parcels of boards are kept; without one there are no board topics.
            realm: Keeps several buses over one Redis apart.
            hold_seconds: How long to wait for missing positions before the log is read.
            check_seconds: How often positions are compared with the log.
        """
        self._redis, space = reach(url)
        self._space = space + (realm.encode() + b":" if realm else b"")
        self._pubsub: PubSub | None = None
        self._speaking = asyncio.Lock()  # A subscription takes one command at a time.
        self._pack, self._unpack, self._log = pack, unpack, log
        self._hold, self._check = hold_seconds, check_seconds
        self._node = secrets.token_urlsafe(9)
        self._deliver: Deliver[T] | None = None
        self._missed: Missed = nobody
        self._watched: Counter[Topic] = Counter()
        self._names: dict[bytes, Topic] = {}
        self._confirmed: dict[bytes, asyncio.Event] = {}
        self._sequences: dict[Topic, Sequence[T]] = {}
        self._repairs: dict[Topic, asyncio.Task[None]] = {}
        self._unsent: deque[tuple[int, bytes, bytes]] = deque(maxlen=UNSENT_MESSAGES)
        self._overflowed = False
        self._number = 0
        self._heard_from: dict[str, int] = {}
        self._to_send = asyncio.Event()
        self._connected = asyncio.Event()
        self._to_check = asyncio.Event()
        self._emptied = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []

    async def open(self, deliver: Deliver[T], missed: Missed = nobody) -> None:
        """See ``Bus``."""
        self._deliver, self._missed = deliver, missed
        steps = (self._listen, self._send) if self._log is None else (self._listen, self._send, self._compare)
        self._tasks = [asyncio.create_task(steadily(step)) for step in steps]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS):
                await self._connected.wait()

    async def close(self) -> None:
        """See ``Bus``."""
        await self._sent()
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
            self._overflowed = self._overflowed or len(self._unsent) == UNSENT_MESSAGES
            self._unsent.append((self._number, self._name(topic), _encode((self._node, self._number, body))))
            self._arrived(topic, group)
        if self._unsent:
            self._to_send.set()

    async def watch(self, topic: Topic) -> None:
        """See ``Bus``."""
        self._watched[topic] += 1
        name = self._name(topic)
        if self._watched[topic] == 1:
            self._names[name] = topic
            self._confirmed[name] = asyncio.Event()
            if topic.kind == "board":
                self._sequences[topic] = Sequence()
            await self._tell("subscribe", name)
        confirmed = self._confirmed[name]
        if self._pubsub is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WATCH_SECONDS):
                    await confirmed.wait()
        await self._begin(topic)

    async def _begin(self, topic: Topic) -> None:
        """Find out where a board is now: whoever watches from here on reads what came before from the log."""
        sequence = self._sequences.get(topic)
        if self._log is None or sequence is None or sequence.last is not None:
            return
        try:
            heads = await self._log.heads([topic])
        except Exception as problem:  # noqa: BLE001 - whoever watches is told by the database's own answers
            logger.warning("where a board is could not be read (%s)", type(problem).__name__)
        else:
            sequence.start(heads.get(topic, 0))

    def unwatch(self, topic: Topic) -> None:
        """See ``Bus``."""
        self._watched[topic] -= 1
        if self._watched[topic] > 0:
            return
        del self._watched[topic]
        name = self._name(topic)
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
        for confirmed in self._confirmed.values():
            confirmed.clear()
        try:
            async with self._speaking:
                lost = [topic for topic in self._watched if topic.kind == "channel"]
                await pubsub.subscribe(self._space + _LIFELINE, *self._names)
                self._pubsub = pubsub
            self._connected.set()
            self._lost_some(lost)  # What came while nobody listened.
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
        if kind == "message" and name == self._space + _LIFELINE:
            self._lost_some([one for one in self._watched if one.kind == "channel"])
        if kind == "subscribe" and topic is not None:
            again = self._confirmed[name].is_set()
            self._confirmed[name].set()
            if again:
                self._lost_some([topic] if topic.kind == "channel" else [])  # The library has reconnected by itself.
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

    def _lost_some(self, channels: Many[Topic]) -> None:
        """Nobody listened for a while: boards are compared with the log, channels have no positions to compare."""
        self._to_check.set()
        watched = [topic for topic in channels if topic in self._watched]
        if watched and self._log is not None:
            self._missed(watched)

    async def _compare(self) -> None:
        """Compare positions with the log now and then, and at once when something may have been lost."""
        while True:
            with contextlib.suppress(TimeoutError):
                # Nodes that were started together do not ask together.
                async with asyncio.timeout(self._check * random.uniform(0.9, 1.0)):  # noqa: S311 - spreads load
                    await self._to_check.wait()
            self._to_check.clear()
            if self._log is None or not self._sequences:
                continue
            try:
                heads = await self._log.heads(list(self._sequences))
            except Exception as problem:  # noqa: BLE001 - the next comparison finds the same
                logger.warning("positions could not be compared with the log (%s)", type(problem).__name__)
                self._to_check.set()
                await asyncio.sleep(min(self._check, WATCH_SECONDS))
                continue
            for topic, head in heads.items():
                sequence = self._sequences.get(topic)
                if sequence is not None and sequence.last is not None and sequence.last < head:
                    self._read_log(topic, until=head)

    def _read_log(self, topic: Topic, *, after_pause: float = 0.0, until: int | None = None) -> None:
        if topic in self._repairs or self._sequences[topic].last is None:
            return
        task = asyncio.get_running_loop().create_task(self._repaired(topic, pause=after_pause, until=until))
        self._repairs[topic] = task

    async def _repaired(self, topic: Topic, *, pause: float, until: int | None) -> None:
        """Read what is missing from the log; whatever the log does not have either is no longer waited for."""
        sequence = self._sequences[topic]
        try:
            await asyncio.sleep(pause)
            gap = sequence.gap
            up_to = until or (gap[1] if gap else 0)
            while self._deliver is not None and (last := sequence.last or 0) < up_to:
                ready, away = await self._found(topic, sequence, last, up_to)
                if ready:
                    self._deliver(ready)
                if away or sequence.last == last:
                    self._give_up(topic, sequence, up_to, away=away)
                    break
        finally:
            watched = self._sequences.get(topic) is sequence
            if watched:
                self._repairs.pop(topic, None)
        if watched and sequence.gap is not None:
            self._read_log(topic, after_pause=self._hold)

    async def _found(self, topic: Topic, sequence: Sequence[T], last: int, up_to: int) -> tuple[list[Parcel[T]], bool]:
        """What can be handed on after a look into the log, and whether the log is away."""
        assert self._log is not None  # noqa: S101 - there are no board topics without a log
        try:
            return sequence.take(await self._log.missing(topic, last, up_to)), False
        except Exception:
            logger.exception("a gap could not be read from the log; clients will see it")
            return [], True

    def _give_up(self, topic: Topic, sequence: Sequence[T], up_to: int, *, away: bool) -> None:
        """The log does not have it, or is away: who waits for more than a gap shows is told to look."""
        if sequence.gap is not None:
            ready = sequence.give_up()
            if ready and self._deliver is not None:
                self._deliver(ready)
        elif not away:
            sequence.skip_to(up_to)
            self._missed([topic])

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
                self._emptied.set()
            if self._overflowed:
                await self._redis.publish(self._space + _LIFELINE, b"some were dropped")
                self._overflowed = False
            self._to_send.clear()

    async def _sent(self) -> None:
        """Return once everything is on its way, or Redis has had a moment for it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS):
                while self._unsent and self._pubsub is not None:
                    self._emptied.clear()
                    await self._emptied.wait()

    async def _tell(self, command: str, *names: bytes) -> None:
        """Say something to Redis; while it is away, the next connection subscribes to everything anyway."""
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS), self._speaking:
                if self._pubsub is not None:
                    await getattr(self._pubsub, command)(*names)

    async def _leave(self, name: bytes) -> None:
        if name not in self._names:
            await self._tell("unsubscribe", name)

    def _name(self, topic: Topic) -> bytes:
        """The channel of a topic; no two topics share one."""
        return self._space + msgspec.json.encode(topic)
