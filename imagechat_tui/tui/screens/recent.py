"""Boards looked at lately, with a search; ends with the one that is chosen. It opens nothing itself."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from imagechat_tui.i18n import _
from imagechat_tui.plain import line
from imagechat_tui.tui import words
from imagechat_tui.tui.recent_boards import RecentBoard
from imagechat_tui.tui.widgets.footer import FooterLine, Hint
from imagechat_tui.tui.widgets.lines import sides, steady
from imagechat_tui.tui.widgets.pane_title import PaneTitle


class RecentBoards(Screen[str]):
    """A list under a line to search in; letters search, arrows choose."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+q,ctrl+c", "leave", show=False),
        Binding("enter", "choose", show=False, priority=True),
        Binding("down", "go(1)", show=False, priority=True),
        Binding("up", "go(-1)", show=False, priority=True),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"recent--quiet"}
    AUTO_FOCUS = "#search"

    def __init__(self, boards: Sequence[RecentBoard], *, wall_ms: Callable[[], int]) -> None:
        super().__init__()
        self._boards = tuple(boards)
        self._wall_ms = wall_ms

    def compose(self) -> ComposeResult:
        """Title, search, list, keys."""
        yield PaneTitle(_("Recent boards"), id="recent-title")
        yield Input(placeholder=_("search"), id="search", compact=True)
        yield OptionList(id="boards", markup=False, compact=True)
        yield FooterLine(always=[Hint("esc", _("quit"))], id="footer")

    def on_mount(self) -> None:
        """All of them."""
        self.query_one(OptionList).can_focus = False
        self.query_one(FooterLine).show([Hint("enter", _("open")), Hint("↑↓", _("choose"))])
        self._list("")

    def on_resize(self) -> None:
        """Rows as wide as the screen."""
        self._list(self.query_one(Input).value)

    @on(Input.Changed)
    def _searched(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, searched: str) -> None:
        wanted = searched.casefold().split()
        found = [
            board
            for board in self._boards
            if all(word in f"{board.title} {board.target}".casefold() for word in wanted)
        ]
        boards = self.query_one(OptionList)
        boards.clear_options()
        boards.add_options([Option(self._row(board), id=board.target) for board in found])
        boards.highlighted = 0 if found else None
        total = len(self._boards)
        self.query_one(PaneTitle).show(_("Recent boards"), _("{n} of {total}").format(n=len(found), total=total))

    def _row(self, board: RecentBoard) -> Text:
        quiet = self.get_component_rich_style("recent--quiet", partial=True)
        left = Text.assemble((steady(line(board.title, most=200)), "bold"), ("  " + line(board.target), quiet))
        right = Text(" · ".join([*board.counts(), words.ago(board.seen_ms, self._wall_ms())]), quiet)
        return sides(left, right, max(12, self.app.size.width - 4), gap=2)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_choose(self) -> None:
        """This one."""
        boards = self.query_one(OptionList)
        if boards.highlighted is not None:
            self.dismiss(boards.get_option_at_index(boards.highlighted).id)

    def action_go(self, by: int) -> None:
        """Rows up or down."""
        boards = self.query_one(OptionList)
        if boards.highlighted is not None:
            boards.highlighted = max(0, min(boards.highlighted + by, boards.option_count - 1))

    def action_leave(self) -> None:
        """None."""
        self.dismiss(None)
