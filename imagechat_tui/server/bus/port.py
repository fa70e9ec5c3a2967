"""What the hub needs of a bus: hand parcels in, get those of watched topics out, in order of position.

A bus may lose what it carries between nodes; positions show the loss, and whoever sees a gap reads the log. It never
looks into a parcel and never waits for a receiver.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

T = TypeVar("T")


class Topic(NamedTuple):
    """What a node watches: one channel of the contract, or a whole board with its threads."""

    kind: Literal["channel", "board"]
    tenant: str
    key: str
    """The channel's ``urlId``, or the board's."""


class Parcel(NamedTuple, Generic[T]):
    """One event on its way to one topic."""

    topic: Topic
    position: int | None
    """On a board topic: counts 1, 2, 3 ... without gaps. On a channel topic there is none."""
    body: T


Deliver = Callable[[Sequence[Parcel[T]]], None]
"""Takes parcels of watched topics, on the event loop; never blocks and never raises."""

Missed = Callable[[Collection[Topic]], None]
"""Takes topics of which something was lost that no log read here gives back: their viewers have to look for it."""


class Log(Protocol[T]):
    """Where a bus finds what it has lost."""

    async def missing(self, topic: Topic, after: int, until: int) -> Sequence[Parcel[T]]:
        """The parcels of a board topic after the first position and up to the second; fewer when there are many."""

    async def heads(self, topics: Collection[Topic]) -> Mapping[Topic, int]:
        """The last position of each of these board topics that exists."""


def nobody(_topics: Collection[Topic]) -> None:
    """Nobody looks for what was lost."""


class Bus(Protocol[T]):
    """Between the writer and the rooms; everything is called on one event loop."""

    async def open(self, deliver: Deliver[T], missed: Missed = nobody) -> None:
        """Start to deliver, and to tell what was missed.

        A bus that cannot reach its broker starts all the same, and keeps trying.
        """

    async def close(self) -> None:
        """Deliver nothing any longer and let go of everything."""

    def wants(self, topic: Topic) -> bool:
        """Whether anybody may be watching; a parcel of other topics need not be made."""

    def publish(self, parcels: Sequence[Parcel[T]]) -> None:
        """Hand over what was committed, in order. What this node watches is delivered before this returns."""

    def whisper(self, parcel: Parcel[T]) -> None:
        """Hand over what is worth nothing later: other nodes get it now or never. It has no position."""

    async def watch(self, topic: Topic) -> None:
        """Deliver this topic from now on; counted, so every ``watch`` needs its ``unwatch``."""

    def unwatch(self, topic: Topic) -> None:
        """One watcher less."""
