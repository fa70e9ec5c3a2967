"""The banner of a link that is not live: what happened, what it means, when the next attempt is made.

It counts down only while it is seen, and goes by itself. It connects nothing.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from imagechat_tui.core.views import LinkState, LinkView
from imagechat_tui.i18n import _
from imagechat_tui.tui import words
from imagechat_tui.tui.widgets.lines import wrapped

if TYPE_CHECKING:
    from textual.timer import Timer

_MOST_ROWS: Final = 2
_ROWS_PER_ROW: Final = 10
"""Rows of the screen for each row of the banner."""

_SIGNS: Final = {LinkState.RECONNECTING: "↻", LinkState.OFFLINE: "✕", LinkState.REFUSED: "!"}


class LinkBanner(Widget):
    """One to three rows between header and picture."""

    COMPONENT_CLASSES = {"banner--strong"}  # noqa: RUF012 - Textual's own way to declare them

    def __init__(self, *, clock: Callable[[], float], retry_key: str, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._clock = clock
        self._retry_key = retry_key
        self._link: LinkView | None = None
        self._timer: Timer | None = None
        self._said = Text()

    def show(self, link: LinkView) -> None:
        """Take the link's state; hides itself when there is nothing to say."""
        self._link = link
        self.display = link.state in _SIGNS
        for state in _SIGNS:
            self.set_class(link.state is state, f"-{state.value}")
        counting = link.state in _SIGNS and link.retry_at is not None
        if counting and self._timer is None:
            self._timer = self.set_interval(1.0, self._tick)
        elif not counting and self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.refresh(layout=True)

    def _tick(self) -> None:
        """Count down; the layout is asked only when the words need another height."""
        text = self._chosen(self.size.width)
        if text != self._said:
            self._said = text
            self.refresh(layout=len(wrapped(text, max(1, self.size.width))) != self.size.height)

    def _chosen(self, width: int) -> Text:
        """The longest wording that leaves the screen to the board."""
        link = self._link
        if link is None or link.state not in _SIGNS:
            return Text()
        seconds = max(0, math.ceil(link.retry_at - self._clock())) if link.retry_at is not None else None
        said = words.banner(link, seconds=seconds)
        if said is None:
            return Text()
        rows = max(1, min(_MOST_ROWS, self.app.size.height // _ROWS_PER_ROW))
        wordings = self._wordings(said, urgent=link.state is LinkState.REFUSED)
        fitting = (text for text in wordings if len(wrapped(text, max(1, width))) <= rows)
        return next(fitting, wordings[-1])

    def _wordings(self, said: words.Banner, *, urgent: bool) -> list[Text]:
        strong = self.get_component_rich_style("banner--strong", partial=True)
        retry = _("{key} connects now").format(key=self._retry_key)
        what = f"{_SIGNS[self._link.state]} {said.what}" if self._link is not None else said.what
        orders = [(said.again, retry, said.meaning), (said.again, retry), (said.again,), ()]
        if urgent:
            orders = [(said.meaning, retry), (said.meaning,)]
        return [Text.assemble((what, strong), *(f" · {part}" for part in parts if part)) for parts in orders]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """The rows of the wording that fits this width."""
        self._said = self._chosen(width)
        return len(wrapped(self._said, max(1, width)))

    def render(self) -> Text:
        """The sentences."""
        return self._said
