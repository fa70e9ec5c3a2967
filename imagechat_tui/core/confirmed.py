"""The confirmed rows of a board: what the server has said, as of a position, and what of it the user has not seen.

Rows change by events in order of position, by a snapshot, by a loaded thread; on hosts without positions also by the
answer to one's own change. Nothing pending is ever in here.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, Protocol

import msgspec

from imagechat_tui.core.rows import (
    CommentRow,
    MarkerRow,
    changed_marker,
    counted,
    new_comment,
    new_marker,
    with_last,
    words,
)
from imagechat_tui.core.thread import Loading, Thread, described
from imagechat_tui.core.unread import Unread
from imagechat_tui.core.views import Me
from imagechat_tui.protocol.events import (
    ChatEvent,
    CommentEvent,
    DeletedComment,
    DeletedImageChat,
    Known,
    LiveEvent,
    NewComment,
    NewImageChat,
    UpdatedComment,
    VoteEvent,
)
from imagechat_tui.protocol.models import Conversation, PublicComment

ORPHANS: Final = 500
"""Comments kept for windows that no marker has claimed yet."""

NOBODY: Final = Me(id=None, name="", signed_in=False, anonymous=True, moderator=False)


class Screen(Protocol):
    """Who has to know what may look different."""

    def marker(self, marker_id: str, *, was: str | None = None) -> None:
        """A marker may be different."""

    def comment(self, marker_id: str, comment_id: str, *, was: str | None = None) -> None:
        """A comment may be different."""

    def thread(self, marker_id: str) -> None:
        """A thread may be different as a whole."""

    def everything(self) -> None:
        """All of it may be different."""


class Confirmed:
    """Markers and threads as the server has them."""

    def __init__(self, screen: Screen) -> None:
        self.me = NOBODY
        self.unread = Unread()
        self.rows: dict[str, MarkerRow] = {}
        self.threads: dict[str, Thread] = {}
        self.found_marker: Callable[[MarkerRow], None] = lambda _row: None
        """Told of the user's markers that a snapshot, not an event, has brought."""
        self.found_comment: Callable[[str, CommentRow], None] = lambda _marker, _row: None
        """Told of the user's comments that a load, not an event, has brought."""
        self.told_whole = True
        """Whether the host tells everything of a marker; what is absent is then at its default."""
        self._screen = screen
        self._last_number = 0
        self._loading: dict[str, Loading] = {}
        self._windows: dict[str, str] = {}
        self._orphans: dict[str, list[CommentRow]] = {}
        self._heard_before: dict[str, int] = {}
        self._loaded = False

    # Events and snapshots ----------------------------------------------------------------------------------------

    def identify(self, me: Me) -> None:
        """Who the user is."""
        if me != self.me:
            self.me = me
            self._screen.everything()

    def replace(self, markers: Iterable[Conversation], *, stale: Collection[str] | None = None) -> None:
        """A snapshot: these markers and no others. Threads stay readable until loaded again.

        Args:
            markers: All of them.
            stale: The markers whose threads have to be loaded again; ``None``: all of them.
        """
        found = {marker.id: marker for marker in markers}
        for gone in [key for key in self.rows if key not in found]:
            self._forget(gone)
        self._loading.clear()
        self._orphans.clear()
        for key, thread in self.threads.items():
            thread.fresh = thread.fresh and stale is not None and key not in stale
        for key, marker in found.items():
            row = self.rows.get(key)
            fresh = (
                new_marker(marker)
                if row is None
                else changed_marker(row, marker, counted_by=None, whole=self.told_whole)
            )
            self.rows[key] = self._numbered(fresh)
            self._windows[marker.url_id] = key
            self._hear_of(self.rows[key], new=row is None)
            if row is None and marker.user_id == self.me.id:
                self.found_marker(self.rows[key])
        self._loaded = True
        self._screen.everything()

    def _hear_of(self, row: MarkerRow, *, new: bool) -> None:
        """A list may name the newest comment of a thread: is it one that the user has not heard of?"""
        if not self._loaded:
            if row.last_at is not None or self.told_whole:
                self.unread.heard(row.id, row.last_at or 0)
            return
        known = self.unread.known_until(row.id)
        if known is None and not new and row.last_at is None:
            return
        known = known or 0
        self.unread.heard(row.id, known)
        if row.last_id and (row.last_at or 0) > known:
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
        self.rows[marker_id] = changed_marker(row, found, counted_by=event.broadcast_id, whole=self.told_whole)
        if marker_id in self._loading:
            self._loading[marker_id].told = found.comment_count or None
        self._screen.marker(marker_id)
        return True

    def _add(self, found: Conversation, event: NewImageChat) -> None:
        row = new_marker(found, counted_by=event.broadcast_id)
        row = self._numbered(row)
        known = self._orphans.pop(found.url_id, [])
        if found.first_comment is not None and all(comment.id != found.first_comment.id for comment in known):
            known.insert(0, new_comment(found.first_comment))
        if known and not row.title:
            first = next((comment for comment in known if comment.id == row.first_id), known[0])
            row = msgspec.structs.replace(row, title=first.text, first_id=first.id, author_name=first.author_name)
        if known and row.last_at is None:
            row = with_last(row, known[-1])
        self.rows[row.id] = row
        self._windows[row.window] = row.id
        if known and len(known) >= row.count:
            rows = {comment.id: comment for comment in known}
            self.threads[row.id] = Thread(rows=rows, as_of=event.seq or 0)
        for comment in known:
            self._hear(row.id, comment)
        self._screen.marker(row.id)
        self._screen.thread(row.id)

    def _numbered(self, row: MarkerRow) -> MarkerRow:
        """Hosts that give no numbers: markers count in the order in which they are first seen, which is creation's."""
        if row.number is None:
            row = msgspec.structs.replace(row, number=self._last_number + 1)
        self._last_number = max(self._last_number, row.number or 0)
        return row

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
        self._screen.marker(marker_id)

    def marker_at(self, window: str | None) -> str | None:
        """The marker whose thread has this key."""
        return None if window is None else self._windows.get(window)

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
            row = with_last(row, new_comment(comment))
            if not known:
                self._hear(marker_id, new_comment(comment))
            if event.seq is not None or not known:
                row = counted(row, 1, event.broadcast_id)
        elif isinstance(event, DeletedComment) or comment.is_deleted:
            self.unread.remove(marker_id, changed or [comment.id])
            row = counted(row, -max(len(changed), thread is None), event.broadcast_id)
            row = self._without_last(row, thread, [*changed, comment.id])
        elif isinstance(event, UpdatedComment) and comment.id == row.first_id and comment.comment is not None:
            row = msgspec.structs.replace(row, title=words(comment))
        self.rows[marker_id] = row
        self._screen.marker(marker_id)

    def _in_thread(self, marker_id: str, event: CommentEvent | VoteEvent) -> list[str]:
        loading = self._loading.get(marker_id)
        if loading is not None and not loading.keep(event):
            del self._loading[marker_id]
        thread = self.threads.get(marker_id)
        changed = thread.apply(event, me=self.me.id) if thread else []
        for key in changed:
            self._screen.comment(marker_id, key)
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
        return row if newest is None else with_last(row, newest, any_time=True)

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
        if seq is None and any(isinstance(event, VoteEvent) for event in loading.aside):
            return False
        rows = {comment.id: new_comment(comment) for comment in comments if not comment.is_deleted}
        thread = Thread(rows=rows, as_of=seq or 0)
        known = self._heard_before.pop(marker_id, self.unread.known_until(marker_id))
        self._mark_unread(marker_id, rows.values(), known=known)
        for own in loading.own:
            rows.setdefault(own.id, own)
        before = self.threads.get(marker_id)
        self.threads[marker_id] = thread
        for event in loading.aside:
            thread.apply(event, me=self.me.id)
        for comment in thread.rows.values():
            if comment.author_id == self.me.id and (before is None or comment.id not in before.rows):
                self.found_comment(marker_id, comment)
        self.unread.keep_only(marker_id, thread.rows)
        thread.fresh = seq is not None or loading.told in {None, len(thread.rows)}
        if row.count or not self.told_whole:
            # Without comments its title is gone, although the event that takes the last one away may still come.
            self.rows[marker_id] = described(row, thread, counted=seq is None and thread.fresh)
        self._screen.marker(marker_id)
        self._screen.thread(marker_id)
        return thread.fresh

    def doubt(self, marker_id: str) -> None:
        """A thread may not show what the server has: it is loaded again, and readable until then."""
        self._loading.pop(marker_id, None)
        if marker_id in self.threads:
            self.threads[marker_id].fresh = False

    def recount(self, marker_id: str) -> None:
        """A thread without positions shows everything again: its marker is as long as its thread."""
        row, thread = self.rows.get(marker_id), self.threads.get(marker_id)
        if row is not None and thread is not None and thread.fresh:
            self.rows[marker_id] = described(msgspec.structs.replace(row, counted_by=None), thread, counted=True)
            self._screen.marker(marker_id)

    def _mark_unread(self, marker_id: str, rows: Iterable[CommentRow], *, known: int | None) -> None:
        for comment in rows:
            new = comment.is_unread if known is None else comment.created_at > known
            if new and comment.author_id != self.me.id:
                self.unread.add(marker_id, comment.id)
            self.unread.heard(marker_id, comment.created_at)

    def take_marker(self, row: MarkerRow, comments: Sequence[CommentRow]) -> None:
        """One's own new marker, from the answer that made it; not again if an event was faster."""
        if row.id not in self.rows:
            row = self._numbered(row)
            self.rows[row.id] = row
            self._windows[row.window] = row.id
            self.threads[row.id] = Thread(rows={comment.id: comment for comment in comments})
        self._screen.marker(row.id)
        self._screen.thread(row.id)

    def take_comment(self, marker_id: str, comment: CommentRow, *, broadcast_id: str) -> None:
        """One's own new comment, from the answer that made it; not again if an event was faster."""
        row, thread = self.rows.get(marker_id), self.threads.get(marker_id)
        if row is None or (thread is not None and comment.id in thread.rows):
            return
        if thread is not None:
            thread.rows[comment.id] = comment
        if marker_id in self._loading:
            self._loading[marker_id].own.append(comment)
        row = with_last(counted(row, 1, broadcast_id), comment)
        self.rows[marker_id] = msgspec.structs.replace(row, counted_by=broadcast_id)
        self.unread.heard(marker_id, comment.created_at)
        self._screen.marker(marker_id)
        self._screen.comment(marker_id, comment.id)

    def seed(self, marker_id: str, comments: Sequence[CommentRow], *, seq: int) -> None:
        """The whole thread of one's own new marker is known from the server's answer."""
        if marker_id in self.rows and marker_id not in self.threads and len(comments) >= self.rows[marker_id].count:
            self.threads[marker_id] = Thread(rows={row.id: row for row in comments}, as_of=seq)

    def patch_stale(self, marker_id: str, change: CommentRow | Known) -> None:
        """One's own confirmed change, in a thread that a snapshot has made stale: it must not vanish until the load."""
        thread = self.threads.get(marker_id)
        if thread is None or thread.fresh:
            return
        if isinstance(change, CommentRow):
            thread.rows.setdefault(change.id, change)
            self._screen.comment(marker_id, change.id)
        elif isinstance(change, CommentEvent | VoteEvent):
            for key in thread.apply(change, me=self.me.id):
                self._screen.comment(marker_id, key)

    def read(self, marker_id: str) -> None:
        """The user has seen a thread."""
        ids = self.unread.read(marker_id)
        if ids:
            self._screen.marker(marker_id)
            for key in ids:
                self._screen.comment(marker_id, key)
