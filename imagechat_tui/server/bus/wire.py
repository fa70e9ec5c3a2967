"""One Redis server's part of the bus: what it is listened to for, and what waits to be sent to it.

A name is listened to again after every loss of the connection, and whoever relied on it is told. Which server a name
belongs to is not decided here.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from redis.asyncio import Redis
from redis.crc import key_slot
from redis.exceptions import MovedError

from imagechat_tui.server.bus.broker import AWAY, steadily

if TYPE_CHECKING:
    from redis.asyncio.client import PubSub

WATCH_SECONDS: Final = 1.0
"""How long a viewer waits for Redis to confirm a subscription; without it the log has to make up for more."""

UNSENT_MESSAGES: Final = 10_000
"""Messages kept while Redis is slow or away. Older ones are dropped, and all nodes told to look into the log."""

SENT_TOGETHER: Final = 200

SILENCE_SECONDS: Final = 15.0
"""After so long without a word Redis is asked for a sign of life, and after twice that given up."""


_SAID: Final = frozenset({"message", "smessage"})
_BEGUN: Final = frozenset({"subscribe", "ssubscribe"})


class Message(NamedTuple):
    """What is published, and where."""

    name: bytes
    data: bytes


@dataclass(slots=True)
class Listening:
    """How it stands with one name that is listened to."""

    confirmed: asyncio.Event = field(default_factory=asyncio.Event)
    relied_on: bool = False
    """Somebody counts on hearing everything: a confirmation now means that something may have been lost."""


@dataclass(kw_only=True, frozen=True)
class Ears:
    """Who is told what comes of it."""

    heard: Callable[[bytes, bytes], None]
    """A name, and what was published there."""
    lost: Callable[[Collection[bytes]], None]
    """Names of which something may have been missed; they are listened to again."""
    dropped: Callable[[], None]
    """More had to be sent than could be kept."""
    astray: Callable[[], None]
    """Something is not where it was, or does not answer."""


class Wire:
    """What one server is listened to for, and what waits to be sent to it."""

    def __init__(self, redis: Redis, ears: Ears, *, sharded: bool) -> None:
        self.names: dict[bytes, Listening] = {}
        self.unsent: deque[Message] = deque(maxlen=UNSENT_MESSAGES)
        self.overflowed = False
        self.away = False
        """Whether it is known not to answer: then nobody waits for it."""
        self.tasks: list[asyncio.Task[Any]] = []
        self._redis, self._ears = redis, ears
        self._sharded = sharded
        self._pubsub: PubSub | None = None
        self._speaking = asyncio.Lock()  # A subscription takes one command at a time.
        self._wanted = asyncio.Event()
        self._to_send = asyncio.Event()
        self._emptied = asyncio.Event()

    def start(self) -> None:
        """Connect, and stay connected while there is anything to hear."""
        self.tasks = [asyncio.create_task(steadily(step)) for step in (self._listen, self._send)]

    async def close(self) -> None:
        """End it; what was not sent stays in ``unsent``."""
        pending = set(self.tasks)
        while pending:  # The library may swallow a cancellation while it connects.
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=0.2)
        with contextlib.suppress(*AWAY):
            await self._redis.aclose()

    @property
    def listens(self) -> bool:
        """Whether there is a subscription to read from."""
        return self._pubsub is not None and self._pubsub.subscribed

    async def listen(self, names: dict[bytes, Listening]) -> None:
        """Listen to these as well; asking twice is fine."""
        self.names |= names
        if self.names:
            self._wanted.set()
        if names:
            await self._tell("subscribe", names)

    def unconfirmed(self) -> dict[bytes, Listening]:
        """Those of which the server has not said that it was understood."""
        return {name: listening for name, listening in self.names.items() if not listening.confirmed.is_set()}

    async def leave(self, names: Collection[bytes]) -> None:
        """Listen to these no longer."""
        await self._tell("unsubscribe", [name for name in names if name not in self.names])

    def put(self, message: Message) -> None:
        """Send it as soon as possible, after those before."""
        self.overflowed = self.overflowed or len(self.unsent) == self.unsent.maxlen
        self.unsent.append(message)
        self._to_send.set()

    def take(self, chosen: Callable[[Message], bool]) -> list[Message]:
        """Take back what was not sent, or not to the end."""
        taken = [message for message in self.unsent if chosen(message)]
        if taken:
            kept = [message for message in self.unsent if not chosen(message)]
            self.unsent.clear()
            self.unsent.extend(kept)
        return taken

    async def sent(self) -> None:
        """Return once everything is on its way, or the server is away."""
        while self.unsent and not self.away:
            self._emptied.clear()
            await self._emptied.wait()

    async def _listen(self) -> None:
        """Read from one subscription until it breaks, or nobody wants anything."""
        await self._wanted.wait()
        pubsub = self._redis.pubsub()
        for listening in self.names.values():
            listening.confirmed.clear()
        try:
            async with self._speaking:
                said: set[bytes] = set()
                while more := self.names.keys() - said:  # Some come while the connection is being made.
                    await self._say(pubsub, "subscribe", more)
                    said |= more
                self._pubsub = pubsub
            await self._read(pubsub)
        except BaseException:
            self._is_away()
            raise
        finally:
            self._pubsub = None
            if not self.names:
                self._wanted.clear()
            await pubsub.aclose()  # type: ignore[no-untyped-call] # redis leaves it without types

    async def _read(self, pubsub: "PubSub") -> None:
        silent = False
        while self.names:
            try:
                message = await pubsub.get_message(timeout=SILENCE_SECONDS)
            except MovedError:  # The answer to one subscription of many.
                self._ears.astray()
                continue
            if message is not None:
                silent = False
                self._heard(message)
            elif silent and self.names:
                raise TimeoutError
            else:
                silent = True
                await self._tell("ping")

    def _heard(self, message: dict[str, Any]) -> None:
        name, kind = message["channel"], message["type"]
        listening = self.names.get(name)
        if listening is None:
            return
        if kind in _SAID:
            self._ears.heard(name, message["data"])
        elif kind in _BEGUN:
            self.away = False
            # The answer to the same question asked twice means nothing.
            again = listening.relied_on and not listening.confirmed.is_set()
            listening.confirmed.set()
            listening.relied_on = True
            if again:
                self._ears.lost([name])
        elif kind == "sunsubscribe":  # The cluster has given the slot of this name to another server.
            listening.confirmed.clear()
            self._ears.astray()

    async def _send(self) -> None:
        """Publish what is waiting, many messages at a time; what failed is sent again."""
        try:
            while True:
                await self._to_send.wait()
                while waiting := list(islice(self.unsent, SENT_TOGETHER)):
                    sending = self._redis.pipeline(transaction=False)
                    publish = sending.spublish if self._sharded else sending.publish
                    for name, data in waiting:
                        publish(name, data)
                    await sending.execute()
                    for message in waiting:  # Some may have been dropped or taken elsewhere meanwhile.
                        if self.unsent and self.unsent[0] is message:
                            self.unsent.popleft()
                    self._emptied.set()
                self._to_send.clear()
                if self.overflowed:
                    self.overflowed = False
                    self._ears.dropped()
        except BaseException:
            self._ears.astray()
            raise

    def _is_away(self) -> None:
        self.away = True
        self._emptied.set()
        self._ears.astray()

    async def _tell(self, command: str, names: Collection[bytes] = ()) -> None:
        """Say something to Redis; while it is away, the next connection subscribes to everything anyway."""
        with contextlib.suppress(*AWAY):
            async with asyncio.timeout(WATCH_SECONDS), self._speaking:
                if self._pubsub is None:
                    return
                if command == "ping":
                    await self._pubsub.ping()
                else:
                    await self._say(self._pubsub, command, names)

    async def _say(self, pubsub: "PubSub", command: str, names: Collection[bytes]) -> None:
        """A cluster takes names of one slot together, a single server any."""
        groups: dict[int, list[bytes]] = {}
        for name in names:
            groups.setdefault(key_slot(name) if self._sharded else 0, []).append(name)
        for group in groups.values():
            await getattr(pubsub, f"s{command}" if self._sharded else command)(*group)
