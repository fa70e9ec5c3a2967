"""Six dots per cell, two across and three down: Symbols for Legacy Computing of Unicode 13."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB, Colors

_SUB: Final = (2, 3)

_FAMILIES: Final = (partition.family(2, 3, glyphs.SEXTANTS),)


def solve(pixels: "Colors", _background: "RGB") -> "Cells":
    """The best two-color sextant for each cell."""
    size = pixels.shape[1] // _SUB[0], pixels.shape[0] // _SUB[1]
    return partition.solve(pixels, size, _FAMILIES)


MODE: Final = Mode(name="sextant", level=GlyphLevel.SEXTANT, dots=(2, 3), sub=_SUB, solve=solve)
