"""Looks the same with the keys and without: here the focus comes and goes without a repaint, which Textual would do."""

from typing import Self

from textual import events
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget


class UnmovedScreen(Screen[None]):
    """A screen of which only those parts are painted that show the focus themselves."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)


class Unmoved(Widget):
    """Does all that Textual does when the focus comes or goes, except to paint."""

    def focus(self, scroll_visible: bool = True) -> Self:  # noqa: FBT001, FBT002 - the parent's shape
        """Ask for the keys."""
        self.app.call_later(self._take_focus, scroll_visible)
        return self

    def _take_focus(self, scroll_visible: bool) -> None:  # noqa: FBT001 - called by place
        if self.is_attached:
            self.screen.set_focus(self, scroll_visible=scroll_visible)

    def on_focus(self, event: events.Focus) -> None:
        """The keys come here."""
        self._focus_is(event, events.DescendantFocus(self), here=True)

    def on_blur(self, event: events.Blur) -> None:
        """They go elsewhere."""
        self._focus_is(event, events.DescendantBlur(self), here=False)

    def _focus_is(self, event: events.Event, told: events.Event, *, here: bool) -> None:
        event.prevent_default()
        self.has_focus = here
        if isinstance(self.parent, Widget):
            self.parent.post_message(told)
