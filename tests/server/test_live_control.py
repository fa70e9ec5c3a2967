"""Pings and pongs that are answered without a parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from imagechat_tui.server.live import control
from tests.server.live_world import world


def masked(opcode: Opcode, data: bytes) -> bytes:
    """As a client sends it."""
    return Frame(opcode, data).serialize(mask=True)


frames = st.tuples(st.sampled_from([Opcode.PING, Opcode.PONG]), st.binary(max_size=125))


@given(st.lists(frames, max_size=4))
def test_pings_are_echoed_as_websockets_would(sent: list[tuple[Opcode, bytes]]) -> None:
    """Every payload, several frames at once; pongs need no answer."""
    said = b"".join(masked(*frame) for frame in sent)
    expected = b"".join(Frame(Opcode.PONG, data).serialize(mask=False) for kind, data in sent if kind is Opcode.PING)
    assert control.answer(said) == expected


@given(st.lists(frames, min_size=1, max_size=3), st.data())
def test_a_frame_in_pieces_is_left_to_the_parser(sent: list[tuple[Opcode, bytes]], data: st.DataObject) -> None:
    """Nobody can say where it ends."""
    last = masked(*sent[-1])
    said = b"".join(masked(*frame) for frame in sent[:-1]) + last[: data.draw(st.integers(1, len(last) - 1))]
    assert control.answer(said) is None


@pytest.mark.parametrize(
    "said",
    [
        masked(Opcode.TEXT, b"ping"),
        masked(Opcode.CLOSE, b"\x03\xe8"),
        Frame(Opcode.PING, b"").serialize(mask=False) + bytes(4),
        b"\x89\xfe\x00\x7e" + bytes(130),
        b"\xc9\x80" + bytes(4),
    ],
    ids=["text", "close", "unmasked", "long", "reserved bit"],
)
def test_everything_else_is_left_to_the_parser(said: bytes) -> None:
    """Also behind a good frame."""
    assert control.answer(said) is None
    assert control.answer(masked(Opcode.PING, b"x") + said) is None


def test_our_ping_is_one() -> None:
    """As websockets writes it."""
    assert Frame(Opcode.PING, b"").serialize(mask=False) == control.PING


async def test_pings_are_answered_before_and_after_words() -> None:
    """A client that says something gets the parser from then on, and its pongs all the same."""
    async with world() as here, here.watch("ann") as client:
        await here.until_sockets(1)
        await (await client.ping(b"before"))
        await client.send("ping")
        await (await client.ping(b"after"))
        assert here.hub.sockets == 1
