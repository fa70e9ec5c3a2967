"""The heading of a pane: its name and a fact on one line; brighter while its pane has the focus."""

from rich.text import Text
from textual.widget import Widget

from imagechat_tui.tui.widgets.lines import sides, steady


class PaneTitle(Widget):
    """One row."""

    COMPONENT_CLASSES = {"pane-title--fact"}  # noqa: RUF012 - Textual's own way to declare them

    def __init__(self, title: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._title = title
        self._facts: tuple[str, ...] = ()

    def show(self, title: str, *facts: str) -> None:
        """Take other words; of several facts the first one is shown that there is room for, else the last."""
        if (title, facts) != (self._title, self._facts):
            self._title, self._facts = title, facts
            self.refresh()

    def render(self) -> Text:
        """The line."""
        title, style = Text(steady(self._title)), self.get_component_rich_style("pane-title--fact", partial=True)
        room = self.size.width - title.cell_len - 1
        facts = [Text.assemble((steady(fact), style)) for fact in self._facts] or [Text()]
        fact = next((fact for fact in facts if fact.cell_len <= room), facts[-1])
        return sides(title, fact, self.size.width)
