"""Customers of this server: their secret, what they allow; removing one removes every row that is theirs."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from imagechat_tui.server.store.columns import pack, unpack
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import tenants as table


class Tenant(Struct, frozen=True, kw_only=True):
    """One customer. ``repr`` shows no secret."""

    id: str
    secret: str
    """Signs SSO payloads and is the API key."""
    generation: int
    """Counts rotations of the secret; sessions of an earlier one are void."""
    origins: tuple[str, ...]
    """Browsers of these origins may call."""
    simple_sso: bool
    """Whether unsigned identities are accepted."""
    created_ms: int

    def __repr__(self) -> str:
        return f"Tenant(id={self.id!r}, generation={self.generation})"


_columns = (table.c.id, table.c.secret, table.c.generation, table.c.origins, table.c.simple_sso, table.c.created_ms)
_find = Prepared(select(*_columns).where(table.c.id == bindparam("tenant")))
_list = Prepared(select(*_columns).order_by(table.c.id))
_add = Prepared(
    insert(table)
    .values({name: bindparam(name) for name in ("id", "secret", "origins", "simple_sso", "created_ms")})
    .on_conflict_do_nothing()
)
_rotate = Prepared(
    update(table)
    .where(table.c.id == bindparam("tenant"))
    .values(secret=bindparam("new_secret"), generation=table.c.generation + 1)
)
_remove = Prepared(delete(table).where(table.c.id == bindparam("tenant")))


def add(
    tx: Transaction, tenant: str, *, secret: str, now_ms: int, origins: Iterable[str] = (), simple_sso: bool = False
) -> bool:
    """A new tenant; ``False`` when there is one of that name."""
    values: dict[str, object] = {"id": tenant, "secret": secret, "created_ms": now_ms}
    return _add.run(tx.connection, **values, origins=pack(origins), simple_sso=int(simple_sso)) == 1


def find(connection: Connection, tenant: str) -> Tenant | None:
    """One tenant by its id."""
    row = _find.first(connection, tenant=tenant)
    return _tenant(row) if row else None


def list_all(connection: Connection) -> list[Tenant]:
    """Every tenant of this server, for its operator."""
    return [_tenant(row) for row in _list.all(connection)]


def change(
    tx: Transaction, tenant: str, *, origins: Iterable[str] | None = None, simple_sso: bool | None = None
) -> bool:
    """Change what a tenant allows; what is ``None`` stays. ``False`` when there is no such tenant."""
    values: dict[str, object] = {}
    if origins is not None:
        values["origins"] = pack(origins)
    if simple_sso is not None:
        values["simple_sso"] = int(simple_sso)
    if not values:
        return find(tx.connection, tenant) is not None
    return tx.connection.execute(update(table).where(table.c.id == tenant).values(values)).rowcount == 1


def rotate_key(tx: Transaction, tenant: str, *, secret: str) -> bool:
    """Another secret; every session opened under the old one is void. ``False`` when there is no such tenant."""
    return _rotate.run(tx.connection, tenant=tenant, new_secret=secret) == 1


def remove(tx: Transaction, tenant: str) -> bool:
    """The tenant with everything that is its. ``False`` when there is no such tenant."""
    return _remove.run(tx.connection, tenant=tenant) == 1


def _tenant(row: tuple[Any, ...]) -> Tenant:
    id_, secret, generation, origins, simple_sso, created_ms = row
    return Tenant(
        id=id_,
        secret=secret,
        generation=generation,
        origins=unpack(origins),
        simple_sso=bool(simple_sso),
        created_ms=created_ms,
    )
