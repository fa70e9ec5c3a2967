"""Puts one board's parcels in order of position again; sans-I/O: it says when it waits, others keep the time.

A parcel that comes too early is held until the missing ones are there or are given up. Whoever gives up may have read
the log meanwhile; what is missing even then is left to the receivers, who see the gap themselves.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

from imagechat_tui.server.bus.port import Parcel

T = TypeVar("T")


class Sequence(Generic[T]):
    """The order of one board topic."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._next = 0
        self._held: dict[int, Parcel[T]] = {}

    @property
    def last(self) -> int | None:
        """The last position handed on without a hole before it; ``None`` before there is a first one."""
        return None if self._first is None else self._next - 1

    @property
    def gap(self) -> tuple[int, int] | None:
        """While parcels are held: the position before the first missing one, and the last missing one."""
        return (self._next - 1, min(self._held) - 1) if self._held else None

    def start(self, last: int) -> None:
        """Everything up to ``last`` is known to those who receive; means nothing once something has come."""
        if self._first is None:
            self._first = self._next = last + 1

    def skip_to(self, last: int) -> list[Parcel[T]]:
        """Wait for nothing up to ``last`` any longer; what can be handed on now."""
        self._next = max(self._next, last + 1)
        self._held = {position: parcel for position, parcel in self._held.items() if position >= self._next}
        return list(self._connected())

    def take(self, parcels: Iterable[Parcel[T]]) -> list[Parcel[T]]:
        """Take parcels in; those that can be handed on now, in order. Repetitions are dropped."""
        ready: list[Parcel[T]] = []
        for parcel in parcels:
            position = parcel.position
            if position is None:
                ready.append(parcel)
            elif self._first is None:
                self._first, self._next = position, position + 1
                ready.append(parcel)
            elif position < self._first:
                ready.append(parcel)  # Older than where this node began to listen: a late brother of the first one.
            elif position >= self._next:
                self._held[position] = parcel
                ready.extend(self._connected())
        return ready

    def give_up(self) -> list[Parcel[T]]:
        """Wait no longer for what is missing before the first held parcel; what can be handed on now."""
        if not self._held:
            return []
        self._next = min(self._held)
        return list(self._connected())

    def _connected(self) -> Iterable[Parcel[T]]:
        while self._next in self._held:
            yield self._held.pop(self._next)
            self._next += 1
