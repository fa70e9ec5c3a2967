"""Details of the connection and who is here: for the curious, and for bug reports."""

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from imagechat_tui.core.views import BoardReader
from imagechat_tui.i18n import _
from imagechat_tui.tui import words


class SyncDetails(ModalScreen[None]):
    """A table of facts, looked at anew each second while it is open."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,S,enter", "leave", show=False)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--key"}

    def __init__(self, view: BoardReader) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        """A title and the facts."""
        with Vertical(id="dialog"):
            yield Static(_("Connection"), id="dialog-title")
            with VerticalScroll():
                yield Static(id="sync-text")
            yield Static(_("esc close"), id="dialog-foot")

    def on_mount(self) -> None:
        """Look now, and again."""
        self._look()
        self.set_interval(1.0, self._look)

    def _look(self) -> None:
        style = self.get_component_rich_style("help--key", partial=True)
        table = Table.grid(padding=(0, 2))
        table.add_column(width=min(18, self.app.size.width // 2))
        table.add_column(ratio=1)
        for name, value in self._rows():
            table.add_row(Text(name, style), Text(value))
        self.query_one("#sync-text", Static).update(table)

    def _rows(self) -> list[tuple[str, str]]:
        view = self._view
        stats, link, me = view.stats, view.link, view.me
        sign, word = words.link_word(link)
        people = ", ".join(words.name(person.name) for person in view.people)
        host = _("plain contract") if link.plain_host else _("with positions")
        return [
            (_("State"), f"{sign} {word}" + (f", {_('attempt')} {link.attempt}" if link.attempt else "")),
            (_("You"), words.name(me.name) + (f" ({_('anonymous')})" if me.anonymous else "")),
            (_("Here"), f"{view.viewers}" + (f": {people}" if people else "")),
            (_("Seen by"), words.visibility(view.board.visibility)),
            (_("Host"), host),
            (_("Log read to"), "-" if stats.cursor is None else str(stats.cursor)),
            (_("Frames received"), str(stats.frames)),
            (_("Reconnects"), str(stats.reconnects)),
            (_("Gaps healed"), str(stats.gaps)),
            (_("Held back now"), str(stats.held_back)),
            (_("Not understood"), f"{stats.malformed} + {stats.unknown}"),
            (_("Changes confirmed"), str(stats.confirmed)),
            (_("Changes refused"), str(stats.refused)),
            (_("Outcome unknown"), str(stats.unknown_outcome)),
        ]

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
