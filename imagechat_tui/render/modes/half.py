"""Two dots per cell, above each other: the half blocks that every terminal font has."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.scale import Sampler

_FAMILIES: Final = (partition.family(1, 2, glyphs.HALVES),)


def solve(sample: "Sampler", _background: "RGB") -> "Cells":
    """Cells that show every sample exactly."""
    return partition.solve(sample, _FAMILIES)


MODE: Final = Mode(name="half", level=GlyphLevel.HALF, dots=(1, 2), solve=solve)
