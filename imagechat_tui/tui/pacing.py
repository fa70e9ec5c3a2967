"""One frame in flight: the next one is drawn when the terminal has shown the last, so that no queue builds up.

The terminal tells by answering a question for the cursor's position, which it does after everything before it is
painted. Where no answer comes, frames follow each other freely. It writes nothing itself.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 2.0
"""Seconds to wait for an answer; a frame of 35 kB needs a fifth of a second on a slow link."""

_SLOW: Final = 0.25
"""Seconds until a frame is shown from which on hardly anything moves; an interface takes less on a slow line."""

_MISSES: Final = 2
"""Answers that may fail to come before the terminal counts as silent."""


class Pacing:
    """Waits for the terminal."""

    def __init__(self, *, patience: float = PATIENCE, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._shown = asyncio.Event()
        self._missed = 0
        self._began = 0.0
        self._took = 0.0

    @property
    def took(self) -> float:
        """Seconds that the last frame was on its way."""
        return self._took

    @property
    def slow(self) -> bool:
        """Whether that was long."""
        return self._took > _SLOW

    @property
    def silent(self) -> bool:
        """Whether asking is of no use."""
        return self._missed >= _MISSES

    def begin(self) -> None:
        """A frame is going to be shown."""
        self._shown.clear()
        self.written()

    def written(self) -> None:
        """It is on its way from now on: the time before was the app's own."""
        self._began = self._clock()

    def shown(self) -> None:
        """The terminal has answered."""
        if not self._shown.is_set():
            self._took = self._clock() - self._began
        self._missed = 0
        self._shown.set()

    async def wait(self) -> bool:
        """Until the frame is shown, or patience ends; whether it is known to be shown."""
        if self.silent:
            return False
        try:
            async with asyncio.timeout(self._patience):
                await self._shown.wait()
        except TimeoutError:
            self._missed += 1
            return False
        return True
