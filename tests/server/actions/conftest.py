"""A server's parts on an empty SQLite file, with a clock that the test sets."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from imagechat_tui.server.auth.directory import Directory
from imagechat_tui.server.bus.memory import MemoryBus
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.hub import Hub, HubSettings
from imagechat_tui.server.metrics import Metrics
from imagechat_tui.server.settings import Settings
from imagechat_tui.server.store import tenants
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.shelf import DatabaseShelf
from imagechat_tui.server.throttle import Throttle
from imagechat_tui.server.usage import Usage
from tests.server.actions.world import NOW, World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Parts over an empty SQLite file with the tenants acme and other."""
    settings = Settings(data=tmp_path)
    database = Database(settings.database_url)
    usage = Usage(clock_ms=lambda: made.now_ms)
    hub = Hub(MemoryBus(), settings=HubSettings(), wall_ms=lambda: made.now_ms)
    made = World(
        deps=Deps(
            settings=settings,
            database=database,
            directory=Directory(database, clock=lambda: 0.0, seconds=0.0),
            hub=hub,
            shelf=DatabaseShelf(database),
            throttle=Throttle(clock=lambda: 0.0),
            usage=usage,
            metrics=Metrics(clock=lambda: 0.0),
            clock_ms=lambda: made.now_ms,
            new_id=lambda: f"id-{next(made.ids)}",
        )
    )
    database.on_commit = made.published.extend
    await database.open()
    for tenant in ("acme", "other"):
        await database.write(partial(tenants.add, tenant=tenant, secret="secret", now_ms=NOW))
    yield made
    await database.close()
