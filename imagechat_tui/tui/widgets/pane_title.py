"""The heading of a pane: its name and a fact on one line; brighter while its pane has the focus."""

from rich.text import Text
from textual.widget import Widget

from imagechat_tui.tui.widgets.lines import sides, steady


class PaneTitle(Widget):
    """One row."""

    COMPONENT_CLASSES = {"pane-title--fact"}  # noqa: RUF012 - Textual's own way to declare them

    def __init__(self, title: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._title, self._fact = title, ""

    def show(self, title: str, fact: str = "") -> None:
        """Take other words."""
        if (title, fact) != (self._title, self._fact):
            self._title, self._fact = title, fact
            self.refresh()

    def render(self) -> Text:
        """The line."""
        fact = Text.assemble((steady(self._fact), self.get_component_rich_style("pane-title--fact", partial=True)))
        return sides(Text(steady(self._title)), fact, self.size.width)
