"""The bus between nodes, over Redis or Valkey publish/subscribe, in a cluster by its shards.

What this node publishes reaches its own rooms directly, so they stay live while Redis is away. What Redis loses is
found by positions and read from the log. Nobody who publishes or watches waits for Redis longer than a moment.
"""

import asyncio
import contextlib
import logging
import random
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable
from collections.abc import Sequence as Many
from typing import Any, Final, Generic, TypeVar

import msgspec
from redis.crc import key_slot

from imagechat_tui.server.bus.broker import reach, steadily
from imagechat_tui.server.bus.port import Deliver, Log, Missed, Parcel, Topic, nobody
from imagechat_tui.server.bus.sequence import Sequence
from imagechat_tui.server.bus.wire import WATCH_SECONDS
from imagechat_tui.server.bus.wires import Wires

T = TypeVar("T")

logger = logging.getLogger(__name__)

HOLD_SECONDS: Final = 0.1
"""How long a parcel waits for its elder brothers before the log is read."""

CHECK_SECONDS: Final = 40.0
"""How often positions are compared with the log: finds a last event that was lost, when no next one shows the gap."""

REMEMBERED: Final = 100_000
"""Of so many pairs of a node and a slot the last message is known, some 20 MB; a restarted node is another one."""

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
        broker = reach(url)
        self._space = broker.space + (realm.encode() + b":" if realm else b"")
        self._wires = Wires(broker, lifeline=self._space + b"nodes", heard=self._heard, lost=self._lost)
        self._pack, self._unpack, self._log = pack, unpack, log
        self._hold, self._check = hold_seconds, check_seconds
        self._node = secrets.token_urlsafe(9)
        self._deliver: Deliver[T] | None = None
        self._missed: Missed = nobody
        self._watched: Counter[Topic] = Counter()
        self._names: dict[bytes, Topic] = {}
        self._sequences: dict[Topic, Sequence[T]] = {}
        self._repairs: dict[Topic, asyncio.Task[None]] = {}
        self._number = 0
        self._heard_from: OrderedDict[tuple[str, int], int] = OrderedDict()
        self._to_check = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []

    async def open(self, deliver: Deliver[T], missed: Missed = nobody) -> None:
        """See ``Bus``."""
        self._deliver, self._missed = deliver, missed
        if self._log is not None:
            self._tasks = [asyncio.create_task(steadily(self._compare))]
        await self._wires.open()

    async def close(self) -> None:
        """See ``Bus``."""
        await self._wires.sent()
        self._deliver = None
        pending: set[asyncio.Task[Any]] = {*self._tasks, *self._repairs.values()}
        while pending:  # The library may swallow a cancellation while it connects.
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=0.2)
        await self._wires.close()

    def wants(self, topic: Topic) -> bool:  # noqa: ARG002 - other nodes may watch anything
        """See ``Bus``."""
        return True

    def publish(self, parcels: Many[Parcel[T]]) -> None:
        """See ``Bus``."""
        by_topic: dict[Topic, list[Parcel[T]]] = {}
        for parcel in parcels:
            by_topic.setdefault(parcel.topic, []).append(parcel)
        for topic, group in by_topic.items():
            self._wires.send(self._name(topic), self._message(group))
            self._arrived(topic, group)

    def whisper(self, parcel: Parcel[T]) -> None:
        """See ``Bus``."""
        self._wires.whisper(self._name(parcel.topic), self._message([parcel]))
        self._arrived(parcel.topic, [parcel])

    def _message(self, group: Many[Parcel[T]]) -> bytes:
        self._number += 1
        return _encode((self._node, self._number, [(parcel.position, self._pack(parcel.body)) for parcel in group]))

    async def watch(self, topic: Topic) -> None:
        """See ``Bus``."""
        self._watched[topic] += 1
        name = self._name(topic)
        if self._watched[topic] == 1:
            self._names[name] = topic
            if topic.kind == "board":
                self._sequences[topic] = Sequence()
        await self._wires.listen(name)
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
        self._sequences.pop(topic, None)
        repair = self._repairs.pop(topic, None)
        if repair is not None:
            repair.cancel()
        self._wires.leave(name)

    # In ------------------------------------------------------------------------------------------------------------

    def _heard(self, name: bytes, message: bytes) -> None:
        topic = self._names.get(name)
        if topic is None:
            return
        try:
            node, number, body = _decode(message)
            if node == self._node or self._is_old(node, key_slot(name), number):
                return
            parcels = [Parcel(topic, position, self._unpack(packed)) for position, packed in body]
        except (msgspec.MsgspecError, ValueError):
            logger.warning("a message on Redis is of another version or not ours")
            return
        self._arrived(topic, parcels)

    def _is_old(self, node: str, slot: int, number: int) -> bool:
        """Whether a message has come before: those of one slot come in order, whatever way a cluster sends them."""
        if number <= self._heard_from.get((node, slot), 0):
            return True
        self._heard_from[node, slot] = number
        self._heard_from.move_to_end((node, slot))
        if len(self._heard_from) > REMEMBERED:
            self._heard_from.popitem(last=False)
        return False

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

    def _lost(self, names: Collection[bytes]) -> None:
        """Nobody listened for a while: boards are compared with the log, channels have no positions to compare."""
        self._to_check.set()
        topics = [self._names[name] for name in names if name in self._names]
        channels = [topic for topic in topics if topic.kind == "channel"]
        if channels and self._log is not None:
            self._missed(channels)

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

    def _name(self, topic: Topic) -> bytes:
        """The channel of a topic; no two topics share one."""
        return self._space + msgspec.json.encode(topic)
