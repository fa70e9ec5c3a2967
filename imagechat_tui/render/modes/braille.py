"""Eight separate dots per cell, for terminals without colors and for fonts without blocks."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB, Colors

_SUB: Final = (2, 4)

_FAMILIES: Final = (partition.family(2, 4, glyphs.BRAILLE),)


def solve(pixels: "Colors", _background: "RGB") -> "Cells":
    """The best two-color pattern for each cell."""
    size = pixels.shape[1] // _SUB[0], pixels.shape[0] // _SUB[1]
    return partition.solve(pixels, size, _FAMILIES)


MODE: Final = Mode(
    name="braille", level=GlyphLevel.QUADRANT, dots=(2, 4), sub=_SUB, solve=solve, full=glyphs.BRAILLE[255]
)
