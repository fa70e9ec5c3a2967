"""Octants, or one straight edge or thin line at any eighth of the cell: best when the whole picture is in view."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB, Colors

_SUB: Final = (8, 8)

_FAMILIES: Final = (
    partition.family(2, 4, glyphs.OCTANTS),
    partition.family(1, 8, {**glyphs.ROWS, **glyphs.ROW_LINES}),
    partition.family(8, 1, {**glyphs.COLUMNS, **glyphs.COLUMN_LINES}),
)


def solve(pixels: "Colors", _background: "RGB") -> "Cells":
    """The best of octants, edges and lines for each cell."""
    size = pixels.shape[1] // _SUB[0], pixels.shape[0] // _SUB[1]
    return partition.solve(pixels, size, _FAMILIES)


MODE: Final = Mode(name="bars", level=GlyphLevel.OCTANT, dots=(2, 4), sub=_SUB, solve=solve)
