"""All keys by subject, straight from the key table."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from imagechat_tui.i18n import _
from imagechat_tui.tui import keys
from imagechat_tui.tui.widgets import lines

_GAP: Final = 2
"""Cells between a key and what it does."""


class KeyTable(Widget):
    """Keys on the left, what they do on the right; only the rows in view are drawn."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--key", "help--category"}

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap
        self._made: tuple[int, list[Text]] = (0, [])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the sentences take at this width."""
        del container, viewport
        return len(self._rows(width))

    def render_line(self, y: int) -> Strip:
        """One row."""
        rows, width = self._rows(self.size.width), self.size.width
        return lines.strip(rows[y], width, self.rich_style) if y < len(rows) else Strip.blank(width, self.rich_style)

    def _rows(self, width: int) -> list[Text]:
        """All rows at a width, made once."""
        if self._made[0] != width:
            self._made = width, self._make(width)
        return self._made[1]

    def _make(self, width: int) -> list[Text]:
        key_style = self.get_component_rich_style("help--key", partial=True)
        category_style = self.get_component_rich_style("help--category", partial=True)
        left = max(8, min(22, self.app.size.width // 3))
        made: list[Text] = []
        for place, (category, rows) in enumerate(keys.by_category(self._keymap)):
            made += [*([Text()] if place else []), Text(category, category_style)]
            for shown, sentence in rows:
                names = lines.wrapped(Text(f" {shown}", key_style), left)
                words = lines.wrapped(Text(sentence), width - left - _GAP)
                made += [
                    Text.assemble(lines.fitted(name, left + _GAP), said)
                    for name, said in zip_longest(names, words, fillvalue=Text())
                ]
        return made


class Help(ModalScreen[None]):
    """Scrolls; any way out closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "leave", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """A title and the table."""
        with Vertical(id="dialog"):
            yield Static(_("Keys"), id="dialog-title")
            with VerticalScroll(id="help-body"):
                yield KeyTable(self._keymap)
            yield Static(_("↑↓ scroll · esc close · ctrl+p finds any action by name"), id="dialog-foot", markup=False)

    def on_mount(self) -> None:
        """Let the keys scroll."""
        self.query_one("#help-body").focus()

    def action_scroll(self, by: int) -> None:
        """A line."""
        self.query_one("#help-body").scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """A page."""
        body = self.query_one("#help-body")
        body.scroll_relative(y=by * max(1, body.size.height - 1), animate=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
