"""The questions put to a terminal and the meaning of its answers; pure text, no terminal is touched.

Answers come late, cut, mixed with typed keys, or not at all: what is recognised is used, what was typed is handed back.
"""

import re
from dataclasses import dataclass
from typing import Final

GRAPHICS_QUESTION: Final = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
"""The kitty graphics protocol; tmux and screen would take these words for a window's title."""

QUESTIONS: Final = b"".join(
    (
        b"\x1b[>0q",  # XTVERSION: name and version.
        b"\x1b]11;?\x1b\\",  # OSC 11: the background color.
        b"\x1b[16t",  # XTWINOPS: pixels of a cell.
        GRAPHICS_QUESTION,
        b"\x1b[?2026$p",  # DECRQM: synchronised output.
        b"\x1b[c",  # DA1: every terminal answers this one, so nothing comes after it.
    )
)
"""All questions in one write; the last is the fence."""

_XTVERSION: Final = re.compile(rb"\x1bP>\|([^\x1b\x07\x9c]*)(?:\x1b\\|\x9c|\x07)")
_BACKGROUND: Final = re.compile(
    rb"\x1b\]11;rgba?:([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})(?:/[0-9A-Fa-f]{1,4})?(?:\x1b\\|\x07|\x9c)"
)
_CELL: Final = re.compile(rb"\x1b\[6;(\d{1,5});(\d{1,5})t")
_GRAPHICS: Final = re.compile(rb"\x1b_Gi=31;([^\x1b]*)\x1b\\")
_SYNCHRONISED: Final = re.compile(rb"\x1b\[\?2026;([0-4])\$y")
_FENCE: Final = re.compile(rb"\x1b\[\?([\d;]*)c")
_OTHER_SEQUENCE: Final = re.compile(rb"\x1b[P\]_^X][^\x1b\x07\x9c]*(?:\x1b\\|\x07|\x9c)|\x1b\[[0-?]+[ -/]*[@-~]")
_CUT: Final = re.compile(rb"\x1b(?:[P\]_^X][^\x1b\x07\x9c]*\x1b?|\[[0-?]*[ -/]*)$")

_SIXEL: Final = "4"
_KNOWN_MODES: Final = (b"1", b"2", b"3")
_LARGEST_CELL: Final = 512


@dataclass(frozen=True, kw_only=True, slots=True)
class Replies:
    """What a terminal said of itself.

    Attributes:
        complete: the fence came, so what is missing was not answered.
        version: text of the XTVERSION reply.
        background: RGB of its background.
        cell: pixels (width, height) of a cell.
        graphics: it accepted a picture by the kitty protocol.
        sixel: it announced sixel pictures.
        synchronised: it knows synchronised output (mode 2026).
        typed: bytes that were no reply: keys that the person pressed meanwhile.
    """

    complete: bool = False
    version: str | None = None
    background: tuple[int, int, int] | None = None
    cell: tuple[int, int] | None = None
    graphics: bool = False
    sixel: bool = False
    synchronised: bool = False
    typed: bytes = b""


def complete(data: bytes | bytearray) -> bool:
    """Whether the fence is in."""
    return _FENCE.search(data) is not None


def parse(data: bytes) -> Replies:
    """Replies in any order, with anything between them; what is malformed is dropped, what is typed is kept."""
    version = _XTVERSION.search(data)
    background = _BACKGROUND.search(data)
    graphics = _GRAPHICS.search(data)
    synchronised = _SYNCHRONISED.search(data)
    fence = _FENCE.search(data)
    return Replies(
        complete=fence is not None,
        version=version[1].decode("ascii", "replace") if version else None,
        background=_rgb(background.groups()) if background else None,
        cell=_cell(_CELL.search(data)),
        graphics=graphics is not None and graphics[1] == b"OK",
        sixel=fence is not None and _SIXEL in fence[1].decode().split(";")[1:],
        synchronised=synchronised is not None and synchronised[1] in _KNOWN_MODES,
        typed=_typed(data),
    )


def _rgb(parts: tuple[bytes, ...]) -> tuple[int, int, int]:
    """One to four hexadecimal digits per channel, as X11 writes colors."""
    red, green, blue = (int(part, 16) * 255 // (16 ** len(part) - 1) for part in parts)
    return red, green, blue


def _cell(found: re.Match[bytes] | None) -> tuple[int, int] | None:
    """Width and height; a size that no font has is no answer."""
    if not found:
        return None
    height, width = int(found[1]), int(found[2])
    return (width, height) if 0 < width <= _LARGEST_CELL and 0 < height <= _LARGEST_CELL else None


def _typed(data: bytes) -> bytes:
    """The bytes without any reply: sequences with parameters are replies, plain ones (arrows, letters) are keys."""
    return _CUT.sub(b"", _OTHER_SEQUENCE.sub(b"", data))
