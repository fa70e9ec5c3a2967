"""One frame: what a viewport shows of a picture, as cells in the colors that the terminal has.

Puts scaling, a mode and colors together; keeps nothing between frames.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from imagechat_tui.render.color import BLACK
from imagechat_tui.render.depth import ColorDepth, GlyphLevel
from imagechat_tui.render.modes import best_mode, mode_named

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.geometry import Viewport
    from imagechat_tui.render.scale import Pyramid


SAFE_TOLERANCE: Final = 12
"""Saves two fifths of the bytes and loses nothing that can be seen or measured."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How frames are drawn.

    Attributes:
        glyphs: the best block glyphs that the terminal draws.
        colors: the colors it has.
        mode: a mode by name, whatever fits best when ``None``.
        background: what surrounds the picture and shines through it.
        tolerance: how far (steps of 255 per channel) the color of a cell with contrast may move to save bytes; 0 keeps
            all colors.
    """

    glyphs: GlyphLevel = GlyphLevel.QUADRANT
    colors: ColorDepth = ColorDepth.TRUECOLOR
    mode: str | None = None
    background: "RGB" = BLACK
    tolerance: int = SAFE_TOLERANCE


def draw(pyramid: "Pyramid", viewport: "Viewport", look: Look) -> "Cells":
    """The cells of ``viewport.drawn``: no margin, ``drawn.height`` rows of ``drawn.width`` cells.

    Args:
        pyramid: the picture.
        viewport: the part of it in view; ``drawn`` must not be empty.
        look: glyphs, colors and background.
    """
    # Whoever only says how to draw need not wait for numpy.
    from imagechat_tui.render.mono import draw_mono  # noqa: PLC0415 - loaded with the first picture
    from imagechat_tui.render.palette import nearest  # noqa: PLC0415 - the same
    from imagechat_tui.render.thrift import thrifty  # noqa: PLC0415 - the same

    name = look.mode or best_mode(look.glyphs, viewport.pixels_per_column, colors=look.colors)
    chosen = mode_named(name)
    region = viewport.drawn
    sample = pyramid.sampler(viewport.source, (region.width, region.height), background=look.background)
    if look.colors is ColorDepth.MONO:
        return draw_mono(sample, chosen, background=look.background)
    cells = chosen.solve(sample, look.background)
    if look.colors is not ColorDepth.TRUECOLOR:
        cells = replace(
            cells,
            foreground=nearest(cells.foreground, look.colors),
            background=nearest(cells.background, look.colors),
            depth=look.colors,
        )
    return thrifty(cells, tolerance=look.tolerance if look.colors is ColorDepth.TRUECOLOR else 0, level=chosen.level)
