"""One line to narrow the markers with words; reports every change and how it was left."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from imagechat_tui.i18n import _
from imagechat_tui.tui.filters import state_words
from imagechat_tui.tui.keys import Place, bindings
from imagechat_tui.tui.messages import FilterChanged, FilterDone


class _Words(Input):
    """The words themselves."""

    BINDINGS = bindings(Place.FILTER)

    def action_apply_filter(self) -> None:
        """Leave, the filter holds."""
        self.post_message(FilterDone(kept=True))

    def action_clear_filter(self) -> None:
        """Leave, all markers again."""
        self.post_message(FilterDone(kept=False))


class FilterLine(Horizontal):
    """One row under the header."""

    def compose(self) -> ComposeResult:
        """A sign, the words, and how many pass."""
        yield Static("/", id="filter-sign")
        yield _Words(id="filter-words", compact=True, placeholder=" ".join([_("text"), *state_words(), "@name"]))
        yield Static("", id="filter-count", markup=False)

    def open(self, text: str) -> None:
        """Show, and take the focus."""
        self.display = True
        field = self.query_one(Input)
        field.value = text
        field.focus()

    @property
    def writing(self) -> bool:
        """Whether the words have the focus."""
        return self.query_one(Input).has_focus

    def say(self, shown: int, total: int) -> None:
        """How many markers pass."""
        self.query_one("#filter-count", Static).update(_("{n} of {total}").format(n=shown, total=total))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Report the words."""
        event.stop()
        self.post_message(FilterChanged(event.value))
