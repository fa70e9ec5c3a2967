"""Four dots per cell, or one straight edge at any eighth: glyphs of the Block Elements, known to every font."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB, Colors

_SUB: Final = (8, 8)

_FAMILIES: Final = (
    partition.family(2, 2, glyphs.QUADRANTS),
    partition.family(1, 8, glyphs.ROWS),
    partition.family(8, 1, glyphs.COLUMNS),
)


def solve(pixels: "Colors", _background: "RGB") -> "Cells":
    """The best of quadrants and straight edges for each cell."""
    size = pixels.shape[1] // _SUB[0], pixels.shape[0] // _SUB[1]
    return partition.solve(pixels, size, _FAMILIES)


MODE: Final = Mode(name="quadrant", level=GlyphLevel.QUADRANT, dots=(2, 2), sub=_SUB, solve=solve)
