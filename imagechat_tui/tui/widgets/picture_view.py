"""The picture as cells, with crosshair and markers: moved, zoomed and pointed at by keys and mouse.

Frames are drawn in a thread, one at a time, the newest wish first; picture and markers change place together. It knows
points in percent and nothing of threads, sending or the network.
"""

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.geometry import Region as ScreenRegion
from textual.strip import Strip

from imagechat_tui.render.geometry import Point, Region, Size, Viewport
from imagechat_tui.render.overlay import MarkerFacts
from imagechat_tui.tui import painter, reading
from imagechat_tui.tui.camera import Camera
from imagechat_tui.tui.easel import Easel
from imagechat_tui.tui.jump import LETTERS, JumpGrid
from imagechat_tui.tui.keys import Place, bindings
from imagechat_tui.tui.messages import (
    FramePainted,
    MapChosen,
    MarkerDropped,
    ModeChanged,
    PictureMode,
    PointChosen,
    PointerMoved,
)
from imagechat_tui.tui.pacing import Pacing
from imagechat_tui.tui.widgets import lines
from imagechat_tui.tui.widgets.handled import Handled
from imagechat_tui.tui.widgets.pins import Pins
from imagechat_tui.tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.frame import Look
    from imagechat_tui.render.scale import Pyramid
    from imagechat_tui.tui.projector import Projector


