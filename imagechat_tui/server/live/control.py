"""Whole control frames of a client at rest, answered by hand; pure. Everything else is websockets' business.

RFC 6455, 5.5: thousands of idle sockets send nothing but pings and pongs, and a general parser costs twenty times as
much for each.
"""

from typing import Final

PING: Final = b"\x89\x00"
"""A ping without a payload."""

_PING, _PONG = 0x89, 0x8A
_MASKED: Final = 0x80
_HEAD: Final = 6
"""Bytes before the payload of a short masked frame."""
_LONGEST: Final = 125


def answer(data: bytes) -> bytes | None:
    """What is to be said to these bytes if they are whole pings and pongs; ``None`` if they are anything else."""
    pongs: list[bytes] = []
    at = 0
    while at < len(data):
        if len(data) - at < _HEAD:
            return None
        kind, size = data[at], data[at + 1] ^ _MASKED
        end = at + _HEAD + size
        if size > _LONGEST or end > len(data):
            return None
        if kind == _PING:
            pongs.append(bytes((_PONG, size)) + _unmasked(data[at + 2 : at + _HEAD], data[at + _HEAD : end]))
        elif kind != _PONG:
            return None
        at = end
    return b"".join(pongs)


def _unmasked(mask: bytes, payload: bytes) -> bytes:
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
