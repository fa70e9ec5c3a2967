"""A statement written as an expression, compiled once per dialect, run on the driver itself; never converts types.

SQLAlchemy's own execution costs more than SQLite's work; on the writer thread that would halve the rate. Only columns
whose types need no conversion exist (see ``tables``), so nothing is lost by going around it.
"""

from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement


class _Cursor(Protocol):
    rowcount: int

    def fetchone(self) -> tuple[Any, ...] | None: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


class Prepared:
    """A statement with named parameters; the values of a call come beside the statement's own constants."""

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, dict[str, object]]] = {}

    def run(self, connection: Connection, /, **values: object) -> int:
        """Execute; the number of rows changed."""
        return self._execute(connection, values).rowcount

    def first(self, connection: Connection, /, **values: object) -> tuple[Any, ...] | None:
        """Execute; the first row, if any."""
        return self._execute(connection, values).fetchone()

    def all(self, connection: Connection, /, **values: object) -> list[tuple[Any, ...]]:
        """Execute; every row."""
        return self._execute(connection, values).fetchall()

    def _execute(self, connection: Connection, values: dict[str, object]) -> _Cursor:
        known = self._compiled.get(connection.dialect.name)
        if known is None:
            known = self._compile(connection)
        sql, constants = known
        driver: Any = connection.connection.dbapi_connection
        try:
            cursor: _Cursor = driver.execute(sql, {**constants, **values} if constants else values)
        except Exception as problem:
            raise _as_sqlalchemy(problem, connection, sql) from problem
        return cursor

    def _compile(self, connection: Connection) -> tuple[str, dict[str, object]]:
        compiled = self._statement.compile(dialect=connection.dialect)
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        known = self._compiled[connection.dialect.name] = (str(compiled), constants)
        return known


def _as_sqlalchemy(problem: Exception, connection: Connection, sql: str) -> Exception:
    """A driver's error as SQLAlchemy would raise it, without the values; a lost connection is marked as lost."""
    dialect = connection.dialect
    errors = dialect.loaded_dbapi
    if not isinstance(problem, errors.Error):
        return problem
    lost = dialect.is_disconnect(problem, connection.connection.dbapi_connection, None)
    if lost:
        connection.invalidate(problem)
    return DBAPIError.instance(
        sql, None, problem, errors.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
