"""Whether anything at all was committed lately, also by other processes; says nothing of what it was."""

from sqlalchemy import Connection, text

_POSTGRESQL = text("select pg_snapshot_xmax(pg_current_snapshot())::text")
_SQLITE = text("pragma data_version")


def mark(connection: Connection) -> tuple[int, str]:
    """A mark to compare with an earlier one of the same first part: equal means that nothing was committed between.

    SQLite counts per connection, so the first part names the connection; for PostgreSQL it is always 0.
    """
    if connection.dialect.name == "sqlite":
        return id(connection.connection.dbapi_connection), str(connection.execute(_SQLITE).scalar_one())
    return 0, str(connection.execute(_POSTGRESQL).scalar_one())
