"""Two dots per cell, above each other: the half blocks that every terminal font has."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB, Colors

_SUB: Final = (1, 2)

_FAMILIES: Final = (partition.family(1, 2, glyphs.HALVES),)


def solve(pixels: "Colors", _background: "RGB") -> "Cells":
    """Cells that show every sample exactly."""
    size = pixels.shape[1] // _SUB[0], pixels.shape[0] // _SUB[1]
    return partition.solve(pixels, size, _FAMILIES)


MODE: Final = Mode(name="half", level=GlyphLevel.HALF, dots=(1, 2), sub=_SUB, solve=solve)
