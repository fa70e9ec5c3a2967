"""One marker's square over the picture, or a stack of several: a small widget, so that a change repaints only it.

It knows its text, its state and its place in cells; where that is on the picture is not its business.
"""

from rich.segment import Segment
from textual.events import Click, MouseDown
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from imagechat_tui.render.overlay import Placed
from imagechat_tui.tui.messages import MarkersHeld
from imagechat_tui.tui.theme import ink_name
from imagechat_tui.tui.widgets.lines import filtered

_INKS = ("open", "resolved", "pending", "failed", "selected")


_SIDES = {"┏": "┃", "┌": "│", "╭": "│"}


def _framed(lines: tuple[str, ...]) -> tuple[str, ...]:
    """A frame goes around the number without a gap; on one row brackets stand for it."""
    side = _SIDES.get(lines[0][0]) if lines else None
    if side is None:
        return lines
    return (lines[0], *(f"{side}{line[1:-1]}{side}" for line in lines[1:-1]), lines[-1])


class MarkerBadge(Widget):
    """A square with a number."""

    can_focus = False

    def __init__(self, placed: Placed) -> None:
        super().__init__()
        self._placed: Placed | None = None
        self.show(placed)

    @property
    def keys(self) -> tuple[str, ...]:
        """The markers it stands for."""
        return self._placed.keys if self._placed else ()

    def show(self, placed: Placed) -> None:
        """Take another look, another place, or both; repaints only what is different."""
        before, self._placed = self._placed, placed
        if before is not None and before == placed:
            return
        region = placed.region
        if before is None or before.region != region:
            self.styles.offset = (region.x, region.y)
            self.styles.width, self.styles.height = region.width, region.height
        name = ink_name(placed.state, selected=placed.selected)
        for ink in _INKS:
            self.set_class(ink == name, f"-{ink}")
        self.set_class(placed.unread, "-unread")
        if before is None or before.lines != placed.lines:
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Its lines, without the general way of Textual: hundreds of squares are painted anew at every zoom."""
        style = self.rich_style
        lines = _framed(self._placed.lines) if self._placed else ()
        strips = [Strip([Segment(text, style)], len(text)) for text in lines[crop.y : crop.bottom]]
        strips += [Strip.blank(crop.width, style)] * (crop.height - len(strips))
        return filtered([strip.crop_extend(crop.x, crop.right, style) for strip in strips], self)

    def on_mouse_down(self, event: MouseDown) -> None:
        """Report it: a click follows, or the square is pulled away, perhaps from under this widget."""
        event.stop()
        self.post_message(MarkersHeld(self.keys, (event.screen_x, event.screen_y)))

    def on_click(self, event: Click) -> None:
        """The picture below was not clicked."""
        event.stop()
