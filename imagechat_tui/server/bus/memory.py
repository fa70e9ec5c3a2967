"""The bus of a single node: what is published is delivered in the same call, nothing is copied or encoded."""

from collections import Counter
from collections.abc import Sequence
from typing import Generic, TypeVar

from imagechat_tui.server.bus.port import Deliver, Missed, Parcel, Topic, nobody

T = TypeVar("T")


class MemoryBus(Generic[T]):
    """A ``Bus`` without a broker."""

    def __init__(self) -> None:
        self._watched: Counter[Topic] = Counter()
        self._deliver: Deliver[T] | None = None

    async def open(self, deliver: Deliver[T], missed: Missed = nobody) -> None:  # noqa: ARG002 - it loses nothing
        """See ``Bus``."""
        self._deliver = deliver

    async def close(self) -> None:
        """See ``Bus``."""
        self._deliver = None

    def wants(self, topic: Topic) -> bool:
        """See ``Bus``."""
        return topic in self._watched

    def publish(self, parcels: Sequence[Parcel[T]]) -> None:
        """See ``Bus``."""
        if self._deliver is None:
            return
        watched = [parcel for parcel in parcels if parcel.topic in self._watched]
        if watched:
            self._deliver(watched)

    def whisper(self, parcel: Parcel[T]) -> None:
        """See ``Bus``."""
        self.publish([parcel])

    async def watch(self, topic: Topic) -> None:
        """See ``Bus``."""
        self._watched[topic] += 1

    def unwatch(self, topic: Topic) -> None:
        """See ``Bus``."""
        self._watched[topic] -= 1
        if self._watched[topic] <= 0:
            del self._watched[topic]
