"""How Redis or Valkey is reached: an address with a name space of its own, and patience while it is away.

Whether a single server or a cluster stands there is asked of it. Nothing here knows what is said over it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import ConnectionError as AwayError
from redis.exceptions import MovedError, NoPermissionError, RedisClusterException, RedisError, ResponseError

T = TypeVar("T")

logger = logging.getLogger(__name__)

PAUSE_SECONDS: Final = (0.1, 5.0)
"""First and longest pause before Redis is tried again."""

_ANSWER_SECONDS: Final = 5.0
"""A connection that is silent for so long in the middle of an answer is given up: nobody is behind it."""

_TIMES: Final[dict[str, Any]] = {"socket_connect_timeout": _ANSWER_SECONDS, "socket_timeout": _ANSWER_SECONDS}

AWAY: Final = (RedisError, RedisClusterException, OSError, TimeoutError)
"""What the library raises when Redis, or the part of it that is needed, is not there."""

ALONE: Final = "alone"
"""The owner of every name where there is no cluster."""


class Broker:
    """A Redis or a cluster of them, and the beginning of every name that this installation uses there."""

    def __init__(self, url: str, space: bytes) -> None:
        self.space = space
        self._url = url
        self._first = Redis.from_url(url, **_TIMES)
        self._known = False
        self._cluster: RedisCluster | None = None
        """Of a cluster, who owns what; it carries no commands, because it ends those of others when one fails."""
        self._servers: dict[str, Redis] = {}
        self._doubted = False
        """A command failed: before the next one, look who owns what."""
        self._asking = asyncio.Lock()

    @property
    def sharded(self) -> bool:
        """Whether it is known to be a cluster, where publish/subscribe is that of shards."""
        return self._cluster is not None

    async def know(self) -> None:
        """Ask once whether a cluster is there.

        Raises:
            RedisError: It is away, or a cluster that cannot be reached like this. See ``AWAY``.
        """
        async with self._asking:
            if not self._known and await self._says_cluster():
                self._cluster = await self._joined()
            self._known = True

    async def ask(self, name: bytes, question: Callable[[Redis], Awaitable[T]]) -> T:
        """Put a question about one name to the server that it belongs to; twice, if the name has just moved.

        Raises:
            RedisError: As ``know``.
        """
        try:
            try:
                return await question(await self._at(name))
            except MovedError:
                await self.look_again()
                return await question(await self._at(name))
        except BaseException:
            self._doubted = self.sharded
            raise

    async def _at(self, name: bytes) -> Redis:
        await self.know()
        if self._doubted:
            await self.look_again()
        owner = self.owner(name)
        if owner is None:
            raise AwayError("no server of the cluster has this name")
        if owner == ALONE:
            return self._first
        if owner not in self._servers:
            self._servers[owner] = self.server(owner)
        return self._servers[owner]

    def owner(self, name: bytes) -> str | None:
        """The server that a name belongs to, as an address or ``ALONE``; ``None`` while nobody knows or has it."""
        if self._cluster is not None:
            return _in(self._cluster.nodes_manager.slots_cache, name)
        return ALONE if self._known else None

    def owners(self) -> Callable[[bytes], str | None]:
        """``owner`` as it is now, whatever moves afterwards."""
        if self._cluster is not None:
            return partial(_in, dict(self._cluster.nodes_manager.slots_cache))
        alone = ALONE if self._known else None
        return lambda _name: alone

    def server(self, owner: str) -> Redis:
        """A client of one owner alone, which the caller closes; it never connects anew behind the caller's back."""
        parts = urlsplit(self._url)
        if owner != ALONE:
            secret, at, _ = parts.netloc.rpartition("@")
            host, _, port = owner.rpartition(":")
            place = f"[{host}]:{port}" if ":" in host else owner
            parts = parts._replace(netloc=secret + at + place)
        return Redis.from_url(urlunsplit(parts), retry=Retry(NoBackoff(), 0, supported_errors=()), **_TIMES)

    async def look_again(self) -> None:
        """Ask a cluster who owns what now."""
        if self._cluster is not None:
            await self._cluster.nodes_manager.initialize()
        self._doubted = False

    async def close(self) -> None:
        """Let go of everything."""
        for server in (self._first, *self._servers.values()):
            with contextlib.suppress(*AWAY):
                await server.aclose()
        if self._cluster is not None:
            await _end(self._cluster)

    async def _says_cluster(self) -> bool:
        try:
            facts: dict[str, Any] = await self._first.info("cluster")
        except NoPermissionError:
            return False
        return bool(facts.get("cluster_enabled"))

    async def _joined(self) -> RedisCluster:
        never = Retry(NoBackoff(), 0)
        cluster = RedisCluster.from_url(self._url, require_full_coverage=False, retry=never, **_TIMES)
        try:
            await cluster.initialize()
        except BaseException:
            await _end(cluster)
            raise
        return cluster


async def _end(cluster: RedisCluster) -> None:
    """Close every connection; the library leaves some open after a failure."""
    with contextlib.suppress(*AWAY):
        await cluster.aclose()
    for nodes in ("nodes_cache", "startup_nodes"):
        with contextlib.suppress(*AWAY):
            await cluster.nodes_manager.aclose(nodes)


def _in(slots: Mapping[int, Sequence[ClusterNode]], name: bytes) -> str | None:
    nodes = slots.get(key_slot(name))
    found: str | None = nodes[0].name if nodes else None
    return found


def reach(url: str) -> Broker:
    """The broker at an address; nothing is connected yet.

    Args:
        url: ``redis://host:port/db``, ``rediss://`` with TLS, ``unix://``. ``?prefix=NAME`` keeps installations apart
            that share a Redis; its numbered databases do not, because publish/subscribe ignores them. Of a cluster,
            the address of any of its servers; it has no numbered databases, and is not reached by ``unix://``.

    Raises:
        ValueError: It is not such an address.
    """
    parts = urlsplit(url)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    prefix = "".join(value for name, value in asked if name == "prefix")
    plain = urlunsplit(parts._replace(query=urlencode([pair for pair in asked if pair[0] != "prefix"])))
    return Broker(plain, f"imagechat:{prefix}:".encode() if prefix else b"imagechat:")


async def steadily(step: Callable[[], Any]) -> None:
    """Do it again whenever Redis fails, after a growing pause."""
    pause = PAUSE_SECONDS[0]
    while True:
        begun = asyncio.get_running_loop().time()
        try:
            await step()
        except MovedError:
            logger.info("a part of the Redis cluster has moved; looking for it in %.1f s", pause)
        except AWAY as problem:
            spoken = isinstance(problem, ResponseError | RedisClusterException)
            why = problem if spoken else type(problem).__name__
            logger.warning("Redis is away (%s); trying again in %.1f s", why, pause)
        except Exception:
            logger.exception("the bus failed; trying again in %.1f s", pause)
        if asyncio.get_running_loop().time() - begun > PAUSE_SECONDS[1]:
            pause = PAUSE_SECONDS[0]
        await asyncio.sleep(pause)
        pause = min(PAUSE_SECONDS[1], pause * 2)
