"""Answers of a moment ago: asked once, forgotten when told, never older than promised."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from imagechat_tui.server.auth.directory import Directory
from imagechat_tui.server.store import tenants
from imagechat_tui.server.store.database import Database


class Counting(Database):
    """Counts reads."""

    reads = 0

    async def read(self, work: Any) -> Any:
        self.reads += 1
        return await super().read(work)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Counting]:
    """With one tenant."""
    made = Counting(f"sqlite:///{tmp_path / 'db.sqlite3'}")
    await made.open()
    await made.write(lambda tx: tenants.add(tx, "acme", secret="k", now_ms=1))
    yield made
    await made.close()


async def test_an_answer_is_good_for_a_while_and_no_longer(database: Counting) -> None:
    """Also the answer that there is nothing."""
    now = [0.0]
    directory = Directory(database, clock=lambda: now[0], seconds=2.0)
    for name in ("acme", "nobody"):
        database.reads = 0
        for _ in range(3):
            await directory.tenant(name)
        assert database.reads == 1
        now[0] += 2.0
        await directory.tenant(name)
        assert database.reads == 2


async def test_what_this_process_changes_is_seen_at_once(database: Counting) -> None:
    """Because it says so."""
    directory = Directory(database, clock=lambda: 0.0, seconds=60.0)
    assert (await directory.tenant("acme")) is not None
    await database.write(lambda tx: tenants.remove(tx, "acme"))
    directory.forget()
    assert await directory.tenant("acme") is None


async def test_an_answer_that_was_overtaken_by_a_change_is_not_kept(database: Counting) -> None:
    """The read began before the change and ends after it."""
    directory = Directory(database, clock=lambda: 0.0, seconds=60.0)
    original = database.read

    async def read_while_it_changes(work: Any) -> Any:
        found = await original(work)
        directory.forget()
        return found

    database.read = read_while_it_changes  # type: ignore[method-assign] # the moment in between is the point
    await directory.tenant("acme")
    database.read = original  # type: ignore[method-assign] # the same
    database.reads = 0
    await directory.tenant("acme")
    assert database.reads == 1


async def test_memory_is_bounded(database: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up names cannot fill it."""
    monkeypatch.setattr("imagechat_tui.server.auth.directory._MOST_ENTRIES", 10)
    directory = Directory(database, clock=lambda: 0.0, seconds=60.0)
    for number in range(35):
        await directory.tenant(f"made-up-{number}")
    assert len(directory._tenants._entries) <= 10
