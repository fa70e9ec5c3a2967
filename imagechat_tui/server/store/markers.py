"""Markers: pinned points with a thread each; counts of their threads, with the first and the newest comment beside."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, func, insert, null, select, update

from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.gathering import arrays
from imagechat_tui.server.store.prepared import Postponed, Prepared
from imagechat_tui.server.store.tables import comments
from imagechat_tui.server.store.tables import markers as table


class Marker(Struct, frozen=True, kw_only=True):
    """One marker."""

    id: str
    window_url_id: str
    number: int
    """Counts the board's markers from 1."""
    x: float
    """Percent from the left edge."""
    y: float
    """Percent from the top."""
    src: str
    page_title: str
    user_id: str
    """The wire id of who made it."""
    user_name: str
    session: str | None
    """The row of the session that made it."""
    created_from_comment_id: str
    created_ms: int
    resolved_ms: int | None = None
    resolved_by: str | None = None
    """A name."""
    comment_count: int = 0


class Brief(Struct, frozen=True, kw_only=True):
    """A comment as a list of markers shows it."""

    id: str
    name: str
    text: str
    created_ms: int
    user_id: str
    role: str
    approved: int


class Shown(Struct, frozen=True, kw_only=True):
    """A marker with what a list shows of its thread."""

    marker: Marker
    first: Brief | None
    last: Brief | None


_NAMES = Marker.__struct_fields__
_BRIEF = Brief.__struct_fields__
_first = comments.alias("first_comment")
_last = comments.alias("last_comment")
_shown = select(
    *(table.c[name] for name in _NAMES), *(_first.c[name] for name in _BRIEF), *(_last.c[name] for name in _BRIEF)
).select_from(
    table.outerjoin(_first, (_first.c.tenant == table.c.tenant) & (_first.c.id == table.c.first_comment_id)).outerjoin(
        _last, (_last.c.tenant == table.c.tenant) & (_last.c.id == table.c.last_comment_id)
    )
)
_of_tenant = table.c.tenant == bindparam("tenant")
_this = (_of_tenant, table.c.id == bindparam("marker_id"))
_find = Prepared(_shown.where(*_this))
_on_board = Prepared(_shown.where(_of_tenant, table.c.board_id == bindparam("board_id")).order_by(table.c.number))
_add = Prepared(insert(table).values({name: bindparam(name) for name in ("tenant", "board_id", *_NAMES)}))
_given = arrays(table, {"tenant": "tenant", "marker_id": "id", "new_x": "x", "new_y": "y"})
_move = Postponed(
    update(table).where(*_this).values(x=bindparam("new_x"), y=bindparam("new_y")),
    update(table)
    .where(table.c.tenant == _given.c.tenant, table.c.id == _given.c.marker_id)
    .values(x=_given.c.new_x, y=_given.c.new_y),
    key=("tenant", "marker_id"),
)
_resolve = Prepared(
    update(table).where(*_this).values(resolved_ms=bindparam("new_ms"), resolved_by=bindparam("new_by"))
)
_written = Prepared(
    update(table)
    .where(*_this)
    .values(
        comment_count=table.c.comment_count + 1,
        first_comment_id=func.coalesce(table.c.first_comment_id, bindparam("comment_id")),
        last_comment_id=bindparam("comment_id"),
        resolved_ms=null(),
        resolved_by=null(),
    )
)
_thread = (comments.c.tenant == table.c.tenant, comments.c.window_url_id == table.c.window_url_id)
_ids = select(comments.c.id).where(*_thread).correlate(table).limit(1)
_recount = Prepared(
    update(table)
    .where(*_this)
    .values(
        comment_count=select(func.count()).select_from(comments).where(*_thread).correlate(table).scalar_subquery(),
        first_comment_id=_ids.order_by(comments.c.position).scalar_subquery(),
        last_comment_id=_ids.order_by(comments.c.position.desc()).scalar_subquery(),
    )
)
_remove = Prepared(delete(table).where(*_this))


def add(tx: Transaction, board: Board, marker: Marker) -> None:
    """Store a new marker; its thread is counted with ``recount`` or ``written``."""
    values: dict[str, object] = {name: getattr(marker, name) for name in _NAMES}
    _add.run(tx.connection, tenant=board.tenant, board_id=board.id, **values)


def find(connection: Connection, tenant: str, marker_id: str) -> Shown | None:
    """One marker by its id."""
    row = _find.first(connection, tenant=tenant, marker_id=marker_id)
    return _from_row(row) if row else None


def on_board(connection: Connection, board: Board) -> list[Shown]:
    """All markers of a board, in order of their numbers."""
    return [_from_row(row) for row in _on_board.all(connection, tenant=board.tenant, board_id=board.id)]


def move(tx: Transaction, tenant: str, marker_id: str, *, x: float, y: float) -> None:
    """Another place; the thread's key stays."""
    _move.run(tx.connection, tenant=tenant, marker_id=marker_id, new_x=x, new_y=y)


def resolve(tx: Transaction, tenant: str, marker_id: str, *, at_ms: int | None, by: str | None) -> None:
    """Resolved at a moment by somebody; ``None`` and ``None`` reopens it."""
    _resolve.run(tx.connection, tenant=tenant, marker_id=marker_id, new_ms=at_ms, new_by=by)


def written(tx: Transaction, tenant: str, marker_id: str, *, comment_id: str) -> None:
    """A comment was added to its thread, which is open again if it was resolved."""
    _written.run(tx.connection, tenant=tenant, marker_id=marker_id, comment_id=comment_id)


def recount(tx: Transaction, tenant: str, marker_id: str) -> None:
    """Comments of its thread were there before it, or went: count anew."""
    _recount.run(tx.connection, tenant=tenant, marker_id=marker_id)


def remove(tx: Transaction, tenant: str, marker_id: str) -> None:
    """Delete the marker; its thread is the business of who asked for that."""
    _remove.run(tx.connection, tenant=tenant, marker_id=marker_id)


def _from_row(row: tuple[Any, ...]) -> Shown:
    cut = len(_NAMES)
    marker = Marker(**dict(zip(_NAMES, row[:cut], strict=True)))
    first, last = row[cut : cut + len(_BRIEF)], row[cut + len(_BRIEF) :]
    return Shown(marker=marker, first=_brief(first), last=_brief(last))


def _brief(row: tuple[Any, ...]) -> Brief | None:
    return None if row[0] is None else Brief(**dict(zip(_BRIEF, row, strict=True)))
