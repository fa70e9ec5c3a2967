"""Comments: rows by id and by thread; decides neither who sees them nor in which order a page shows them."""

from collections.abc import Collection, Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.columns import in_parts
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import comments as table
from imagechat_tui.server.store.tables import flags, markers, votes


class Comment(Struct, frozen=True, kw_only=True):
    """One comment."""

    id: str
    window_url_id: str
    parent_id: str | None
    user_id: str
    """The wire id of a signed-in user or of an anonymous session."""
    session: str | None
    """The row of the session that wrote it."""
    edit_key_hash: str | None
    name: str
    email: str | None
    text: str
    """As written."""
    html: str
    """Rendered and sanitised."""
    url: str
    page_title: str | None
    locale: str | None
    avatar: str | None
    link: str | None
    label: str | None
    role: str
    """The value of the author's ``actors.Role`` when it was written."""
    created_ms: int
    edited_ms: int | None = None
    verified: bool = True
    approved: bool = True
    pinned: bool = False
    locked: bool = False
    votes_up: int = 0
    votes_down: int = 0


class Outline(Struct, frozen=True):
    """What decides about a comment's place in its thread."""

    id: str
    parent_id: str | None
    user_id: str
    created_ms: int
    approved: int
    pinned: int
    votes: int


_FLAGS = ("verified", "approved", "pinned", "locked")
NAMES = Comment.__struct_fields__
columns = tuple(table.c[name] for name in NAMES)

_of_tenant = table.c.tenant == bindparam("tenant")
_this = (_of_tenant, table.c.id == bindparam("comment_id"))
_in_window = (_of_tenant, table.c.window_url_id == bindparam("window"))
_find = Prepared(select(*columns).where(*_this))
_add = Prepared(insert(table).values({name: bindparam(name) for name in ("tenant", *NAMES)}))
_outlines = Prepared(
    select(
        table.c.id,
        table.c.parent_id,
        table.c.user_id,
        table.c.created_ms,
        table.c.approved,
        table.c.pinned,
        table.c.votes_up - table.c.votes_down,
    )
    .where(*_in_window)
    .order_by(table.c.position)
)
_texts = Prepared(select(table.c.id, table.c.text).where(*_in_window))
_edit = Prepared(
    update(table)
    .where(*_this)
    .values(text=bindparam("new_text"), html=bindparam("new_html"), edited_ms=bindparam("now_ms"))
)
_pin = Prepared(update(table).where(*_this).values(pinned=bindparam("new_pinned")))
_lock = Prepared(update(table).where(*_this).values(locked=bindparam("new_locked")))
_tally = Prepared(
    update(table)
    .where(*_this)
    .values(votes_up=table.c.votes_up + bindparam("up"), votes_down=table.c.votes_down + bindparam("down"))
)
_replies = Prepared(select(table.c.id).where(_of_tenant, table.c.parent_id == bindparam("comment_id")))
_remove = Prepared(delete(table).where(*_this))
_remove_votes = Prepared(
    delete(votes).where(votes.c.tenant == bindparam("tenant"), votes.c.comment_id == bindparam("comment_id"))
)
_remove_flags = Prepared(
    delete(flags).where(flags.c.tenant == bindparam("tenant"), flags.c.comment_id == bindparam("comment_id"))
)
_ids_in_window = Prepared(select(table.c.id).where(*_in_window).order_by(table.c.position))


def add(tx: Transaction, tenant: str, comment: Comment) -> None:
    """Store a new comment."""
    values: dict[str, object] = {name: getattr(comment, name) for name in NAMES}
    values |= {name: int(getattr(comment, name)) for name in _FLAGS}
    _add.run(tx.connection, tenant=tenant, **values)


def find(connection: Connection, tenant: str, comment_id: str) -> Comment | None:
    """One comment by its id."""
    row = _find.first(connection, tenant=tenant, comment_id=comment_id)
    return from_row(row) if row else None


def some(connection: Connection, tenant: str, ids: Iterable[str]) -> dict[str, Comment]:
    """Those of these comments that exist, by id."""
    return {
        row[0]: from_row(tuple(row))
        for part in in_parts(ids)
        for row in connection.execute(select(*columns).where(table.c.tenant == tenant, table.c.id.in_(part)))
    }


