"""Eight dots per cell, two across and four down: the finest blocks there are, from Unicode 16."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.scale import Sampler

_FAMILIES: Final = (partition.family(2, 4, glyphs.OCTANTS),)


def solve(sample: "Sampler", _background: "RGB") -> "Cells":
    """The best two-color octant for each cell."""
    return partition.solve(sample, _FAMILIES)


MODE: Final = Mode(name="octant", level=GlyphLevel.OCTANT, dots=(2, 4), solve=solve)
