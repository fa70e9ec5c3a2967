"""What a terminal can show: how many colors, which glyphs. Two ordered scales that the other modules compare with."""

from enum import IntEnum


class ColorDepth(IntEnum):
    """Colors per cell, from none to 24 bits; the names of the flags are in ``FLAGS``."""

    MONO = 0
    COLORS_16 = 4
    COLORS_256 = 8
    TRUECOLOR = 24

    @property
    def flag(self) -> str:
        """The word for it in flags, configuration and benchmarks: ``mono``, ``16``, ``256`` or ``16m``."""
        return {0: "mono", 4: "16", 8: "256", 24: "16m"}[self.value]

    @classmethod
    def from_flag(cls, flag: str) -> "ColorDepth":
        """The depth that ``flag`` names; ``KeyError`` when it names none."""
        return {depth.flag: depth for depth in cls}[flag]


class GlyphLevel(IntEnum):
    """The best family of block glyphs that a terminal draws without gaps; each level includes those below."""

    ASCII = 0
    HALF = 1
    QUADRANT = 2
    SEXTANT = 3
    OCTANT = 4