def outlines(connection: Connection, tenant: str, window: str) -> list[Outline]:
    """The shape of a thread, in order of writing."""
    return [Outline(*row) for row in _outlines.all(connection, tenant=tenant, window=window)]


def containing(connection: Connection, tenant: str, window: str, *, words: Collection[str]) -> set[str]:
    """Ids of a thread's comments that have all of these words, whatever their case."""
    wanted = [word.casefold() for word in words]
    rows = _texts.all(connection, tenant=tenant, window=window)
    return {row[0] for row in rows if all(word in row[1].casefold() for word in wanted)}


def edit(tx: Transaction, tenant: str, comment_id: str, *, text: str, html: str, now_ms: int) -> None:
    """Another text."""
    _edit.run(tx.connection, tenant=tenant, comment_id=comment_id, new_text=text, new_html=html, now_ms=now_ms)


def pin(tx: Transaction, tenant: str, comment_id: str, *, pinned: bool) -> None:
    """Put it on top of its thread, or back to its place."""
    _pin.run(tx.connection, tenant=tenant, comment_id=comment_id, new_pinned=int(pinned))


def lock(tx: Transaction, tenant: str, comment_id: str, *, locked: bool) -> None:
    """Nobody edits, deletes or answers it; or everybody who may, again."""
    _lock.run(tx.connection, tenant=tenant, comment_id=comment_id, new_locked=int(locked))


def tally(tx: Transaction, tenant: str, comment_id: str, *, up: int, down: int) -> None:
    """Add to its votes."""
    _tally.run(tx.connection, tenant=tenant, comment_id=comment_id, up=up, down=down)


def with_replies(connection: Connection, tenant: str, comment_id: str) -> list[str]:
    """The comment and everything that answers it, however indirectly; the comment itself first."""
    found = [comment_id]
    for one in found:
        found += [row[0] for row in _replies.all(connection, tenant=tenant, comment_id=one)]
    return found


def in_window(connection: Connection, tenant: str, window: str) -> list[str]:
    """Ids of a thread's comments, in order of writing."""
    return [row[0] for row in _ids_in_window.all(connection, tenant=tenant, window=window)]


def remove(tx: Transaction, tenant: str, comment_id: str) -> None:
    """Delete one comment with its votes and flags; its replies are the business of who asked for them."""
    for statement in (_remove_votes, _remove_flags, _remove):
        statement.run(tx.connection, tenant=tenant, comment_id=comment_id)


def authors_in(
    connection: Connection, tenant: str, window: str, *, after: tuple[str, str], most: int
) -> list[tuple[str, str]]:
    """Who wrote in a thread: (name, wire id), ordered by both, after a given one."""
    return _authors(connection, tenant, table.c.window_url_id == window, after=after, most=most)


def authors_on(connection: Connection, board: Board, *, after: tuple[str, str], most: int) -> list[tuple[str, str]]:
    """Who wrote in any thread of a board; as ``authors_in``."""
    of_board = (markers.c.tenant == board.tenant) & (markers.c.board_id == board.id)
    threads = table.c.window_url_id.in_(select(markers.c.window_url_id).where(of_board))
    return _authors(connection, board.tenant, threads, after=after, most=most)


def from_row(row: tuple[Any, ...]) -> Comment:
    """A comment of the columns ``columns``."""
    values = dict(zip(NAMES, row, strict=True))
    values |= {name: bool(values[name]) for name in _FLAGS}
    return Comment(**values)


def _authors(
    connection: Connection, tenant: str, threads: ColumnElement[bool], *, after: tuple[str, str], most: int
) -> list[tuple[str, str]]:
    grouped = (
        select(func.max(table.c.name).label("name"), table.c.user_id)
        .where(table.c.tenant == tenant, threads)
        .group_by(table.c.user_id)
        .subquery()
    )
    later = (grouped.c.name > after[0]) | ((grouped.c.name == after[0]) & (grouped.c.user_id > after[1]))
    found = connection.execute(
        select(grouped.c.name, grouped.c.user_id).where(later).order_by(grouped.c.name, grouped.c.user_id).limit(most)
    )
    return [(row[0], row[1]) for row in found]
