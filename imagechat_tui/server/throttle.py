"""How often a caller may ask: token buckets by name; holds numbers and no clock of its own, and answers nothing.

The buckets of this process always have their say; those that several nodes share have theirs when they can be asked.
A bucket that is full again is forgotten, so memory follows the callers of the last minutes and not those of all time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from imagechat_tui.server.bus.buckets import Buckets
from imagechat_tui.server.settings import Rate

_SWEEP_EVERY: Final = 4_096
_NEVER_SECONDS: Final = 3_600.0


class TooOftenError(Exception):
    """The bucket is empty; ``retry_after`` seconds fill it enough for one more."""

    def __init__(self, retry_after: float, *, per_user: bool) -> None:
        super().__init__(f"again in {retry_after:.1f} s")
        self.retry_after = retry_after
        self.per_user = per_user


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class Throttle:
    """The buckets of one server process, and before them those of all nodes."""

    def __init__(self, *, clock: Callable[[], float], shared: Buckets | None = None) -> None:
        """``clock`` counts seconds and never goes back; ``shared`` are the buckets of all nodes, if there are more."""
        self._clock = clock
        self._shared = shared
        self._buckets: dict[tuple[str, ...], tuple[_Bucket, Rate]] = {}
        self._takes = 0

    def take(self, rate: Rate, *name: str, per_user: bool = True, factor: float = 1.0) -> None:
        """Take one token of the bucket ``name``; ``factor`` makes bucket and refill that much larger.

        Raises:
            TooOftenError: There is none.
        """
        now = self._clock()
        burst, per_second = rate.burst * factor, rate.per_minute * factor / 60
        bucket, _ = self._buckets.get(name) or (_Bucket(burst, now), rate)
        level = min(burst, bucket.level + (now - bucket.at) * per_second)
        bucket.at = now
        if level < 1:
            bucket.level = level
            raise TooOftenError((1 - level) / per_second if per_second else _NEVER_SECONDS, per_user=per_user)
        bucket.level = level - 1
        self._buckets[name] = (bucket, rate)
        self._takes += 1
        if self._takes % _SWEEP_EVERY == 0:
            self._sweep(now)

    async def admit(self, rate: Rate, *name: str, per_user: bool = True, factor: float = 1.0) -> None:
        """``take`` here, and of the bucket that all nodes share.

        Raises:
            TooOftenError: There is none.
        """
        self.take(rate, *name, per_user=per_user, factor=factor)
        if self._shared is None:
            return
        burst, per_second = rate.burst * factor, rate.per_minute * factor / 60
        wait = await self._shared.take(name, burst=burst, per_second=per_second)
        if wait:
            raise TooOftenError(wait, per_user=per_user)

    def __len__(self) -> int:
        """Buckets that are not known to be full."""
        return len(self._buckets)

    def _sweep(self, now: float) -> None:
        full = [
            name
            for name, (bucket, rate) in self._buckets.items()
            if (now - bucket.at) * rate.per_minute / 60 >= rate.burst
        ]
        for name in full:
            del self._buckets[name]
