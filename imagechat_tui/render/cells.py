"""A picture as terminal cells: one glyph, one foreground, one background each; and its ways out, as text.

Values only: how glyphs are chosen is the modes' business, which colors a terminal has is ``color``'s.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from imagechat_tui.render.ansi import EncodedRows, encode
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.palette import palette_index

if TYPE_CHECKING:
    from imagechat_tui.render.palette import Colors, Glyphs


def blank(columns: int, rows: int, *, color: tuple[int, int, int]) -> "Cells":
    """Empty cells of one color."""
    glyphs = np.full((rows, columns), ord(" "), np.uint32)
    colors = np.broadcast_to(np.array(color, np.uint8), (rows, columns, 3))
    return Cells(glyphs=glyphs, foreground=colors, background=colors)


@dataclass(frozen=True, eq=False, kw_only=True)
class Cells:
    """A grid of cells; never changed after it is made, so that its texts can be kept.

    Attributes:
        glyphs: code points, ``uint32`` of shape (rows, columns).
        foreground: RGB, ``uint8`` of shape (rows, columns, 3).
        background: the same for the background.
        depth: the colors are among those of this depth; in ``MONO`` white is the terminal's own foreground and
            black its background.
    """

    glyphs: "Glyphs"
    foreground: "Colors"
    background: "Colors"
    depth: ColorDepth = field(default=ColorDepth.TRUECOLOR)

    @property
    def columns(self) -> int:
        """Cells of a row."""
        return int(self.glyphs.shape[1])

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.glyphs.shape[0])

    @cached_property
    def encoded(self) -> EncodedRows:
        """The bytes of all rows, made once, when the first of them is asked for."""
        return encode(self.glyphs, self.foreground, self.background, depth=self.depth)

    def ansi(self, row: int, start: int = 0, end: int | None = None) -> str:
        """Columns ``start`` to ``end`` of a row with the fewest color changes; complete in itself, with a reset."""
        return self.encoded.span(row, start, self.columns if end is None else end)

    def text(self, row: int, start: int = 0, end: int | None = None) -> str:
        """The bare glyphs of columns ``start`` to ``end`` of a row."""
        return self.glyphs[row, start:end].astype("<u4").tobytes().decode("utf-32-le")

    def segments(self, row: int, start: int = 0, end: int | None = None) -> list[Segment]:
        """Columns ``start`` to ``end`` of a row as Rich segments: one per run of equal colors."""
        text = self.text(row, start, end)
        if not text:
            return []
        front, back = _packed(self.foreground[row, start:end]), _packed(self.background[row, start:end])
        changes = np.flatnonzero((front[1:] != front[:-1]) | (back[1:] != back[:-1])) + 1
        bounds = [0, *changes.tolist(), len(text)]
        return [
            Segment(text[left:right], _style(int(front[left]), int(back[left]), self.depth))
            for left, right in pairwise(bounds)
        ]

    def differing(self, row: int, other: "Cells", other_row: int) -> list[int]:
        """The columns in which a row looks different from a row of others, which is as long."""
        same = (self.glyphs[row] == other.glyphs[other_row]) & (
            self.background[row] == other.background[other_row]
        ).all(1)
        return np.flatnonzero(~(same & (self.foreground[row] == other.foreground[other_row]).all(1))).tolist()

    def cut(self, x: int, y: int, size: tuple[int, int]) -> "Cells":
        """The part of ``size`` (columns, rows) whose left top cell is ``x``, ``y``; shares memory with the whole."""
        across, down = slice(x, x + size[0]), slice(y, y + size[1])
        return replace(
            self,
            glyphs=self.glyphs[down, across],
            foreground=self.foreground[down, across],
            background=self.background[down, across],
        )


def _packed(colors: "Colors") -> "Glyphs":
    wide = colors.astype(np.uint32)
    packed: Glyphs = wide[..., 0] << np.uint32(16) | wide[..., 1] << np.uint32(8) | wide[..., 2]
    return packed


@lru_cache(maxsize=8192)
def _style(front: int, back: int, depth: ColorDepth) -> Style:
    if depth is ColorDepth.MONO:
        return Style(reverse=front < back)
    return Style.from_color(_rich_color(front, depth), _rich_color(back, depth))


def _rich_color(packed: int, depth: ColorDepth) -> Color:
    rgb = (packed >> 16, packed >> 8 & 255, packed & 255)
    if depth is ColorDepth.TRUECOLOR:
        return Color.from_rgb(*rgb)
    return Color.from_ansi(int(palette_index(np.array(rgb, np.uint8), depth)))
