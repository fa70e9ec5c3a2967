"""Who writes, told by a room: to viewers of whole boards only, gathered, and forgotten as soon as it is told."""

import asyncio

import pytest

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import TypingUpdate, Writer
from imagechat_tui.server.hub import Hub, HubSettings
from imagechat_tui.server.hub.room import WRITERS_TOLD
from tests.server.bus.test_redis import redis_url
from tests.server.live_world import BOARD, commented, member, news, pinned, until, world
from tests.server.test_hub import Looking, look, opened
from tests.server.test_hub_nodes import hubs
from tests.support.witness import frames

__all__ = ["hubs", "redis_url"]

ANN = Writer(user_id="acme:ann", user_name="Ann", chat_id="m1")


@pytest.fixture
async def hub() -> Hub:
    """A hub that delivers."""
    return await opened(HubSettings(batch_ms=30))


def told(one: Looking) -> list[TypingUpdate]:
    """Every frame about writers that somebody got."""
    found = (codec.decode_frame(text) for data in one.transport.writes for _, text in frames(data))
    return [frame for frame in found if isinstance(frame, TypingUpdate)]


async def watch(hub: Hub, name: str, *, tenant: str = "acme", key: str = BOARD) -> Looking:
    """Somebody with the whole board open."""
    return await look(hub, member(name, tenant=tenant), url_id=key, board=key, whole=True)


async def test_words_of_one_moment_are_one_frame(hub: Hub) -> None:
    """The last one of each writer counts; afterwards nothing is due any more."""
    bob = await watch(hub, "bob")
    await until(lambda: not _due(hub))
    hub.tell_writer("acme", BOARD, ANN)
    hub.tell_writer("acme", BOARD, Writer(user_id="acme:eve", ended=True))
    hub.tell_writer("acme", BOARD, Writer(user_id="acme:ann", ended=True))
    await until(lambda: bool(told(bob)))
    assert told(bob) == [
        TypingUpdate(who=[Writer(user_id="acme:ann", ended=True), Writer(user_id="acme:eve", ended=True)])
    ]
    room = hub._rooms["acme", BOARD]
    assert not room._writers
    assert not _due(hub)


def _due(hub: Hub) -> bool:
    return hub._rooms["acme", BOARD]._timer is not None


async def test_nobody_else_is_told(hub: Hub) -> None:
    """Neither clients of the contract, on page or thread, nor another board, nor another tenant."""
    bob = await watch(hub, "bob")
    others = [
        await look(hub, member("official"), url_id=BOARD),
        await look(hub, member("official")),
        await watch(hub, "there", key="other page"),
        await watch(hub, "stranger", tenant="other"),
    ]
    hub.tell_writer("acme", BOARD, ANN)
    await until(lambda: bool(told(bob)))
    hub.publish([commented(1)])
    await until(lambda: any(b"new-comment" in data for data in others[1].transport.writes))
    assert [told(one) for one in others] == [[], [], [], []]
    assert all(b"typing" not in data for one in others for data in one.transport.writes)


async def test_a_comment_is_not_followed_by_the_word_that_it_is_being_written(hub: Hub) -> None:
    """Which was said before it, and would be told after it; of others it is."""
    bob = await watch(hub, "bob")
    await until(lambda: not _due(hub))
    for publish in (commented, pinned):
        hub.tell_writer("acme", BOARD, ANN)
        hub.publish([publish(1)])
    hub.tell_writer("acme", BOARD, Writer(user_id="acme:eve"))
    await until(lambda: bool(told(bob)))
    assert told(bob) == [TypingUpdate(who=[Writer(user_id="acme:eve")])]


async def test_a_crowd_of_writers_is_cut(hub: Hub) -> None:
    """A room remembers a few until the next frame, whatever is said to it."""
    bob = await watch(hub, "bob")
    for number in range(WRITERS_TOLD + 20):
        hub.tell_writer("acme", BOARD, Writer(user_id=f"acme:{number}"))
    await until(lambda: bool(told(bob)))
    assert [len(frame.who) for frame in told(bob)] == [WRITERS_TOLD]


async def test_what_nobody_watches_is_not_even_made(hub: Hub) -> None:
    """And whoever comes later is told nothing of before."""
    hub.tell_writer("acme", BOARD, ANN)
    bob = await watch(hub, "bob")
    await until(lambda: not _due(hub))
    assert told(bob) == []


async def test_a_client_of_the_contract_sees_nothing_of_it_on_the_wire() -> None:
    """Over a real socket, beside one of ours that does."""
    async with world() as here, here.join() as official, here.watch() as ours:
        here.hub.tell_writer("acme", BOARD, ANN)
        async with asyncio.timeout(5):
            while b"typing" not in await ours.recv(decode=False):
                pass
        here.hub.publish([pinned(1)])
        first = await news(official)
    assert first["type"] == "new-image-chat"


@pytest.mark.redis
async def test_viewers_of_another_node_are_told(hubs: tuple[Hub, Hub]) -> None:
    """The same word, and only on the board that it is about."""
    here, there = hubs
    near, far, elsewhere = await watch(here, "ann"), await watch(there, "bob"), await watch(there, "eve", key="other")
    here.tell_writer("acme", BOARD, ANN)
    await until(lambda: bool(told(near)) and bool(told(far)))
    assert told(near) == told(far) == [TypingUpdate(who=[ANN])]
    assert told(elsewhere) == []
