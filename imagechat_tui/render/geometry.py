"""Where the picture stands in the cells: zoom, pan, and the way between cells, percents and source pixels.

Pure arithmetic. A zoomed picture is a *canvas* of whole cells of which a *window* is seen, so that panning moves by
whole cells and a cell keeps its percents whatever is in view. It never looks at pixels.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from typing import Final, NamedTuple

ZOOM_LADDER: Final = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0)
"""Source pixels per cell column of the zoom steps; two show every pixel as one dot of an octant."""

CANVAS_CELLS: Final = 400_000
"""Longest side of a canvas; four decimals of a percent still tell its cells apart."""

_PERCENT_DECIMALS: Final = (2, 3, 4)

_SAME_SCALE: Final = 0.03
"""Scales this close look the same; a step never lands so near to where it started."""


class Size(NamedTuple):
    """Width and height, in cells or in pixels as the name beside it says."""

    width: int
    height: int


class Region(NamedTuple):
    """A rectangle of cells; ``x`` and ``y`` count from the left top of the window."""

    x: int
    y: int
    width: int
    height: int

    def contains(self, column: int, row: int) -> bool:
        """Whether the cell lies inside."""
        return self.x <= column < self.x + self.width and self.y <= row < self.y + self.height


class Point(NamedTuple):
    """A place on the picture: percent of its width and height, each 0 to 100."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle of source pixels with fractions, edges as Pillow wants them."""

    left: float
    top: float
    right: float
    bottom: float


CELL: Final = Size(8, 16)
"""Pixels of one terminal cell when the terminal does not tell; only the ratio matters."""


class Zoom(StrEnum):
    """How the scale was chosen, and so what happens to it when the window changes."""

    FIT = "fit"
    FILL = "fill"
    ACTUAL = "actual"
    FREE = "free"


def fit(picture: Size, window: Size, *, cell: Size = CELL) -> "Viewport":
    """The whole picture, as large as the window allows, centred."""
    columns = min(window.width / picture.width, window.height / _rows_per_column(picture, cell))
    return _viewport(picture, window, cell, columns, Zoom.FIT)


def fill(picture: Size, window: Size, *, cell: Size = CELL) -> "Viewport":
    """The picture covers the whole window; what is too much on one side is panned to."""
    columns = max(window.width / picture.width, window.height / _rows_per_column(picture, cell))
    return _viewport(picture, window, cell, columns, Zoom.FILL)


def actual(picture: Size, window: Size, *, cell: Size = CELL) -> "Viewport":
    """One source pixel per screen pixel: a cell column shows ``cell.width`` of them."""
    return _viewport(picture, window, cell, 1 / cell.width, Zoom.ACTUAL)


