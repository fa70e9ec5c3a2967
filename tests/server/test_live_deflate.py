"""Compression of live frames: agreed with who asks, made once for all of them, and readable by every client."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate
from websockets.frames import Frame, Opcode

from imagechat_tui.protocol.limits import INBOUND_FRAME_BYTES
from imagechat_tui.server.hub import frames
from imagechat_tui.server.hub.frames import deflated, text_frame
from tests.server.live_world import WINDOW, commented, news, world

LONG = "the button is hard to find, and " * 20


async def test_who_asks_for_it_is_sent_shorter_frames_that_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who asked share one compression; who did not ask gets plain frames."""
    made: list[bytes] = []

    def counted(data: bytes) -> bytes:
        made.append(frames.deflated(data))
        return made[-1]

    monkeypatch.setattr("imagechat_tui.server.hub.news.deflated", counted)
    async with (
        world() as here,
        here.join(urlId=WINDOW) as plain,
        connect(here.address(urlId=WINDOW), compression="deflate") as one,
        connect(here.address(urlId=WINDOW), compression="deflate") as two,
    ):
        assert agreed(one) == "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        assert agreed(plain) is None
        await here.until_sockets(3)
        here.delivered.clear()
        made.clear()
        here.hub.publish([commented(1, text=LONG)])
        told = [await news(client) for client in (plain, one, two)]
        assert told[0] == told[1] == told[2]
        [packed] = made
        assert packed[0] & 0x40
        whole = len(text_frame(msgspec.json.encode(told[0])))
        assert here.delivered == [("acme", 3, whole + 2 * len(packed))]
        assert len(packed) < whole / 2


def agreed(client: ClientConnection) -> str | None:
    """What was agreed on."""
    assert client.response is not None
    return client.response.headers.get("Sec-WebSocket-Extensions")


async def test_a_window_that_is_too_small_is_sent_plain_frames() -> None:
    """A client that cannot look back as far would read nonsense."""
    small = ClientPerMessageDeflateFactory(server_max_window_bits=9)
    async with world() as here, connect(here.address(urlId=WINDOW), compression=None, extensions=[small]) as client:
        assert "server_max_window_bits=9" in (agreed(client) or "")
        await here.until_sockets(1)
        here.delivered.clear()
        here.hub.publish([commented(1, text=LONG)])
        whole = len(text_frame(msgspec.json.encode(await news(client))))
        assert here.delivered == [("acme", 1, whole)]


async def test_a_compressed_bomb_ends_its_own_socket_only() -> None:
    """What a client says is unpacked up to the limit and no further."""
    async with (
        world() as here,
        here.join(urlId=WINDOW) as other,
        connect(here.address(urlId=WINDOW), compression="deflate") as bomber,
    ):
        await here.until_sockets(2)
        await bomber.send("x" * (INBOUND_FRAME_BYTES * 50))
        await bomber.wait_closed()
        assert bomber.close_code == 1009
        here.hub.publish([commented(1)])
        assert (await news(other))["type"] == "new-comment"


@given(st.lists(st.text(max_size=300) | st.text("ab", min_size=60, max_size=80_000), max_size=6))
def test_deflated_frames_hold_the_same_messages(texts: list[str]) -> None:
    """Of every length that a frame's head tells in a way of its own; none gets longer."""
    plain = b"".join(text_frame(text.encode()) for text in texts)
    packed = deflated(plain)
    assert len(packed) <= len(plain)
    assert [unpacked(payload, small=bool(first & 0x40)) for first, payload in split(packed)] == [
        text.encode() for text in texts
    ]


def unpacked(payload: bytes, *, small: bool) -> bytes:
    """A message, as websockets reads it."""
    reader = PerMessageDeflate(
        remote_no_context_takeover=True,
        local_no_context_takeover=True,
        remote_max_window_bits=frames.WINDOW_BITS,
        local_max_window_bits=frames.WINDOW_BITS,
    )
    return bytes(reader.decode(Frame(Opcode.TEXT, payload, rsv1=small)).data)


def split(data: bytes) -> list[tuple[int, bytes]]:
    """First byte and payload of every frame."""
    found = []
    while data:
        size, head = data[1], 2
        if size > 125:
            head = 4 if size == 126 else 10
            size = int.from_bytes(data[2:head], "big")
        found.append((data[0], data[head : head + size]))
        data = data[head + size :]
    return found
