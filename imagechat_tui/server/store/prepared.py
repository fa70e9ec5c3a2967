"""A statement written as an expression, compiled once per dialect, run on the driver itself; never converts types.

SQLAlchemy's own execution costs more than SQLite's work; on the writer thread that would halve the rate. Only columns
whose types need no conversion exist (see ``tables``), so nothing is lost by going around it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Table
from sqlalchemy.sql import visitors
from sqlalchemy.sql.expression import ClauseElement

from imagechat_tui.server.store.driving import as_sqlalchemy
from imagechat_tui.server.store.gathering import Row, SurprisingError, gathered, send_due


class _Cursor(Protocol):
    rowcount: int

    def fetchone(self) -> tuple[Any, ...] | None: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


class Prepared:
    """A statement with named parameters; the values of a call come beside the statement's own constants."""

    __slots__ = ("_compiled", "_statement", "tables")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, dict[str, object]]] = {}
        self.tables = frozenset(found.name for found in visitors.iterate(statement) if isinstance(found, Table))
        """Names of the tables that it reads or changes."""

    def run(self, connection: Connection, /, **values: object) -> int:
        """Execute; the number of rows changed."""
        return self._execute(connection, values).rowcount

    def first(self, connection: Connection, /, **values: object) -> tuple[Any, ...] | None:
        """Execute; the first row, if any."""
        return self._execute(connection, values).fetchone()

    def all(self, connection: Connection, /, **values: object) -> list[tuple[Any, ...]]:
        """Execute; every row."""
        return self._execute(connection, values).fetchall()

    def send(self, connection: Connection, values: Row) -> _Cursor:
        """Execute as it is, whatever waits; inside a pipeline nothing is known yet when it returns."""
        sql, constants = self._known(connection)
        driver: Any = connection.connection.dbapi_connection
        cursor: _Cursor = driver.execute(sql, {**constants, **values} if constants else values)
        return cursor

    def send_each(self, connection: Connection, rows: Sequence[Row]) -> _Cursor:
        """Execute for every row in one call, on SQLite; the cursor counts the rows that all of them changed."""
        sql, constants = self._known(connection)
        driver: Any = connection.connection.dbapi_connection
        cursor: _Cursor = driver.executemany(sql, [{**constants, **row} for row in rows] if constants else rows)
        return cursor

    def _known(self, connection: Connection) -> tuple[str, dict[str, object]]:
        return self._compiled.get(connection.dialect.name) or self._compile(connection)

    def _execute(self, connection: Connection, values: Row) -> _Cursor:
        try:
            if gathered(connection) is None:
                return self.send(connection, values)
            cursor: _Cursor = send_due(connection, self.tables, lambda: self.send(connection, values))
        except Exception as problem:
            raise as_sqlalchemy(problem, connection, self._compiled[connection.dialect.name][0]) from problem
        return cursor

    def _compile(self, connection: Connection) -> tuple[str, dict[str, object]]:
        compiled = self._statement.compile(dialect=connection.dialect)
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        known = self._compiled[connection.dialect.name] = (str(compiled), constants)
        return known


class Postponed:
    """A change whose result nobody looks at: done at once, or together with others of its kind (see ``gathering``)."""

    __slots__ = ("_exact", "_many", "_one", "key", "merge", "rank", "tables")

    def __init__(
        self,
        one: ClauseElement,
        many: ClauseElement,
        *,
        key: tuple[str, ...] = (),
        merge: Callable[[Row, Row], Row] | None = None,
        exact: bool = False,
        rank: int = 0,
    ) -> None:
        """Make it.

        Args:
            one: The statement for one row.
            many: The same for many, on PostgreSQL: every parameter is an array, with one element per row.
            key: See ``gathering.Kind``.
            merge: The same.
            exact: Every row has to be changed; otherwise the group is done anew.
            rank: See ``gathering.Kind``.
        """
        self._one, self._many = Prepared(one), Prepared(many)
        self._exact = exact
        self.key, self.merge, self.rank = key, merge, rank
        self.tables = self._one.tables

    def run(self, connection: Connection, /, **values: object) -> bool:
        """Do it, now or later; whether a row was changed. For ``exact`` ones that wait it is taken for granted."""
        held = gathered(connection)
        if held is None:
            return self._one.run(connection, **values) > 0
        held.add(self, values)
        return True

    def send(self, connection: Connection, rows: list[Row]) -> Callable[[], None]:
        """See ``gathering.Kind``."""
        if connection.dialect.name == "sqlite":
            cursor = self._one.send_each(connection, rows)
        else:
            cursor = self._many.send(connection, {name: [row[name] for row in rows] for name in rows[0]})

        def check() -> None:
            if self._exact and cursor.rowcount != len(rows):
                raise SurprisingError

        return check
