"""A question before something that cannot be undone; the safe answer has the focus."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from imagechat_tui.i18n import _


class Confirm(ModalScreen[bool]):
    """Ends with ``True`` for yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,d", "yes", show=False),
        Binding("n,escape,q", "no", show=False),
        Binding("left,right,h,l,tab", "other", show=False),
    ]

    def __init__(self, *, title: str, body: str, yes: str) -> None:
        super().__init__()
        self._title, self._body, self._yes = title, body, yes

    def compose(self) -> ComposeResult:
        """The question and two answers."""
        with Vertical(id="dialog"):
            yield Static(self._title, id="dialog-title", markup=False)
            yield Static(self._body, id="dialog-body", markup=False)
            with Horizontal(id="dialog-answers"):
                yield Button(_("Keep it (n)"), id="no", compact=True)
                yield Button(self._yes, id="yes", variant="error", compact=True)

    def on_mount(self) -> None:
        """The safe answer."""
        self.query_one("#no", Button).focus()

    @on(Button.Pressed, "#yes")
    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(result=True)

    @on(Button.Pressed, "#no")
    def action_no(self) -> None:
        """Leave it."""
        self.dismiss(result=False)

    def action_other(self) -> None:
        """The other answer."""
        self.focus_next()
