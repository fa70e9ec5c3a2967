"""The line under a thread that says who is writing in it; its row is always there, so that nothing moves."""

from collections.abc import Sequence
from typing import Final

from rich.text import Text
from textual.widget import Widget

from imagechat_tui.tui.widgets.lines import fitted, steady

SIGN: Final = "⋯"
"""Somebody is writing."""


class WritersLine(Widget):
    """One row, empty while nobody writes."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._said: Sequence[str] = ()

    def show(self, said: Sequence[str]) -> None:
        """Take who writes, in words: the fullest ones first, shorter ones for less room."""
        if list(said) != list(self._said):
            self._said = said
            self.refresh()

    def render(self) -> Text:
        """The line."""
        lines = [Text(f" {SIGN} {steady(words)}") for words in self._said] or [Text()]
        return fitted(next((line for line in lines if line.cell_len <= self.size.width), lines[-1]), self.size.width)
