"""The one shape of a way to draw: which glyphs it needs, and how a picture becomes cells. Holds no algorithm."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.glyphs import FULL

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.scale import Sampler


class Solve(Protocol):
    """A picture to cells."""

    def __call__(self, sample: "Sampler", background: "RGB", /) -> "Cells":
        """The cells for the picture that ``sample`` gives at any number of samples per cell.

        ``background`` is the color around the picture, for modes that let it shine through.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Mode:
    """A way to draw.

    Attributes:
        name: as in flags and configuration.
        level: the glyphs that the terminal must have.
        dots: the dots that the glyphs of a cell can switch one by one, across and down.
        solve: a picture to cells.
        full: the glyph of a cell whose dots are all on, for terminals without colors.
        dither: without colors, brightness is shown by scattered dots rather than by choice of glyph.
    """

    name: str
    level: GlyphLevel
    dots: tuple[int, int]
    solve: Solve
    full: int = FULL
    dither: bool = True
