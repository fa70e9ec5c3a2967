"""What one person marked for themselves: comments flagged, people blocked; never shown to anybody else."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from imagechat_tui.server.store.columns import in_parts
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import blocks, flags

_flag = Prepared(
    insert(flags)
    .values({name: bindparam(name) for name in ("tenant", "comment_id", "user_id", "created_ms")})
    .on_conflict_do_nothing()
)
_unflag = Prepared(
    delete(flags).where(
        flags.c.tenant == bindparam("tenant"),
        flags.c.comment_id == bindparam("comment_id"),
        flags.c.user_id == bindparam("user_id"),
    )
)
_block = Prepared(
    insert(blocks)
    .values({name: bindparam(name) for name in ("tenant", "user_id", "blocked_user_id", "created_ms")})
    .on_conflict_do_nothing()
)
_unblock = Prepared(
    delete(blocks).where(
        blocks.c.tenant == bindparam("tenant"),
        blocks.c.user_id == bindparam("user_id"),
        blocks.c.blocked_user_id == bindparam("blocked_user_id"),
    )
)
_blocked = Prepared(
    select(blocks.c.blocked_user_id).where(
        blocks.c.tenant == bindparam("tenant"), blocks.c.user_id == bindparam("user_id")
    )
)


def flag(tx: Transaction, tenant: str, comment_id: str, *, user_id: str, now_ms: int) -> None:
    """Somebody flags a comment; twice is once."""
    _flag.run(tx.connection, tenant=tenant, comment_id=comment_id, user_id=user_id, created_ms=now_ms)


def unflag(tx: Transaction, tenant: str, comment_id: str, *, user_id: str) -> None:
    """And takes it back."""
    _unflag.run(tx.connection, tenant=tenant, comment_id=comment_id, user_id=user_id)


def flagged(connection: Connection, tenant: str, ids: Iterable[str], *, user_id: str) -> set[str]:
    """Those of these comments that somebody flagged."""
    mine = select(flags.c.comment_id).where(flags.c.tenant == tenant, flags.c.user_id == user_id)
    return {row[0] for part in in_parts(ids) for row in connection.execute(mine.where(flags.c.comment_id.in_(part)))}


def block(tx: Transaction, tenant: str, user_id: str, *, blocked: str, now_ms: int) -> None:
    """Somebody no longer wants to read somebody; twice is once."""
    _block.run(tx.connection, tenant=tenant, user_id=user_id, blocked_user_id=blocked, created_ms=now_ms)


def unblock(tx: Transaction, tenant: str, user_id: str, *, blocked: str) -> None:
    """And takes it back."""
    _unblock.run(tx.connection, tenant=tenant, user_id=user_id, blocked_user_id=blocked)


def blocked_by(connection: Connection, tenant: str, user_id: str) -> set[str]:
    """Wire ids of those that somebody blocked."""
    return {row[0] for row in _blocked.all(connection, tenant=tenant, user_id=user_id)}
