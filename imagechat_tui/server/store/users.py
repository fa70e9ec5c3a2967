"""Signed-in people of a tenant, as their last sign-in described them; anonymous sessions have no row here.

Who is removed leaves the moment of it, so that a payload of before does not bring them back.
"""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, null, select, update
from sqlalchemy.dialects.postgresql import insert

from imagechat_tui.server.store.columns import pack_groups, unpack_groups
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import invitations, removals, sessions
from imagechat_tui.server.store.tables import users as table


class User(Struct, frozen=True, kw_only=True):
    """One person."""

    id: str
    """The id on the wire."""
    username: str
    role: str
    """The value of an ``actors.Role``."""
    display_name: str | None = None
    email: str | None = None
    avatar: str | None = None
    label: str | None = None
    website: str | None = None
    groups: tuple[str, ...] | None = None
    """``None``: every page; otherwise those that share a group."""
    verified: bool = False
    private: bool = False

    @property
    def name(self) -> str:
        """What others see."""
        return self.display_name or self.username


_NAMES = (
    *("id", "username", "role", "display_name", "email", "avatar", "label", "website"),
    *("groups", "verified", "private"),
)
_columns = tuple(table.c[name] for name in _NAMES)
_insert = insert(table).values(
    {name: bindparam(name) for name in ("tenant", *_NAMES)}
    | {"created_ms": bindparam("now_ms"), "seen_ms": bindparam("now_ms")}
)
_see = Prepared(
    _insert.on_conflict_do_update(
        index_elements=["tenant", "id"],
        set_={name: _insert.excluded[name] for name in (*_NAMES[1:], "seen_ms")},
    )
)
_take_email = Prepared(
    update(table)
    .where(table.c.tenant == bindparam("tenant"), table.c.email == bindparam("email"), table.c.id != bindparam("id"))
    .values(email=null())
)
_find = Prepared(select(*_columns).where(table.c.tenant == bindparam("tenant"), table.c.id == bindparam("id")))
_list = Prepared(
    select(*_columns, table.c.seen_ms).where(table.c.tenant == bindparam("tenant")).order_by(table.c.seen_ms.desc())
)
_open_sessions = Prepared(
    select(sessions.c.id).where(sessions.c.tenant == bindparam("tenant"), sessions.c.user_id == bindparam("id"))
)
_forget = tuple(
    Prepared(delete(one).where(one.c.tenant == bindparam("tenant"), column == bindparam("id")))
    for one, column in (
        (table, table.c.id),
        (sessions, sessions.c.user_id),
        (invitations, invitations.c.user_id),
        (removals, removals.c.user_id),
    )
)
_note_removal = Prepared(
    insert(removals).values(tenant=bindparam("tenant"), user_id=bindparam("id"), removed_ms=bindparam("now_ms"))
)
_removed = Prepared(
    select(removals.c.removed_ms).where(removals.c.tenant == bindparam("tenant"), removals.c.user_id == bindparam("id"))
)


def see(tx: Transaction, tenant: str, user: User, *, now_ms: int) -> bool:
    """Store what a sign-in said, replacing what an earlier one said; whether this is somebody new.

    A proved e-mail address belongs to one person of a tenant: to who proved it last. An address that is merely claimed
    takes nothing from anybody.
    """
    new = _find.first(tx.connection, tenant=tenant, id=user.id) is None
    if user.email is not None and user.verified:
        _take_email.run(tx.connection, tenant=tenant, id=user.id, email=user.email)
    values: dict[str, object] = {name: getattr(user, name) for name in _NAMES}
    values |= {"groups": pack_groups(user.groups), "verified": int(user.verified), "private": int(user.private)}
    _see.run(tx.connection, tenant=tenant, now_ms=now_ms, **values)
    return new


def find(connection: Connection, tenant: str, user_id: str) -> User | None:
    """One person by wire id."""
    row = _find.first(connection, tenant=tenant, id=user_id)
    return _user(row) if row else None


def some(connection: Connection, tenant: str, user_ids: Iterable[str]) -> dict[str, User]:
    """Those of these people who are known, by wire id."""
    found = connection.execute(select(*_columns).where(table.c.tenant == tenant, table.c.id.in_(list(user_ids))))
    return {row[0]: _user(tuple(row)) for row in found}


def list_all(connection: Connection, tenant: str) -> list[tuple[User, int]]:
    """Everybody of a tenant, with the moment in milliseconds of what was last heard of them, latest first."""
    return [(_user(row[:-1]), row[-1]) for row in _list.all(connection, tenant=tenant)]


def remove(tx: Transaction, tenant: str, user_id: str, *, now_ms: int) -> bool:
    """Take away somebody's row, sessions and invitations; ``False`` when there is nothing of theirs.

    Works for an anonymous session's id as well. What they wrote stays.
    """
    known = {"tenant": tenant, "id": user_id}
    found = find(tx.connection, tenant, user_id) is not None or _open_sessions.first(tx.connection, **known) is not None
    if found:
        for statement in _forget:
            statement.run(tx.connection, **known)
        _note_removal.run(tx.connection, **known, now_ms=now_ms)
    return found


def removed_ms(connection: Connection, tenant: str, user_id: str) -> int | None:
    """When somebody was removed, who has not come back since by a newer sign-in."""
    row = _removed.first(connection, tenant=tenant, id=user_id)
    return None if row is None else int(row[0])


def _user(row: tuple[Any, ...]) -> User:
    values = dict(zip(_NAMES, row, strict=True))
    groups = unpack_groups(values.pop("groups"))
    verified, private = bool(values.pop("verified")), bool(values.pop("private"))
    return User(**values, groups=groups, verified=verified, private=private)
