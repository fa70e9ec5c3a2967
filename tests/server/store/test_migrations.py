"""From the first released schema upward: whatever an older version wrote is there after the new one has started.

``first_schema_*.sql`` is that schema as it was made; it is never written anew.
"""

import importlib
import io
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, inspect, text

from imagechat_tui.server.store import boards, sessions, tables, tenants, users
from imagechat_tui.server.store import migrations as scripts
from imagechat_tui.server.store.database import Database

_HERE = Path(__file__).parent
_ROWS = (
    "INSERT INTO alembic_version VALUES ('0001')",
    "INSERT INTO tenants (id, secret, created_ms) VALUES ('acme', 'k', 1)",
    "INSERT INTO users (tenant, id, username, role, created_ms, seen_ms) VALUES ('acme','acme:ann','ann','admin',1,2)",
    (
        "INSERT INTO sessions (tenant, id, token_hash, user_id, role, generation, created_ms, expires_ms)"
        " VALUES ('acme', 's', 'hash', 'acme:ann', 'admin', 1, 1, 9)"
    ),
    (
        "INSERT INTO boards (tenant, url_id, token, title, created_by, created_ms, last_ms)"
        " VALUES ('acme', 'page', 't', 'A board', 'acme:ann', 1, 1)"
    ),
)


def _statements(engine: str) -> Iterator[str]:
    written = (_HERE / f"first_schema_{engine}.sql").read_text(encoding="utf-8")
    return filter(None, (one.strip() for one in written.split(";\n")))


@pytest.fixture
def old_database(engine_url: str) -> str:
    """A database as the first version made and filled it."""
    engine = create_engine(engine_url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in (*_statements(engine.dialect.name), *_ROWS):
            connection.execute(text(statement))
    return engine_url


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), tables.metadata))


async def test_what_the_first_version_wrote_is_there_after_every_migration(old_database: str) -> None:
    """The schema is today's, the rows are the same, and another start finds nothing to do."""
    for _ in range(2):
        database = Database(old_database)
        await database.open()
        assert await database.read(_differences) == []
        version = await database.read(lambda one: one.execute(text("SELECT version_num FROM alembic_version")).scalar())
        assert version == tables.SCHEMA
        found = await database.read(lambda one: tenants.find(one, "acme"))
        assert found is not None
        assert found.secret == "k"
        person = await database.read(lambda one: users.find(one, "acme", "acme:ann"))
        assert person is not None
        assert person.role == "admin"
        assert await database.read(lambda one: sessions.by_token(one, "hash")) is not None
        board = await database.read(lambda one: boards.find(one, "acme", "page"))
        assert board is not None
        assert board.title == "A board"
        await database.close()


async def test_a_migration_that_fails_leaves_everything_as_it_was(
    old_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is half done, and the next start does it."""
    last = importlib.import_module(f"{scripts.__name__}.versions.{_names()[-1]}")

    def broken(*_names: object, **_more: object) -> None:
        raise RuntimeError("the disk is full")

    database = Database(old_database)
    with monkeypatch.context() as patch:
        patch.setattr(Operations, "create_table", broken)
        with pytest.raises(RuntimeError, match="disk is full"):
            await database.open()
    engine = create_engine(old_database, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0001"
        assert "removals" not in inspect(connection).get_table_names()
    assert last.revision == tables.SCHEMA
    database = Database(old_database)
    await database.open()
    assert await database.read(_differences) == []
    await database.close()


def _names() -> list[str]:
    folder = Path(scripts.__path__[0]) / "versions"
    return sorted(one.name for one in pkgutil.iter_modules([str(folder)]))


def test_migrations_are_one_line_from_the_first_to_the_last() -> None:
    """No branches, and ``tables`` names the last one."""
    directory = ScriptDirectory(scripts.__path__[0])
    assert directory.get_heads() == [tables.SCHEMA]
    assert directory.get_bases() == ["0001"]
    assert [one.revision for one in directory.walk_revisions()][::-1] == [name[:4] for name in _names()]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_first_migration_is_never_changed(dialect: str) -> None:
    """It still makes the very schema that was released."""
    out = io.StringIO()
    context = MigrationContext.configure(dialect_name=dialect, opts={"as_sql": True, "output_buffer": out})
    with Operations.context(context):
        importlib.import_module(f"{scripts.__name__}.versions.0001_first").upgrade()
    made = [one.strip() for one in re.sub(r"[ \t]+\n", "\n", out.getvalue()).split(";\n") if one.strip()]
    assert made == [one for one in _statements(dialect) if "alembic_version" not in one]