def minimap(viewport: "Viewport", size: Size) -> Region:
    """The part of the picture in view, as cells of a map of the whole in ``size``; at least one cell."""
    canvas, drawn = viewport.canvas, viewport.drawn
    x = (viewport.left + drawn.x) * size.width // canvas.width
    y = (viewport.top + drawn.y) * size.height // canvas.height
    right = -(-(viewport.left + drawn.x + drawn.width) * size.width // canvas.width)
    bottom = -(-(viewport.top + drawn.y + drawn.height) * size.height // canvas.height)
    return Region(x, y, max(1, right - x), max(1, bottom - y))


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewport:
    """A picture seen through a window of cells; make one with ``fit``, ``fill`` or ``actual``, then change it.

    Attributes:
        picture: the source, in pixels.
        window: what the screen gives, in cells.
        cell: pixels of a cell; its ratio makes squares square.
        canvas: the whole picture at this zoom, in cells.
        left: canvas column at the window's left edge; negative when the picture is narrower than the window.
        top: canvas row at the window's top edge; negative when the picture is lower than the window.
        zoom: how the scale was chosen.
    """

    picture: Size
    window: Size
    cell: Size
    canvas: Size
    left: int
    top: int
    zoom: Zoom

    @property
    def pixels_per_column(self) -> float:
        """Source pixels that one cell column shows: large when fitted, small when zoomed in."""
        return self.picture.width / self.canvas.width

    @property
    def drawn(self) -> Region:
        """The cells of the window that show picture; the rest is margin."""
        x, y = max(0, -self.left), max(0, -self.top)
        width = min(self.window.width, self.canvas.width - self.left) - x
        height = min(self.window.height, self.canvas.height - self.top) - y
        return Region(x, y, max(0, width), max(0, height))

    @property
    def source(self) -> Box:
        """The source pixels that ``drawn`` shows."""
        region = self.drawn
        across, down = self.picture.width / self.canvas.width, self.picture.height / self.canvas.height
        left, top = self.left + region.x, self.top + region.y
        right, bottom = left + region.width, top + region.height
        return Box(
            left * across,
            top * down,
            self.picture.width if right == self.canvas.width else right * across,
            self.picture.height if bottom == self.canvas.height else bottom * down,
        )

    @property
    def whole(self) -> bool:
        """Whether nothing of the picture is out of view."""
        return self.canvas.width <= self.window.width and self.canvas.height <= self.window.height

    def point_at(self, column: int, row: int) -> Point:
        """The percents of a cell's centre, with as few decimals (2 to 4) as still lead back to the cell.

        Cells of the margin give the nearest cell of the picture.
        """
        return Point(
            _percent(_clamp(self.left + column, 0, self.canvas.width - 1), self.canvas.width),
            _percent(_clamp(self.top + row, 0, self.canvas.height - 1), self.canvas.height),
        )

    def cell_at(self, point: Point) -> tuple[int, int]:
        """The window cell (column, row) that shows the point; outside the window when it is out of view."""
        return (
            _cell(point.x, self.canvas.width) - self.left,
            _cell(point.y, self.canvas.height) - self.top,
        )

    def pixel_at(self, point: Point) -> tuple[int, int]:
        """The source pixel (x, y) under the point."""
        return _cell(point.x, self.picture.width), _cell(point.y, self.picture.height)

    def shows(self, point: Point) -> bool:
        """Whether the point is in view."""
        return self.drawn.contains(*self.cell_at(point))

    def panned(self, columns: int, rows: int) -> "Viewport":
        """Moved by whole cells, never beyond the picture's edges."""
        return _placed(self, self.left + columns, self.top + rows)

    def resized(self, window: Size) -> "Viewport":
        """The same view in another window: fitted stays fitted, else the centre stays in the centre."""
        if self.zoom is Zoom.FIT:
            return fit(self.picture, window, cell=self.cell)
        if self.zoom is Zoom.FILL:
            centre = self.point_at(self.window.width // 2, self.window.height // 2)
            return fill(self.picture, window, cell=self.cell).centred(centre)
        moved = replace(self, window=window)
        return _placed(
            moved,
            self.left + (self.window.width - window.width) // 2,
            self.top + (self.window.height - window.height) // 2,
        )

    def centred(self, point: Point) -> "Viewport":
        """The point as near to the window's centre as the picture's edges allow."""
        column, row = self.cell_at(point)
        return self.panned(column - self.window.width // 2, row - self.window.height // 2)

    def revealing(self, point: Point, *, margin: int = 2) -> "Viewport":
        """Moved just as far as needed to have the point in view, ``margin`` cells from the edge where possible."""
        column, row = self.cell_at(point)
        return self.panned(
            _needed(column, self.window.width, margin=margin),
            _needed(row, self.window.height, margin=margin),
        )

    def zoomed(self, pixels_per_column: float, *, anchor: Point) -> "Viewport":
        """Another scale; the anchor stays in its cell unless an edge of the picture forbids.

        Args:
            pixels_per_column: source pixels per cell column; bounded by ``ZOOM_LADDER`` and by the fitted view (for
                a picture smaller than the window, by its actual size).
            anchor: the point that stays where it is.
        """
        canvas, zoom = self._scaled(pixels_per_column)
        column, row = self.cell_at(anchor)
        moved = replace(self, canvas=canvas, zoom=zoom)
        return _placed(moved, _cell(anchor.x, canvas.width) - column, _cell(anchor.y, canvas.height) - row)

    def stepped(self, steps: int, *, anchor: Point) -> "Viewport":
        """Zoomed in (positive) or out along ``ZOOM_LADDER``; out ends at the fitted view."""
        moved: Viewport = self
        for _ in range(abs(steps)):
            moved = _next_step(moved, anchor, inward=steps > 0)
        return moved

    def _scaled(self, pixels_per_column: float) -> tuple[Size, Zoom]:
        """The canvas of a scale, and what that scale is called."""
        whole = fit(self.picture, self.window, cell=self.cell)
        own = actual(self.picture, self.window, cell=self.cell)
        farthest = max(whole.pixels_per_column, self.cell.width)
        if pixels_per_column >= farthest > whole.pixels_per_column:
            return own.canvas, own.zoom
        if abs(pixels_per_column / whole.pixels_per_column - 1) < _SAME_SCALE or pixels_per_column >= farthest:
            return whole.canvas, whole.zoom
        longest = max(self.picture.width, _rows_per_column(self.picture, self.cell))
        smallest = max(ZOOM_LADDER[0], longest / CANVAS_CELLS)
        return _canvas(self.picture, self.cell, 1 / max(pixels_per_column, smallest)), Zoom.FREE


def _next_step(viewport: Viewport, anchor: Point, *, inward: bool) -> Viewport:
    """The nearest scale of the ladder that changes something; small pictures have few different canvases."""
    current = viewport.pixels_per_column
    if inward:
        scales = [step for step in reversed(ZOOM_LADDER) if step < current * (1 - _SAME_SCALE)]
    else:
        scales = [step for step in (*ZOOM_LADDER, inf) if step > current * (1 + _SAME_SCALE)]
    candidates = (viewport.zoomed(scale, anchor=anchor) for scale in scales)
    return next((moved for moved in candidates if moved.canvas != viewport.canvas), viewport)


def _placed(viewport: Viewport, left: int, top: int) -> Viewport:
    """The viewport with its window there, or as near as the picture's edges allow."""
    canvas, window = viewport.canvas, viewport.window
    return replace(
        viewport,
        left=_inside(left, canvas.width, window.width),
        top=_inside(top, canvas.height, window.height),
    )


def _rows_per_column(picture: Size, cell: Size) -> float:
    """Rows of the canvas for a scale of one column per source pixel."""
    return picture.height * cell.width / cell.height


def _canvas(picture: Size, cell: Size, columns_per_pixel: float) -> Size:
    width = round(picture.width * columns_per_pixel)
    height = round(_rows_per_column(picture, cell) * columns_per_pixel)
    return Size(_clamp(width, 1, CANVAS_CELLS), _clamp(height, 1, CANVAS_CELLS))


def _viewport(picture: Size, window: Size, cell: Size, columns_per_pixel: float, zoom: Zoom) -> Viewport:
    canvas = _canvas(picture, cell, columns_per_pixel)
    left = (canvas.width - window.width) // 2
    top = (canvas.height - window.height) // 2
    return Viewport(picture=picture, window=window, cell=cell, canvas=canvas, left=left, top=top, zoom=zoom)


def _inside(start: int, length: int, window: int) -> int:
    """A start that keeps the window inside ``length``, or centres what is shorter than the window."""
    return (length - window) // 2 if length <= window else _clamp(start, 0, length - window)


def _needed(position: int, length: int, *, margin: int) -> int:
    """Cells to move so that ``position`` is ``margin`` away from both edges of ``length``."""
    margin = max(0, min(margin, (length - 1) // 2))
    return min(0, position - margin) + max(0, position - (length - 1 - margin))


def _cell(percent: float, length: int) -> int:
    """The index among ``length`` equal parts that holds ``percent``; 100 belongs to the last."""
    return _clamp(int(percent * length / 100), 0, length - 1)


def _percent(index: int, length: int) -> float:
    exact = (index + 0.5) * 100 / length
    return next((short for d in _PERCENT_DECIMALS if _cell(short := round(exact, d), length) == index), exact)


def _clamp(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
