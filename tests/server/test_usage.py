"""What is counted in memory reaches the store, once; a failure keeps it for the next time."""

from pathlib import Path

import pytest

from imagechat_tui.server.settings import DATABASE_FILE
from imagechat_tui.server.store import counters, tenants
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.usage import FRAME_BYTES, FRAMES, Usage, day_of
from tests.support.servers import add_tenant, in_process

MIDNIGHT_MS = 1_893_456_000_000  # 2030-01-01T00:00:00Z


async def _stored(path: Path) -> dict[str, dict[str, int]]:
    database = Database(f"sqlite:///{path / DATABASE_FILE}")
    await database.open()
    try:
        return await database.read(lambda connection: counters.days(connection, "acme"))
    finally:
        await database.close()


def test_a_day_is_one_of_utc() -> None:
    """From midnight to midnight."""
    assert day_of(MIDNIGHT_MS) == "2030-01-01"
    assert day_of(MIDNIGHT_MS - 1) == "2029-12-31"


async def test_counts_are_added_to_the_store_once(tmp_path: Path) -> None:
    """Two flushes in a row write nothing twice; days are kept apart; removed tenants do not stop the others."""
    await add_tenant(tmp_path)
    now = [MIDNIGHT_MS - 1]
    usage = Usage(clock_ms=lambda: now[0])
    usage.delivered("acme", 3, 900)
    usage.delivered("gone", 1, 1)
    now[0] += 1
    usage.delivered("acme", 1, 100)
    assert usage.waiting("acme", "2029-12-31") == {FRAMES: 3, FRAME_BYTES: 900}
    database = Database(f"sqlite:///{tmp_path / DATABASE_FILE}")
    await database.open()
    await usage.flush(database)
    await usage.flush(database)
    await database.close()
    assert await _stored(tmp_path) == {
        "2029-12-31": {FRAMES: 3, FRAME_BYTES: 900},
        "2030-01-01": {FRAMES: 1, FRAME_BYTES: 100},
    }


async def test_what_could_not_be_written_is_kept(tmp_path: Path) -> None:
    """A database that fails loses no count."""
    await add_tenant(tmp_path)
    usage = Usage(clock_ms=lambda: MIDNIGHT_MS)
    usage.count("acme", "comment_fetch_count", 2)
    database = Database(f"sqlite:///{tmp_path / DATABASE_FILE}")
    with pytest.raises(RuntimeError):
        await usage.flush(database)
    assert usage.waiting("acme", "2030-01-01") == {"comment_fetch_count": 2}
    await database.open()
    await database.write(lambda tx: tenants.find(tx.connection, "acme"))
    await usage.flush(database)
    await database.close()
    assert (await _stored(tmp_path))["2030-01-01"] == {"comment_fetch_count": 2}


async def test_an_orderly_end_stores_what_was_counted(tmp_path: Path) -> None:
    """Nothing waits for a timer that does not come any more."""
    async with in_process(tmp_path, usage_flush_seconds=3600.0) as server:
        await server.tenant("acme")
        server.running.deps.usage.delivered("acme", 5, 50)
    (counts,) = (await _stored(tmp_path)).values()
    assert counts == {FRAMES: 5, FRAME_BYTES: 50}
