"""A row of picture cells as Textual wants rows: cut, cropped and written without ever making segments.

Segments are made only when somebody asks for them (screenshots, a dimmed background under a dialog). It draws nothing
and knows no colors.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import Segment
from textual.cache import FIFOCache
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells


class CellStrip(Strip):
    """Columns ``start`` to ``end`` of one row of cells."""

    __slots__ = ["_cells", "_end", "_made", "_row", "_start"]

    def __init__(self, cells: "Cells", row: int, start: int = 0, end: int | None = None) -> None:
        self._cells = cells
        self._row = row
        self._start = start
        self._end = cells.columns if end is None else end
        self._made: list[Segment] | None = None
        # The parent's constructor makes seven caches, for strips that live no longer than their frame.
        self._cell_length = self._end - self._start
        self._cell_count = None
        self._render_cache = None
        self._link_ids = None

    def __getattr__(self, name: str) -> object:
        """A cache of the parent, made when it is first used."""
        if not name.endswith("_cache"):
            raise AttributeError(name)
        made: FIFOCache[object, Strip] = FIFOCache(4)
        setattr(self, name, made)
        return made

    @property
    def _segments(self) -> list[Segment]:  # type: ignore[override] # the parent's slot, which is read only from here on
        """Made when they are read."""
        if self._made is None:
            self._made = self._cells.segments(self._row, self._start, self._end)
        return self._made

    @property
    def cell_count(self) -> int:
        """Every glyph of a picture is one cell wide."""
        return self._end - self._start

    @property
    def link_ids(self) -> set[str]:
        """A picture has no links."""
        return set()

    def __bool__(self) -> bool:
        return self._end > self._start

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:  # noqa: A002, ARG002 - the parent's names
        """The cells are already in the terminal's own colors."""
        return self

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Columns ``start`` to ``end`` of this part."""
        start = max(0, start)
        end = self.cell_count if end is None else min(end, self.cell_count)
        if end <= start:
            return Strip([], 0)
        if start == 0 and end == self.cell_count:
            return self
        return self.part(self._start + start, self._start + end)

    def part(self, start: int, end: int) -> "CellStrip":
        """The same row from other columns."""
        return CellStrip(self._cells, self._row, start, end)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The parts up to each cut."""
        parts: list[Strip] = []
        start = 0
        for cut in cuts:
            if cut > self.cell_count:
                break
            parts.append(self.crop(start, cut))
            start = cut
        return parts

    def render(self, console: Console) -> str:  # noqa: ARG002 - the cells know their colors
        """The bytes for the terminal: a color is written only where it changes."""
        if self._render_cache is None:
            self._render_cache = self._cells.ansi(self._row, self._start, self._end)
        return self._render_cache
