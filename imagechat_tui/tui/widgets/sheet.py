"""The rows of a drawn frame with what is drawn into them: the crosshair, or labels to jump to.

It hands out strips, of cells or of pixels; where crosshair and labels stand is decided by the picture's widget.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip

from imagechat_tui.render.geometry import Point
from imagechat_tui.tui import painter
from imagechat_tui.tui.jump import Label
from imagechat_tui.tui.widgets.cell_strip import CellStrip
from imagechat_tui.tui.widgets.pixel_strip import PixelStrip

if TYPE_CHECKING:
    from imagechat_tui.render.color import RGB
    from imagechat_tui.tui.projector import Slide


class Sheet:
    """What of a frame is seen."""

    def __init__(self) -> None:
        self._over: painter.Rows = {}

    def clear(self) -> None:
        """Nothing is drawn into the frame."""
        self._over = {}

    def aim(self, frame: painter.Frame, point: Point, *, color: "RGB") -> None:
        """The crosshair on a point; none when the point is out of view."""
        self._over = {}
        column, row = frame.viewport.cell_at(point)
        if 0 <= column < frame.cells.columns and 0 <= row < frame.cells.rows:
            self._over = painter.with_cross(frame.cells, column, row, color=color)

    def label(self, frame: painter.Frame, labels: Sequence[Label], *, front: "RGB", back: "RGB") -> None:
        """Labels over everything."""
        self._over = painter.with_labels(frame.cells, labels, front=front, back=back)

    def rows(self, frame: painter.Frame, crop: Region, *, slide: "Slide | None") -> list[Strip]:
        """The rows of ``crop``.

        Args:
            frame: the one that crosshair or labels were drawn into.
            crop: a part of the window.
            slide: shows the frame in pixels.
        """
        return [self._row(frame, y, slide).crop(crop.x, crop.right) for y in range(crop.y, crop.bottom)]

    def _row(self, frame: painter.Frame, y: int, slide: "Slide | None") -> CellStrip:
        cells, place = self._over.get(y) or (frame.cells, y)
        region = frame.viewport.drawn
        if slide is None or not region.y <= y < region.y + region.height:
            return CellStrip(cells, place)
        written = () if cells is frame.cells else cells.differing(place, frame.cells, y)
        runs = _between(region.x, region.x + region.width, written)
        return PixelStrip((cells, place), (slide, frame.viewport, y), runs)


def _between(start: int, end: int, written: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches of columns that nothing is written into."""
    edges = [start, *(column for column in written if start <= column < end), end]
    runs = [(left if place == 0 else left + 1, right) for place, (left, right) in enumerate(pairwise(edges))]
    return [(left, right) for left, right in runs if left < right]
