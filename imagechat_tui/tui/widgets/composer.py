"""Where text is written: several lines, sent with enter, left with escape; what is typed is never thrown away.

It sends nothing itself; it reports the text.
"""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.widgets import TextArea

from imagechat_tui.i18n import _
from imagechat_tui.protocol.limits import COMMENT_CHARACTERS
from imagechat_tui.tui.keys import Place, bindings, shown_for
from imagechat_tui.tui.messages import ComposerLeft, EditorWanted, TextSubmitted

_COUNT_FROM = COMMENT_CHARACTERS - 200
"""Characters from which on it is said how many are left."""


class _Field(TextArea):
    """The text itself."""

    BINDINGS = bindings(Place.COMPOSER)

    def action_send(self) -> None:
        """Report the text, unless there is none."""
        if self.text.strip():
            self.post_message(TextSubmitted(self.text.strip()))

    def action_newline(self) -> None:
        """Break the line."""
        self.insert("\n")

    def action_leave(self) -> None:
        """Report that it is left."""
        self.post_message(ComposerLeft(self.text))

    def action_editor(self) -> None:
        """Report that a real editor is wanted."""
        self.post_message(EditorWanted(self.text))


class Composer(Vertical):
    """A frame around the text, which says what is written and how it is sent."""

    def __init__(self, *, keymap: Mapping[str, str], id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The field."""
        yield _Field(id="field", soft_wrap=True, show_line_numbers=False, compact=True, highlight_cursor_line=False)

    @property
    def field(self) -> TextArea:
        """The text's widget."""
        return self.query_one("#field", TextArea)

    @property
    def text(self) -> str:
        """What is written."""
        return self.field.text

    @text.setter
    def text(self, text: str) -> None:
        self.field.text = text
        self.field.move_cursor(self.field.document.end)

    def open(self, title: str, text: str) -> None:
        """Show, with a title and a draft, and take the focus."""
        self.display = True
        self.border_title = title
        self._say_keys()
        if text != self.text:
            self.text = text
        self.field.focus()

    def close(self) -> None:
        """Hide, empty."""
        self.display = False
        self.text = ""

    def on_resize(self, event: Resize) -> None:
        """The words on the frame fit the width."""
        self._say_keys(width=event.size.width)

    def on_text_area_changed(self) -> None:
        """Count what is left, near the limit."""
        self._say_keys()

    def _say_keys(self, *, width: int | None = None) -> None:
        width = width or self.size.width
        left = COMMENT_CHARACTERS - len(self.text)
        if len(self.text) >= _COUNT_FROM:
            self.border_subtitle = _("{n} characters left").format(n=left)
            return
        hints = [
            (shown_for("send", self._keymap), _("send")),
            (shown_for("newline", self._keymap), _("new line")),
            (shown_for("leave", self._keymap), _("keep draft")),
        ]
        while hints and sum(len(key) + len(word) + 4 for key, word in hints) > max(0, width - 4):
            hints.pop(1 if len(hints) > 1 else 0)
        self.border_subtitle = " · ".join(f"{key} {word}" for key, word in hints)
