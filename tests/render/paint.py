"""Terminal output back to pixels: reads escape sequences as a terminal would and paints each character's shape.

Used to compare renderers by what they show, whoever wrote the bytes.
"""

import re
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.palette import palette
from tests.render.shapes import HEIGHT, WIDTH, shape

RGB = tuple[int, int, int]
Raster = NDArray[np.uint8]

_TOKEN = re.compile(
    r"\x1b\[([0-9;:]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[P\]_^].*?(?:\x1b\\|\x07)|\x1b.|[\r\n]|(.)", re.DOTALL
)
_EXTENDED = {38: 0, 48: 1}


def paint(
    lines: Iterable[str], columns: int, *, foreground: RGB = (255, 255, 255), background: RGB = (0, 0, 0)
) -> Raster:
    """The picture that a terminal shows: 16 x 8 pixels per cell, missing cells in the background color.

    Args:
        lines: one string per row, escape sequences included.
        columns: cells of a row.
        foreground: the terminal's own foreground.
        background: the terminal's own background.
    """
    pen = Pen(foreground, background)
    rows = [_paint_row(list(pen.cells(line))[:columns], columns, background) for line in lines]
    return np.concatenate(rows)


class Pen:
    """The colors in force, as the sequences read so far left them."""

    def __init__(self, foreground: RGB, background: RGB) -> None:
        self._defaults = (foreground, background)
        self._colors = [foreground, background]
        self._reversed = False

    def cells(self, line: str) -> Iterator[tuple[str, RGB, RGB]]:
        """Character, foreground and background of each cell of a line."""
        for token in _TOKEN.finditer(line):
            if token[1] is not None:
                self._select([int(part or 0) for part in re.split("[;:]", token[1])])
            elif token[2] is not None:
                front, back = reversed(self._colors) if self._reversed else self._colors
                yield token[2], front, back

    def _select(self, codes: list[int]) -> None:
        rest = iter(codes)
        for code in rest:
            if code == 0:
                self._colors, self._reversed = list(self._defaults), False
            elif code in (7, 27):
                self._reversed = code == 7
            elif code in (39, 49):
                self._colors[code == 49] = self._defaults[code == 49]
            elif code in _EXTENDED:
                self._colors[_EXTENDED[code]] = _extended(rest)
            else:
                self._named(code)

    def _named(self, code: int) -> None:
        for first, slot, offset in ((30, 0, 0), (40, 1, 0), (90, 0, 8), (100, 1, 8)):
            if first <= code < first + 8:
                self._colors[slot] = _indexed(code - first + offset, ColorDepth.COLORS_16)


def _extended(rest: Iterator[int]) -> RGB:
    if next(rest) == 5:
        return _indexed(next(rest), ColorDepth.COLORS_256)
    return next(rest), next(rest), next(rest)


def _indexed(index: int, depth: ColorDepth) -> RGB:
    red, green, blue = palette(depth)[index].tolist()
    return red, green, blue


def _paint_row(cells: list[tuple[str, RGB, RGB]], columns: int, background: RGB) -> Raster:
    cells += [(" ", background, background)] * (columns - len(cells))
    covered = np.stack([shape(character) for character, _, _ in cells])[..., None]
    front = np.array([cell[1] for cell in cells], np.float32)[:, None, None]
    back = np.array([cell[2] for cell in cells], np.float32)[:, None, None]
    painted = covered * front + (1 - covered) * back
    flat = painted.transpose(1, 0, 2, 3).reshape(HEIGHT, columns * WIDTH, 3)
    return np.asarray(np.rint(flat), np.uint8)
