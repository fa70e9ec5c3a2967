"""An open store on each engine, and what it handed over."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.logged import Logged
from tests.support.contracts.databases import ENGINES, empty_database


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    with empty_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def handed_over() -> list[list[Logged]]:
    """What ``on_commit`` was given, batch by batch."""
    return []


@pytest.fixture
async def database(engine_url: str, handed_over: list[list[Logged]]) -> AsyncIterator[Database]:
    """An open store."""
    store = Database(engine_url)
    store.on_commit = lambda batch: handed_over.append(list(batch))
    await store.open()
    yield store
    await store.close()
