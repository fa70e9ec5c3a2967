"""Paints the screen of a terminal in memory as a picture: block glyphs as the exact shapes that Unicode defines.

Other characters come from DejaVu Sans Mono (Debian: ``fonts-dejavu-core``). Never runs a command.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pyte
from PIL import Image, ImageDraw, ImageFont
from pyte.screens import Char

from imagechat_tui.render import glyphs

CELL: Final = (12, 24)
"""Pixels of a cell; divisible by the parts of every block glyph, so that shapes meet without seams."""

_FONTS: Final = Path("/usr/share/fonts/truetype/dejavu")
_SIZE: Final = 19
_BASELINE: Final = 18
_FRONT: Final = "d5daea"
_BACK: Final = "0e1119"
_NAMED: Final[Mapping[str, str]] = {
    "default": _FRONT,
    "black": "000000",
    "red": "cc3a4b",
    "green": "3fa66b",
    "brown": "d9a441",
    "blue": "4373d9",
    "magenta": "a45fc7",
    "cyan": "3aa6b0",
    "white": "d5daea",
    "brightblack": "5d6579",
    "brightred": "ff7a93",
    "brightgreen": "4fc9ae",
    "brightbrown": "ffd75f",
    "brightyellow": "ffd75f",
    "brightblue": "7aa2f7",
    "brightmagenta": "c49bf0",
    "brightcyan": "7ddbe6",
    "brightwhite": "ffffff",
}
_PARTS: Final = (
    ((1, 2), glyphs.HALVES),
    ((2, 2), glyphs.QUADRANTS),
    ((2, 3), glyphs.SEXTANTS),
    ((2, 4), glyphs.OCTANTS),
    ((1, 8), glyphs.ROWS),
    ((1, 8), glyphs.ROW_LINES),
    ((8, 1), glyphs.COLUMNS),
    ((8, 1), glyphs.COLUMN_LINES),
)


def paint(screen: pyte.Screen) -> Image.Image:
    """The screen at ``CELL`` pixels per cell."""
    picture = Image.new("RGB", (screen.columns * CELL[0], screen.lines * CELL[1]), f"#{_BACK}")
    draw = ImageDraw.Draw(picture)
    for row in range(screen.lines):
        for column in range(screen.columns):
            _cell(draw, screen.buffer[row][column], column * CELL[0], row * CELL[1])
    return picture


def _cell(draw: ImageDraw.ImageDraw, char: Char, x: int, y: int) -> None:
    front, back = _color(char.fg, _FRONT), _color(char.bg, _BACK)
    if char.reverse:
        front, back = back, front
    # The second half of a wide character is empty and already painted.
    if not char.data:
        return
    draw.rectangle((x, y, x + CELL[0] - 1, y + CELL[1] - 1), back)
    if char.data == " ":
        return
    shape = _shape(ord(char.data[0]))
    if shape is None:
        _text(draw, char, x, y, front)
        return
    for left, top, right, bottom in shape:
        draw.rectangle((x + left, y + top, x + right - 1, y + bottom - 1), front)


def _text(draw: ImageDraw.ImageDraw, char: Char, x: int, y: int, front: str) -> None:
    font = _font("DejaVuSansMono-Bold.ttf" if char.bold else "DejaVuSansMono.ttf")
    draw.text((x, y + _BASELINE), char.data, front, font, "ls")
    if char.underscore:
        draw.line((x, y + _BASELINE + 3, x + CELL[0], y + _BASELINE + 3), front)


@cache
def _shape(point: int) -> tuple[tuple[int, int, int, int], ...] | None:
    """The filled rectangles of a block glyph inside its cell; ``None`` for any other character."""
    for (across, down), table in _PARTS:
        mask = _masks(id(table), tuple(table.items())).get(point)
        if mask is not None:
            return tuple(_rectangles(mask, across, down))
    return None


@cache
def _masks(_name: int, pairs: tuple[tuple[int, int], ...]) -> dict[int, int]:
    return {glyph: mask for mask, glyph in pairs}


def _rectangles(mask: int, across: int, down: int) -> Iterator[tuple[int, int, int, int]]:
    for part in range(across * down):
        if mask >> part & 1:
            column, row = part % across, part // across
            yield (
                column * CELL[0] // across,
                row * CELL[1] // down,
                (column + 1) * CELL[0] // across,
                (row + 1) * CELL[1] // down,
            )


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(_FONTS / name, _SIZE)
    except OSError:
        raise SystemExit(f"{_FONTS / name} is missing: install fonts-dejavu-core.") from None


def _color(name: str, default: str) -> str:
    return f"#{default if name == 'default' else _NAMED.get(name, name)}"
