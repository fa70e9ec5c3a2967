"""Four dots per cell, or one straight edge at any eighth: glyphs of the Block Elements, known to every font."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.scale import Sampler

_FAMILIES: Final = (
    partition.family(2, 2, glyphs.QUADRANTS),
    partition.family(1, 8, glyphs.ROWS),
    partition.family(8, 1, glyphs.COLUMNS),
)


def solve(sample: "Sampler", _background: "RGB") -> "Cells":
    """The best of quadrants and straight edges for each cell."""
    return partition.solve(sample, _FAMILIES)


MODE: Final = Mode(name="quadrant", level=GlyphLevel.QUADRANT, dots=(2, 2), solve=solve)
