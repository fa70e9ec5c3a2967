"""WebSocket frames of the server's side, built by hand: unmasked, so one encoding serves every subscriber.

RFC 6455 section 5.2; text only. Control frames are left to websockets.
"""

from typing import Final

_FIN_TEXT: Final = 0x81
_SHORT: Final = 126
_MEDIUM: Final = 1 << 16


def text_frame(payload: bytes) -> bytes:
    """A whole text message as one frame; ``payload`` is UTF-8."""
    size = len(payload)
    if size < _SHORT:
        return bytes((_FIN_TEXT, size)) + payload
    if size < _MEDIUM:
        return bytes((_FIN_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_FIN_TEXT, 127)) + size.to_bytes(8, "big") + payload
