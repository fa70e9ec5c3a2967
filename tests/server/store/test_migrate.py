"""A database of an older version is brought up to date, or stays what it was."""

import asyncio
import contextlib
import logging
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from imagechat_tui.server.store import engines, migrate
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.tables import SCHEMA

OLD = "0001"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database as the first version left it."""
    path = tmp_path / "old.sqlite3"
    with engines.writer_engine(f"sqlite:///{path}").connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(migrate._SCRIPTS))
        config.set_main_option("path_separator", "os")
        config.attributes.update(connection=connection, applied=lambda **_step: None)
        with connection.begin():
            command.upgrade(config, OLD)
    return path


def facts(path: Path) -> tuple[str, bool]:
    """The version that a database says, and whether it has what the newest one has."""
    with contextlib.closing(sqlite3.connect(path)) as data:
        version = data.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        found = data.execute("SELECT count(*) FROM sqlite_master WHERE name = 'removals'").fetchone()[0]
        return version, bool(found)


async def test_it_tells_every_step(old: Path, caplog: pytest.LogCaptureFixture) -> None:
    """To whoever asks, else to the log; of a new database, and of one that is new enough, nothing."""
    told: list[tuple[int, int]] = []
    store = Database(f"sqlite:///{old}")
    await store.open(told=lambda *steps: told.append(steps))
    await store.close()
    assert facts(old) == (SCHEMA, True)
    assert told == [(done, len(told) - 1) for done in range(len(told))]
    assert told
    caplog.set_level(logging.INFO)
    for path in (old, old.with_name("new.sqlite3")):
        store = Database(f"sqlite:///{path}")
        await store.open()
        await store.close()
    assert "bringing" not in caplog.text


async def test_one_that_is_given_up_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of a statement that would never end."""
    begun, real = threading.Event(), migrate.to_newest

    def endless(connection: Connection, *, told: migrate.Told) -> None:
        def step(done: int, of: int) -> None:
            told(done, of)
            if done == of:
                connection.connection.create_function("begun", 0, begun.set)
                connection.exec_driver_sql(
                    "WITH RECURSIVE n(x) AS (SELECT begun() UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"
                )

        real(connection, told=step)

    monkeypatch.setattr(migrate, "to_newest", endless)
    opening = asyncio.create_task(Database(f"sqlite:///{old}").open())
    assert await asyncio.to_thread(begun.wait, 20)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert facts(old) == (OLD, False)
    monkeypatch.undo()
    store = Database(f"sqlite:///{old}")
    await store.open()
    await store.close()
    assert facts(old) == (SCHEMA, True)
