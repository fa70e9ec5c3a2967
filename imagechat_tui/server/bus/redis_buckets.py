"""Token buckets that all nodes share, in Redis or Valkey.

Who is limited and by how much is the throttle's business. While Redis is away there is no answer, soon.
"""

import asyncio
import hashlib
import logging
import time
from functools import partial
from typing import Final

from redis.asyncio import Redis

from imagechat_tui.server.bus.broker import AWAY, reach

logger = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 0.25
"""How long a request waits for Redis before it is let through."""

PAUSE_SECONDS: Final = 1.0
"""After a failure nobody waits for Redis for so long."""

_ASKED_TOGETHER: Final = 16

_TAKE: Final = """
local burst, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local held = redis.call('HMGET', KEYS[1], 'level', 'at')
local since = math.max(0, now - (tonumber(held[2]) or now))
local level = math.min(burst, (tonumber(held[1]) or burst) + since * rate)
local wait = 0
if level >= 1 then
    level = level - 1
elseif rate > 0 then
    wait = (1 - level) / rate
else
    wait = 3600
end
redis.call('HSET', KEYS[1], 'level', string.format('%.6f', level), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], rate > 0 and math.ceil(burst / rate * 1000) or 86400000)
return string.format('%.6f', wait)
"""
"""By Redis' own clock, so that those of the nodes need not agree. A bucket that is full again is forgotten."""


class RedisBuckets:
    """``Buckets`` of several nodes."""

    def __init__(self, url: str) -> None:
        """``url``: see ``broker.reach``."""
        self._broker = reach(url)
        self._free = asyncio.Semaphore(_ASKED_TOGETHER)
        self._away_until: dict[str | None, float] = {}
        """By the owner of the bucket."""

    async def take(self, name: tuple[str, ...], *, burst: float, per_second: float) -> float | None:
        """See ``Buckets``."""
        called = hashlib.blake2b("\0".join(name).encode(), digest_size=16).hexdigest().encode()
        key = self._broker.space + b"rate:" + called
        owner = self._broker.owner(key)
        if time.monotonic() < self._away_until.get(owner, 0.0):
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._free:
                return float(await self._broker.ask(key, partial(_take, key, burst, per_second)))
        except AWAY as problem:
            if time.monotonic() >= self._away_until.get(owner, 0.0):
                logger.warning("rate limits are those of this node alone: Redis is away (%s)", type(problem).__name__)
            self._away_until[owner] = time.monotonic() + PAUSE_SECONDS
            return None

    async def close(self) -> None:
        """See ``Buckets``."""
        await self._broker.close()


async def _take(key: bytes, burst: float, per_second: float, redis: Redis) -> bytes:
    left: bytes = await redis.register_script(_TAKE)(keys=[key], args=[burst, per_second])
    return left
