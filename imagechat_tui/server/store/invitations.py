"""Links that sign one person in once: stored by the hash of their secret, never the secret."""

from msgspec import Struct
from sqlalchemy import bindparam, delete, insert, select, update

from imagechat_tui.server.store.columns import pack_groups, unpack_groups
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import invitations as table


class Invitation(Struct, frozen=True, kw_only=True):
    """Whom a link signs in."""

    tenant: str
    user_id: str
    """The id on the wire."""
    username: str
    role: str
    """The value of an ``actors.Role``."""
    groups: tuple[str, ...] | None
    expires_ms: int


_NAMES = ("tenant", "user_id", "username", "role", "groups", "expires_ms")
_add = Prepared(insert(table).values({name: bindparam(name) for name in (*_NAMES, "secret_hash", "created_ms")}))
_redeem = Prepared(
    update(table)
    .where(
        table.c.secret_hash == bindparam("hash"),
        table.c.used_ms.is_(None),
        table.c.expires_ms > bindparam("now_ms"),
    )
    .values(used_ms=bindparam("now_ms"))
    .returning(*(table.c[name] for name in _NAMES))
)
_prune = Prepared(
    delete(table).where(
        table.c.secret_hash.in_(
            select(table.c.secret_hash).where(table.c.expires_ms <= bindparam("now_ms")).limit(bindparam("most"))
        )
    )
)


def add(tx: Transaction, invitation: Invitation, *, secret_hash: str, now_ms: int) -> None:
    """Store a new one."""
    values: dict[str, object] = {name: getattr(invitation, name) for name in _NAMES}
    values |= {"groups": pack_groups(invitation.groups)}
    _add.run(tx.connection, **values, secret_hash=secret_hash, created_ms=now_ms)


def redeem(tx: Transaction, *, secret_hash: str, now_ms: int) -> Invitation | None:
    """Use it up; ``None`` when it is unknown, was used before, or expired. The secret says which tenant it is for."""
    row = _redeem.first(tx.connection, hash=secret_hash, now_ms=now_ms)
    if row is None:
        return None
    values = dict(zip(_NAMES, row, strict=True))
    return Invitation(groups=unpack_groups(values.pop("groups")), **values)


def prune(tx: Transaction, *, now_ms: int, most: int) -> int:
    """Delete at most so many that expired; how many went."""
    return _prune.run(tx.connection, now_ms=now_ms, most=most)
