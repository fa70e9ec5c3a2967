"""The small map over a zoomed picture; a click on it goes there. It is handed its cells and draws none itself."""

from typing import TYPE_CHECKING

from textual.events import Click, MouseDown
from textual.strip import Strip
from textual.widget import Widget

from imagechat_tui.render.geometry import Point, Region
from imagechat_tui.tui.messages import MapChosen
from imagechat_tui.tui.widgets.cell_strip import CellStrip

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells


class PictureMap(Widget):
    """Where in the picture the view is."""

    can_focus = False
    COMPONENT_CLASSES = {"map--marker"}  # noqa: RUF012 - Textual's own way to declare them

    def __init__(self) -> None:
        super().__init__()
        self._cells: Cells | None = None
        self.display = False

    def show(self, cells: "Cells | None", region: Region | None) -> None:
        """Show a map at a place of the window, frame included; none hides it."""
        seen = cells is not None and region is not None
        if self.display is not seen:
            self.display = seen
        if region is None or cells is None:
            return
        if (region.x, region.y) != (self.styles.offset.x.value, self.styles.offset.y.value):
            self.styles.offset = (region.x, region.y)
        self.styles.width, self.styles.height = region.width, region.height
        if cells is not self._cells:
            self._cells = cells
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row of the map."""
        return CellStrip(self._cells, y) if self._cells is not None and y < self._cells.rows else Strip.blank(0)

    def on_mouse_down(self, event: MouseDown) -> None:
        """The picture below is not dragged."""
        event.stop()

    def on_click(self, event: Click) -> None:
        """Go there."""
        event.stop()
        at = event.get_content_offset(self)
        if at is not None:
            width, height = self.content_size
            self.post_message(MapChosen(Point((at.x + 0.5) * 100 / width, (at.y + 0.5) * 100 / height)))
