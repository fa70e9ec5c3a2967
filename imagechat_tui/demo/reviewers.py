"""Simulated reviewers: each is a client like any other, with a session, a live socket and an identity of its own.

They act through intents and learn by changes, as the app does; nothing here reaches around the client.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Self

from imagechat_tui.client.runner import Runner
from imagechat_tui.core.inputs import Discard, Intent, OpenThread, RetryNow, Writing
from imagechat_tui.core.outputs import Change, OperationEnded, Outcome
from imagechat_tui.core.views import BoardReader, LinkState
from imagechat_tui.demo.cable import Cable
from imagechat_tui.demo.script import Persona

# More than any answer on one machine takes; a reviewer that waits longer goes on with something else.
_PATIENCE_SECONDS: Final = 15.0
_KEYS_SECONDS: Final = 1.0


class Reviewer:
    """One simulated person. Use as ``async with``: inside, the runner works."""

    def __init__(self, persona: Persona, runner: Runner, cable: Cable) -> None:
        self.persona = persona
        self._runner = runner
        self._cable = cable
        self._working: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._working = asyncio.create_task(self._runner.run(), name=f"reviewer {self.persona.key}")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._cable.plug()
        await self._runner.stop()
        if self._working is not None:
            await asyncio.gather(self._working, return_exceptions=True)

    @property
    def view(self) -> BoardReader:
        """The board as this person sees it."""
        return self._runner.view

    def listen(self, callback: Callable[[Sequence[Change]], None]) -> Callable[[], None]:
        """Hear what this person hears; the answer ends that."""
        return self._runner.listen(callback)

    async def here(self) -> bool:
        """Wait until the board is live on this person's screen; ``False`` when that takes too long."""
        return await self._until(lambda: self.view.link.state is LinkState.LIVE)

    async def change(self, intent: Intent) -> OperationEnded | None:
        """Make a change and see how it ends; ``None`` without success, and then it is given up."""
        ended: list[OperationEnded] = []

        def heard(changes: Sequence[Change]) -> None:
            ended.extend(one for one in changes if isinstance(one, OperationEnded) and one.intent == intent)

        unlisten = self._runner.listen(heard)
        try:
            self._runner.submit(intent)
            await self._until(lambda: bool(ended))
        finally:
            unlisten()
        if not ended:
            return None
        if ended[0].outcome is not Outcome.CONFIRMED:
            self._runner.submit(Discard(operation=ended[0].operation))
            return None
        return ended[0]

    async def look_into(self, marker_id: str) -> bool:
        """Open a thread, as somebody does before answering; ``False`` when it does not load."""
        self._runner.submit(OpenThread(marker_id=marker_id))
        return await self._until(lambda: self.view.thread(marker_id) is not None)

    async def write(self, marker_id: str | None, seconds: float) -> None:
        """Type for a marker, or for one to come (``None``), without sending anything yet."""
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            self._runner.submit(Writing(marker_id=marker_id))
            await asyncio.sleep(min(left, _KEYS_SECONDS))

    async def vanish(self, seconds: float) -> None:
        """Lose the connection, and find it again."""
        self._cable.pull()
        try:
            await asyncio.sleep(seconds)
        finally:
            self._cable.plug()
        self._runner.submit(RetryNow())
        await self.here()

    async def _until(self, holds: Callable[[], bool]) -> bool:
        """Wait until something holds, looking again whenever something changed; ``False`` when that takes too long."""
        changed = asyncio.Event()
        unlisten = self._runner.listen(lambda _changes: changed.set())
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not holds():
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            return False
        finally:
            unlisten()
        return True
