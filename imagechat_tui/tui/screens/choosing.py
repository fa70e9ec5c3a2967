"""Which marker is meant, and what follows from that: its thread, its place in the picture, its row in the list."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from imagechat_tui.core.views import MarkerView
from imagechat_tui.i18n import _
from imagechat_tui.render.geometry import Point
from imagechat_tui.tui.keys import shown_for
from imagechat_tui.tui.layout import Pane, Shape
from imagechat_tui.tui.screens.parts import BoardParts
from imagechat_tui.tui.screens.stack import StackList
from imagechat_tui.tui.selection import nearest

if TYPE_CHECKING:
    from textual.timer import Timer

_REST: Final = 0.15
"""Seconds the list's cursor has to rest on a marker before its thread is opened beside it."""

_REACH: Final = 4.0
"""Percent around the crosshair in which a marker counts as under it."""


class Choosing:
    """Moves the selection and shows what it means."""

    def __init__(self, parts: BoardParts) -> None:
        self._parts = parts
        self._opened: str | None = None
        self._resting: Timer | None = None

    def follow(self, renamed: Mapping[str, str]) -> None:
        """Ids became final."""
        self._parts.selection.renamed(renamed)
        self._parts.bench.thread.renamed(renamed)
        if self._opened is not None:
            self._opened = renamed.get(self._opened, self._opened)

    def select(self, marker_id: str | None, *, into: bool = False) -> None:
        """Mean a marker; its thread is opened where it can be seen, with ``into`` it gets the focus."""
        self.highlight(marker_id)
        bench = self._parts.bench
        if into or bench.shape is Shape.WIDE:
            self._open(marker_id)
        if into and marker_id is not None:
            bench.go(Pane.THREAD)

    def highlight(self, marker_id: str | None) -> None:
        """Mean a marker without opening its thread."""
        self._parts.selection.marker_id = marker_id
        self.show_markers()
        self.show_thread()
        marker = self._parts.marker
        if marker is not None:
            self._parts.bench.picture.reveal(Point(marker.x, marker.y))

    def rest(self, marker_id: str) -> None:
        """The list's cursor is on a marker: open its thread beside it when the cursor stays."""
        self.highlight(marker_id)
        bench = self._parts.bench
        if self._resting is not None:
            self._resting.stop()
        if bench.shape is Shape.WIDE:
            self._resting = bench.set_timer(_REST, lambda: self._open(self._parts.selection.marker_id))

    def leave_thread(self) -> None:
        """Nobody looks at the thread any longer."""
        self._open(None)

    def look_away(self) -> None:
        """The thread stays open on a screen that nobody sees: what comes is unread."""
        self._parts.conversation.open_thread(None)

    def look_again(self) -> None:
        """The open thread is looked at again."""
        if self._opened is not None:
            self._parts.conversation.open_thread(self._opened)

    def _open(self, marker_id: str | None) -> None:
        if self._resting is not None:
            self._resting.stop()
            self._resting = None
        if marker_id != self._opened:
            self._opened = marker_id
            self._parts.conversation.open_thread(marker_id)

    def from_stack(self, keys: Sequence[str]) -> None:
        """A square was chosen: its marker, or a list of those that share it."""
        view = self._parts.view
        markers = [marker for key in keys if (marker := view.marker(key)) is not None]
        if len(markers) == 1:
            self.select(markers[0].id, into=True)
        elif markers:
            self._ask_which(markers)

    def _ask_which(self, markers: Sequence[MarkerView]) -> None:
        def chosen(marker_id: str | None) -> None:
            if marker_id is not None:
                self.select(marker_id, into=True)

        self._parts.bench.app.push_screen(StackList(markers), chosen)

    def walk(self, by: int, *, open_only: bool = False) -> None:
        """The next or previous marker, around the ends."""
        parts = self._parts
        before = parts.selection.marker_id
        step = parts.selection.step(by, open_only=open_only)
        if step.marker is None:
            parts.notify(_("No unresolved markers.") if open_only else _("No markers."))
            return
        if step.marker.id == before:
            parts.notify(_("This is the only one."))
        elif step.wrapped:
            parts.notify(_("Past the last one: the first again.") if by > 0 else _("Before the first: the last again."))
        self.select(step.marker.id)
        parts.bench.picture.go_to(Point(step.marker.x, step.marker.y))

    def open_here(self) -> None:
        """Enter on the picture or in the list: the thread of what is meant."""
        parts = self._parts
        if parts.bench.pane is Pane.PICTURE:
            point = parts.bench.picture.point
            under = nearest(parts.selection.shown(), x=point.x, y=point.y, reach=_REACH)
            if under is not None:
                stack = parts.bench.picture.stack_of(under.id)
                chosen = parts.selection.marker_id
                self.from_stack([chosen] if chosen is not None and chosen in stack else stack)
                return
        if parts.marker is not None:
            self.select(parts.selection.marker_id, into=True)
            return
        key = shown_for("marker_here", parts.keymap)
        parts.notify(_("There is no marker here; {key} places one.").format(key=key))

    def show_markers(self) -> int:
        """Rows and squares of what passes the filter; how many do."""
        parts = self._parts
        shown = parts.selection.shown()
        parts.bench.show_markers(
            shown,
            total=len(parts.view.markers()),
            selected=parts.selection.marker_id,
            drafts=parts.drafts.replies(),
            writers=parts.view.writers,
            filtered=bool(parts.selection.filter),
        )
        return len(shown)

    def show_thread(self) -> None:
        """The thread of the marker that is meant."""
        parts = self._parts
        marker = parts.marker
        comments = parts.view.thread(marker.id) if marker is not None else None
        parts.bench.show_thread(
            marker, comments, writers=parts.view.writers, link=parts.view.link.state, now_ms=parts.wall_ms()
        )
