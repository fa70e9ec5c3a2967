"""The keep-alive of all sockets by one timer: a ring of slots, each visited once per interval; sends nothing itself.

A socket gets a random slot, so that sockets which came together are not pinged together. Without sockets there is no
timer; empty slots are stepped over.
"""

import asyncio
import random
from typing import Final, Protocol

SLOTS: Final = 40
"""Pings of one interval are spread over so many moments."""


class Beating(Protocol):
    """A socket as the ring knows it."""

    def beat(self) -> None:
        """One interval has passed: ping the peer, or end the socket, if it has been silent."""


class Pulse:
    """The ring. Moments are counted in steps of the loop's clock, so arrivals do not shift them.

    Time in which the process did not run is taken out of that count: nobody is asked twice without time to answer.
    """

    def __init__(self, *, interval: float) -> None:
        """``interval``: seconds between two beats of a socket."""
        self._step = interval / SLOTS
        self._slots: list[set[Beating]] = [set() for _ in range(SLOTS)]
        self._done = 0
        self._due = 0
        self._lost = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, socket: Beating) -> int:
        """Beat for this socket from now on; the slot it got is what ``remove`` needs."""
        slot = random.randrange(SLOTS)  # noqa: S311 - spreads load, hides nothing
        self._slots[slot].add(socket)
        self._schedule()
        return slot

    def remove(self, socket: Beating, slot: int) -> None:
        """Forget the socket."""
        self._slots[slot].discard(socket)
        if self._timer is not None and not any(self._slots):
            self._timer.cancel()
            self._timer = None

    def _schedule(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._done = max(self._done, int((loop.time() - self._lost) / self._step))
        due = next((step for step in range(self._done + 1, self._done + SLOTS + 1) if self._slots[step % SLOTS]), None)
        if due is None or (self._timer is not None and self._due <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._due = due
        self._timer = loop.call_at(due * self._step + self._lost, self._beat)

    def _beat(self) -> None:
        late = asyncio.get_running_loop().time() - self._lost - self._due * self._step
        if late > self._step:
            self._lost += late
        self._done = self._due
        for socket in list(self._slots[self._done % SLOTS]):
            socket.beat()
        self._timer = None
        self._schedule()
