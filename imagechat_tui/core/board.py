"""The board as the user sees it: confirmed rows with one's own changes laid over them.

Rows change only by events in order of position, by a snapshot or by a loaded thread; overlays never change rows. What
may be different is noted and compared once per input, so that a hundred events make one change and an echo makes none.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

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
from imagechat_tui.core.rows import CommentRow, MarkerRow, changed_marker, new_comment, new_marker, words
from imagechat_tui.core.showing import Showing
from imagechat_tui.core.thread import Loading, Thread, reading_order, with_replies
from imagechat_tui.core.unread import Unread
from imagechat_tui.core.views import CommentView, MarkerView, Me
from imagechat_tui.protocol.events import (
    ChatEvent,
    CommentEvent,
    DeletedComment,
    DeletedImageChat,
    LiveEvent,
    NewComment,
    NewImageChat,
    UpdatedComment,
    VoteEvent,
)
from imagechat_tui.protocol.models import Conversation, PublicComment

ORPHANS: Final = 500
"""Comments kept for windows that no marker has claimed yet."""

ALIASES: Final = 200
"""Earlier ids of one's own markers that are still understood."""

NOBODY: Final = Me(id=None, name="", signed_in=False, anonymous=True, moderator=False)


class Board:
    """Markers and threads, confirmed and laid over."""

    def __init__(self) -> None:
        self.me = NOBODY
        self.unread = Unread()
        self.showing = Showing(self)
        self.rows: dict[str, MarkerRow] = {}
        self.threads: dict[str, Thread] = {}
        self._loading: dict[str, Loading] = {}
        self._windows: dict[str, str] = {}
        self._orphans: dict[str, list[CommentRow]] = {}
        self._overlays: dict[str, list[Overlay]] = {}
        self._heard_before: dict[str, int] = {}
        self.found_marker: Callable[[MarkerRow], None] = lambda _row: None
        """Told of the user's markers that a snapshot, not an event, has brought."""
        self.found_comment: Callable[[str, CommentRow], None] = lambda _marker, _row: None
        """Told of the user's comments that a load, not an event, has brought."""
        self._loaded = False
        self._aliases: dict[str, str] = {}

    # What is seen ------------------------------------------------------------------------------------------------

    def marker_ids(self) -> Iterable[str]:
        """Every marker with a confirmed row or an overlay, in no order."""
        return [*self.rows, *(key for key in self._overlays if key not in self.rows)]

    def known_as(self, key: str) -> str:
        """The id that a marker or comment has now; before its confirmation it had that of its operation."""
        return self._aliases.get(key, key)

    def has(self, marker_id: str, comment_id: str | None) -> bool:
        """Whether marker and comment are confirmed, as far as is known: a thread may not be loaded."""
        if marker_id not in self.rows:
            return False
        thread = self.threads.get(marker_id)
        return comment_id is None or thread is None or comment_id in thread.rows

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
        created = [change.comment_id for change in changes if _creates(change)]
        if thread is None:
            if not any(isinstance(change.intent, CreateMarker) for change in changes):
                return None
            thread = Thread()
        ids = dict.fromkeys([*thread.rows, *(key for key in created if key is not None)])
        views = (self.compose_comment(marker_id, key) for key in ids)
        written = {key: row.created_at for key, row in thread.rows.items()}
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

    # What the server says ----------------------------------------------------------------------------------------

    def identify(self, me: Me) -> None:
        """Who the user is."""
        if me != self.me:
            self.me = me
            self.showing.everything()

    def replace(self, markers: Iterable[Conversation]) -> None:
        """A snapshot: these markers and no others. Threads stay readable until loaded again."""
        first_load, self._loaded = not self._loaded, True
        found = {marker.id: marker for marker in markers}
        for gone in [key for key in self.rows if key not in found]:
            self._forget(gone)
        self._loading.clear()
        self._orphans.clear()
        for thread in self.threads.values():
            thread.fresh = False
        for key, marker in found.items():
            row = self.rows.get(key)
            self.rows[key] = new_marker(marker) if row is None else changed_marker(row, marker, counted_by=None)
            self._windows[marker.url_id] = key
            self._hear_of(self.rows[key], first_load=first_load)
            if row is None and marker.user_id == self.me.id:
                self.found_marker(self.rows[key])
        self.showing.everything()

    def _hear_of(self, row: MarkerRow, *, first_load: bool) -> None:
        """A snapshot names the newest comment of a thread: is it one that the user has not heard of?"""
        at = row.last_at or 0
        if first_load:
            self.unread.heard(row.id, at)
            return
        known = self.unread.known_until(row.id) or 0
        self.unread.heard(row.id, known)
        if row.last_id and at > known:
            self._heard_before.setdefault(row.id, known)
            if row.last_author_id != self.me.id:
                self.unread.add(row.id, row.last_id)

    def apply(self, event: LiveEvent) -> bool:
        """Take one event in; whether it made sense (otherwise the board has to be read anew)."""
        if isinstance(event, CommentEvent):
            self._apply_comment(event)
        elif isinstance(event, VoteEvent):
            self._apply_vote(event)
        elif isinstance(event, ChatEvent):
            return self._apply_marker(event)
        return True

    def _apply_marker(self, event: ChatEvent) -> bool:
        found, marker_id = event.conversation or event.chat, event.marker_id
        if marker_id is None:
            return False
        if isinstance(event, DeletedImageChat):
            self._forget(marker_id)
            return True
        row = self.rows.get(marker_id)
        if found is None:
            return row is not None and not isinstance(event, NewImageChat)
        if row is None:
            if isinstance(event, NewImageChat):
                self._add(found, event)
                return True
            return False
        self.rows[marker_id] = changed_marker(row, found, counted_by=event.broadcast_id)
        self.showing.marker(marker_id)
        return True

    def _add(self, found: Conversation, event: NewImageChat) -> None:
        row = new_marker(found, counted_by=event.broadcast_id)
        known = self._orphans.pop(found.url_id, [])
        if found.first_comment is not None and all(comment.id != found.first_comment.id for comment in known):
            known.insert(0, new_comment(found.first_comment))
        if known and not row.title:
            first = next((comment for comment in known if comment.id == row.first_id), known[0])
            row = msgspec.structs.replace(row, title=first.text, first_id=first.id, author_name=first.author_name)
        if known and row.last_at is None:
            row = _with_last(row, known[-1])
        self.rows[row.id] = row
        self._windows[row.window] = row.id
        if known and len(known) >= row.count:
            rows = {comment.id: comment for comment in known}
            self.threads[row.id] = Thread(rows=rows, as_of=event.seq or 0)
        for comment in known:
            self._hear(row.id, comment)
        self.showing.marker(row.id)
        self.showing.thread(row.id)

    def _hear(self, marker_id: str, comment: CommentRow) -> None:
        self.unread.heard(marker_id, comment.created_at)
        if comment.author_id is None or comment.author_id != self.me.id:
            self.unread.add(marker_id, comment.id)

    def _forget(self, marker_id: str) -> None:
        row = self.rows.pop(marker_id, None)
        if row is not None:
            self._windows.pop(row.window, None)
        self.threads.pop(marker_id, None)
        self._loading.pop(marker_id, None)
        self._heard_before.pop(marker_id, None)
        self.unread.gone(marker_id)
        self.showing.marker(marker_id)

    def _marker_of(self, chat_id: str | None, window: str) -> str | None:
        return chat_id if chat_id in self.rows else self._windows.get(window)

    def _apply_comment(self, event: CommentEvent) -> None:
        comment = event.comment
        marker_id = self._marker_of(event.chat_id, comment.url_id)
        if marker_id is None:
            self._keep_orphan(event)
            return
        thread = self.threads.get(marker_id)
        known = thread is not None and comment.id in thread.rows
        changed = self._in_thread(marker_id, event)
        row = self.rows[marker_id]
        if isinstance(event, NewComment) and not comment.is_deleted:
            self._hear(marker_id, new_comment(comment))
            row = _with_last(row, new_comment(comment))
            if not known:
                row = _counted(row, 1, event.broadcast_id)
        elif isinstance(event, DeletedComment) or comment.is_deleted:
            self.unread.remove(marker_id, changed or [comment.id])
            row = _counted(row, -max(len(changed), thread is None), event.broadcast_id)
            row = self._without_last(row, thread, [*changed, comment.id])
        elif isinstance(event, UpdatedComment) and comment.id == row.first_id and comment.comment is not None:
            row = msgspec.structs.replace(row, title=words(comment))
        self.rows[marker_id] = row
        self.showing.marker(marker_id)

    def _in_thread(self, marker_id: str, event: CommentEvent | VoteEvent) -> list[str]:
        loading = self._loading.get(marker_id)
        if loading is not None and not loading.keep(event):
            del self._loading[marker_id]
        thread = self.threads.get(marker_id)
        changed = thread.apply(event, me=self.me.id) if thread else []
        for key in changed:
            self.showing.comment(marker_id, key)
        return changed

    def _apply_vote(self, event: VoteEvent) -> None:
        marker_id = self._marker_of(event.chat_id, event.vote.url_id)
        if marker_id is not None:
            self._in_thread(marker_id, event)

    def _keep_orphan(self, event: CommentEvent) -> None:
        comment = event.comment
        orphans = self._orphans.setdefault(comment.url_id, [])
        orphans[:] = [row for row in orphans if row.id != comment.id]
        if not (isinstance(event, DeletedComment) or comment.is_deleted):
            orphans.append(new_comment(comment))
        if sum(map(len, self._orphans.values())) > ORPHANS:
            del self._orphans[next(iter(self._orphans))]

    @staticmethod
    def _without_last(row: MarkerRow, thread: Thread | None, gone: Sequence[str]) -> MarkerRow:
        if row.last_id not in gone or thread is None:
            return row
        newest = thread.newest()
        return row if newest is None else _with_last(row, newest, any_time=True)

    # Threads -----------------------------------------------------------------------------------------------------

    def begin_load(self, marker_id: str, *, cursor: int) -> None:
        """From now on this thread's events are kept aside as well."""
        self._loading[marker_id] = Loading(since=cursor)

    def cancel_load(self, marker_id: str) -> None:
        """The answer will not come."""
        self._loading.pop(marker_id, None)

    def finish_load(self, marker_id: str, comments: Iterable[PublicComment], *, seq: int | None) -> bool:
        """All comments of a thread as of a position; ``False``: something is missing in between, load it again."""
        loading = self._loading.pop(marker_id, None)
        row = self.rows.get(marker_id)
        if loading is None or row is None or (seq is not None and seq < loading.since):
            return row is None
        rows = {comment.id: new_comment(comment) for comment in comments if not comment.is_deleted}
        thread = Thread(rows=rows, as_of=seq or 0)
        known = self._heard_before.pop(marker_id, self.unread.known_until(marker_id))
        self._mark_unread(marker_id, rows.values(), known=known)
        before = self.threads.get(marker_id)
        self.threads[marker_id] = thread
        for event in loading.aside:
            thread.apply(event, me=self.me.id)
        for comment in thread.rows.values():
            if comment.author_id == self.me.id and (before is None or comment.id not in before.rows):
                self.found_comment(marker_id, comment)
        self.unread.keep_only(marker_id, thread.rows)
        first = thread.rows.get(row.first_id)
        if first is not None and row.title != first.text:
            self.rows[marker_id] = msgspec.structs.replace(row, title=first.text)
        self.showing.marker(marker_id)
        self.showing.thread(marker_id)
        return True

    def _mark_unread(self, marker_id: str, rows: Iterable[CommentRow], *, known: int | None) -> None:
        for comment in rows:
            new = comment.is_unread if known is None else comment.created_at > known
            if new and comment.author_id != self.me.id:
                self.unread.add(marker_id, comment.id)
            self.unread.heard(marker_id, comment.created_at)

    def seed(self, marker_id: str, comments: Sequence[CommentRow], *, seq: int) -> None:
        """The whole thread of one's own new marker is known from the server's answer."""
        if marker_id in self.rows and marker_id not in self.threads and len(comments) >= self.rows[marker_id].count:
            self.threads[marker_id] = Thread(rows={row.id: row for row in comments}, as_of=seq)

    def read(self, marker_id: str) -> None:
        """The user has seen a thread."""
        ids = self.unread.read(marker_id)
        if ids:
            self.showing.marker(marker_id)
            for key in ids:
                self.showing.comment(marker_id, key)


def _creates(change: Overlay) -> bool:
    return isinstance(change.intent, AddComment | CreateMarker)


def _counted(row: MarkerRow, by: int, broadcast_id: str | None) -> MarkerRow:
    """The row with another count, unless the same write has told the whole count already."""
    if broadcast_id is not None and broadcast_id == row.counted_by:
        return row
    return msgspec.structs.replace(row, count=max(row.count + by, 0), counted_by=None)


def _with_last(row: MarkerRow, comment: CommentRow, *, any_time: bool = False) -> MarkerRow:
    if not any_time and (row.last_at or 0, row.last_id) > (comment.created_at, comment.id):
        return row
    return msgspec.structs.replace(
        row,
        last_id=comment.id,
        last_at=comment.created_at or None,
        last_author=comment.author_name,
        last_author_id=comment.author_id,
    )
