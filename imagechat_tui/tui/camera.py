"""Where the crosshair stands and what of the picture is in view; every way to move them. Arithmetic only.

The crosshair stays in view whatever is moved.
"""

from typing import Final

from imagechat_tui.render.geometry import Point, Size, Viewport, actual, fill, fit

NUDGE: Final = 0.1
"""Percent of the finest step."""

JUMP_STEPS: Final = 3
"""Zoom steps that bring a chosen place near."""

_CENTRE: Final = Point(50.0, 50.0)


class Camera:
    """A point on a picture and the part of the picture around it that is seen."""

    def __init__(self) -> None:
        self.point = _CENTRE
        self.viewport: Viewport | None = None
        """``None`` while there is no picture or no room."""
        self._picture: Size | None = None
        self._kept: tuple[Point, Viewport] | None = None

    def load(self, picture: Size | None, window: Size) -> None:
        """Another picture, or none; the crosshair stays where it is in percent; one of the same size, the view too."""
        if picture is not None and picture == self._picture and self.viewport is not None:
            return
        self._picture, self._kept = picture, None
        self.viewport = self._fitted(window)

    def resize(self, window: Size) -> None:
        """Another window: fitted stays fitted, else the middle stays in the middle."""
        if self.viewport is None or not all(self.viewport.window) or not all(window):
            self.viewport = self._fitted(window)
        else:
            self.viewport = self.viewport.resized(window).revealing(self.point)

    def _fitted(self, window: Size) -> Viewport | None:
        return fit(self._picture, window) if self._picture is not None and all(window) else None

    def keep(self) -> None:
        """Remember crosshair and view, to come back to them."""
        if self.viewport is not None and self._kept is None:
            self._kept = self.point, self.viewport

    def come_back(self) -> None:
        """Crosshair and view as they were remembered."""
        if self._kept is not None and self.viewport is not None:
            self.point, viewport = self._kept
            self.viewport = viewport.resized(self.viewport.window)
        self._kept = None

    def forget(self) -> None:
        """Stay here."""
        self._kept = None

    def go_to(self, point: Point) -> None:
        """Put the crosshair on a point and bring the point into view."""
        self.point = point
        self.reveal(point)

    def reveal(self, point: Point) -> None:
        """Bring a point into view; the crosshair stays on its point."""
        if self.viewport is not None:
            self.viewport = self.viewport.revealing(point)

    def step(self, columns: int, rows: int) -> None:
        """Move the crosshair by cells; at the edge the picture moves along."""
        if self.viewport is None:
            return
        column, row = self.viewport.cell_at(self.point)
        moved = self.viewport.panned(
            _beyond(column + columns, self.viewport.window.width), _beyond(row + rows, self.viewport.window.height)
        )
        shift = self.viewport.left - moved.left, self.viewport.top - moved.top
        self.viewport = moved
        self.point = moved.point_at(column + columns + shift[0], row + rows + shift[1])

    def nudge(self, across: int, down: int) -> None:
        """Move the crosshair by the finest step in the directions of the signs."""
        x = min(100.0, max(0.0, round(self.point.x + _sign(across) * NUDGE, 4)))
        y = min(100.0, max(0.0, round(self.point.y + _sign(down) * NUDGE, 4)))
        self.go_to(Point(x, y))

    def pan(self, columns: int, rows: int) -> None:
        """Move the window over the picture by cells; the crosshair comes along when it would be left behind."""
        if self.viewport is None:
            return
        moved = self.viewport.panned(columns, rows)
        if not moved.shows(self.point):
            self.point = moved.point_at(*self.viewport.cell_at(self.point))
        self.viewport = moved

    def zoom(self, steps: int, *, anchor: Point | None = None) -> None:
        """Nearer (positive) or farther; the anchor, else the crosshair, stays in its cell."""
        if self.viewport is None:
            return
        moved = self.viewport.stepped(steps, anchor=anchor or self.point)
        if not moved.shows(self.point):
            self.point = moved.point_at(*self.viewport.cell_at(self.point))
        self.viewport = moved

    def zoom_fit(self) -> None:
        """The whole picture."""
        if self.viewport is not None:
            self.viewport = fit(self.viewport.picture, self.viewport.window)

    def look_at(self, point: Point) -> None:
        """Put the crosshair on a point, and the point in the middle."""
        self.point = point
        if self.viewport is not None:
            self.viewport = self.viewport.centred(point)

    def zoom_fill(self) -> None:
        """The whole window, around the crosshair."""
        if self.viewport is not None:
            self.viewport = fill(self.viewport.picture, self.viewport.window).centred(self.point)

    def zoom_actual(self) -> None:
        """One picture pixel per screen pixel, around the crosshair."""
        if self.viewport is not None:
            self.viewport = actual(self.viewport.picture, self.viewport.window).centred(self.point)

    def zoom_near(self, point: Point) -> None:
        """Put the crosshair on a point and bring it near, in the middle."""
        self.point = point
        if self.viewport is not None:
            self.viewport = self.viewport.stepped(JUMP_STEPS, anchor=point).centred(point)


def _beyond(position: int, length: int) -> int:
    """How far a position lies outside of ``length`` cells."""
    return min(0, position) + max(0, position - (length - 1))


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
