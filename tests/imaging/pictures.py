"""Files to decode, made in memory."""

import io
import struct
import zlib

from PIL import Image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The file that Pillow writes."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def animated(kind: str, colors: list[str], **options: object) -> bytes:
    """A file with one frame per color."""
    frames = [Image.new("RGB", (8, 8), color) for color in colors]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)


def png_announcing(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is as large as that."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 64)) + _chunk(b"IEND")


def _chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
