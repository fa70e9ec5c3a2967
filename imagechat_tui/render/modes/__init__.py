"""The ways to draw a picture with characters, by name, and which of them fits a terminal and a zoom.

A mode is loaded when it is asked for: importing this package loads neither numpy nor Pillow.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from imagechat_tui.render.depth import ColorDepth, GlyphLevel

if TYPE_CHECKING:
    from imagechat_tui.render.modes.mode import Mode

MODE_NAMES: Final = ("bars", "octant", "edges", "sextant", "quadrant", "half", "braille", "ascii")
"""All modes, the finest first; ``words`` beside them describes markers and draws nothing."""

CLOSE: Final = 5.0
"""Source pixels per cell column up to which dots of one size read better than bars and lines."""

_MONO: Final = {GlyphLevel.ASCII: "ascii", GlyphLevel.HALF: "half", GlyphLevel.QUADRANT: "braille"}


def mode_named(name: str) -> "Mode":
    """The mode of that name; ``KeyError`` when there is none."""
    if name not in MODE_NAMES:
        raise KeyError(name)
    found: Mode = import_module(f"{__name__}.{name}").MODE
    return found


def best_mode(glyphs: GlyphLevel, pixels_per_column: float, *, colors: ColorDepth = ColorDepth.TRUECOLOR) -> str:
    """The name of the mode that shows most, for what the terminal can draw and how far the picture is zoomed.

    Args:
        glyphs: the best block glyphs of the terminal.
        pixels_per_column: source pixels that a cell column shows.
        colors: colors of the terminal; without any, dots are scattered, and Braille has the finest that are common.
    """
    if colors is ColorDepth.MONO and glyphs in _MONO:
        return _MONO[glyphs]
    close = pixels_per_column <= CLOSE or colors is ColorDepth.MONO
    near, far = {
        GlyphLevel.OCTANT: ("octant", "bars"),
        GlyphLevel.SEXTANT: ("sextant", "edges"),
        GlyphLevel.QUADRANT: ("quadrant", "quadrant"),
        GlyphLevel.HALF: ("half", "half"),
        GlyphLevel.ASCII: ("ascii", "ascii"),
    }[glyphs]
    return near if close else far
