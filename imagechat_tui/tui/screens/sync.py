"""Details of the connection and who is here: for the curious, and for bug reports."""

import os
from itertools import islice
from pathlib import Path
from typing import ClassVar, Final

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from imagechat_tui.core.views import LinkView
from imagechat_tui.i18n import _
from imagechat_tui.tui import words
from imagechat_tui.tui.ports import BoardClient

_REPORT: Final = "report.jsonl"
_STATES: Final = 5
_MINUTE: Final = 60


def _age(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < _MINUTE else f"{seconds // _MINUTE:.0f} min"


class SyncDetails(ModalScreen[None]):
    """A table of facts, looked at anew each second while it is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,S,enter", "leave", show=False),
        Binding("c", "copy_report", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--key"}

    def __init__(self, client: BoardClient, *, keep: Path | None = None) -> None:
        """``keep``: a file of this person; a copied report is written beside it as well."""
        super().__init__()
        self._client = client
        self._keep = keep

    def compose(self) -> ComposeResult:
        """A title and the facts."""
        with Vertical(id="dialog"):
            yield Static(_("Connection"), id="dialog-title")
            with VerticalScroll():
                yield Static(id="sync-text")
            yield Static(_("c report   esc close"), id="dialog-foot")

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
        view, traffic = self._client.view, self._client.traffic
        stats, link, me = view.stats, view.link, view.me
        sign, word = words.link_word(link)
        people = ", ".join(words.name(person.name) for person in view.people)
        host = _("plain contract") if link.plain_host else _("with positions")
        followed = view.marker(stats.followed) if stats.followed is not None else None
        return [
            (_("State"), f"{sign} {word}" + (", " + _("attempt {n}").format(n=link.attempt) if link.attempt else "")),
            (_("Before"), self._history()),
            (_("You"), words.name(me.name) + (" " + _("(anonymous)") if me.anonymous else "")),
            (_("Here"), f"{view.viewers}" + (f": {people}" if people else "")),
            (_("Seen by"), words.visibility(view.board.visibility)),
            (_("Host"), host),
            *([(_("Thread followed"), words.number(followed))] if followed is not None else []),
            (_("Round trip"), "-" if traffic.round_trip is None else f"{traffic.round_trip * 1_000:.0f} ms"),
            (_("Received"), words.size(traffic.bytes_in)),
            (_("Sent"), words.size(traffic.bytes_out)),
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

    def _history(self) -> str:
        """The link's last states, newest first, with the time since each began."""
        told = (
            f"{words.link_word(LinkView(state=state))[1]} {_age(age)}" for age, state in self._client.link_history()
        )
        return " ← ".join(islice(told, _STATES)) or "-"

    def action_copy_report(self) -> None:
        """The last inputs, without anybody's words: to the clipboard, and to a file for terminals that take none."""
        report = self._client.report()
        self.app.copy_to_clipboard(report.decode())
        if self._keep is None:
            self.notify(_("Report copied. It holds nobody's words."), markup=False)
            return
        path = self._keep.with_name(_REPORT)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(report)
        except OSError as problem:
            self.notify(f"{path}: {problem.strerror}", severity="warning", markup=False)
            return
        self.notify(str(path), title=_("Report copied, and written to"), timeout=12, markup=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
