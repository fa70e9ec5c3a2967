"""Threads by their ``windowUrlId``: which board and marker one belongs to, once a marker has claimed it."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, bindparam, case, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from imagechat_tui.server.store import boards
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import boards as board_table
from imagechat_tui.server.store.tables import windows as table


class Window(Struct, frozen=True, kw_only=True):
    """One thread."""

    url_id: str
    marker_id: str | None
    created_by: str | None
    """The wire id of who wrote in it first; ``None`` when a marker made it."""
    board: Board | None
    """``None`` until a marker claims the window: then only who wrote in it sees what they wrote."""


_this = (table.c.tenant == bindparam("tenant"), table.c.url_id == bindparam("url_id"))
_find = Prepared(
    select(table.c.marker_id, table.c.created_by, *boards.columns)
    .select_from(table.outerjoin(board_table, table.c.board_id == board_table.c.id))
    .where(*_this)
)
_add = Prepared(
    insert(table)
    .values({name: bindparam(name) for name in ("tenant", "url_id", "created_by")} | {"last_ms": 0})
    .on_conflict_do_nothing()
)
_advance = Prepared(
    update(table)
    .where(*_this)
    .values(
        last_ms=case(
            (table.c.last_ms < bindparam("now_ms"), bindparam("now_ms")),
            else_=table.c.last_ms + 1,
        )
    )
    .returning(table.c.last_ms)
)
_is_board = (
    exists()
    .where(board_table.c.tenant == bindparam("tenant"), board_table.c.url_id == bindparam("url_id"))
    .correlate(table)
)
_claim = Prepared(
    update(table)
    .where(*_this, table.c.board_id.is_(None), ~_is_board)
    .values(board_id=bindparam("new_board_id"), marker_id=bindparam("new_marker_id"))
    .returning(table.c.last_ms)
)
_remove = Prepared(delete(table).where(*_this))


def find(connection: Connection, tenant: str, url_id: str) -> Window | None:
    """A thread that somebody wrote in, or that has a marker."""
    row = _find.first(connection, tenant=tenant, url_id=url_id)
    if row is None:
        return None
    marker_id, created_by, *columns = row
    board = boards.from_row(tuple(columns)) if columns[0] is not None else None
    return Window(url_id=url_id, marker_id=marker_id, created_by=created_by, board=board)


def free(connection: Connection, tenant: str, url_id: str) -> bool:
    """Whether this key is nobody's yet: neither a thread's nor a board's."""
    return find(connection, tenant, url_id) is None and boards.find(connection, tenant, url_id) is None


def add(tx: Transaction, tenant: str, url_id: str, *, created_by: str | None) -> bool:
    """A thread that no marker has claimed; ``False`` when there is one already."""
    return _add.run(tx.connection, tenant=tenant, url_id=url_id, created_by=created_by) == 1


def advance(tx: Transaction, tenant: str, url_id: str, *, now_ms: int) -> int:
    """The next timestamp of an unclaimed thread, in ms; strictly later than its last."""
    row = _advance.first(tx.connection, tenant=tenant, url_id=url_id, now_ms=now_ms)
    if row is None:
        raise LookupError("no such window")
    return int(row[0])


def claim(tx: Transaction, board: Board, url_id: str, *, marker_id: str) -> int | None:
    """The thread belongs to this marker from now on; its last timestamp, or ``None`` when the key is taken.

    It is taken by the marker that was first, or because it is the key of a board.
    """
    row = _claim.first(
        tx.connection, tenant=board.tenant, url_id=url_id, new_board_id=board.id, new_marker_id=marker_id
    )
    return None if row is None else int(row[0])


def remove(tx: Transaction, tenant: str, url_id: str) -> None:
    """Forget a thread; its comments and events are the business of who knows them."""
    _remove.run(tx.connection, tenant=tenant, url_id=url_id)


def place(connection: Connection, tenant: str, url_ids: Sequence[str]) -> tuple[str, Board | None]:
    """Which of the keys that may be meant is meant, and its board: the first one that is known, else the likeliest."""
    for url_id in url_ids:
        # A claimed thread comes first: a board that somebody made under its key must not open it to others.
        window = find(connection, tenant, url_id)
        if window is not None and window.board is not None:
            return url_id, window.board
        board = boards.find(connection, tenant, url_id)
        if board is not None or window is not None:
            return url_id, board
    return url_ids[0], None
