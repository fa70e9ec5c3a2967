"""The board as the user sees it: confirmed rows with one's own changes laid over them.

Rows change only by events in order of position, by a snapshot or by a loaded thread; overlays never change rows. What
may be different is noted and compared once per input, so that a hundred events make one change and an echo makes none.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from imagechat_tui.core.confirmed import Confirmed
from imagechat_tui.core.inputs import AddComment, CreateMarker, DeleteComment
from imagechat_tui.core.overlay import (
    Overlay,
    Phase,
    comment_view,
    lay_over_comment,
    lay_over_marker,
    marker_view,
    own_comment,
    own_marker,
)
from imagechat_tui.core.rows import CommentRow, MarkerRow
from imagechat_tui.core.showing import Showing
from imagechat_tui.core.thread import Thread, reading_order, with_replies
from imagechat_tui.core.views import CommentView, MarkerView

ALIASES: Final = 200
"""Earlier ids of one's own markers that are still understood."""


class Board(Confirmed):
    """Markers and threads, confirmed and laid over."""

    def __init__(self) -> None:
        self.showing = Showing(self)
        super().__init__(self.showing)
        self._overlays: dict[str, list[Overlay]] = {}
        self._aliases: dict[str, str] = {}

    # What is seen ------------------------------------------------------------------------------------------------

    def marker_ids(self) -> Iterable[str]:
        """Every marker with a confirmed row or an overlay, in no order."""
        return [*self.rows, *(key for key in self._overlays if key not in self.rows)]

    def known_as(self, key: str) -> str:
        """The id that a marker or comment has now; before its confirmation it had that of its operation."""
        return self._aliases.get(key, key)

    def row(self, marker_id: str) -> MarkerRow | None:
        """The server's row of a marker, also while only the answer to its creation has told of it."""
        settled = (change.marker for change in self._settled(marker_id) if change.marker is not None)
        return self.rows.get(marker_id) or next(settled, None)

    def has(self, marker_id: str, comment_id: str | None) -> bool:
        """Whether the server has marker and comment, as far as is known: a thread may not be loaded."""
        if self.row(marker_id) is None:
            return False
        thread = self.threads.get(marker_id)
        if comment_id is None or (thread is not None and comment_id in thread.rows):
            return True
        if any(change.operation == comment_id for change in self._overlays.get(marker_id, ())):
            return False
        return thread is None or any(_creates(c) and c.comment_id == comment_id for c in self._settled(marker_id))

    def _settled(self, marker_id: str) -> Iterable[Overlay]:
        return (change for change in self._overlays.get(marker_id, ()) if change.phase is Phase.SETTLED)

    def overlays(self, marker_id: str) -> Sequence[Overlay]:
        """What is laid over a marker, oldest first."""
        return self._overlays.get(marker_id, ())

    def overlaid(self) -> Iterable[str]:
        """The markers with overlays."""
        return list(self._overlays)

    def compose_marker(self, marker_id: str) -> MarkerView | None:
        """The view of a marker now."""
        row = self.rows.get(marker_id)
        changes = self._overlays.get(marker_id, ())
        if row is not None:
            mine = self.me.id is not None and row.author_id == self.me.id
            view = marker_view(row, unread=self.unread.count(marker_id), mine=mine)
        else:
            created = next((change for change in changes if isinstance(change.intent, CreateMarker)), None)
            if created is None:
                return None
            view = own_marker(created, self.me)
        for change in changes:
            under = lay_over_marker(view, change, count=self._adds(change, row), me=self.me)
            if under is None:
                return None
            view = under
        return view

    def _adds(self, change: Overlay, row: MarkerRow | None) -> int:
        """What a change adds to the count of the row, which may include it already."""
        if row is not None and row.counted_by is not None and row.counted_by in change.broadcast_ids:
            return 0
        thread = self.threads.get(change.marker_id)
        if isinstance(change.intent, AddComment):
            known = thread is not None and change.comment is not None and change.comment.id in thread.rows
            return 0 if known else 1
        if isinstance(change.intent, DeleteComment):
            return -1 if thread is None else -len(with_replies(change.intent.comment_id, thread.rows))
        return 0

    def compose_comment(self, marker_id: str, comment_id: str) -> CommentView | None:
        """The view of a comment now."""
        thread = self.threads.get(marker_id)
        row = thread.rows.get(comment_id) if thread else None
        changes = self._overlays.get(marker_id, ())
        view = None if row is None else self._confirmed(marker_id, row)
        if not changes:
            return view
        if view is None:
            created = next((c for c in changes if c.comment_id == comment_id and _creates(c)), None)
            if created is None:
                return None
            view = own_comment(created, self.me)
        for change in changes:
            if change.comment_id == comment_id and not _creates(change):
                under = lay_over_comment(view, change)
                if under is None:
                    return None
                view = under
        return None if row is not None and self._deleted_above(marker_id, row) else view

    def _confirmed(self, marker_id: str, row: CommentRow) -> CommentView:
        unread = self.unread.contains(marker_id, row.id)
        return comment_view(row, marker_id=marker_id, me=self.me, unread=unread)

    def _deleted_above(self, marker_id: str, row: CommentRow) -> bool:
        """Whether an own deletion of a parent takes this comment along."""
        if row.parent_id is None:
            return False
        rows = self.threads[marker_id].rows
        return any(
            isinstance(change.intent, DeleteComment)
            and change.phase is not Phase.FAILED
            and row.id in with_replies(change.intent.comment_id, rows)
            for change in self._overlays.get(marker_id, ())
        )

    def compose_thread(self, marker_id: str) -> tuple[CommentView, ...] | None:
        """The comments of a marker in reading order; ``None`` until they are loaded."""
        thread = self.threads.get(marker_id)
        changes = self._overlays.get(marker_id, ())
        if thread is not None and not changes:
            written = {key: row.created_at for key, row in thread.rows.items()}
            return reading_order((self._confirmed(marker_id, row) for row in thread.rows.values()), written=written)
        created = [change.comment_id for change in changes if _creates(change)]
        if thread is None:
            if not any(isinstance(change.intent, CreateMarker) for change in changes):
                return None
            thread = Thread()
        ids = dict.fromkeys([*thread.rows, *(key for key in created if key is not None)])
        views = (self.compose_comment(marker_id, key) for key in ids)
        written = {change.comment.id: change.comment.created_at for change in changes if change.comment is not None}
        written |= {key: row.created_at for key, row in thread.rows.items()}
        return reading_order((view for view in views if view is not None), written=written)

    # One's own changes -------------------------------------------------------------------------------------------

    def lay(self, change: Overlay) -> None:
        """Lay a change over its marker."""
        self._overlays.setdefault(change.marker_id, []).append(change)
        self.touched(change)

    def lift(self, change: Overlay) -> None:
        """Take a change off again."""
        changes = self._overlays.get(change.marker_id)
        if changes is None or change not in changes:
            return
        changes.remove(change)
        if not changes:
            del self._overlays[change.marker_id]
        self.touched(change)

    def touched(self, change: Overlay, *, was: str | None = None) -> None:
        """What a change shows may be different; ``was``: the id its creation had before."""
        creates_marker = isinstance(change.intent, CreateMarker)
        self.showing.marker(change.marker_id, was=was if creates_marker else None)
        if change.comment_id is None:
            return
        thread = self.threads.get(change.marker_id)
        self.showing.comment(change.marker_id, change.comment_id, was=was)
        if isinstance(change.intent, DeleteComment) and thread is not None:
            for key in with_replies(change.comment_id, thread.rows):
                self.showing.comment(change.marker_id, key)

    def rename(self, change: Overlay, marker_id: str) -> None:
        """The marker that a change creates has got its id."""
        before = change.marker_id
        if before == marker_id:
            return
        moved = self._overlays.pop(before, [])
        self._overlays.setdefault(marker_id, [])[:0] = moved
        for each in moved:
            each.marker_id = marker_id
        if not self._overlays[marker_id]:
            del self._overlays[marker_id]
        self.alias(before, marker_id)
        self.showing.marker(before)
        self.showing.marker(marker_id, was=before)
        self.showing.thread(marker_id)

    def alias(self, before: str, key: str) -> None:
        """A screen may still ask for the marker or comment by the id it had before."""
        self._aliases[before] = key
        if len(self._aliases) > ALIASES:
            del self._aliases[next(iter(self._aliases))]

    def forget_alias(self, before: str) -> None:
        """The earlier id means itself again."""
        self._aliases.pop(before, None)


def _creates(change: Overlay) -> bool:
    return isinstance(change.intent, AddComment | CreateMarker)
