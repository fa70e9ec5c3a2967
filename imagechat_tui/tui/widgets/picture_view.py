"""The picture as cells, with crosshair and markers: moved, zoomed and pointed at by keys and mouse.

Frames are drawn in a thread, one at a time, the newest wish first; picture and markers change place together. It knows
points in percent and nothing of threads, sending or the network.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from textual import events
from textual.geometry import Region as ScreenRegion
from textual.strip import Strip
from textual.widget import Widget

from imagechat_tui.errors import PictureError
from imagechat_tui.i18n import _
from imagechat_tui.render.geometry import Point, Region, Size, Viewport, actual, fit
from imagechat_tui.render.overlay import MarkerFacts, place
from imagechat_tui.tui import painter
from imagechat_tui.tui.jump import LETTERS, JumpGrid
from imagechat_tui.tui.keys import Place, bindings
from imagechat_tui.tui.messages import (
    MarkerDropped,
    ModeChanged,
    PictureMode,
    PictureRead,
    PointChosen,
    PointerMoved,
)
from imagechat_tui.tui.widgets.cell_strip import CellStrip
from imagechat_tui.tui.widgets.marker_badge import MarkerBadge

if TYPE_CHECKING:
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.frame import Look
    from imagechat_tui.render.scale import Pyramid

FAR: Final = 8
"""Cells of a large step across; half of it down."""

NUDGE: Final = 0.1
"""Percent of a step after a jump."""

_JUMP_STEPS: Final = 3
"""Zoom steps that a chosen label brings nearer."""

_FRAMED_ROWS: Final = 3

_CENTRE: Final = Point(50.0, 50.0)


class PictureView(Widget):
    """A picture that can be pointed at."""

    can_focus = True
    BINDINGS = bindings(Place.PICTURE)
    COMPONENT_CLASSES = {"picture--cross", "picture--label"}  # noqa: RUF012 - Textual's own way to declare them

    def __init__(self, *, look: "Look", square_percent: float, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self.look = look
        self.mode = PictureMode.POINT
        self.point = _CENTRE
        self._square_percent = square_percent
        self._pyramid: Pyramid | None = None
        self._notice = _("Loading the picture …")
        self._wanted: Viewport | None = None
        self._frame: painter.Frame | None = None
        self._frame_look: Look | None = None
        self._drawing = False
        self._facts: tuple[MarkerFacts, ...] = ()
        self._hidden = False
        self._badges: list[MarkerBadge] = []
        self._changed_rows: dict[int, CellStrip] = {}
        self._typed = ""
        self._carried: str | None = None
        self._came_from: tuple[Point, Viewport] | None = None
        self._held: tuple[int, int] | None = None
        self._dragged = False

    # What is shown ---------------------------------------------------------------------------------------------

    async def load(self, data: bytes) -> None:
        """Show another picture; crosshair and markers stay where they are in percent.

        A picture that cannot be shown leaves a sentence in its place; the markers stay usable.
        """
        try:
            self._pyramid, notes = await asyncio.to_thread(painter.read, data)
        except PictureError as error:
            self.fail(str(error))
            return
        self._frame = None
        self._wanted = self._fitted()
        self._want(self._wanted)
        self.post_message(PictureRead(notes))

    def fail(self, sentence: str) -> None:
        """Show a sentence instead of the picture."""
        self._pyramid = self._wanted = self._frame = None
        self._notice = sentence
        self._place_badges()
        self.refresh()

    def show_markers(self, facts: Sequence[MarkerFacts]) -> None:
        """The markers to draw."""
        self._facts = tuple(facts)
        self._place_badges()

    @property
    def markers_hidden(self) -> bool:
        """Whether the markers are out of sight."""
        return self._hidden

    @markers_hidden.setter
    def markers_hidden(self, hidden: bool) -> None:
        self._hidden = hidden
        self._place_badges()

    def set_look(self, look: "Look") -> None:
        """Draw with other glyphs, colors or background."""
        self.look = look
        if self._wanted is not None:
            self._want(self._wanted)

    @property
    def viewport(self) -> Viewport | None:
        """What is wanted to be seen; ``None`` without a picture."""
        return self._wanted

    @property
    def color(self) -> "RGB | None":
        """The picture's color under the crosshair."""
        if self._pyramid is None or self._wanted is None:
            return None
        x, y = self._wanted.pixel_at(self.point)
        return self._pyramid.pixel(x, y, background=self.look.background)

    # Moving ----------------------------------------------------------------------------------------------------

    def go_to(self, point: Point) -> None:
        """Put the crosshair on a point and bring the point into view."""
        before, self.point = self.point, point
        if self._wanted is not None:
            moved = self._wanted.revealing(point)
            if moved != self._wanted:
                self._want(moved)
            else:
                self._repaint_cross(before, point)
        self.post_message(PointerMoved())

    def reveal(self, point: Point) -> None:
        """Bring a point into view; the crosshair stays where it is."""
        if self._wanted is not None:
            self._want(self._wanted.revealing(point))

    def stack_of(self, marker_id: str) -> tuple[str, ...]:
        """The markers that share a square with one, itself included."""
        keys = (badge.keys for badge in self._badges if badge.display and marker_id in badge.keys)
        return next(keys, (marker_id,))

    def zoom(self, steps: int, *, anchor: Point | None = None) -> None:
        """Nearer (positive) or farther; the anchor, else the crosshair, stays where it is."""
        if self._wanted is not None:
            self._want(self._wanted.stepped(steps, anchor=anchor or self.point))

    def zoom_fit(self) -> None:
        """The whole picture."""
        if self._wanted is not None:
            self._want(self._fitted())

    def zoom_actual(self) -> None:
        """One picture pixel per screen pixel, around the crosshair."""
        if self._wanted is not None:
            self._want(actual(self._wanted.picture, self._wanted.window).centred(self.point))

    def zoom_to(self, point: Point) -> None:
        """Bring a point near, in the middle."""
        self.point = point
        if self._wanted is not None:
            near = self._fitted().stepped(_JUMP_STEPS, anchor=point).centred(point)
            self._want(near if near != self._wanted else near.stepped(1, anchor=point).centred(point))
        self.post_message(PointerMoved())

    def pan(self, columns: int, rows: int) -> None:
        """Move the picture's window by cells; the crosshair stays on the screen."""
        if self._wanted is None:
            return
        moved = self._wanted.panned(columns, rows)
        if not moved.shows(self.point):
            column, row = self._wanted.cell_at(self.point)
            self.point = moved.point_at(column, row)
        self._want(moved)

    def _step(self, columns: int, rows: int) -> None:
        if self._wanted is None:
            return
        if self.mode is PictureMode.PAN:
            self.pan(columns * 2, rows)
        elif self.mode is PictureMode.AIM:
            x = min(100.0, max(0.0, round(self.point.x + _sign(columns) * NUDGE, 4)))
            y = min(100.0, max(0.0, round(self.point.y + _sign(rows) * NUDGE, 4)))
            self.go_to(Point(x, y))
        else:
            column, row = self._wanted.cell_at(self.point)
            edge = self._wanted.revealing(self._wanted.point_at(column + columns, row + rows))
            shift = self._wanted.left - edge.left, self._wanted.top - edge.top
            self.go_to(edge.point_at(column + columns + shift[0], row + rows + shift[1]))

    # Keys ------------------------------------------------------------------------------------------------------

    def action_go_left(self) -> None:
        """One cell."""
        self._step(-1, 0)

    def action_go_right(self) -> None:
        """One cell."""
        self._step(1, 0)

    def action_go_up(self) -> None:
        """One cell."""
        self._step(0, -1)

    def action_go_down(self) -> None:
        """One cell."""
        self._step(0, 1)

    def action_far_left(self) -> None:
        """A large step."""
        self._step(-FAR, 0)

    def action_far_right(self) -> None:
        """A large step."""
        self._step(FAR, 0)

    def action_far_up(self) -> None:
        """A large step."""
        self._step(0, -FAR // 2)

    def action_far_down(self) -> None:
        """A large step."""
        self._step(0, FAR // 2)

    def action_pan_left(self) -> None:
        """Half of a large step."""
        self.pan(-FAR // 2, 0)

    def action_pan_right(self) -> None:
        """Half of a large step."""
        self.pan(FAR // 2, 0)

    def action_pan_up(self) -> None:
        """A quarter of a large step."""
        self.pan(0, -FAR // 4)

    def action_pan_down(self) -> None:
        """A quarter of a large step."""
        self.pan(0, FAR // 4)

    def action_pan(self) -> None:
        """Let the arrows pan, or point again."""
        self._enter(PictureMode.POINT if self.mode is PictureMode.PAN else PictureMode.PAN)

    # Modes -----------------------------------------------------------------------------------------------------

    def start_jump(self) -> None:
        """Write labels over the view."""
        if self._wanted is None:
            return
        if self.mode is not PictureMode.AIM:
            self._came_from = self.point, self._wanted
        self._typed = ""
        self._enter(PictureMode.JUMP)

    def start_carry(self, marker_id: str, point: Point) -> None:
        """Carry a marker with the crosshair."""
        if self._wanted is None:
            return
        self._came_from = self.point, self._wanted
        self._carried = marker_id
        self.go_to(point)
        self._enter(PictureMode.CARRY)

    def confirm(self) -> bool:
        """Enter, in a mode that waits for it; whether it meant anything here."""
        if self.mode is PictureMode.CARRY and self._carried is not None:
            self.post_message(MarkerDropped(self._carried, self.point))
        elif self.mode is PictureMode.AIM:
            self.post_message(PointChosen(self.point))
        else:
            return False
        self._enter(PictureMode.POINT)
        return True

    def cancel(self) -> bool:
        """Leave a mode and undo what it moved; whether there was one."""
        if self.mode is PictureMode.POINT:
            return False
        if self.mode is not PictureMode.PAN and self._came_from is not None:
            self.point, viewport = self._came_from
            self._want(viewport.resized(Size(*self.size)))
        self._enter(PictureMode.POINT)
        return True

    def _enter(self, mode: PictureMode) -> None:
        self.mode = mode
        if mode is PictureMode.POINT:
            self._carried = self._came_from = None
        self._overlay()
        self.refresh()
        self._place_badges()
        self.post_message(ModeChanged(mode))

    def on_key(self, event: events.Key) -> None:
        """Letters choose a label while labels are shown; everything else goes its usual way."""
        if self.mode is not PictureMode.JUMP or event.key in {"escape", "f1", "ctrl+c"}:
            return
        event.stop()
        event.prevent_default()
        if event.key == "backspace":
            self._typed = self._typed[:-1]
        elif event.character and event.character in LETTERS:
            self._choose(self._typed + event.character)
        self._overlay()
        self.refresh()

    def _choose(self, typed: str) -> None:
        if self._wanted is None:
            return
        found = self._jump_grid().matching(typed)
        if not found:
            return
        self._typed = typed
        if len(found) == 1 and found[0].pair == typed:
            self.point = self._wanted.point_at(found[0].x, found[0].y)
            self._want(self._wanted.stepped(_JUMP_STEPS, anchor=self.point).centred(self.point))
            self._enter(PictureMode.AIM)
            self.post_message(PointerMoved())

    def _jump_grid(self) -> JumpGrid:
        return JumpGrid(self._wanted.drawn if self._wanted else Region(0, 0, 0, 0))

    # Mouse -----------------------------------------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click begins, or a drag."""
        self._held, self._dragged = (event.screen_x, event.screen_y), False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A drag pans."""
        if self._held is None:
            return
        x, y = self._held
        if (event.screen_x, event.screen_y) != (x, y):
            self._dragged = True
            self.pan(x - event.screen_x, y - event.screen_y)
            self._held = event.screen_x, event.screen_y

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A click without a drag places the crosshair."""
        held, self._held = self._held, None
        self.release_mouse()
        if held is None or self._dragged or self._wanted is None:
            return
        self.go_to(self._wanted.point_at(event.x, event.y))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Nearer, at the mouse."""
        self._wheel(1, event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Farther."""
        self._wheel(-1, event)

    def _wheel(self, steps: int, event: events.MouseEvent) -> None:
        event.stop()
        if self._wanted is not None:
            self.zoom(steps, anchor=self._wanted.point_at(event.x, event.y))

    # Frames ----------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Draw for the new size."""
        if self._pyramid is None or not self.size:
            self._place_badges()
            return
        before = self._wanted
        self._want(before.resized(Size(*self.size)) if before and before.window else self._fitted())

    def _fitted(self) -> Viewport | None:
        """The whole picture in the present window; ``None`` while there is no room or no picture."""
        return fit(self._pyramid.size, Size(*self.size)) if self._pyramid is not None and self.size else None

    def _want(self, viewport: Viewport | None) -> None:
        self._wanted = viewport
        if viewport is not None and not self._drawing:
            self._drawing = True
            self.run_worker(self._draw(), group="frames", exit_on_error=True)

    async def _draw(self) -> None:
        try:
            while (pyramid := self._pyramid) is not None and (wanted := self._wanted) is not None:
                look = self.look
                if self._frame is not None and self._frame.viewport == wanted and self._frame_look == look:
                    return
                frame = await asyncio.to_thread(painter.paint, pyramid, wanted, look)
                if pyramid is self._pyramid:
                    self._frame, self._frame_look = frame, look
                    self._overlay()
                    self.refresh()
                    self._place_badges()
                    self.post_message(PointerMoved())
        finally:
            self._drawing = False

    def _overlay(self) -> None:
        """Rows that differ from the frame: crosshair or labels."""
        self._changed_rows = {}
        frame = self._frame
        if frame is None:
            return
        if self.mode is PictureMode.JUMP:
            front, back = self._colors("picture--label")
            rows = painter.with_labels(
                frame.cells, self._jump_grid().matching(self._typed), front=front, back=back
            )
        else:
            column, row = frame.viewport.cell_at(self.point)
            if not (0 <= column < frame.cells.columns and 0 <= row < frame.cells.rows):
                return
            rows = painter.with_cross(frame.cells, column, row, color=self._colors("picture--cross")[1])
        self._changed_rows = {y: CellStrip(line, 0) for y, line in rows.items()}

    def _repaint_cross(self, *points: Point) -> None:
        self._overlay()
        if self._frame is None:
            return
        window = self._frame.viewport.window
        for point in points:
            x, y, width, height = painter.cross_region(*self._frame.viewport.cell_at(point), window)
            if width > 0 and height > 0:
                self.refresh(ScreenRegion(x, y, width, height))

    def _colors(self, name: str) -> "tuple[RGB, RGB]":
        styles = self.get_component_styles(name)
        return styles.color.rgb, styles.background.rgb

    def _place_badges(self) -> None:
        """Squares where the drawn frame shows their points; reused, so that an unchanged one is not touched."""
        placed = []
        if self._frame is not None and not self._hidden and self.mode is not PictureMode.JUMP:
            viewport = self._frame.viewport
            percent = _square_percent(viewport, self._square_percent)
            facts = self._facts
            if self.mode is PictureMode.CARRY:
                facts = tuple(
                    replace(one, point=self.point) if one.key == self._carried else one for one in facts
                )
            placed = place(viewport, facts, square_percent=percent)
        spare = {badge.keys: badge for badge in self._badges}
        kept = {one.keys: spare.pop(one.keys) for one in placed if one.keys in spare}
        free = list(spare.values())
        new: list[MarkerBadge] = []
        for one in placed:
            badge = kept.get(one.keys) or (free.pop() if free else None)
            if badge is None:
                new.append(MarkerBadge(one))
            else:
                badge.display = True
                badge.show(one)
        for badge in free:
            badge.display = False
        if new and self.is_attached:
            self._badges += new
            self.mount(*new)

    def render_lines(self, crop: ScreenRegion) -> list[Strip]:
        """The rows of ``crop``, as cells."""
        frame = self._frame
        if frame is None or tuple(frame.viewport.window) != tuple(self.size):
            return self._empty_lines(crop)
        left, right = crop.x, crop.right
        return [
            (self._changed_rows.get(y) or CellStrip(frame.cells, y)).crop(left, right)
            for y in range(crop.y, crop.bottom)
        ]

    def _empty_lines(self, crop: ScreenRegion) -> list[Strip]:
        style = self.rich_style
        strips = []
        middle = self.size.height // 2
        for y in range(crop.y, crop.bottom):
            text = self._notice.center(self.size.width) if y == middle else " " * self.size.width
            strips.append(_line(text[: self.size.width], style).crop(crop.x, crop.right))
        return strips


def _square_percent(viewport: Viewport, percent: float) -> float:
    """The side of a square in percent of the canvas, so that it covers no more of a zoomed picture than of a whole one.

    A square of two rows has room neither for a frame nor for two labels: it is drawn as one row.
    """
    across = fit(viewport.picture, viewport.window).canvas.width * percent / 100
    if round(across * viewport.cell.width / viewport.cell.height) < _FRAMED_ROWS:
        across = 0.0
    return across * 100 / viewport.canvas.width


@lru_cache(maxsize=64)
def _line(text: str, style: object) -> Strip:
    from rich.segment import Segment  # noqa: PLC0415
    return Strip([Segment(text, style)], len(text))  # type: ignore[arg-type]


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
