"""One disc drawn by each family of block glyphs, for the eye: only a person can tell what a font draws."""

from collections.abc import Mapping, Sequence
from typing import Final

from imagechat_tui.render import glyphs

COLUMNS, ROWS = 6, 3
"""Cells of a disc; a cell is twice as high as wide, so it is round."""

FAMILIES: Final[Mapping[str, tuple[int, int, Mapping[int, int]]]] = {
    "half": (1, 2, glyphs.HALVES),
    "quadrant": (2, 2, glyphs.QUADRANTS),
    "sextant": (2, 3, glyphs.SEXTANTS),
    "octant": (2, 4, glyphs.OCTANTS),
    "braille": (2, 4, glyphs.BRAILLE),
}
"""Name as ``--mode`` has it: parts across and down in a cell, and the glyph of each mask."""

_GAP: Final = 4


def discs() -> list[str]:
    """The same disc by every family side by side, and their names below: ``ROWS + 1`` lines without colors."""
    width = max(COLUMNS, *map(len, FAMILIES)) + _GAP
    drawn = [disc(*family) for family in FAMILIES.values()]
    lines = ["".join(f"{one[row]:<{width}}" for one in drawn) for row in range(ROWS)]
    return [line.rstrip() for line in (*lines, "".join(f"{name:<{width}}" for name in FAMILIES))]


def disc(across: int, down: int, family: Mapping[int, int]) -> Sequence[str]:
    """A disc as lines of glyphs.

    Args:
        across: parts of a cell beside each other.
        down: parts of a cell above each other.
        family: glyph of each mask.
    """
    return ["".join(chr(_cell(column, row, across, down, family)) for column in range(COLUMNS)) for row in range(ROWS)]


def _cell(column: int, row: int, across: int, down: int, family: Mapping[int, int]) -> int:
    mask = 0
    for part in range(across * down):
        x = (column + (part % across + 0.5) / across) / COLUMNS * 2 - 1
        y = (row + (part // across + 0.5) / down) / ROWS * 2 - 1
        mask |= (x * x + y * y <= 1) << part
    return family[mask]
