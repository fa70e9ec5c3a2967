"""What runs beside the requests: it sweeps, it goes on after a failure, and it ends in order."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from imagechat_tui.server.run.upkeep import Upkeep
from imagechat_tui.server.store import invitations, tenants
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.invitations import Invitation
from tests.support.servers import PATIENCE, in_process


async def test_what_is_over_is_swept_out(tmp_path: Path) -> None:
    """However much there is, a few rows at a time."""
    async with in_process(tmp_path) as server:
        await server.tenant("acme")
        deps, database = server.running.deps, server.running.deps.database
        upkeep = Upkeep(database, deps.usage, settings=server.settings, clock_ms=deps.clock_ms)
        old = Invitation(tenant="acme", user_id="acme:x", username="x", role="member", groups=None, expires_ms=1)
        for number in range(1_001):
            await database.write(partial(invitations.add, invitation=old, secret_hash=str(number), now_ms=1))
        assert await upkeep.sweep() >= 1_001
        assert await upkeep.sweep() == 0


async def test_a_failure_is_logged_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A database that fails once does not end the counting."""
    async with in_process(tmp_path, usage_flush_seconds=0.01) as server:
        await server.tenant("acme")
        deps = server.running.deps
        flushed, failures = asyncio.Event(), [OSError("disk full")]
        original = deps.usage.flush

        async def flush(database: Database) -> None:
            if failures:
                raise failures.pop()
            await original(database)
            flushed.set()

        deps.usage.flush = flush  # type: ignore[method-assign] # the failing disk
        async with asyncio.timeout(PATIENCE):
            await flushed.wait()
        assert "upkeep failed" in caplog.text
        assert "disk full" in caplog.text
        assert await deps.database.read(lambda connection: tenants.find(connection, "acme")) is not None
