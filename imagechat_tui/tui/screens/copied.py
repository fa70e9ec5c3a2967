"""A text alone on the screen, from the first column and without a frame: to be selected with the mouse of any terminal.

Shown when the same thing is copied twice in a row, because no terminal tells whether it took a text.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from imagechat_tui.i18n import _
from imagechat_tui.tui.widgets.footer import FooterLine, Hint


class Copied(ModalScreen[None]):
    """The text and how to leave it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,y,Y,ctrl+q,ctrl+c", "dismiss(None)", show=False),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """The text as it is, and the keys."""
        with VerticalScroll(id="copied"):
            yield Static(self._text, markup=False)
        yield FooterLine(always=[Hint("esc", _("close"))], id="footer")

    def on_mount(self) -> None:
        """Say what to do."""
        self.query_one(FooterLine).show([Hint("↑↓", _("scroll")), Hint(_("mouse"), _("select; with shift if need be"))])
