"""Pictures to bytes that are safe to hand on: only pixels, as PNG, named by their content.

Decoding and encoding again leaves behind whatever a file carries besides its pixels: places, names, profiles, code.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from imagechat_tui.imaging.decode import DEFAULT, Limits, Picture, decode


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoded:
    """A PNG file.

    Attributes:
        png: the file.
        width: pixels across.
        height: pixels down.
        sha256: of ``png``, hexadecimal.
        notes: sentences for the person about what was left out.
    """

    png: bytes
    width: int
    height: int
    sha256: str
    notes: tuple[str, ...] = ()


def reencode(data: bytes, *, limits: Limits = DEFAULT) -> Encoded:
    """A file of any supported format as PNG at full size, without loss.

    Raises:
        PictureError: as ``decode``.
    """
    return to_png(decode(data, limits=limits))


def to_png(picture: Picture) -> Encoded:
    """The picture as PNG; the same pixels give the same bytes with the same Pillow."""
    buffer = BytesIO()
    picture.image.save(buffer, "PNG")
    png = buffer.getvalue()
    return Encoded(
        png=png,
        width=picture.width,
        height=picture.height,
        sha256=hashlib.sha256(png).hexdigest(),
        notes=picture.notes,
    )
