"""WebSocket frames of the server's side, built by hand: unmasked, so one encoding serves every subscriber.

RFC 6455 section 5.2; text only. Control frames are left to websockets. Deflated frames (RFC 7692) serve every
subscriber as well: each is deflated by itself, so that it means the same to whoever gets it.
"""

import zlib
from collections.abc import Iterator
from typing import Final

WINDOW_BITS: Final = 12
"""Of deflated frames: who has agreed to less than this is sent plain ones."""

_FIN_TEXT: Final = 0x81
_DEFLATED: Final = 0x40
_END: Final = b"\x00\x00\xff\xff"
"""Ends every flushed block; RFC 7692, 7.2.1 leaves it out."""
_SHORT: Final = 126
_MEDIUM: Final = 1 << 16


def text_frame(payload: bytes) -> bytes:
    """A whole text message as one frame; ``payload`` is UTF-8."""
    return _frame(_FIN_TEXT, payload)


def deflated(frames: bytes) -> bytes:
    """The same messages, made by ``text_frame``, each deflated where that makes it shorter."""
    made = []
    for whole, payload in _split(frames):
        packer = zlib.compressobj(wbits=-WINDOW_BITS)
        packed = (packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH)).removesuffix(_END)
        made.append(_frame(_FIN_TEXT | _DEFLATED, packed) if len(packed) < len(payload) else whole)
    return b"".join(made)


def _split(frames: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every frame, and its payload."""
    at = 0
    while at < len(frames):
        size, head = frames[at + 1], 2
        if size >= _SHORT:
            head = 4 if size == _SHORT else 10
            size = int.from_bytes(frames[at + 2 : at + head], "big")
        end = at + head + size
        yield frames[at:end], frames[at + head : end]
        at = end


def _frame(first: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < _SHORT:
        return bytes((first, size)) + payload
    if size < _MEDIUM:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload
