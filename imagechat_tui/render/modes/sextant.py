"""Six dots per cell, two across and three down: Symbols for Legacy Computing of Unicode 13."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.scale import Sampler

_FAMILIES: Final = (partition.family(2, 3, glyphs.SEXTANTS),)


def solve(sample: "Sampler", _background: "RGB") -> "Cells":
    """The best two-color sextant for each cell."""
    return partition.solve(sample, _FAMILIES)


MODE: Final = Mode(name="sextant", level=GlyphLevel.SEXTANT, dots=(2, 3), solve=solve)
