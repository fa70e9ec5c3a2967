"""How long to wait before the next attempt: growing, with a bound, and jittered by a random source it is given.

It never waits and never reads a clock. Half of every delay is random, so that a thousand clients that lost the same
server do not come back in the same second.
"""

from collections.abc import Callable
from typing import Final

FIRST: Final = 0.5
"""Seconds, the upper end of the first delay: a server that was restarted is back by then."""

MOST: Final = 30.0
"""Seconds, the upper end of all later delays."""

GROWTH: Final = 2.0


class Backoff:
    """The delays of one kind of attempt."""

    def __init__(self, random: Callable[[], float], *, first: float = FIRST, most: float = MOST) -> None:
        self._random = random
        self._first = first
        self._most = most
        self._failed = 0

    @property
    def failed(self) -> int:
        """Attempts since the last success."""
        return self._failed

    def next(self) -> float:
        """The delay in seconds after one more failure: between half of the bound and the bound."""
        bound = min(self._first * GROWTH ** min(self._failed, 32), self._most)
        self._failed += 1
        return bound * (0.5 + 0.5 * self._random())

    def reset(self) -> None:
        """It worked: the next delay is a short one again."""
        self._failed = 0
