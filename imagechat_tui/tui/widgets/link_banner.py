"""The banner of a link that is not live: what happened, what it means, when the next attempt is made.

It counts down only while it is seen, and goes by itself. It connects nothing.
"""

import math
from collections.abc import Callable

from rich.text import Text
from textual.timer import Timer
from textual.widget import Widget

from imagechat_tui.core.views import LinkState, LinkView
from imagechat_tui.i18n import _
from imagechat_tui.tui import words
from imagechat_tui.tui.widgets.lines import wrapped

_SIGNS = {LinkState.RECONNECTING: "↻", LinkState.OFFLINE: "✕", LinkState.REFUSED: "!"}


class LinkBanner(Widget):
    """One to three rows between header and picture."""

    COMPONENT_CLASSES = {"banner--strong"}  # noqa: RUF012 - Textual's own way to declare them

    def __init__(self, *, clock: Callable[[], float], retry_key: str, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._clock = clock
        self._retry_key = retry_key
        self._link: LinkView | None = None
        self._timer: Timer | None = None
        self._said = ""

    def show(self, link: LinkView) -> None:
        """Take the link's state; hides itself when there is nothing to say."""
        self._link = link
        seen = words.banner(link, seconds=None) is not None
        self.display = seen
        for state in _SIGNS:
            self.set_class(link.state is state, f"-{state.value}")
        counting = seen and link.retry_at is not None
        if counting and self._timer is None:
            self._timer = self.set_interval(1.0, self._tick)
        elif not counting and self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._said = ""
        self._tick()

    def _tick(self) -> None:
        text = self._text().plain
        if text == self._said:
            return
        rows = len(wrapped(Text(self._said), max(1, self.size.width)))
        self._said = text
        self.refresh(layout=rows != len(wrapped(Text(text), max(1, self.size.width))))

    def _text(self) -> Text:
        if self._link is None:
            return Text()
        seconds = None
        if self._link.retry_at is not None:
            seconds = max(0, math.ceil(self._link.retry_at - self._clock()))
        said = words.banner(self._link, seconds=seconds)
        if said is None:
            return Text()
        what, meaning = said
        strong = self.get_component_rich_style("banner--strong", partial=True)
        retry = _("{key} connects now").format(key=self._retry_key)
        return Text.assemble((f"{_SIGNS[self._link.state]} {what}", strong), f" · {retry}", "  ", meaning)

    def render(self) -> Text:
        """The sentences."""
        return self._text()
