"""Markers on the same place, as a list to choose from."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from imagechat_tui.core.views import MarkerView
from imagechat_tui.i18n import ngettext
from imagechat_tui.tui.messages import MarkerHighlighted
from imagechat_tui.tui.widgets.marker_list import MarkerList


class StackList(ModalScreen[str]):
    """Ends with the id of the chosen marker, or without one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", show=False),
        Binding("escape,q", "leave", show=False),
    ]

    def __init__(self, markers: Sequence[MarkerView]) -> None:
        super().__init__()
        self._markers = tuple(markers)
        self._here = self._markers[0].id if self._markers else None

    def compose(self) -> ComposeResult:
        """A title and the list."""
        with Vertical(id="dialog"):
            count = len(self._markers)
            title = ngettext("{n} marker here", "{n} markers here", count).format(n=count)
            yield Static(title, id="dialog-title", markup=False)
            yield MarkerList(id="stack")

    def on_mount(self) -> None:
        """Show them."""
        self._show()
        self.query_one(MarkerList).focus()

    @on(MarkerHighlighted)
    def highlight(self, event: MarkerHighlighted) -> None:
        """The cursor moved, or a row was clicked."""
        event.stop()
        self._here = event.marker_id
        if event.opened:
            self.dismiss(event.marker_id)
        else:
            self._show()

    def _show(self) -> None:
        self.query_one(MarkerList).show(self._markers, selected=self._here, drafts=(), empty="")

    def action_choose(self) -> None:
        """This one."""
        self.dismiss(self._here)

    def action_leave(self) -> None:
        """None."""
        self.dismiss(None)
