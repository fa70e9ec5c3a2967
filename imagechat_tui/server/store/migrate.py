"""Brings a database to the schema of this version, on its own connection; never changes what a newer version wrote.

Alembic is imported only when there is something to do, because most starts find nothing to do.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from imagechat_tui.errors import UserError
from imagechat_tui.server.store.tables import SCHEMA

_SCRIPTS: Final = Path(__file__).with_name("migrations")


def to_newest(connection: Connection) -> None:
    """Run the migrations that are missing, all in one transaction.

    Raises:
        UserError: A newer version of imagechat wrote this database, or another program did.
    """
    with connection.begin():
        if _current(connection) == SCHEMA:
            return
    from alembic import command  # noqa: PLC0415 - costs a tenth of a second, and most starts need none of it
    from alembic.config import Config  # noqa: PLC0415 - the same
    from alembic.util import CommandError  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        with connection.begin():
            command.upgrade(config, "head")
    except CommandError as problem:
        raise UserError(
            "This database was written by a newer version of imagechat: update imagechat, or choose another database."
        ) from problem


def _current(connection: Connection) -> str | None:
    known = inspect(connection)
    if not known.has_table("alembic_version"):
        if known.get_table_names():
            raise UserError("This database belongs to another program: choose another one.")
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
