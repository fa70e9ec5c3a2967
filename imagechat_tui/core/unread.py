"""Which comments of others the user has not seen; by comment id and by time, so that a reload does not lose them.

Up to the first load everything counts as read, unless the host says otherwise. It never looks at own comments.
"""

from collections.abc import Iterable
from typing import Final

MOST: Final = 1_000
"""Unread comments kept per marker; more than that are "many"."""


class Unread:
    """The marks of one board."""

    def __init__(self) -> None:
        self._ids: dict[str, set[str]] = {}
        self._known_until: dict[str, int] = {}
        self._total = 0
        self.open_marker: str | None = None
        """The thread the user looks at: nothing in it becomes unread."""

    @property
    def total(self) -> int:
        """Unread comments over all threads."""
        return self._total

    def count(self, marker_id: str) -> int:
        """Unread comments of a thread."""
        return len(self._ids.get(marker_id, ()))

    def contains(self, marker_id: str, comment_id: str) -> bool:
        """Whether a comment is unread."""
        return comment_id in self._ids.get(marker_id, ())

    def markers(self) -> list[str]:
        """The markers with something unread."""
        return list(self._ids)

    def known_until(self, marker_id: str) -> int | None:
        """The time (ms) of the newest comment ever heard of; ``None`` for a marker never heard of."""
        return self._known_until.get(marker_id)

    def heard(self, marker_id: str, created_at: int) -> None:
        """A comment of that time is known."""
        if created_at > self._known_until.get(marker_id, -1):
            self._known_until[marker_id] = created_at

    def add(self, marker_id: str, comment_id: str) -> None:
        """A comment of somebody else is new."""
        if marker_id == self.open_marker:
            return
        ids = self._ids.setdefault(marker_id, set())
        if comment_id not in ids and len(ids) < MOST:
            ids.add(comment_id)
            self._total += 1

    def remove(self, marker_id: str, comment_ids: Iterable[str]) -> None:
        """These comments are no longer there."""
        ids = self._ids.get(marker_id)
        if ids is None:
            return
        before = len(ids)
        ids.difference_update(comment_ids)
        self._total -= before - len(ids)
        if not ids:
            del self._ids[marker_id]

    def keep_only(self, marker_id: str, comment_ids: Iterable[str]) -> None:
        """The thread has these comments and no others."""
        ids = self._ids.get(marker_id)
        if ids is not None:
            self.remove(marker_id, ids.difference(comment_ids))

    def read(self, marker_id: str) -> set[str]:
        """The user has seen the thread; what was unread."""
        ids = self._ids.pop(marker_id, set())
        self._total -= len(ids)
        return ids

    def gone(self, marker_id: str) -> None:
        """The marker is no longer there."""
        self.read(marker_id)
        self._known_until.pop(marker_id, None)
