"""All servers of one Redis as the bus sees it: every name is on the wire to the server that has it.

A single server has all names. In a cluster each server has those of its slots, and they move: what is listened to and
what is still to be sent then goes to the wire of the new owner. A server that is away holds up no names of others.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final

from imagechat_tui.server.bus.broker import ALONE, PAUSE_SECONDS, Broker, steadily
from imagechat_tui.server.bus.wire import SENT_TOGETHER, WATCH_SECONDS, Ears, Listening, Message, Wire

LOOK_SECONDS: Final = 40.0
"""How often a cluster is asked who owns what when nothing seems to have moved."""

LOOK_SOON_SECONDS: Final = 1.0
"""The same, while something that is listened to is not confirmed."""


class Wires:
    """The ways to every server of one Redis."""

    def __init__(
        self,
        broker: Broker,
        *,
        lifeline: bytes,
        heard: Callable[[bytes, bytes], None],
        lost: Callable[[Collection[bytes]], None],
    ) -> None:
        """Make them; ``open`` connects.

        Args:
            broker: The way to Redis.
            lifeline: A name that every node listens to: there always is a subscription to read from, and who dropped
                messages can tell all.
            heard: Takes a name and what was published there.
            lost: Takes names of which something may have been missed.
        """
        self._broker, self._lifeline = broker, lifeline
        self._heard, self._lost = heard, lost
        self._names: dict[bytes, Listening] = {}
        """All that is listened to; each is on one wire as well."""
        self._by_owner: dict[str, Wire] = {}
        self._owner = broker.owners()
        self._astray = asyncio.Event()
        self._ears = Ears(heard=self._hear, lost=lost, dropped=self._dropped, astray=self._astray.set)
        # Keeps what belongs to no server that is known; never started.
        self._nowhere = Wire(broker.server(ALONE), self._ears, sharded=False)
        self._nowhere.away = True
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Start to connect; return when it is done, or after a moment."""
        self._start(steadily(self._follow), self._tasks)
        lifeline = self._names[self._lifeline] = self._nowhere.names[self._lifeline] = Listening()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS):
                await lifeline.confirmed.wait()

    async def close(self) -> None:
        """Let go of everything."""
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks, timeout=0.2)
        await asyncio.gather(*(wire.close() for wire in (self._nowhere, *self._by_owner.values())), *self._closing)
        await self._broker.close()

    @property
    def listens(self) -> bool:
        """Whether there is a subscription to every server from which something is wanted."""
        return not self._nowhere.names and all(wire.listens for wire in self._by_owner.values() if wire.names)

    async def listen(self, name: bytes) -> None:
        """Listen to a name; where its server answers, everything is heard that is published after the return."""
        listening = self._names.get(name)
        if listening is None:
            listening = self._names[name] = Listening()
            await self._wire(name).listen({name: listening})
        if not self._wire(name).away:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WATCH_SECONDS):
                    await listening.confirmed.wait()
        listening.relied_on = True

    def leave(self, name: bytes) -> None:
        """Listen to a name no longer."""
        self._names.pop(name, None)
        for wire in (self._nowhere, *self._by_owner.values()):
            if wire.names.pop(name, None) is not None:
                self._start(wire.leave([name]), self._tasks)

    def send(self, name: bytes, data: bytes) -> None:
        """Publish it soon; what is sent to one name arrives in order."""
        self._wire(name).put(Message(name, data))

    def whisper(self, name: bytes, data: bytes) -> None:
        """Publish it now or never: nothing is kept for a server that is away or slow."""
        wire = self._wire(name)
        if not wire.away and len(wire.unsent) < SENT_TOGETHER:
            wire.put(Message(name, data))

    async def sent(self) -> None:
        """Return once everything is on its way, or Redis has had a moment for it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS):
                await asyncio.gather(*(wire.sent() for wire in self._by_owner.values()))

    async def _follow(self) -> None:
        """Keep every name on the wire to its owner, wherever that is."""
        await self._broker.know()
        while True:
            self._astray.clear()
            await self._sort()
            unsure = not all(listening.confirmed.is_set() for listening in self._names.values())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SOON_SECONDS if unsure else LOOK_SECONDS):
                    await self._astray.wait()
            await asyncio.sleep(PAUSE_SECONDS[0])
            await self._broker.look_again()

    async def _sort(self) -> None:
        """Move everything to the wire of its present owner; ask again for what is not confirmed."""
        # From one moment to the next, so that nothing that is sent meanwhile overtakes what has waited longer.
        self._owner = self._broker.owners()
        left = [(wire, self._move(wire)) for wire in (self._nowhere, *self._by_owner.values())]
        unused = [owner for owner, wire in self._by_owner.items() if not wire.names and not wire.unsent]
        for wire in [self._by_owner.pop(owner) for owner in unused]:
            if wire.overflowed:
                self._dropped()
            self._start(wire.close(), self._closing)
        await asyncio.gather(
            *(wire.leave(names) for wire, names in left if names),
            *(wire.listen(wire.unconfirmed()) for wire in self._by_owner.values()),
        )

    def _move(self, wire: Wire) -> list[bytes]:
        """Take from a wire what belongs to others; the names that are no longer on it."""
        names = [name for name in wire.names if self._wire(name) is not wire]
        for name in names:
            listening = wire.names.pop(name)
            listening.confirmed.clear()
            self._wire(name).names[name] = listening
        for message in wire.take(lambda message: self._wire(message.name) is not wire):
            self._wire(message.name).put(message)
        return names

    def _wire(self, name: bytes) -> Wire:
        owner = self._owner(name)
        if owner is None:
            return self._nowhere
        wire = self._by_owner.get(owner)
        if wire is None:
            wire = Wire(self._broker.server(owner), self._ears, sharded=self._broker.sharded)
            self._by_owner[owner] = wire
            wire.start()
        return wire

    def _hear(self, name: bytes, data: bytes) -> None:
        if name == self._lifeline:
            self._lost(list(self._names))
        else:
            self._heard(name, data)

    def _dropped(self) -> None:
        self.send(self._lifeline, b"some were dropped")

    def _start(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[Any]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)
