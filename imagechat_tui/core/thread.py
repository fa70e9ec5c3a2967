"""The confirmed comments of one marker as of a position, and in which order they are read; knows no overlay.

While a load is on its way, the thread's events are also kept aside: the answer shows one position, and what came after
it is applied to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from imagechat_tui.core.rows import CommentRow, MarkerRow, changed_comment, new_comment, with_last
from imagechat_tui.core.views import CommentView
from imagechat_tui.protocol.events import (
    CommentEvent,
    DeletedComment,
    DeletedVote,
    NewComment,
    NewVote,
    VoteEvent,
)

ASIDE: Final = 1_000
"""Events kept aside during one load; with more than that the load starts again."""


def with_replies(comment_id: str, rows: Mapping[str, CommentRow]) -> set[str]:
    """A comment and everything below it, as far as it is there."""
    if comment_id not in rows:
        return set()
    found = {comment_id}
    while True:
        more = {row.id for row in rows.values() if row.parent_id in found} - found
        if not more:
            return found
        found |= more


@dataclass(slots=True, kw_only=True)
class Thread:
    """The comments of one marker."""

    rows: dict[str, CommentRow] = field(default_factory=dict)
    as_of: int = 0
    """The board's position that the rows show at least."""
    fresh: bool = True
    """Whether nothing can be missing; a snapshot makes all threads stale until they are loaded again."""

    def apply(self, event: CommentEvent | VoteEvent, *, me: str | None) -> list[str]:
        """Take an event in unless the rows show it already; the ids of comments that may be different."""
        if event.seq is not None:
            if event.seq <= self.as_of:
                return []
            self.as_of = event.seq
        if isinstance(event, VoteEvent):
            return self._vote(event, me=me)
        comment, row = event.comment, self.rows.get(event.comment.id)
        if isinstance(event, DeletedComment) or comment.is_deleted:
            gone = with_replies(comment.id, self.rows)
            for key in gone:
                del self.rows[key]
            return sorted(gone)
        if row is not None:
            self.rows[comment.id] = changed_comment(row, comment)
        elif isinstance(event, NewComment):
            self.rows[comment.id] = new_comment(comment)
        else:
            return []
        return [comment.id]

    def _vote(self, event: VoteEvent, *, me: str | None) -> list[str]:
        vote = event.vote
        row = self.rows.get(vote.comment_id)
        if row is None:
            return []
        own = me is not None and vote.user_id == me
        if isinstance(event, NewVote):
            row = msgspec.structs.replace(row, votes=row.votes + vote.direction)
            if own:
                row = msgspec.structs.replace(row, my_vote=vote.direction, my_vote_id=vote.id)
        elif isinstance(event, DeletedVote):
            row = msgspec.structs.replace(row, votes=row.votes - vote.direction)
            if own or row.my_vote_id == vote.id:
                row = msgspec.structs.replace(row, my_vote=0, my_vote_id=None)
        self.rows[row.id] = row
        return [row.id]

    def newest(self) -> CommentRow | None:
        """The comment written last."""
        return max(self.rows.values(), key=lambda row: (row.created_at, row.id), default=None)


@dataclass(slots=True, kw_only=True)
class Loading:
    """A load of a thread on its way."""

    since: int
    """The cursor when it was asked for."""
    aside: list[CommentEvent | VoteEvent] = field(default_factory=list)
    own: list[CommentRow] = field(default_factory=list)
    """Own comments confirmed by an answer meanwhile: the load may be older, and not every host tells of them."""

    told: int | None = None
    """How many comments the marker was said to have meanwhile."""

    def keep(self, event: CommentEvent | VoteEvent) -> bool:
        """Keep an event aside; whether there was room."""
        if len(self.aside) >= ASIDE:
            return False
        self.aside.append(event)
        return True


def described(row: MarkerRow, thread: Thread, *, counted: bool) -> MarkerRow:
    """What a loaded thread tells of its marker; a host without positions says nothing else of title and count."""
    first = thread.rows.get(row.first_id)
    if first is None and not row.first_id:
        first = min(thread.rows.values(), key=lambda each: (each.created_at, each.id), default=None)
    if first is not None and (row.title, row.first_id) != (first.text, first.id):
        name = row.author_name or first.author_name
        author = row.author_id or first.author_id
        row = msgspec.structs.replace(row, title=first.text, first_id=first.id, author_name=name, author_id=author)
    newest = thread.newest()
    if counted:
        row = msgspec.structs.replace(
            row, count=len(thread.rows), created_at=row.created_at or (first.created_at if first else 0)
        )
        row = row if newest is None else with_last(row, newest, any_time=True)
    return row


def reading_order(comments: Iterable[CommentView], *, written: Mapping[str, int]) -> tuple[CommentView, ...]:
    """Oldest first, replies after their parent; those without a confirmed time (not in ``written``) last.

    A reply whose parent is not there stands among the first level.
    """
    views = {comment.id: comment for comment in comments}
    if len(views) <= 1:
        return tuple(views.values())
    below: dict[str | None, list[CommentView]] = {}
    for comment in views.values():
        parent = comment.parent_id if comment.parent_id in views and comment.parent_id != comment.id else None
        below.setdefault(parent, []).append(comment)

    def key(comment: CommentView) -> tuple[bool, int, str]:
        confirmed = comment.id in written
        return (not confirmed, written.get(comment.id, comment.created_at), comment.id if confirmed else "")

    if len(below) <= 1 and None in below:
        return tuple(sorted(below[None], key=key))
    ordered: list[CommentView] = []
    stack = sorted(below.get(None, ()), key=key, reverse=True)
    while stack:
        comment = stack.pop()
        ordered.append(comment)
        stack.extend(sorted(below.pop(comment.id, ()), key=key, reverse=True))
    below.pop(None, None)
    ordered.extend(sorted((comment for circle in below.values() for comment in circle), key=key))
    return tuple(ordered)


def parent_within(rows: Mapping[str, CommentRow], parent_id: str, *, depth: int) -> str | None:
    """The comment that a reply to ``parent_id`` hangs on when a thread nests ``depth`` levels; ``None``: on none.

    What would hang deeper joins the deepest level there is; at depth 0 every thread is flat.
    """
    line = [parent_id]
    while (row := rows.get(line[-1])) is not None and row.parent_id is not None and row.parent_id not in line:
        line.append(row.parent_id)
    return line[max(0, len(line) - depth)] if depth > 0 else None