class PictureView(Handled):
    """A picture that can be pointed at."""

    can_focus = True
    BINDINGS = bindings(Place.PICTURE)
    COMPONENT_CLASSES = {"picture--cross", "picture--label"}  # noqa: RUF012 - Textual's own way to declare them

    def __init__(
        self,
        *,
        look: "Look",
        square_percent: float,
        minimap: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's
    ) -> None:
        super().__init__(id=id)
        self.look = look
        self.mode = PictureMode.POINT
        self._easel = Easel(show=self._show, rest=self._rest)
        self._camera = Camera()
        self._pins = Pins(self, square_percent=square_percent, mapped=minimap)
        self.progress = ""
        """How far the next picture is, in words."""
        self._notice = reading.bar(None)
        self._sheet = Sheet()
        self._typed = ""
        self._carried: str | None = None

    # What is shown ---------------------------------------------------------------------------------------------

    def put(self, pyramid: "Pyramid") -> None:
        """Show another picture; crosshair and markers stay where they are in percent."""
        self._easel.put(pyramid)
        self._camera.load(pyramid.size, Size(*self.size))
        self._want()

    def coming(self, words: str = "", *, brief: str = "") -> None:
        """How far a picture on its way is: in its place where there is none yet, else briefly; no words for none."""
        seen = self._easel.pyramid is not None
        self.progress = brief if seen else ""
        if words and not seen:
            self._notice = words
            self.refresh()
        self.post_message(PointerMoved())

    def fail(self, sentence: str) -> None:
        """Show a sentence instead of the picture; the markers stay usable."""
        self._easel.put(None)
        self._camera.load(None, Size(*self.size))
        self._notice = sentence
        self._place()
        self.refresh()

    def show_markers(self, facts: tuple[MarkerFacts, ...]) -> None:
        """The markers to draw."""
        if facts is not self._pins.facts:
            self._pins.facts = facts
            self._place()

    @property
    def markers_hidden(self) -> bool:
        """Whether the markers are out of sight."""
        return self._pins.hidden

    @markers_hidden.setter
    def markers_hidden(self, hidden: bool) -> None:
        self._pins.hidden = hidden
        self._place()

    def set_look(self, look: "Look") -> None:
        """Draw with other glyphs, colors or background."""
        self.look = look
        self._want()

    def project(self, projector: "Projector | None") -> None:
        """Show what stands still in pixels as well, or no longer; one picture at a time has the projector."""
        self._easel.projector = projector
        self._want()

    @property
    def point(self) -> Point:
        """Where the crosshair stands."""
        return self._camera.point

    @property
    def viewport(self) -> Viewport | None:
        """What is to be seen; ``None`` without a picture."""
        return self._camera.viewport

    @property
    def color(self) -> "RGB | None":
        """The picture's color under the crosshair."""
        pyramid = self._easel.pyramid
        if pyramid is None or self.viewport is None:
            return None
        x, y = self.viewport.pixel_at(self.point)
        return pyramid.pixel(x, y, background=self.look.background)

    def stack_of(self, marker_id: str) -> tuple[str, ...]:
        """The markers that share a square with one, itself included."""
        return self._pins.stack_of(marker_id)

    # Moving ----------------------------------------------------------------------------------------------------

    def go_to(self, point: Point) -> None:
        """Put the crosshair on a point and bring the point into view."""
        before = self.point
        self._camera.go_to(point)
        self._moved(before)

    def reveal(self, point: Point) -> None:
        """Bring a point into view; the crosshair stays on its point."""
        self._camera.reveal(point)
        self._want()

    def zoom(self, steps: int, *, anchor: Point | None = None) -> None:
        """Nearer (positive) or farther; the anchor, else the crosshair, stays where it is."""
        self._camera.zoom(steps, anchor=anchor)
        self._want()

    def zoom_fit(self) -> None:
        """The whole picture."""
        self._camera.zoom_fit()
        self._want()

    def action_fill(self) -> None:
        """Picture in every cell of the window."""
        self._camera.zoom_fill()
        self._want()

    def zoom_actual(self) -> None:
        """One picture pixel per screen pixel, around the crosshair."""
        self._camera.zoom_actual()
        self._want()

    def zoom_to(self, point: Point) -> None:
        """Put the crosshair on a point and bring it near, in the middle."""
        self._camera.zoom_near(point)
        self._want()

    def action_step(self, columns: int, rows: int) -> None:
        """Arrows: what they move depends on the mode."""
        before = self.point
        if self.mode is PictureMode.PAN:
            self._camera.pan(columns * 2, rows)
        elif self.mode is PictureMode.AIM:
            self._camera.nudge(columns, rows)
        else:
            self._camera.step(columns, rows)
        self._moved(before)

    def action_shift(self, columns: int, rows: int) -> None:
        """Move the window over the picture."""
        self._camera.pan(columns, rows)
        self._want()

    def action_pan(self) -> None:
        """Let the arrows pan, or point again."""
        self._enter(PictureMode.POINT if self.mode is PictureMode.PAN else PictureMode.PAN)

    def _moved(self, before: Point) -> None:
        """The crosshair has moved: with the picture, or alone."""
        frame = self._easel.frame
        if frame is None or frame.viewport != self.viewport:
            self._want()
            return
        self._overlay()
        for point in (before, self.point):
            x, y, width, height = painter.cross_region(*frame.viewport.cell_at(point), frame.viewport.window)
            if width and height:
                self.refresh(ScreenRegion(x, y, width, height))
        self._place()
        self.post_message(PointerMoved())

    # Modes -----------------------------------------------------------------------------------------------------

    def start_jump(self) -> None:
        """Write labels over the view."""
        if self.viewport is not None:
            self._camera.keep()
            self._typed = ""
            self._enter(PictureMode.JUMP)

    def start_carry(self, marker_id: str, point: Point) -> None:
        """Carry a marker with the crosshair."""
        if self.viewport is not None:
            self._camera.keep()
            self._carried = marker_id
            self._camera.go_to(point)
            self._enter(PictureMode.CARRY)

    def confirm(self) -> bool:
        """Enter, in a mode that waits for it; whether it meant anything here."""
        if self.mode is PictureMode.CARRY and self._carried is not None:
            self.post_message(MarkerDropped(self._carried, self.point))
        elif self.mode is PictureMode.AIM:
            self.post_message(PointChosen(self.point))
        else:
            return self.mode is PictureMode.JUMP
        self._camera.forget()
        self._enter(PictureMode.POINT)
        return True

    def cancel(self) -> bool:
        """Leave a mode and undo what it moved; whether there was one."""
        if self.mode is PictureMode.POINT:
            return False
        if self.mode is not PictureMode.PAN:
            self._camera.come_back()
        self._enter(PictureMode.POINT)
        return True

    def _enter(self, mode: PictureMode) -> None:
        self.mode = mode
        if mode is PictureMode.POINT:
            self._carried = None
        self._want()
        self._repaint()
        self.post_message(ModeChanged(mode))

    def on_key(self, event: events.Key) -> None:
        """Letters choose a label while labels are shown; everything else goes its usual way."""
        if self.mode is not PictureMode.JUMP:
            return
        if event.key == "backspace":
            self._typed = ""
        elif event.character and event.character in LETTERS:
            self._choose(self._typed + event.character)
        else:
            return
        event.stop()
        event.prevent_default()
        self._repaint()

    def _choose(self, typed: str) -> None:
        viewport = self.viewport
        found = self._jump_grid().matching(typed)
        if viewport is None or not found:
            return
        self._typed = typed
        if found[0].pair == typed:
            self._camera.zoom_near(viewport.point_at(found[0].x, found[0].y))
            self._enter(PictureMode.AIM)

    def _jump_grid(self) -> JumpGrid:
        return JumpGrid(frame.viewport.drawn if (frame := self._easel.frame) else Region(0, 0, 0, 0))

    # Mouse -----------------------------------------------------------------------------------------------------

    def pulled(self, columns: int, rows: int) -> None:
        """The picture follows the mouse."""
        self.action_shift(-columns, -rows)

    def clicked(self, column: int, row: int) -> None:
        """The crosshair goes where the click was."""
        if self.viewport is not None:
            self.go_to(self.viewport.point_at(column, row))

    def wheeled(self, steps: int, column: int, row: int) -> None:
        """Nearer or farther, at the mouse."""
        if self.viewport is not None:
            self.zoom(steps, anchor=self.viewport.point_at(column, row))

    def on_map_chosen(self, event: MapChosen) -> None:
        """The view goes where the map was clicked."""
        event.stop()
        self._camera.look_at(event.point)
        self._want()

    # Frames ----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """The map lies over everything else."""
        yield self._pins.map

    def on_mount(self) -> None:
        """Begin to draw."""
        self.run_worker(self._easel.draw_always(), group="frames")

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._camera.resize(Size(*self.size))
        self._want()
        self._place()

    def _want(self) -> None:
        """See to it that what is shown becomes what is to be seen."""
        if self.viewport is not None:
            self._easel.want(self.viewport, self.look)

    @property
    def drawing(self) -> bool:
        """Whether what is shown is not yet what is to be seen."""
        return self._easel.drawing

    @property
    def pacing(self) -> Pacing:
        """To be told when a frame has been seen."""
        return self._easel.pacing

    def _show(self) -> None:
        """There is another frame."""
        self._repaint()
        self.post_message(PointerMoved())
        self.call_after_refresh(self.post_message, FramePainted())

    def _rest(self) -> None:
        """Everything wanted is shown."""
        self.post_message(PointerMoved())

    def _repaint(self) -> None:
        self._overlay()
        self._place()
        self.refresh()

    def _overlay(self) -> None:
        """Rows that differ from the frame: crosshair or labels."""
        frame = self._easel.frame
        if frame is None:
            self._sheet.clear()
        elif self.mode is PictureMode.JUMP:
            front, back = self._colors("picture--label")
            self._sheet.label(frame, self._jump_grid().matching(self._typed), front=front, back=back)
        else:
            self._sheet.aim(frame, self.point, color=self._colors("picture--cross")[1])

    def _colors(self, name: str) -> "tuple[RGB, RGB]":
        styles = self.get_component_styles(name)
        return styles.color.rgb, styles.background.rgb

    def action_minimap(self) -> None:
        """Show the small map of a zoomed picture, or hide it."""
        self._pins.mapped = not self._pins.mapped
        self._place()

    def _place(self) -> None:
        """Markers and map where the drawn frame shows them; labels to jump to come alone."""
        frame = None if self.mode is PictureMode.JUMP else self._easel.frame
        self._pins.place(frame, cross=self.point, carried=self._carried)

    def render_lines(self, crop: ScreenRegion) -> list[Strip]:
        """The rows of ``crop``, as cells; overridden as a whole, because Textual would rebuild each row of ours."""
        frame = self._easel.frame
        if frame is None or frame.viewport.window != tuple(self.size):
            notice = self._notice if self._easel.pyramid is None else ""
            said = lines.centred(notice, (self.size.width, self.size.height), self.rich_style)
            rows = lines.filtered(said, self)
            return [row.crop(crop.x, crop.right) for row in rows[crop.y : crop.bottom]]
        return self._sheet.rows(frame, crop, slide=self._easel.slide)
