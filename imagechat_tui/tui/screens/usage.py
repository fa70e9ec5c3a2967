"""What the board's tenant used: a bar for each of the last days, and the days themselves; asks once, when it opens."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from imagechat_tui.errors import ImagechatError
from imagechat_tui.i18n import _
from imagechat_tui.plain import line
from imagechat_tui.render.sparkline import sparkline
from imagechat_tui.tui import words
from imagechat_tui.tui.ports import UsageCounts, UsageSource

_DAYS: Final = 14
_ROOM_FOR_ALL: Final = 66
"""Columns from which on a day shows all its numbers; below, those that cost something."""


class Usage(ModalScreen[None]):
    """A chart and a table; any way out closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,U,enter", "leave", show=False),
        Binding("r", "ask", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--key", "help--category"}

    def __init__(self, source: UsageSource, *, wall_ms: Callable[[], int]) -> None:
        super().__init__()
        self._source = source
        self._wall_ms = wall_ms
        self._found: Sequence[UsageCounts] | None = None

    def compose(self) -> ComposeResult:
        """A title, the numbers, the way out."""
        with Vertical(id="dialog"):
            yield Static(_("Usage of the last {n} days (UTC)").format(n=_DAYS), id="dialog-title", markup=False)
            with VerticalScroll():
                yield Static(_("Asking the server …"), id="usage-text", markup=False)
            yield Static(_("r ask again   esc close"), id="dialog-foot", markup=False)

    def on_mount(self) -> None:
        """Ask."""
        self.action_ask()

    def on_resize(self) -> None:
        """As many columns as there is room for."""
        self._show()

    def action_ask(self) -> None:
        """Ask the server; a newer question takes the place of an older one."""
        self.run_worker(self._ask(), group="usage", exclusive=True)

    async def _ask(self) -> None:
        try:
            self._found = await self._source.read(_DAYS)
        except ImagechatError as problem:
            self._found = None
            self.query_one("#usage-text", Static).update(Text(line(str(problem), most=300)))
            return
        self._show()

    def _show(self) -> None:
        if self._found is None:
            return
        told = Group(self._chart(self._found), Text(), self._days(self._found))
        self.query_one("#usage-text", Static).update(
            told if self._found else Text(_("Nothing was counted in these days."))
        )

    def _chart(self, found: Sequence[UsageCounts]) -> Table:
        """A row for each number: its sum, and its course, with the days on which nothing was counted."""
        today = datetime.fromtimestamp(self._wall_ms() / 1000, UTC).date()
        known = {one.day: one for one in found}
        course = [known.get(today - timedelta(days=back)) for back in reversed(range(_DAYS))]
        key = self.get_component_rich_style("help--key", partial=True)
        table = Table.grid(padding=(0, 2 if self.app.size.width >= _ROOM_FOR_ALL else 1))
        for justify in ("left", "right", "left"):
            table.add_column(justify=justify, no_wrap=True)
        for label, numbers, shown in (
            (_("Messages"), [one.messages if one else 0 for one in course], words.count),
            (_("Bytes"), [one.bytes if one else 0 for one in course], words.size),
            (_("Markers"), [one.conversations if one else 0 for one in course], words.count),
            (_("Comments"), [one.comments if one else 0 for one in course], words.count),
            (_("Votes"), [one.votes if one else 0 for one in course], words.count),
        ):
            table.add_row(Text(label), Text(shown(sum(numbers))), Text(sparkline(numbers), key))
        return table

    def _days(self, found: Sequence[UsageCounts]) -> Table:
        """The days, the latest first."""
        style = self.get_component_rich_style("help--category", partial=True)
        everything = self.app.size.width >= _ROOM_FOR_ALL
        gap = 2 if everything else 1
        table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style=style)
        table.add_column(_("Day"), no_wrap=True)
        heads = [_("Messages"), _("Bytes"), _("Markers")]
        heads += [_("Comments"), _("Votes")] if everything else []
        for head in heads:
            table.add_column(head, justify="right", no_wrap=True)
        for one in reversed(found):
            cells = [words.count(one.messages), words.size(one.bytes), words.count(one.conversations)]
            cells += [words.count(one.comments), words.count(one.votes)] if everything else []
            table.add_row(one.day.isoformat()[0 if everything else len("2030-") :], *cells)
        return table

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
