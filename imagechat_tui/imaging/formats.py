"""Which files are pictures for us, told by their first bytes; never by a name, and never by trying every decoder.

Formats that start other programs or describe drawings (EPS, PDF, SVG) are named in errors and no decoder opens
them; ``svg`` turns drawings into pixels where the extra for it is installed.
"""

from functools import cache
from typing import Final

from PIL import features

_ALWAYS: Final = ("PNG", "JPEG", "GIF", "BMP", "TIFF")
_WHEN_BUILT_IN: Final = {"webp": "WEBP", "avif": "AVIF"}

_RIFF_KIND: Final = slice(8, 12)
_BRAND: Final = slice(4, 12)
_AVIF_BRANDS: Final = (b"ftypavif", b"ftypavis", b"ftypmif1")

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"%PDF", "PDF"),
    (b"8BPS", "PSD"),
    (b"\0\0\1\0", "ICO"),
    (b"\xff\x0a", "JPEG XL"),
)

_SVG_SEARCHED: Final = 1024
"""An SVG begins with text; its element comes within this many bytes."""


@cache
def supported() -> tuple[str, ...]:
    """The formats that can be decoded here, by Pillow's names."""
    return _ALWAYS + tuple(name for feature, name in _WHEN_BUILT_IN.items() if features.check(feature))


def sniff(data: bytes) -> str | None:
    """The format that the first bytes announce, supported or not; ``None`` when they announce none we know."""
    found = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    if found is not None:
        return found
    if data.startswith(b"RIFF") and data[_RIFF_KIND] == b"WEBP":
        return "WEBP"
    if data[_BRAND] in _AVIF_BRANDS:
        return "AVIF"
    if data[_BRAND].startswith(b"ftyphe"):
        return "HEIC"
    return "SVG" if b"<svg" in data[:_SVG_SEARCHED].lower() else None
