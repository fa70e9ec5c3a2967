"""What is wanted and what waits go along when a name moves to another server; nothing here connects."""

from collections.abc import AsyncIterator, Callable

import pytest
from redis.asyncio import Redis

from imagechat_tui.server.bus import wire
from imagechat_tui.server.bus.broker import Broker
from imagechat_tui.server.bus.wires import Wires


class Places(Broker):
    """A cluster of which nobody answers, and which says what the test wants."""

    def __init__(self) -> None:
        super().__init__("redis://127.0.0.1:1", b"")
        self.places: dict[bytes, str] = {}

    def owners(self) -> Callable[[bytes], str | None]:
        """As they are now."""
        return dict(self.places).get

    def server(self, owner: str) -> Redis:  # noqa: ARG002 - nobody answers anywhere
        """Somebody who is not there."""
        return Redis.from_url("redis://127.0.0.1:1")


@pytest.fixture
async def places() -> Places:
    """Two names, and the one of the lifeline, on one server."""
    made = Places()
    made.places = {b"a": "one", b"b": "one", b"nodes": "one"}
    return made


@pytest.fixture
async def wires(places: Places) -> AsyncIterator[Wires]:
    """The ways there."""
    made = Wires(places, lifeline=b"nodes", heard=lambda _name, _data: None, lost=lambda _names: None)
    await made._sort()
    yield made
    await made.close()


def waiting(wires: Wires, owner: str) -> list[bytes]:
    """What is to be sent to a server."""
    return [message.data for message in wires._by_owner[owner].unsent]


async def test_nothing_that_is_sent_later_overtakes_what_moves(wires: Wires, places: Places) -> None:
    """Receivers take a message that comes after a younger one for a repetition."""
    for name, data in ((b"a", b"1"), (b"b", b"x"), (b"a", b"2")):
        wires.send(name, data)
    places.places[b"a"] = "two"
    wires.send(b"a", b"3")
    await wires._sort()
    wires.send(b"a", b"4")
    assert waiting(wires, "two") == [b"1", b"2", b"3", b"4"]
    assert waiting(wires, "one") == [b"x"]


async def test_a_name_without_a_server_waits_for_one(wires: Wires, places: Places) -> None:
    """A slot that nobody serves for a while."""
    del places.places[b"a"]
    await wires._sort()
    await wires.listen(b"a")
    wires.send(b"a", b"1")
    places.places[b"a"] = "two"
    await wires._sort()
    assert list(wires._by_owner["two"].names) == [b"a"]
    assert waiting(wires, "two") == [b"1"]


async def test_what_was_dropped_before_it_moved_is_made_known(
    wires: Wires, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wire that dropped it ends; the news of it does not."""
    monkeypatch.setattr(wire, "UNSENT_MESSAGES", 2)
    places.places[b"a"] = "two"
    await wires._sort()
    for data in (b"1", b"2", b"3"):
        wires.send(b"a", data)
    places.places[b"a"] = "one"
    await wires._sort()
    assert waiting(wires, "one")[-1] == b"some were dropped"
