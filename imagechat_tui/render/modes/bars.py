"""Octants, sextants, or one straight edge or thin line at any eighth of the cell: best for a whole picture in view."""

from typing import TYPE_CHECKING, Final

from imagechat_tui.render import glyphs, partition
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.scale import Sampler

_FAMILIES: Final = (
    partition.family(2, 4, glyphs.OCTANTS),
    partition.family(2, 3, glyphs.SEXTANTS),
    partition.family(1, 8, {**glyphs.ROWS, **glyphs.ROW_LINES}),
    partition.family(8, 1, {**glyphs.COLUMNS, **glyphs.COLUMN_LINES}),
)


def solve(sample: "Sampler", _background: "RGB") -> "Cells":
    """The best of octants, sextants, edges and lines for each cell."""
    return partition.solve(sample, _FAMILIES)


MODE: Final = Mode(name="bars", level=GlyphLevel.OCTANT, dots=(2, 4), solve=solve)
