"""What is counted per tenant and UTC day; never what it means or who may read it."""

from collections import defaultdict
from typing import cast

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.gathering import Row, arrays
from imagechat_tui.server.store.prepared import Postponed, Prepared
from imagechat_tui.server.store.tables import counters as table

_insert = insert(table).values(
    tenant=bindparam("tenant"), day=bindparam("day"), name=bindparam("name"), value=bindparam("amount")
)
_given = arrays(table, {"tenant": "tenant", "day": "day", "name": "name", "amount": "value"})
_insert_many = insert(table).from_select(["tenant", "day", "name", "value"], select(*_given.c))


def _sum(before: Row, now: Row) -> Row:
    return now | {"amount": cast(int, before["amount"]) + cast(int, now["amount"])}


_index = ["tenant", "day", "name"]
_add = Postponed(
    _insert.on_conflict_do_update(index_elements=_index, set_={"value": table.c.value + _insert.excluded.value}),
    _insert_many.on_conflict_do_update(
        index_elements=_index, set_={"value": table.c.value + _insert_many.excluded.value}
    ),
    key=("tenant", "day", "name"),
    merge=_sum,
    # Every write of a tenant counts in the same rows: they are locked last, and for as short as can be.
    rank=2,
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
