"""Block glyphs by the shape they draw, as Unicode defines them; never which terminal has them.

A mask names a shape on a grid of equal parts: bit ``i`` is set when part ``i``, counted row by row from the left top,
shows the foreground.
"""

from collections.abc import Mapping
from typing import Final

from imagechat_tui.render.depth import GlyphLevel

SPACE: Final = ord(" ")
FULL: Final = ord("█")

_OCTANT_FIRST: Final = 0x1CD00
_SEXTANT_FIRST: Final = 0x1FB00
_BRAILLE_FIRST: Final = 0x2800
_BRAILLE_DOTS: Final = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)


def _numbered(parts: str) -> int:
    """The mask of parts named as Unicode does, from 1: ``"13"`` is the upper left quarter of an octant."""
    return sum(1 << int(part) - 1 for part in parts)


def _octants() -> dict[int, int]:
    """All 256 masks; the block that Unicode 16 added leaves out the shapes that other blocks already had."""
    quarters = ("13", "24", "57", "68")
    elsewhere = {
        sum(_numbered(parts) for i, parts in enumerate(quarters) if mask >> i & 1): glyph
        for mask, glyph in QUADRANTS.items()
    }
    elsewhere |= {_numbered("78"): ord("▂"), _numbered("345678"): ord("▆")}
    elsewhere |= {_numbered("12"): 0x1FB82, _numbered("123456"): 0x1FB85}
    elsewhere |= {_numbered("35"): 0x1FBE6, _numbered("46"): 0x1FBE7}
    elsewhere |= {_numbered("1"): 0x1CEA8, _numbered("2"): 0x1CEAB, _numbered("7"): 0x1CEA3, _numbered("8"): 0x1CEA0}
    rest = (mask for mask in range(256) if mask not in elsewhere)
    return elsewhere | {mask: _OCTANT_FIRST + place for place, mask in enumerate(rest)}


def _sextants() -> dict[int, int]:
    elsewhere = {0: SPACE, _numbered("135"): ord("▌"), _numbered("246"): ord("▐"), 63: FULL}
    rest = (mask for mask in range(64) if mask not in elsewhere)
    return elsewhere | {mask: _SEXTANT_FIRST + place for place, mask in enumerate(rest)}


def _braille() -> dict[int, int]:
    return {mask: _BRAILLE_FIRST + sum(d for i, d in enumerate(_BRAILLE_DOTS) if mask >> i & 1) for mask in range(256)}


def _filled_from_end(filled: int) -> int:
    """The last ``filled`` of eight parts."""
    return 0xFF << 8 - filled & 0xFF


HALVES: Final[Mapping[int, int]] = {0: SPACE, 1: ord("▀"), 2: ord("▄"), 3: FULL}
"""Two parts above each other."""

QUADRANTS: Final[Mapping[int, int]] = dict(enumerate(map(ord, " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")))
"""Two by two."""

SEXTANTS: Final[Mapping[int, int]] = _sextants()
"""Two wide, three high."""

OCTANTS: Final[Mapping[int, int]] = _octants()
"""Two wide, four high."""

BRAILLE: Final[Mapping[int, int]] = _braille()
"""Two wide, four high, as separate dots."""

ROWS: Final[Mapping[int, int]] = {_filled_from_end(i + 1): ord("▁") + i for i in range(7)}
"""Eight rows: filled from below by one to seven eighths."""

COLUMNS: Final[Mapping[int, int]] = {(1 << i + 1) - 1: ord("▏") - i for i in range(7)}
"""Eight columns: filled from the left by one to seven eighths."""

ROW_LINES: Final[Mapping[int, int]] = {1: ord("▔")} | {1 << i: 0x1FB76 + i - 1 for i in range(1, 7)}
"""Eight rows: one of them, except the last, which ``ROWS`` has."""

COLUMN_LINES: Final[Mapping[int, int]] = {1 << i: 0x1FB70 + i - 1 for i in range(1, 7)} | {128: ord("▕")}
"""Eight columns: one of them, except the first, which ``COLUMNS`` has."""


_SINCE: Final = (
    (QUADRANTS, GlyphLevel.HALF),
    (BRAILLE, GlyphLevel.QUADRANT),
    (SEXTANTS, GlyphLevel.SEXTANT),
    (OCTANTS, GlyphLevel.OCTANT),
)
"""Complete grids, and the level from which on a terminal draws all of one; halves have their pairs among quarters."""


def complements(level: GlyphLevel) -> dict[int, int]:
    """For each glyph that has one at this level, the glyph that shows foreground and background exchanged.

    The lower quarter of a cell has an opposite among the octants only: who draws no octants must not meet it.
    """
    pairs: dict[int, int] = {}
    for table, since in _SINCE:
        if since <= level:
            pairs |= {glyph: table[len(table) - 1 ^ mask] for mask, glyph in table.items()}
    return pairs
