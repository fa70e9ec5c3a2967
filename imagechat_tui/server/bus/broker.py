"""How Redis or Valkey is reached: an address with a name space of its own, and patience while it is away.

Nothing here knows what is said over it.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE_SECONDS: Final = (0.1, 5.0)
"""First and longest pause before Redis is tried again."""

_ANSWER_SECONDS: Final = 5.0
"""A connection that is silent for so long in the middle of an answer is given up: nobody is behind it."""


class Broker(NamedTuple):
    """A Redis, and the beginning of every name that this installation uses there."""

    redis: Redis
    space: bytes


def reach(url: str) -> Broker:
    """The broker at an address; nothing is connected yet.

    Args:
        url: ``redis://host:port/db``, ``rediss://`` with TLS, ``unix://``. ``?prefix=NAME`` keeps installations apart
            that share a Redis; its numbered databases do not, because publish/subscribe ignores them.

    Raises:
        ValueError: It is not such an address.
    """
    parts = urlsplit(url)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    prefix = "".join(value for name, value in asked if name == "prefix")
    plain = urlunsplit(parts._replace(query=urlencode([pair for pair in asked if pair[0] != "prefix"])))
    redis = Redis.from_url(plain, socket_connect_timeout=_ANSWER_SECONDS, socket_timeout=_ANSWER_SECONDS)
    return Broker(redis, f"imagechat:{prefix}:".encode() if prefix else b"imagechat:")


async def steadily(step: Callable[[], Any]) -> None:
    """Do it again whenever Redis fails, after a growing pause."""
    pause = PAUSE_SECONDS[0]
    while True:
        begun = asyncio.get_running_loop().time()
        try:
            await step()
        except (RedisError, OSError, TimeoutError) as problem:
            logger.warning("Redis is away (%s); trying again in %.1f s", type(problem).__name__, pause)
        except Exception:
            logger.exception("the bus failed; trying again in %.1f s", pause)
        if asyncio.get_running_loop().time() - begun > PAUSE_SECONDS[1]:
            pause = PAUSE_SECONDS[0]
        await asyncio.sleep(pause)
        pause = min(PAUSE_SECONDS[1], pause * 2)
