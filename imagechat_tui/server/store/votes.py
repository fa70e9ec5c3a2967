"""Votes: at most one per person and comment; the comment's own tally is kept by ``comments``."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, insert, select

from imagechat_tui.server.store.columns import in_parts
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import votes as table


class StoredVote(Struct, frozen=True, kw_only=True):
    """One vote."""

    id: str
    comment_id: str
    user_id: str
    session: str | None
    """The row of the session that gave it."""
    name: str
    direction: int
    """1 or -1."""
    created_ms: int
    edit_key_hash: str | None = None


_NAMES = StoredVote.__struct_fields__
_columns = tuple(table.c[name] for name in _NAMES)
_of_tenant = table.c.tenant == bindparam("tenant")
_find = Prepared(select(*_columns).where(_of_tenant, table.c.id == bindparam("vote_id")))
_of_user = Prepared(
    select(*_columns).where(
        _of_tenant, table.c.comment_id == bindparam("comment_id"), table.c.user_id == bindparam("user_id")
    )
)
_add = Prepared(insert(table).values({name: bindparam(name) for name in ("tenant", *_NAMES)}))
_remove = Prepared(delete(table).where(_of_tenant, table.c.id == bindparam("vote_id")))
_names = Prepared(
    select(table.c.name)
    .where(_of_tenant, table.c.comment_id == bindparam("comment_id"), table.c.direction == bindparam("direction"))
    .order_by(table.c.created_ms)
    .limit(bindparam("most"))
)


def add(tx: Transaction, tenant: str, vote: StoredVote) -> None:
    """Store a new vote."""
    _add.run(tx.connection, tenant=tenant, **{name: getattr(vote, name) for name in _NAMES})


def find(connection: Connection, tenant: str, vote_id: str) -> StoredVote | None:
    """One vote by its id."""
    return _vote(_find.first(connection, tenant=tenant, vote_id=vote_id))


def of_user(connection: Connection, tenant: str, comment_id: str, *, user_id: str) -> StoredVote | None:
    """Somebody's vote on a comment."""
    return _vote(_of_user.first(connection, tenant=tenant, comment_id=comment_id, user_id=user_id))


def of_user_on(connection: Connection, tenant: str, ids: Iterable[str], *, user_id: str) -> dict[str, StoredVote]:
    """Somebody's votes on these comments, by comment id."""
    mine = select(*_columns).where(table.c.tenant == tenant, table.c.user_id == user_id)
    rows = (row for part in in_parts(ids) for row in connection.execute(mine.where(table.c.comment_id.in_(part))))
    votes = (StoredVote(**dict(zip(_NAMES, row, strict=True))) for row in rows)
    return {vote.comment_id: vote for vote in votes}


def names(connection: Connection, tenant: str, comment_id: str, *, direction: int, most: int) -> list[str]:
    """Who voted so, oldest first."""
    rows = _names.all(connection, tenant=tenant, comment_id=comment_id, direction=direction, most=most)
    return [row[0] for row in rows]


def remove(tx: Transaction, tenant: str, vote_id: str) -> None:
    """Take a vote back."""
    _remove.run(tx.connection, tenant=tenant, vote_id=vote_id)


def _vote(row: tuple[Any, ...] | None) -> StoredVote | None:
    return None if row is None else StoredVote(**dict(zip(_NAMES, row, strict=True)))
