"""Where text is written: several lines, sent with enter, left with escape; what is typed is never thrown away.

It sends nothing itself; it reports the text.
"""

from collections.abc import Callable, Mapping, Sequence

from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import TextArea

from imagechat_tui.i18n import _, ngettext
from imagechat_tui.protocol.limits import COMMENT_CHARACTERS
from imagechat_tui.tui import mentions
from imagechat_tui.tui.keys import Place, bindings, shown_for
from imagechat_tui.tui.messages import ComposerLeft, EditorWanted, TextSubmitted

_COUNT_FROM = COMMENT_CHARACTERS - 200
"""Characters from which on it is said how many are left."""


class _Field(TextArea):
    """The text itself."""

    BINDINGS = bindings(Place.COMPOSER)

    def __init__(self, names: Callable[[], Sequence[str]]) -> None:
        super().__init__(id="field", soft_wrap=True, show_line_numbers=False, compact=True, highlight_cursor_line=False)
        self._names = names

    def meant(self) -> list[str]:
        """People whose name is being typed."""
        typed = mentions.begun(self._before)
        return [] if typed is None else mentions.matching(typed, self._names())

    @property
    def _before(self) -> str:
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]

    def action_complete(self) -> None:
        """Write the rest of a name; without one the key means what it means elsewhere."""
        typed, meant = mentions.begun(self._before), self.meant()
        if typed is None or not meant:
            raise SkipAction
        row, column = self.cursor_location
        self.replace(f"@{meant[0]} ", (row, column - len(typed) - 1), (row, column))

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
        self.names: Callable[[], Sequence[str]] = tuple
        """Who can be named: the names of the people here."""

    def compose(self) -> ComposeResult:
        """The field."""
        yield _Field(lambda: self.names())  # noqa: PLW0108 - whatever they are by then

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
            self.border_subtitle = ngettext("{n} character left", "{n} characters left", left).format(n=left)
            return
        if meant := self.query_one(_Field).meant():
            people = " · ".join(f"@{name}" for name in meant)
            self.border_subtitle = Content(f"{shown_for('complete', self._keymap)} {people}")
            return
        hints = [
            (shown_for("send", self._keymap), _("send")),
            (shown_for("newline", self._keymap), _("new line")),
            (shown_for("leave", self._keymap), _("keep draft")),
        ]
        while hints and sum(len(key) + len(word) + 4 for key, word in hints) > max(0, width - 4):
            hints.pop(1 if len(hints) > 1 else 0)
        self.border_subtitle = " · ".join(f"{key} {word}" for key, word in hints)
