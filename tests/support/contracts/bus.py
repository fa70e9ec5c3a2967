"""What every bus keeps: one suite, played with two nodes; a bus of a single node is both of them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from imagechat_tui.server.bus.port import Bus, Parcel, Topic

PATIENCE = 5.0
BOARD = Topic("board", "acme", "page")
CHANNEL = Topic("channel", "acme", "page")


@dataclass
class Node:
    """One end of a bus, and what came out of it."""

    bus: Bus[str]
    got: list[Parcel[str]] = field(default_factory=list)
    missed: list[Topic] = field(default_factory=list)

    async def open(self) -> "Node":
        """Start to remember what is delivered."""
        await self.bus.open(self.take, self.missed.extend)
        return self

    def take(self, parcels: Sequence[Parcel[str]]) -> None:
        """Remember."""
        self.got.extend(parcels)

    @property
    def bodies(self) -> list[str]:
        """What was delivered, in order."""
        return [parcel.body for parcel in self.got]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true, or fail."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - any condition, not one that somebody announces
                await asyncio.sleep(0.005)


def parcel(body: str, *, position: int | None = None, topic: Topic = CHANNEL) -> Parcel[str]:
    """A parcel."""
    return Parcel(topic, position, body)


class BusContract:
    """Subclasses give the fixture ``nodes``: a writing node and a listening one, open, possibly the same."""

    async def test_what_is_published_reaches_who_watches_in_order(self, nodes: tuple[Node, Node]) -> None:
        writer, listener = nodes
        await listener.bus.watch(CHANNEL)
        writer.bus.publish([parcel("a"), parcel("b")])
        writer.bus.publish([parcel("c")])
        await listener.until(lambda: len(listener.got) >= 3)
        assert listener.got == [parcel("a"), parcel("b"), parcel("c")]

    async def test_a_watch_holds_from_the_moment_it_returns(self, nodes: tuple[Node, Node]) -> None:
        writer, listener = nodes
        await asyncio.gather(*(listener.bus.watch(Topic("channel", "acme", f"p{number}")) for number in range(20)))
        writer.bus.publish([parcel("now", topic=Topic("channel", "acme", f"p{number}")) for number in range(20)])
        await listener.until(lambda: len(listener.got) == 20)

    async def test_topics_are_apart(self, nodes: tuple[Node, Node]) -> None:
        writer, listener = nodes
        await listener.bus.watch(BOARD)
        others = [
            CHANNEL,
            Topic("board", "other", "page"),
            Topic("board", "acme", "page:2"),
            Topic("board", "acme:page", ""),
        ]
        writer.bus.publish([parcel("x", topic=topic) for topic in others])
        writer.bus.publish([parcel("mine", topic=BOARD, position=1)])
        await listener.until(lambda: bool(listener.got))
        assert listener.bodies == ["mine"]

    async def test_watching_is_counted(self, nodes: tuple[Node, Node]) -> None:
        writer, listener = nodes
        await listener.bus.watch(CHANNEL)
        await listener.bus.watch(CHANNEL)
        listener.bus.unwatch(CHANNEL)
        writer.bus.publish([parcel("still")])
        await listener.until(lambda: listener.bodies == ["still"])
        listener.bus.unwatch(CHANNEL)
        other = Topic("channel", "acme", "other")
        await listener.bus.watch(other)
        writer.bus.publish([parcel("gone"), parcel("there", topic=other)])
        await listener.until(lambda: len(listener.got) >= 2)
        assert listener.bodies == ["still", "there"]

    async def test_a_topic_can_be_watched_again(self, nodes: tuple[Node, Node]) -> None:
        writer, listener = nodes
        for position in (1, 7):
            await listener.bus.watch(BOARD)
            writer.bus.publish([parcel(f"e{position}", topic=BOARD, position=position)])
            await listener.until(lambda position=position: f"e{position}" in listener.bodies)  # type: ignore[misc] # binds the loop's value
            listener.bus.unwatch(BOARD)
        assert listener.bodies == ["e1", "e7"]

    async def test_what_a_node_publishes_is_with_its_own_watchers_before_the_call_returns(
        self, nodes: tuple[Node, Node]
    ) -> None:
        writer, _ = nodes
        await writer.bus.watch(BOARD)
        writer.bus.publish([parcel("at once", topic=BOARD, position=1)])
        assert writer.bodies == ["at once"]

    async def test_a_whisper_reaches_who_watches_once_and_needs_no_position(self, nodes: tuple[Node, Node]) -> None:
        writer, listener = nodes
        await listener.bus.watch(BOARD)
        writer.bus.publish([parcel("e1", topic=BOARD, position=1)])
        writer.bus.whisper(parcel("psst", topic=BOARD))
        writer.bus.publish([parcel("e2", topic=BOARD, position=2)])
        await listener.until(lambda: len(listener.got) >= 3)
        assert listener.bodies == ["e1", "psst", "e2"]

    async def test_a_watched_topic_is_wanted(self, nodes: tuple[Node, Node]) -> None:
        _, listener = nodes
        await listener.bus.watch(BOARD)
        assert listener.bus.wants(BOARD)

    async def test_a_closed_bus_delivers_nothing(self, nodes: tuple[Node, Node]) -> None:
        writer, _ = nodes
        await writer.bus.watch(CHANNEL)
        await writer.bus.close()
        writer.bus.publish([parcel("late")])
        assert writer.got == []
