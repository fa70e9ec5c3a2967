"""All keys by subject, straight from the key table."""

from collections.abc import Mapping
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from imagechat_tui.i18n import _
from imagechat_tui.tui import keys


class Help(ModalScreen[None]):
    """Scrolls; any way out closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "leave", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--key", "help--category"}

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """A title and the table."""
        with Vertical(id="dialog"):
            yield Static(_("Keys"), id="dialog-title")
            with VerticalScroll(id="help-body"):
                yield Static(id="help-text")
            yield Static(_("↑↓ scroll · esc close · ctrl+p finds any action by name"), id="dialog-foot", markup=False)

    def on_mount(self) -> None:
        """Write the table."""
        key_style = self.get_component_rich_style("help--key", partial=True)
        category_style = self.get_component_rich_style("help--category", partial=True)
        width = max(8, min(22, self.app.size.width // 3))
        table = Table.grid(padding=(0, 2))
        table.add_column(width=width)
        table.add_column(ratio=1)
        for place, (category, rows) in enumerate(keys.by_category(self._keymap)):
            table.add_row(Text(("\n" if place else "") + category, category_style), "")
            for shown, sentence in rows:
                table.add_row(Text(f" {shown}", key_style), Text(sentence))
        self.query_one("#help-text", Static).update(table)
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
