"""What the writes of a group have in common to say is said together; knows no table and no rule.

A write whose result nobody looks at waits until a statement comes that could see its effect, or until the group is
complete. PostgreSQL gets what waits in one statement, which goes along with that other one in one round trip. SQLite
gets it as one call with many rows, and of a board's counters only the last ones.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import ARRAY, Connection, Table, bindparam, cast, column, func
from sqlalchemy.sql.selectable import TableValuedAlias

from imagechat_tui.server.store.driving import as_sqlalchemy

Row = dict[str, object]

_KEY: Final = "imagechat.gathered"
"""Where a connection keeps what its group has gathered."""


class Counters(NamedTuple):
    """What a board has given last: a position, a timestamp in ms, a marker's number."""

    head: int
    last_ms: int
    numbered: int


class SurprisingError(Exception):
    """A gathered write did not do what its author counted on: the group is done anew, one by one."""


class Kind(Protocol):
    """Writes that one statement can do together."""

    tables: frozenset[str]
    key: tuple[str, ...]
    """The values that say which row is meant; a later write of the same row takes the place of an earlier one, or is
    merged with it. Empty: every write is a row of its own."""
    merge: Callable[[Row, Row], Row] | None
    rank: int
    """Kinds are sent in this order, and their rows in that of ``key``: all nodes lock rows in the same order."""

    def send(self, connection: Connection, rows: list[Row]) -> Callable[[], None]:
        """Send; what is returned checks the outcome once it is there."""


class Gathered:
    """What one group has yet to send, and the counters of the boards that it has locked."""

    __slots__ = ("_rows", "boards")

    def __init__(self) -> None:
        self.boards: dict[int, Counters] = {}
        """Of the boards that this group has locked, by row: nobody else changes them before the commit."""
        self._rows: dict[Kind, dict[object, Row]] = {}

    def add(self, kind: Kind, values: Row) -> None:
        """Let it wait."""
        rows = self._rows.setdefault(kind, {})
        if not kind.key:
            rows[len(rows)] = values
            return
        key = tuple(values[name] for name in kind.key)
        before = rows.get(key)
        rows[key] = kind.merge(before, values) if before is not None and kind.merge is not None else values

    def due(self, tables: Collection[str] | None) -> list[tuple[Kind, list[Row]]]:
        """Take out what has to be sent before a statement about these tables; ``None`` means any."""
        if not self._rows:
            return []
        kinds = [kind for kind in self._rows if tables is None or not kind.tables.isdisjoint(tables)]
        kinds.sort(key=lambda kind: kind.rank)
        return [(kind, _in_order(kind, self._rows.pop(kind))) for kind in kinds]


def gathered(connection: Connection) -> Gathered | None:
    """What this connection's group gathers; ``None`` where every write runs at once."""
    found: Gathered | None = connection.info.get(_KEY)
    return found


@contextmanager
def gathering(connection: Connection) -> Iterator[Gathered]:
    """Inside a transaction: writes may wait; at the end of the block everything has been sent."""
    made = connection.info[_KEY] = Gathered()
    try:
        yield made
        send_due(connection, None)
    finally:
        if not connection.invalidated and not connection.closed:
            connection.info.pop(_KEY, None)


def send_due(connection: Connection, tables: Collection[str] | None, then: Callable[[], Any] | None = None) -> Any:
    """Send what has to go before a statement about these tables, and that statement along; what ``then`` returned."""
    held = gathered(connection)
    due = held.due(tables) if held is not None else []
    if not due:
        return then() if then is not None else None
    try:
        with _pipeline(connection):
            checks = [kind.send(connection, rows) for kind, rows in due]
            result = then() if then is not None else None
    except Exception as problem:
        raise as_sqlalchemy(problem, connection, "gathered writes") from problem
    for check in checks:
        check()
    return result


def _pipeline(connection: Connection) -> AbstractContextManager[object]:
    """One round trip for several statements, where there are any."""
    if connection.dialect.name == "sqlite":
        return nullcontext()
    driver: Any = connection.connection.dbapi_connection
    pipeline: AbstractContextManager[object] = driver.pipeline()
    return pipeline


def arrays(table: Table, columns: dict[str, str]) -> TableValuedAlias:
    """Rows made of one array per column: the value's name -> the name of the column whose type it has."""
    types = {name: table.c[of].type for name, of in columns.items()}
    given = (cast(bindparam(name), ARRAY(kind)) for name, kind in types.items())
    return (
        func.unnest(*given)
        .table_valued(*(column(name, kind) for name, kind in types.items()), name="given")
        .render_derived()
    )


def _in_order(kind: Kind, rows: dict[object, Row]) -> list[Row]:
    if not kind.key:
        return list(rows.values())
    return [rows[key] for key in sorted(rows, key=str)]
