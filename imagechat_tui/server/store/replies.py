"""What was answered to a write, so that the same write again gets the same answer and happens once."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from imagechat_tui.protocol.limits import RETRY_MEMORY_SECONDS
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.gathering import arrays
from imagechat_tui.server.store.prepared import Postponed, Prepared
from imagechat_tui.server.store.tables import replies as table


class WriteKey(NamedTuple):
    """The identity of a write: whose it is, and the id that its author gave it."""

    tenant: str
    actor: str
    broadcast_id: str


class StoredReply(NamedTuple):
    """An answer, and a hash of what it answered."""

    body_hash: bytes
    reply: bytes


_this = (
    table.c.tenant == bindparam("tenant"),
    table.c.actor == bindparam("actor"),
    table.c.broadcast_id == bindparam("broadcast_id"),
)
_find = Prepared(select(table.c.body_hash, table.c.reply).where(*_this))
_NAMES = ("tenant", "actor", "broadcast_id", "body_hash", "reply", "created_ms")
_given = arrays(table, {name: name for name in _NAMES})
_remember = Postponed(
    insert(table).values({name: bindparam(name) for name in _NAMES}).on_conflict_do_nothing(),
    insert(table).from_select(_NAMES, select(*(_given.c[name] for name in _NAMES))).on_conflict_do_nothing(),
    exact=True,
    rank=1,
)
_aged = (
    select(table.c.tenant, table.c.actor, table.c.broadcast_id)
    .where(table.c.created_ms < bindparam("before_ms"))
    .order_by(table.c.created_ms)
    .limit(bindparam("most"))
)
_old = Prepared(_aged)
_forget = Prepared(delete(table).where(*_this))


def find(connection: Connection, key: WriteKey) -> StoredReply | None:
    """What this write was answered."""
    tenant, actor, broadcast_id = key
    row = _find.first(connection, tenant=tenant, actor=actor, broadcast_id=broadcast_id)
    return StoredReply(*row) if row else None


def remember(tx: Transaction, key: WriteKey, stored: StoredReply, *, now_ms: int) -> bool:
    """Store an answer in the transaction of its write; ``False`` when this write was answered before."""
    tenant, actor, broadcast_id = key
    body_hash, reply = stored
    return _remember.run(
        tx.connection,
        tenant=tenant,
        actor=actor,
        broadcast_id=broadcast_id,
        body_hash=body_hash,
        reply=reply,
        created_ms=now_ms,
    )


def prune(tx: Transaction, *, now_ms: int, most: int) -> int:
    """Forget at most so many answers older than a day; how many went."""
    old = _old.all(tx.connection, before_ms=now_ms - RETRY_MEMORY_SECONDS * 1_000, most=most)
    for tenant, actor, broadcast_id in old:
        _forget.run(tx.connection, tenant=tenant, actor=actor, broadcast_id=broadcast_id)
    return len(old)
