"""When a viewer's socket was last gone, by the server's clock: what clients that ask by their own clock have missed."""

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from imagechat_tui.protocol.limits import USER_ID_WS_SECONDS
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import absences as table

_this = (
    table.c.tenant == bindparam("tenant"),
    table.c.viewer == bindparam("viewer"),
    table.c.url_id == bindparam("url_id"),
)
_insert = insert(table).values({name: bindparam(name) for name in ("tenant", "viewer", "url_id", "left_ms")})
_left = Prepared(
    _insert.on_conflict_do_update(
        index_elements=["tenant", "viewer", "url_id"], set_={"left_ms": _insert.excluded.left_ms}
    )
)
_find = Prepared(select(table.c.left_ms).where(*_this))
_old = Prepared(
    select(table.c.tenant, table.c.viewer, table.c.url_id)
    .where(table.c.left_ms < bindparam("before_ms"))
    .order_by(table.c.left_ms)
    .limit(bindparam("most"))
)
_forget = Prepared(delete(table).where(*_this))


def left(tx: Transaction, tenant: str, *, viewer: str, url_id: str, now_ms: int) -> None:
    """A socket of this viewer ended. ``viewer`` is a hash of the ``userIdWS``, ``url_id`` the channel."""
    _left.run(tx.connection, tenant=tenant, viewer=viewer, url_id=url_id, left_ms=now_ms)


def since(connection: Connection, tenant: str, *, viewer: str, url_id: str) -> int | None:
    """When this viewer's socket last ended, in ms; ``None`` when that is not known."""
    row = _find.first(connection, tenant=tenant, viewer=viewer, url_id=url_id)
    return int(row[0]) if row else None


def prune(tx: Transaction, *, now_ms: int, most: int) -> int:
    """Forget at most so many whose ``userIdWS`` has expired; how many went."""
    old = _old.all(tx.connection, before_ms=now_ms - USER_ID_WS_SECONDS * 1_000, most=most)
    for tenant, viewer, url_id in old:
        _forget.run(tx.connection, tenant=tenant, viewer=viewer, url_id=url_id)
    return len(old)
