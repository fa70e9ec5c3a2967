"""Who is signed in: sessions by the hash of their token, never the token; knows nothing of cookies or headers."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, insert, select

from imagechat_tui.server.store.columns import pack_groups, unpack_groups
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import sessions as table
from imagechat_tui.server.store.tables import tenants


class Session(Struct, frozen=True, kw_only=True):
    """One session. What is known of its person beyond this is in ``users``; an anonymous one has no row there."""

    id: str
    tenant: str
    user_id: str
    role: str
    """The value of an ``actors.Role``."""
    groups: tuple[str, ...] | None
    created_ms: int
    expires_ms: int


_NAMES = ("id", "tenant", "user_id", "role", "groups", "created_ms", "expires_ms")
_under_the_present_secret = (tenants.c.id == table.c.tenant, tenants.c.generation == table.c.generation)
_select = select(*(table.c[name] for name in _NAMES)).where(*_under_the_present_secret)
_by_token = Prepared(_select.where(table.c.token_hash == bindparam("token_hash")))
_find = Prepared(_select.where(table.c.tenant == bindparam("tenant"), table.c.id == bindparam("id")))
_open = Prepared(
    insert(table).from_select(
        [*_NAMES, "token_hash", "generation"],
        select(
            *(bindparam(name, type_=table.c[name].type) for name in (*_NAMES, "token_hash")), tenants.c.generation
        ).where(tenants.c.id == bindparam("tenant")),
    )
)
_close = Prepared(delete(table).where(table.c.tenant == bindparam("tenant"), table.c.id == bindparam("id")))
_prune = Prepared(
    delete(table).where(
        table.c.token_hash.in_(
            select(table.c.token_hash).where(table.c.expires_ms <= bindparam("now_ms")).limit(bindparam("most"))
        )
    )
)


def open_one(tx: Transaction, session: Session, *, token_hash: str) -> bool:
    """Store a new session under its tenant's present secret. ``False`` when there is no such tenant."""
    values: dict[str, object] = {name: getattr(session, name) for name in _NAMES}
    values |= {"groups": pack_groups(session.groups), "token_hash": token_hash}
    return _open.run(tx.connection, **values) == 1


def by_token(connection: Connection, token_hash: str) -> Session | None:
    """The session of a token, unless it was ended or its tenant rotated the secret; it may have expired.

    The only look-up without a tenant: the token itself says which. Callers compare it with the tenant they serve.
    """
    row = _by_token.first(connection, token_hash=token_hash)
    return _session(row) if row else None


def find(connection: Connection, tenant: str, session_id: str) -> Session | None:
    """One session by its row, unless it was ended or its tenant rotated the secret; it may have expired."""
    row = _find.first(connection, tenant=tenant, id=session_id)
    return _session(row) if row else None


def alive(connection: Connection, tenant: str, ids: Iterable[str], *, now_ms: int) -> set[str]:
    """Those of these sessions that still hold."""
    found = connection.execute(
        select(table.c.id).where(
            *_under_the_present_secret,
            table.c.tenant == tenant,
            table.c.id.in_(list(ids)),
            table.c.expires_ms > now_ms,
        )
    )
    return set(found.scalars())


def close_one(tx: Transaction, tenant: str, session_id: str) -> bool:
    """Sign out one session. ``False`` when there is none of that id."""
    return _close.run(tx.connection, tenant=tenant, id=session_id) == 1


def prune(tx: Transaction, *, now_ms: int, most: int) -> int:
    """Delete at most so many sessions that expired; how many went."""
    return _prune.run(tx.connection, now_ms=now_ms, most=most)


def _session(row: tuple[Any, ...]) -> Session:
    values = dict(zip(_NAMES, row, strict=True))
    return Session(groups=unpack_groups(values.pop("groups")), **values)
