"""Every place for pictures keeps the same promises, and one that is away says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from imagechat_tui.errors import UserError
from imagechat_tui.server.store import shelf as store_shelf
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.shelf import DatabaseShelf, ShelfAwayError, make_shelf
from tests.support.bucket import bucket
from tests.support.contracts.shelf import Make, ShelfContract, begun, everything


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An open store."""
    store = Database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    await store.open()
    yield store
    await store.close()


class TestShelf(ShelfContract):
    """The database, a folder, memory, a bucket."""

    @pytest.fixture(params=["database", "file", "memory", "s3"])
    async def make(
        self, request: pytest.FixtureRequest, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> AsyncIterator[Make]:
        """Nodes' views of one place; memory belongs to one node."""
        match request.param:
            case "s3":
                async with bucket(monkeypatch) as (url, _):
                    yield lambda: make_shelf(url, database)
            case "memory":
                one = make_shelf("memory://", database)
                yield lambda: one
            case "file":
                yield lambda: make_shelf(f"file://{tmp_path / 'a' / 'pictures'}", database)
            case _:
                yield lambda: make_shelf(None, database)


async def test_what_the_database_kept_stays_readable(database: Database, tmp_path: Path) -> None:
    """A place that is chosen later gets what is new."""
    old = await begun(database, "acme", "old.png", size=3)
    await DatabaseShelf(database).put("acme", "old.png", b"old")
    new = await begun(database, "acme", "new.png", size=3)
    shelf = make_shelf(f"file://{tmp_path / 'pictures'}", database)
    await shelf.put("acme", "new.png", b"new")
    assert (await everything(shelf, "acme", old), await everything(shelf, "acme", new)) == (b"old", b"new")
    assert await everything(DatabaseShelf(database), "acme", new) == b""
    assert [file.name for file in (tmp_path / "pictures" / "acme").iterdir()] == ["new.png"]


async def test_a_bucket_that_is_away_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants a picture from it, or to put one there or take them away, learns it soon."""
    monkeypatch.setattr(store_shelf, "ANSWER_SECONDS", 0.5)
    stored = await begun(database, "acme", "p.png", size=3)
    async with bucket(monkeypatch) as (url, process):
        shelf = make_shelf(url, database)
        await shelf.put("acme", "p.png", b"pic")
        process.kill()
        await process.wait()
        with pytest.raises(ShelfAwayError):
            await shelf.put("acme", "p.png", b"pic")
        with pytest.raises(ShelfAwayError):
            await shelf.open("acme", stored)
        with pytest.raises(ShelfAwayError):
            await shelf.clear("acme")


@pytest.mark.parametrize("url", ["nonsense", "ftp://x/y", "s3://", "file://relative/x", "https://x/y"])
async def test_an_address_that_leads_nowhere(database: Database, url: str) -> None:
    """One sentence that says how an address looks."""
    with pytest.raises(UserError, match="--pictures"):
        make_shelf(url, database)


async def test_a_folder_that_cannot_be_made(database: Database) -> None:
    """One sentence, at the start."""
    with pytest.raises(UserError, match="--pictures file:///proc/pictures cannot be used"):
        make_shelf("file:///proc/pictures", database)
