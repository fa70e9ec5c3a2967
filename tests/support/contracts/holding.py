"""Makes a store commit writes together that a test begins at once."""

import asyncio
import threading

from imagechat_tui.server.store.database import Database, Transaction


class held:  # noqa: N801 - reads as a statement
    """While it is held, writes wait, so that those begun meanwhile are committed together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._go_on = threading.Event()
        self._holding: asyncio.Future[bool] | None = None

    async def __aenter__(self) -> None:
        began = threading.Event()

        def hold(_tx: Transaction) -> bool:
            began.set()
            return self._go_on.wait(10)

        self._holding = asyncio.ensure_future(self._database.write(hold))
        assert await asyncio.to_thread(began.wait, 10)

    async def __aexit__(self, *_problem: object) -> None:
        self._go_on.set()
        assert self._holding is not None
        assert await self._holding
