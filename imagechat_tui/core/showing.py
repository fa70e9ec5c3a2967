"""What has been shown and what may be different: compared once per input, announced only where it really differs.

Views are made when they are first asked for and kept until a change touches them; nothing here costs more for a large
board than for a small one, except a snapshot and a full listing.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from imagechat_tui.core.outputs import (
    BoardReplaced,
    Change,
    CommentGone,
    CommentPut,
    MarkerGone,
    MarkerPut,
    ThreadReplaced,
)
from imagechat_tui.core.views import CommentView, Delivery, MarkerView

if TYPE_CHECKING:
    from imagechat_tui.core.board import Board

_LAST: Final = 1 << 60


class Showing:
    """The views of a board, and which of them have to be looked at again."""

    def __init__(self, board: "Board") -> None:
        self._board = board
        self._markers: dict[str, MarkerView | None] = {}
        self._comments: dict[str, dict[str, CommentView | None]] = {}
        self._threads: dict[str, tuple[CommentView, ...]] = {}
        self._listing: tuple[MarkerView, ...] | None = None
        self._tally: dict[str, bool] = {}
        self._resolved = 0
        self._touched_markers: dict[str, str | None] = {}
        self._touched_comments: dict[tuple[str, str], str | None] = {}
        self._touched_threads: set[str] = set()
        self._all = False

    @property
    def count(self) -> int:
        """Markers on the board, failed ones of one's own not counted."""
        return len(self._tally)

    @property
    def resolved(self) -> int:
        """Resolved ones among them."""
        return self._resolved

    # What may be different ---------------------------------------------------------------------------------------

    def marker(self, marker_id: str, *, was: str | None = None) -> None:
        """A marker may be different."""
        self._touched_markers[marker_id] = was or self._touched_markers.get(marker_id)
        self._listing = None

    def comment(self, marker_id: str, comment_id: str, *, was: str | None = None) -> None:
        """A comment may be different."""
        key = (marker_id, comment_id)
        self._touched_comments[key] = was or self._touched_comments.get(key)
        self._threads.pop(marker_id, None)

    def thread(self, marker_id: str) -> None:
        """A thread may be different as a whole."""
        self._touched_threads.add(marker_id)
        self._threads.pop(marker_id, None)
        self._comments.pop(marker_id, None)

    def everything(self) -> None:
        """All views may be different."""
        self._all = True
        self._markers.clear()
        self._comments.clear()
        self._threads.clear()
        self._listing = None

    # Views -------------------------------------------------------------------------------------------------------

    def marker_view(self, marker_id: str) -> MarkerView | None:
        """One marker."""
        if marker_id in self._touched_markers or marker_id not in self._markers:
            return self._board.compose_marker(marker_id)
        return self._markers[marker_id]

    def listing(self) -> tuple[MarkerView, ...]:
        """All markers by number; those without one last, oldest first."""
        if self._listing is None:
            views = [view for key in self._board.marker_ids() if (view := self._kept_marker(key)) is not None]
            views.sort(key=_by_number)
            self._listing = tuple(views)
        return self._listing

    def _kept_marker(self, marker_id: str) -> MarkerView | None:
        if marker_id in self._touched_markers:
            return self._board.compose_marker(marker_id)
        if marker_id not in self._markers:
            self._markers[marker_id] = self._board.compose_marker(marker_id)
        return self._markers[marker_id]

    def thread_view(self, marker_id: str) -> Sequence[CommentView] | None:
        """The comments of a marker."""
        kept = self._threads.get(marker_id)
        if kept is None:
            kept = self._board.compose_thread(marker_id)
            if kept is not None:
                self._threads[marker_id] = kept
                self._comments[marker_id] = {view.id: view for view in kept}
        return kept

    # Announcing --------------------------------------------------------------------------------------------------

    def changes(self) -> list[Change]:
        """What is really different since the last call."""
        if self._all:
            self._all = False
            self._touched_markers.clear()
            self._touched_comments.clear()
            self._touched_threads.clear()
            self._count_all()
            return [BoardReplaced()]
        if not (self._touched_markers or self._touched_comments or self._touched_threads):
            return []
        found: list[Change] = []
        for marker_id, was in self._touched_markers.items():
            self._announce_marker(marker_id, was, found)
        found.extend(
            ThreadReplaced(marker_id=key) for key in self._touched_threads if self.thread_view(key) is not None
        )
        for (marker_id, comment_id), was in self._touched_comments.items():
            if marker_id not in self._touched_threads:
                self._announce_comment(marker_id, comment_id, was, found)
        self._touched_markers.clear()
        self._touched_comments.clear()
        self._touched_threads.clear()
        return found

    def _announce_marker(self, marker_id: str, was: str | None, found: list[Change]) -> None:
        unknown = marker_id not in self._markers
        before = self._markers.pop(marker_id, None)
        view = self._board.compose_marker(marker_id)
        shown_before = marker_id in self._tally or before is not None
        self._count(marker_id, view)
        if view is None:
            if shown_before and not self._renamed(marker_id):
                found.append(MarkerGone(marker_id=marker_id))
            self._comments.pop(marker_id, None)
            self._threads.pop(marker_id, None)
            return
        self._markers[marker_id] = view
        if unknown or view != before or was is not None:
            found.append(MarkerPut(marker=view, was=was))

    def _renamed(self, marker_id: str) -> bool:
        """Whether it is announced under its new id; one that came and went at once is not."""
        compose = self._board.compose_marker
        return any(was == marker_id and compose(key) is not None for key, was in self._touched_markers.items())

    def _announce_comment(self, marker_id: str, comment_id: str, was: str | None, found: list[Change]) -> None:
        kept = self._comments.setdefault(marker_id, {})
        unknown = comment_id not in kept
        before = kept.pop(comment_id, None)
        if was is not None:
            kept.pop(was, None)
        view = self._board.compose_comment(marker_id, comment_id)
        if view is None:
            renamed = self._renamed(marker_id) or self._comment_renamed(marker_id, comment_id)
            if (unknown or before is not None) and not renamed:
                found.append(CommentGone(marker_id=marker_id, comment_id=comment_id))
            if was is not None:
                # It got its id and went at once: screens have it under the one before.
                found.append(CommentGone(marker_id=marker_id, comment_id=was))
            return
        kept[comment_id] = view
        if unknown or view != before or was is not None:
            found.append(CommentPut(comment=view, was=was))

    def _comment_renamed(self, marker_id: str, comment_id: str) -> bool:
        compose = self._board.compose_comment
        return any(
            was == comment_id and key[0] == marker_id and compose(*key) is not None
            for key, was in self._touched_comments.items()
        )

    # Counts ------------------------------------------------------------------------------------------------------

    def _count(self, marker_id: str, view: MarkerView | None) -> None:
        if self._tally.pop(marker_id, False):
            self._resolved -= 1
        if view is not None and not _is_ghost(view):
            self._tally[marker_id] = view.resolved
            self._resolved += view.resolved

    def _count_all(self) -> None:
        self._tally = {key: row.resolved_at is not None for key, row in self._board.rows.items()}
        self._resolved = sum(self._tally.values())
        for key in self._board.overlaid():
            view = self._markers[key] = self._board.compose_marker(key)
            self._count(key, view)


def _is_ghost(view: MarkerView) -> bool:
    return view.delivery is Delivery.FAILED and view.number is None and view.id == view.operation


def _by_number(view: MarkerView) -> tuple[int, int, str]:
    return (_LAST if view.number is None else view.number, view.created_at, view.id)
