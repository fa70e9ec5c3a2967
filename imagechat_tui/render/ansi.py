"""Cells to escape sequences: differential SGR, for a whole picture at once.

A color is written only where it changes and where it can be seen: a space has no foreground, a full block no
background. Never decides colors or glyphs.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.glyphs import FULL, SPACE
from imagechat_tui.render.palette import palette_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from imagechat_tui.render.palette import Colors, Glyphs

RESET: Final = "\x1b[0m"

_GLYPH_BYTES: Final = 4
_NOTHING: Final = 0
"""A byte that is left out; a terminal sequence never contains it."""


def encode(glyphs: "Glyphs", foreground: "Colors", background: "Colors", *, depth: ColorDepth) -> "EncodedRows":
    """The bytes of all cells, and where each cell's bytes are.

    Args:
        glyphs: code points of shape (rows, columns).
        foreground: RGB of shape (rows, columns, 3), already among the colors of ``depth``.
        background: the same for the background.
        depth: which sequences are written.
    """
    front, back = (_color_keys(colors, depth) for colors in (foreground, background))
    glyphs = np.where(front == back, np.uint32(SPACE), glyphs)
    if depth is ColorDepth.MONO:
        front, back = np.zeros_like(front), _reversed(glyphs, front, back)
        write_front, write_back = np.zeros(glyphs.shape, np.bool_), _carried(back, np.ones(glyphs.shape, np.bool_))[1]
    else:
        front, write_front = _carried(front, glyphs != SPACE)
        back, write_back = _carried(back, glyphs != FULL)
    sequences = _sequences(front, back, (write_front, write_back), depth)
    table = np.concatenate([sequences, _utf8(glyphs.reshape(-1))], axis=1)
    used = table != _NOTHING
    lengths = used.sum(1)
    ends = lengths.cumsum()
    glyph_starts = ends - used[:, -_GLYPH_BYTES:].sum(1)
    shape = glyphs.shape
    return EncodedRows(
        data=table[used].tobytes(),
        glyph_starts=glyph_starts.reshape(shape),
        ends=ends.reshape(shape),
        front=front,
        back=back,
        depth=depth,
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class EncodedRows:
    """The bytes of a picture, from which any part of a row can be taken as a string of its own.

    Attributes:
        data: for every cell the sequence that changes colors, if any, and the glyph.
        glyph_starts: where in ``data`` each cell's glyph begins, shape (rows, columns).
        ends: where each cell ends.
        front: key of the foreground in force at each cell.
        back: key of the background in force at each cell.
        depth: how keys are written.
    """

    data: bytes
    glyph_starts: "NDArray[np.int64]"
    ends: "NDArray[np.int64]"
    front: "Glyphs"
    back: "Glyphs"
    depth: ColorDepth

    def span(self, row: int, start: int, end: int) -> str:
        """Columns ``start`` to ``end`` (not included) of a row: complete in itself, ends with a reset."""
        if start >= end:
            return ""
        opening = _opening(int(self.front[row, start]), int(self.back[row, start]), self.depth)
        return opening + self.data[self.glyph_starts[row, start] : self.ends[row, end - 1]].decode() + RESET


def _color_keys(colors: "Colors", depth: ColorDepth) -> "Glyphs":
    """One number per color: 24 bits of RGB, or the index in the palette of the depth."""
    if depth is not ColorDepth.TRUECOLOR:
        return palette_index(colors, depth).astype(np.uint32)
    wide = colors.astype(np.uint32)
    packed: Glyphs = wide[..., 0] << np.uint32(16) | wide[..., 1] << np.uint32(8) | wide[..., 2]
    return packed


def _reversed(glyphs: "Glyphs", front: "Glyphs", back: "Glyphs") -> "Glyphs":
    """The background key of a terminal without colors: 1 where the cell is shown reversed."""
    return np.where(glyphs == SPACE, back, front < back).astype(np.uint32)


def _carried(keys: "Glyphs", seen: "NDArray[np.bool_]") -> tuple["Glyphs", "NDArray[np.bool_]"]:
    """The key in force at each cell when unseen ones change nothing, and where it has to be written."""
    columns = np.arange(keys.shape[1])
    last = np.maximum.accumulate(np.where(seen, columns, 0), axis=1)
    carried = np.take_along_axis(keys, last, axis=1)
    written = np.empty_like(seen)
    written[:, 0] = True
    written[:, 1:] = carried[:, 1:] != carried[:, :-1]
    return carried, written


def _sequences(
    front: "Glyphs",
    back: "Glyphs",
    written: tuple["NDArray[np.bool_]", "NDArray[np.bool_]"],
    depth: ColorDepth,
) -> "NDArray[np.uint8]":
    """One row per cell: ``ESC [ front ; back m``, with ``_NOTHING`` for what is not written."""
    fore, behind = (change.reshape(-1) for change in written)
    either = fore | behind
    fronts = _parameters(front.reshape(-1), fore, depth, behind=False)
    backs = _parameters(back.reshape(-1), behind, depth, behind=True)
    return np.concatenate(
        [
            _when(either, b"\x1b["),
            fronts,
            _when(fore & behind, b";"),
            backs,
            _when(either, b"m"),
        ],
        axis=1,
    )


def _parameters(
    keys: "Glyphs", written: "NDArray[np.bool_]", depth: ColorDepth, *, behind: bool
) -> "NDArray[np.uint8]":
    if depth is not ColorDepth.TRUECOLOR:
        found = _indexed(depth, behind=behind)[keys]
        found[~written] = _NOTHING
        return found
    table = np.zeros((len(keys), 16), np.uint8)
    table[:, :5] = np.frombuffer(b"48;2;" if behind else b"38;2;", np.uint8)
    digits = _digits()
    for place, shift in ((5, 16), (9, 8), (13, 0)):
        table[:, place : place + 3] = digits[keys >> shift & 255]
    table[:, 8] = table[:, 12] = ord(";")
    table[~written] = _NOTHING
    return table


def _when(condition: "NDArray[np.bool_]", text: bytes) -> "NDArray[np.uint8]":
    return np.where(condition[:, None], np.frombuffer(text, np.uint8), np.uint8(_NOTHING))


@cache
def _digits() -> "NDArray[np.uint8]":
    """The decimal digits of 0 to 255, ``_NOTHING`` behind them."""
    return np.array([list(str(i).encode().ljust(3, b"\0")) for i in range(256)], np.uint8)


@cache
def _indexed(depth: ColorDepth, *, behind: bool) -> "NDArray[np.uint8]":
    """The parameters of each palette index."""
    count = {ColorDepth.MONO: 2, ColorDepth.COLORS_16: 16, ColorDepth.COLORS_256: 256}[depth]
    texts = [_parameter(index, depth, behind=behind).encode() for index in range(count)]
    width = max(map(len, texts))
    return np.array([list(text.ljust(width, b"\0")) for text in texts], np.uint8)


def _parameter(key: int, depth: ColorDepth, *, behind: bool) -> str:
    if depth is ColorDepth.TRUECOLOR:
        return f"{48 if behind else 38};2;{key >> 16};{key >> 8 & 255};{key & 255}"
    if depth is ColorDepth.COLORS_256:
        return f"{48 if behind else 38};5;{key}"
    if depth is ColorDepth.COLORS_16:
        bright = 8
        return str((40 if behind else 30) + key if key < bright else (100 if behind else 90) + key - bright)
    return "7" if key else "27"


def _opening(front: int, back: int, depth: ColorDepth) -> str:
    """The sequence that starts a string on a terminal in its default colors."""
    if depth is ColorDepth.MONO:
        return "\x1b[7m" if back else ""
    return f"\x1b[{_parameter(front, depth, behind=False)};{_parameter(back, depth, behind=True)}m"


def _utf8(glyphs: "Glyphs") -> "NDArray[np.uint8]":
    """The UTF-8 bytes of each code point, ``_NOTHING`` before the shorter ones."""
    points, places = np.unique(glyphs, return_inverse=True)
    encoded = [list(chr(point).encode().rjust(_GLYPH_BYTES, b"\0")) for point in points.tolist()]
    return np.array(encoded, np.uint8)[places]
