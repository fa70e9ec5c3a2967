"""A thread as scrolling lines with a cursor on one comment; draws its own lines, each comment made once per width.

It shows what it is given and reports nothing: which comment is meant is asked of it.
"""

from collections.abc import Mapping, Sequence

from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from imagechat_tui.core.views import CommentView
from imagechat_tui.i18n import _
from imagechat_tui.tui.keys import Place, bindings, shown_for
from imagechat_tui.tui.widgets import lines
from imagechat_tui.tui.widgets.comment_row import comment_lines

_BAR = 1
"""Columns before the words, in which the cursor stands."""


class ThreadPane(ScrollView):
    """The comments of one marker."""

    can_focus = True
    BINDINGS = bindings(Place.THREAD)
    COMPONENT_CLASSES = {  # noqa: RUF012 - Textual's own way to declare them
        "thread--author",
        "thread--mine",
        "thread--quiet",
        "thread--badge",
        "thread--failed",
        "thread--unread",
        "thread--here",
        "thread--bar",
    }

    def __init__(self, *, keymap: Mapping[str, str], id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._way_out = _("{retry} tries again, {discard} gives up").format(
            retry=shown_for("retry", keymap), discard=shown_for("discard", keymap)
        )
        self._comments: tuple[CommentView, ...] = ()
        self._marker_id: str | None = None
        self._here: str | None = None
        self._notice = ""
        self._now_ms = 0
        self._lines: list[tuple[str, Text]] = []
        self._made: dict[str, tuple[CommentView, list[Text]]] = {}

    def show(self, marker_id: str | None, comments: Sequence[CommentView] | None, *, now_ms: int, notice: str) -> None:
        """Take a thread.

        Args:
            marker_id: whose; another one than before starts at its end.
            comments: oldest first, replies after their parent; ``None`` while they are not there.
            now_ms: for relative times.
            notice: what to say when there are no comments.
        """
        other = marker_id != self._marker_id
        at_end = other or self.scroll_offset.y >= self.max_scroll_y
        before = len(self._comments)
        self._marker_id, self._comments, self._notice = marker_id, tuple(comments or ()), notice
        if now_ms != self._now_ms or other:
            self._made.clear()
        self._now_ms = now_ms
        if other:
            self._here = None
        self._build()
        if at_end and (other or len(self._comments) > before):
            self.scroll_end(animate=False, force=True, immediate=False)

    def renamed(self, ids: Mapping[str, str]) -> None:
        """Follow the comment under the cursor to its final id."""
        if self._here is not None:
            self._here = ids.get(self._here, self._here)
        if self._marker_id is not None:
            self._marker_id = ids.get(self._marker_id, self._marker_id)

    @property
    def marker_id(self) -> str | None:
        """Whose thread it is."""
        return self._marker_id

    @property
    def comment(self) -> CommentView | None:
        """The comment under the cursor."""
        return next((one for one in self._comments if one.id == self._here), None)

    def point_at(self, comment_id: str | None) -> None:
        """Put the cursor on a comment."""
        self._here = comment_id
        self.refresh()
        rows = [i for i, (owner, _text) in enumerate(self._lines) if owner == comment_id]
        if rows and comment_id:
            self.scroll_to_region(Region(0, rows[0], 1, len(rows)), animate=False, force=True)

    # Keys and mouse --------------------------------------------------------------------------------------------

    def action_page(self, by: int) -> None:
        """Pages up or down."""
        self.scroll_relative(y=by * max(1, self.size.height - 1), animate=False)

    def action_comment(self, by: int) -> None:
        """Comments up or down."""
        if not self._comments:
            return
        ids = [comment.id for comment in self._comments]
        if self._here in ids:
            place = max(0, min(ids.index(self._here) + by, len(ids) - 1))
        else:
            place = len(ids) - 1 if by < 0 else 0
        self.point_at(ids[place])

    def on_focus(self) -> None:
        """A cursor is needed now; the newest comment has it."""
        if self.comment is None and self._comments:
            self._here = self._comments[-1].id
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is painted quieter."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on what was clicked."""
        row = event.y + self.scroll_offset.y
        if 0 <= row < len(self._lines):
            self.point_at(self._lines[row][0] or self._here)

    # Lines -----------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Break the words anew."""
        self._made.clear()
        self._build()

    def notify_style_update(self) -> None:
        """Another theme: other colors."""
        super().notify_style_update()
        self._made.clear()
        if self.is_mounted:
            self._build()

    def _build(self) -> None:
        width = max(1, self.scrollable_content_region.width - 1)
        depths: dict[str, int] = {}
        made: dict[str, tuple[CommentView, list[Text]]] = {}
        found: list[tuple[str, Text]] = []
        for comment in self._comments:
            depths[comment.id] = depths.get(comment.parent_id, -1) + 1 if comment.parent_id else 0
            known = self._made.get(comment.id)
            if known is None or known[0] != comment:
                text = comment_lines(
                    comment,
                    width=width,
                    depth=depths[comment.id],
                    now_ms=self._now_ms,
                    styles=self._style,
                    way_out=self._way_out,
                )
                known = comment, text
            made[comment.id] = known
            found += [(comment.id, text) for text in known[1]]
        if not found:
            found = [("", text) for text in lines.wrapped(Text(self._notice, self._style("quiet")), max(1, width - 1))]
        self._made, self._lines = made, found
        self.virtual_size = Size(self.scrollable_content_region.width, len(found))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row."""
        row = y + self.scroll_offset.y
        width = self.size.width
        if not 0 <= row < len(self._lines):
            return Strip.blank(width, self.rich_style)
        owner, text = self._lines[row]
        here = bool(owner) and owner == self._here
        last = row + 1 == len(self._lines) or self._lines[row + 1][0] != owner
        base = self.rich_style
        bar: Text | str = " "
        if (span := self.text_selection and self.text_selection.get_span(row)) is not None:
            text = text.copy()
            start, end = span
            text.stylize(
                self.screen.get_component_rich_style("screen--selection"),
                max(0, start - _BAR),
                len(text) if end == -1 else max(0, end - _BAR),
            )
        if here and not last:
            bar = Text("▌", self._style("bar") if self.has_focus else self._style("quiet"))
            base += self._style("here") if self.has_focus else Style()
        return lines.strip(Text.assemble(bar, text), width, base).apply_offsets(0, row)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The words under the mouse's selection, without what only this pane draws."""
        text = "\n".join(f" {text.plain}" for _owner, text in self._lines)
        found = selection.extract(text)
        return "\n".join(line.strip() for line in found.split("\n")), "\n"

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"thread--{name}", partial=True)
