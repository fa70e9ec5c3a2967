"""A row of picture cells whose place the terminal fills with real pixels, except where something is written over them.

Only what is written to the terminal names the pixels. Screenshots, and the dimmed background of a dialog, are made of
the same glyphs and colors as without.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from imagechat_tui.tui.widgets.cell_strip import CellStrip

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.geometry import Viewport
    from imagechat_tui.tui.projector import Slide


class PixelStrip(CellStrip):
    """Columns ``start`` to ``end`` of one row; ``runs`` of them show the slide."""

    __slots__ = ["_over", "_runs"]

    def __init__(
        self,
        cells: "tuple[Cells, int]",
        over: "tuple[Slide, Viewport, int]",
        runs: Sequence[tuple[int, int]],
        start: int = 0,
        end: int | None = None,
    ) -> None:
        """A row.

        Args:
            cells: the cells that hold the row, and its place among them.
            over: what shows the pixels, what of the picture is seen, and the row's place in the window.
            runs: first column and the one after the last, of each stretch that shows pixels.
            start: first column of this part.
            end: the one after its last.
        """
        super().__init__(*cells, start, end)
        self._over = over
        self._runs = runs

    def part(self, start: int, end: int) -> CellStrip:
        """The same row from other columns."""
        return PixelStrip((self._cells, self._row), self._over, self._runs, start, end)

    def render(self, console: Console) -> str:  # noqa: ARG002 - the cells know their colors
        """The bytes for the terminal: placeholders, and cells between them."""
        if self._render_cache is None:
            self._render_cache = "".join(self._pieces())
        return self._render_cache

    def _pieces(self) -> "list[str]":
        slide, view, y = self._over
        pieces = []
        here = self._start
        for first, behind in self._runs:
            left, right = max(here, first), min(self._end, behind)
            if left < right:
                if here < left:
                    pieces.append(self._cells.ansi(self._row, here, left))
                pieces.append(slide.row(view, y, range(left, right)))
                here = right
        if here < self._end:
            pieces.append(self._cells.ansi(self._row, here, self._end))
        return pieces
