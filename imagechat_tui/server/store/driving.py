"""Errors of a driver that was used without SQLAlchemy, as SQLAlchemy would raise them."""

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def as_sqlalchemy(problem: Exception, connection: Connection, sql: str) -> Exception:
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
