"""The line below everything: the keys that matter now; help and quit keep their place, whatever the width."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text
from textual.widget import Widget

from imagechat_tui.tui.widgets.lines import fitted


class Hint(NamedTuple):
    """A key and what it does."""

    key: str
    label: str


class FooterLine(Widget):
    """One row."""

    COMPONENT_CLASSES = {"footer--key"}  # noqa: RUF012 - Textual's own way to declare them

    def __init__(self, *, always: Sequence[Hint], id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._usual = self._always = tuple(always)
        self._hints: tuple[Hint, ...] = ()

    def show(self, hints: Sequence[Hint], *, always: Sequence[Hint] | None = None) -> None:
        """The keys that matter now, the most important first; those without room are left out.

        ``always`` replaces the ones on the right where their usual keys mean something else.
        """
        chosen = tuple(hints), self._usual if always is None else tuple(always)
        if chosen != (self._hints, self._always):
            self._hints, self._always = chosen
            self.refresh()

    def render(self) -> Text:
        """The line."""
        width = self.size.width
        right = self._line(self._always)
        left = Text()
        for hint in self._hints:
            longer = Text.assemble(left, self._line([hint]))
            if longer.cell_len + right.cell_len + 1 > width:
                break
            left = longer
        return Text.assemble(fitted(left, width - right.cell_len), right)

    def _line(self, hints: Sequence[Hint]) -> Text:
        style = self.get_component_rich_style("footer--key", partial=True)
        return Text.assemble(*(part for hint in hints for part in (" ", (hint.key, style), f" {hint.label} ")))
