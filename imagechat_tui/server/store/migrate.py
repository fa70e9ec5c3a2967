"""Brings a database to the schema of this version, on its own connection; never changes what a newer version wrote.

Alembic is imported only when there is something to do, because most starts find nothing to do.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, inspect, text

from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _
from imagechat_tui.server.store.tables import SCHEMA

Told: TypeAlias = Callable[[int, int], None]
"""Told of the steps that are done, and of how many there are."""

_SCRIPTS: Final = Path(__file__).with_name("migrations")


def to_newest(connection: Connection, *, told: Told) -> None:
    """Run the migrations that are missing, all in one transaction: one that is interrupted changes nothing.

    Args:
        connection: the database.
        told: how far it is; of a new database nothing is told.

    Raises:
        UserError: A newer version of imagechat wrote this database, or another program did.
    """
    with connection.begin():
        current = _current(connection)
    if current == SCHEMA:
        return
    from alembic import command  # noqa: PLC0415 - costs a tenth of a second, and most starts need none of it
    from alembic.config import Config  # noqa: PLC0415 - the same
    from alembic.script.revision import RevisionError  # noqa: PLC0415 - the same
    from alembic.util import CommandError  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        config.attributes["applied"] = _counted(config, current, told)
        with connection.begin():
            command.upgrade(config, "head")
    except (CommandError, RevisionError) as problem:
        raise UserError(
            _(
                "This database was written by a newer version of imagechat: update imagechat, or choose another "
                "database."
            )
        ) from problem


def _counted(config: Any, current: str | None, told: Told) -> Callable[..., None]:
    """What alembic calls after each step."""
    if current is None:
        return lambda **_step: None
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    steps = len(list(ScriptDirectory.from_config(config).iterate_revisions("head", current)))
    done = 0
    told(done, steps)

    def applied(**_step: object) -> None:
        nonlocal done
        done += 1
        told(done, steps)

    return applied


def _current(connection: Connection) -> str | None:
    known = inspect(connection)
    if not known.has_table("alembic_version"):
        if known.get_table_names():
            raise UserError(_("This database belongs to another program: choose another one."))
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
