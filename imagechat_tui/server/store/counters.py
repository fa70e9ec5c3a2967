"""What is counted per tenant and UTC day; never what it means or who may read it."""

from collections import defaultdict

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import counters as table

_insert = insert(table).values(
    tenant=bindparam("tenant"), day=bindparam("day"), name=bindparam("name"), value=bindparam("amount")
)
_add = Prepared(
    _insert.on_conflict_do_update(
        index_elements=["tenant", "day", "name"], set_={"value": table.c.value + _insert.excluded.value}
    )
)
_days = Prepared(
    select(table.c.day)
    .where(table.c.tenant == bindparam("tenant"), table.c.day >= bindparam("first"), table.c.day <= bindparam("last"))
    .distinct()
    .order_by(table.c.day)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_between = Prepared(
    select(table.c.day, table.c.name, table.c.value).where(
        table.c.tenant == bindparam("tenant"), table.c.day >= bindparam("first"), table.c.day <= bindparam("last")
    )
)


def add(tx: Transaction, tenant: str, *, day: str, name: str, amount: int = 1) -> None:
    """Count; ``day`` is ``2030-01-31``, ``name`` a field of ``replies.DailyUsage``."""
    _add.run(tx.connection, tenant=tenant, day=day, name=name, amount=amount)


def days(
    connection: Connection, tenant: str, *, first: str = "", last: str = "9", skip: int = 0, most: int = 365
) -> dict[str, dict[str, int]]:
    """What was counted from one day to another, both included, oldest first: day -> name -> value.

    Idle days are not there; ``skip`` leaves out that many of the others.
    """
    found = [row[0] for row in _days.all(connection, tenant=tenant, first=first, last=last, skip=skip, most=most)]
    if not found:
        return {}
    by_day: dict[str, dict[str, int]] = defaultdict(dict)
    for day, name, value in _between.all(connection, tenant=tenant, first=found[0], last=found[-1]):
        by_day[day][name] = value
    return {day: by_day[day] for day in found}
