"""The line under the picture: zoom and what the keys do now on the left, place and color on the right."""

from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from imagechat_tui.tui.widgets.lines import sides

if TYPE_CHECKING:
    from imagechat_tui.render.color import RGB


class StatusLine(Widget):
    """One row."""

    COMPONENT_CLASSES = {"status--place", "status--mode"}  # noqa: RUF012 - Textual's own way to declare them

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._mode = self._hint = self._place = ""
        self._color: RGB | None = None

    def show(self, *, mode: str, hint: str, place: str, color: "RGB | None") -> None:
        """Take new facts; repaints when they differ.

        Args:
            mode: a word that stands out; empty for none.
            hint: what can be done, or the zoom.
            place: where the crosshair stands.
            color: what the picture has there.
        """
        facts = (mode, hint, place, color)
        if facts != (self._mode, self._hint, self._place, self._color):
            self._mode, self._hint, self._place, self._color = facts
            self.refresh()

    def render(self) -> Text:
        """The line."""
        left = Text(" ")
        if self._mode:
            left.append(f" {self._mode} ", self.get_component_rich_style("status--mode", partial=True))
            left.append(" ")
        left.append(self._hint)
        right = Text.assemble((self._place, self.get_component_rich_style("status--place", partial=True)))
        if self._color is not None:
            name = "#{:02x}{:02x}{:02x}".format(*self._color)
            right.append("  ")
            right.append("██", Style.parse(name))
            right.append(f" {name} ")
        return sides(left, right, self.size.width)
