"""An event loop whose clock is not the world's: when nothing can be read, the next timer is due at once.

For tests of deadlines over real sockets of this process. Nothing in it may wait for a thread or for another process.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Impatient(selectors.DefaultSelector):
    """Never waits: the time it would have waited has passed."""

    def __init__(self, passed: Callable[[float], None]) -> None:
        super().__init__()
        self._passed = passed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; else the whole timeout goes by."""
        ready = super().select(0)
        if not ready and timeout:
            self._passed(timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Impatient(self._pass))

    def time(self) -> float:
        """Seconds since the loop was made, as its timers see them."""
        return self._now

    def _pass(self, seconds: float) -> None:
        self._now += seconds


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
