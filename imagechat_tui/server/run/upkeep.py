"""What a server does beside answering: stores counts, watches rights, sweeps out what is over; owns these tasks.

Nothing here may fail a request: a task that fails says so in the log and tries again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, Protocol

from imagechat_tui.server.hub import Hub
from imagechat_tui.server.live.gate import Gate
from imagechat_tui.server.live.watch import watch_rights
from imagechat_tui.server.settings import Settings
from imagechat_tui.server.store import absences, events, invitations, pictures, replies, sessions
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.usage import Usage

logger = logging.getLogger(__name__)

_SWEEP_SECONDS: Final = 600.0
_SWEPT_TOGETHER: Final = 500
"""Rows of one sweeping transaction: it must not keep the writer from those who wait for an answer."""


class _Prune(Protocol):
    def __call__(self, tx: Transaction, *, now_ms: int, most: int) -> int: ...


_PRUNES: Final[tuple[_Prune, ...]] = (
    replies.prune,
    sessions.prune,
    invitations.prune,
    absences.prune,
    pictures.prune,
    events.prune,
)


class Upkeep:
    """The tasks of one server process."""

    def __init__(self, database: Database, usage: Usage, *, settings: Settings, clock_ms: Callable[[], int]) -> None:
        self._database = database
        self._usage = usage
        self._settings = settings
        self._clock_ms = clock_ms
        self._tasks: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def at_work(self, hub: Hub, gate: Gate) -> AsyncIterator[None]:
        """The tasks run inside; at the end what was spawned is finished, the rest is ended."""
        lasting = [
            asyncio.create_task(self._every(self._settings.usage_flush_seconds, self._flush)),
            asyncio.create_task(self._every(_SWEEP_SECONDS, self.sweep)),
            asyncio.create_task(watch_rights(hub, gate, seconds=self._settings.watch_seconds)),
        ]
        try:
            yield
        finally:
            for task in lasting:
                task.cancel()
            await asyncio.gather(*lasting, return_exceptions=True)
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something beside the requests; it is finished before the server ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def sweep(self) -> int:
        """Delete what is over, a few rows at a time; how many went."""
        gone = 0
        for prune in _PRUNES:
            while True:
                now_ms = self._clock_ms()
                went = await self._database.write(partial(prune, now_ms=now_ms, most=_SWEPT_TOGETHER))
                gone += went
                if went < _SWEPT_TOGETHER:
                    break
        return gone

    async def _flush(self) -> None:
        await self._usage.flush(self._database)

    async def _every(self, seconds: float, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except Exception:
                logger.exception("upkeep failed; trying again")

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("something noted beside a request was lost", exc_info=task.exception())
