"""The line above everything: the board's name and counts on the left, link and people on the right."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from imagechat_tui.core.views import BoardView, LinkState, LinkView, Person
from imagechat_tui.i18n import _
from imagechat_tui.plain import line
from imagechat_tui.tui import words
from imagechat_tui.tui.boards import Standing
from imagechat_tui.tui.widgets.lines import sides, steady

_NAMES_FROM: Final = 110
"""Columns from which the names of people are shown, not only how many there are."""
_NAMES: Final = 3
_SHORT: Final = 60
"""Below this many columns only the state and the number of people are shown on the right."""


class HeaderLine(Widget):
    """One row."""

    COMPONENT_CLASSES = {  # noqa: RUF012 - Textual's own way to declare them
        "header--title",
        "header--counts",
        "header--live",
        "header--waiting",
        "header--down",
    }

    def __init__(self, title: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._title = title
        self._board: BoardView | None = None
        self._link = LinkView(state=LinkState.CLOSED)
        self._people: Sequence[Person] = ()
        self._viewers = 0
        self._standing = Standing(1, 1, 0)

    def show(self, board: BoardView, link: LinkView, people: Sequence[Person], viewers: int) -> None:
        """Take new facts; repaints when they differ."""
        facts = (board, link.state, tuple(people), viewers)
        if facts == (self._board, self._link.state, tuple(self._people), self._viewers):
            return
        self._board, self._link, self._people, self._viewers = board, link, people, viewers
        self.refresh()

    def show_standing(self, standing: Standing) -> None:
        """Take where the board stands among others; repaints when that differs."""
        if standing != self._standing:
            self._standing = standing
            self.refresh()

    def render(self) -> Text:
        """The line."""
        width = self.size.width
        return sides(self._left(width), self._right(width), width, gap=2)

    def _left(self, width: int) -> Text:
        board = self._board
        style = self.get_component_rich_style("header--counts", partial=True)
        name = steady(line((board.title if board else "") or self._title, most=200))
        title = Text.assemble(" ", *self._place(), (name, self.get_component_rich_style("header--title", partial=True)))
        if board is None:
            return title
        room = width - self._right(width).cell_len - 2
        elsewhere = words.new_elsewhere(self._standing.unread) if self._standing.unread else ""
        for counted in words.counts(board):
            for facts in [f"{counted} · {elsewhere}", counted] if elsewhere else [counted]:
                if title.cell_len + 2 + cell_len(facts) <= room:
                    return Text.assemble(title, "  ", (facts, style))
        return title

    def _place(self) -> list[tuple[str, Style]]:
        """Where the board stands among several; a sign when the others have news."""
        if self._standing.of == 1:
            return []
        quiet = self.get_component_rich_style("header--counts", partial=True)
        loud = self.get_component_rich_style("header--waiting", partial=True)
        sign = [("●", loud)] if self._standing.unread else []
        return [(f"{self._standing.place}/{self._standing.of}", quiet), *sign, (" ", quiet)]

    def _right(self, width: int) -> Text:
        sign, word = words.link_word(self._link)
        kind = {LinkState.LIVE: "live", LinkState.CONNECTING: "waiting", LinkState.SYNCING: "waiting"}
        style = self.get_component_rich_style(f"header--{kind.get(self._link.state, 'down')}", partial=True)
        text = Text.assemble((f"{sign} {word}", style))
        if self._link.state is LinkState.LIVE and self._viewers:
            quiet = self.get_component_rich_style("header--counts", partial=True)
            text.append(f" · {words.people(self._viewers)}" if width >= _SHORT else f" {self._viewers}", quiet)
            if width >= _NAMES_FROM and self._people:
                text.append(f": {self._names()}", quiet)
        return Text.assemble(text, " ")

    def _names(self) -> str:
        names = [steady(line(person.name, most=16)) or _("somebody") for person in self._people[:_NAMES]]
        more = self._viewers - len(names)
        return ", ".join(names) + (f" +{more}" if more > 0 else "")
