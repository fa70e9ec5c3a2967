"""Crowds between nodes over Redis: each node keeps its own under keys that expire, and tells every change of them.

A node that dies is gone with its keys, and for those who listened after the same time without a word. While Redis is
away every node knows its own viewers only.
"""

import asyncio
import contextlib
import logging
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from imagechat_tui.server.bus.broker import AWAY, reach, steadily
from imagechat_tui.server.bus.crowds import NOBODY, Changed, Crowd, Mine
from imagechat_tui.server.bus.port import Parcel, Topic
from imagechat_tui.server.bus.redis import RedisBus

logger = logging.getLogger(__name__)

BEAT_SECONDS: Final = 5.0
"""How often a node says again who looks from it."""

LIFE_SECONDS: Final = 15.0
"""After so long without a word a node's viewers count as gone: two beats may be lost."""

GATHER_SECONDS: Final = 0.1
"""Changes within this time are told together."""

PEOPLE_PER_SECOND: Final = 500
"""Names told per second and page: the larger a crowd, the longer its changes are gathered."""

SLOWEST_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 1.0
"""How long somebody who asks waits for Redis."""

TOGETHER: Final = 200
"""Pages told in one exchange with Redis."""

_MS: Final = 1_000

_Told = tuple[str, Crowd]
"""Which node, and its viewers."""

_encode = msgspec.msgpack.Encoder().encode
_decode: Any = msgspec.msgpack.Decoder(_Told).decode
_crowd: Any = msgspec.msgpack.Decoder(Crowd).decode


class RedisCrowds:
    """``Crowds`` of several nodes."""

    def __init__(self, url: str, *, beat_seconds: float = BEAT_SECONDS, life_seconds: float = LIFE_SECONDS) -> None:
        """``url``: see ``broker.reach``; the seconds are for all nodes the same."""
        self._broker = reach(url)
        self._space = self._broker.space + b"here:"
        self._bus: RedisBus[_Told] = RedisBus(url, pack=_encode, unpack=_decode, realm="here")
        self._node = secrets.token_urlsafe(9)
        self._beat_seconds, self._life = beat_seconds, life_seconds
        self._mine: Mine = lambda _page: NOBODY
        self._changed: Changed = lambda _page, _node, _crowd: None
        self._watched: Counter[Topic] = Counter()
        self._reading: dict[Topic, asyncio.Task[None]] = {}
        self._others: dict[Topic, dict[str, tuple[Crowd, float]]] = {}
        self._told: dict[Topic, float] = {}
        self._dirty: dict[Topic, None] = {}
        self._to_tell = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []

    async def open(self, mine: Mine, changed: Changed) -> None:
        """See ``Crowds``."""
        self._mine, self._changed = mine, changed
        await self._bus.open(self._heard)
        self._tasks = [asyncio.create_task(steadily(step)) for step in (self._tell, self._beat)]

    async def close(self) -> None:
        """See ``Crowds``."""
        pending: set[asyncio.Task[Any]] = {*self._tasks, *self._reading.values()}
        while pending:  # The library may swallow a cancellation while it connects.
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=0.2)
        self._mine = lambda _page: NOBODY
        with contextlib.suppress(*AWAY):
            async with asyncio.timeout(ANSWER_SECONDS):
                await asyncio.gather(*map(self._tell_all, self._by_server(self._told)), return_exceptions=True)
        await self._bus.close()
        await self._broker.close()

    async def watch(self, page: Topic) -> None:
        """See ``Crowds``."""
        self._watched[page] += 1
        if self._watched[page] == 1:
            self._others[page] = {}
            self._reading[page] = asyncio.create_task(self._read(page))
        reading = self._reading.get(page)
        if reading is not None:
            await asyncio.wait({reading}, timeout=ANSWER_SECONDS)

    def unwatch(self, page: Topic) -> None:
        """See ``Crowds``."""
        self._watched[page] -= 1
        if self._watched[page] > 0:
            return
        del self._watched[page]
        self._others.pop(page, None)
        self._bus.unwatch(page)

    def known(self, page: Topic) -> Mapping[str, Crowd]:
        """See ``Crowds``."""
        return {node: crowd for node, (crowd, _) in self._others.get(page, {}).items()}

    def announce(self, page: Topic) -> None:
        """See ``Crowds``."""
        self._dirty[page] = None
        self._to_tell.set()

    async def look(self, page: Topic) -> Mapping[str, Crowd]:
        """See ``Crowds``."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return {node: crowd for node, (crowd, _) in (await self._stored(page)).items()}
        except (*AWAY, msgspec.MsgspecError) as problem:
            logger.warning("who looks from other nodes is not known now (%s)", type(problem).__name__)
            return {}

    # In ------------------------------------------------------------------------------------------------------------

    async def _read(self, page: Topic) -> None:
        """Listen first and read then, so that no change falls between."""
        try:
            await self._bus.watch(page)
            for node, (crowd, heard_at) in (await self._stored(page)).items():
                if page in self._others and node not in self._others[page]:
                    self._others[page][node] = (crowd, heard_at)
                    self._changed(page, node, crowd)
        except (*AWAY, msgspec.MsgspecError) as problem:
            logger.warning("who looks from other nodes is not known yet (%s)", type(problem).__name__)
        finally:
            self._reading.pop(page, None)

    async def _stored(self, page: Topic) -> dict[str, tuple[Crowd, float]]:
        """What other nodes keep, and when each of them was last heard of by the loop's clock."""
        name = self._name(page)

        async def read(redis: Redis) -> tuple[list[bytes], list[Any]]:
            members: Any = await redis.smembers(name)
            nodes = [node for node in members if node != self._node.encode()]
            asking = redis.pipeline(transaction=False)
            for node in nodes:
                asking.get(name + node)
                asking.pttl(name + node)
            return nodes, await asking.execute()

        nodes, answers = await self._broker.ask(name, read)
        now = asyncio.get_running_loop().time()
        return {
            node.decode(): (_crowd(packed), now - self._life + max(0, left_ms) / _MS)
            for node, packed, left_ms in zip(nodes, answers[::2], answers[1::2], strict=True)
            if packed is not None
        }

    def _heard(self, parcels: Sequence[Parcel[_Told]]) -> None:
        now = asyncio.get_running_loop().time()
        for page, _, (node, crowd) in parcels:
            others = self._others.get(page)
            if node == self._node or others is None:
                continue
            before = others.pop(node, (NOBODY, 0.0))[0]
            if crowd:
                others[node] = (crowd, now)
            if crowd != before:
                self._changed(page, node, crowd)

    def _forget_silent(self) -> None:
        dead = asyncio.get_running_loop().time() - self._life
        for page, others in self._others.items():
            for node in [node for node, (_, heard_at) in others.items() if heard_at < dead]:
                del others[node]
                self._changed(page, node, NOBODY)

    # Out -----------------------------------------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Say again who is here, and forget those who have not done so."""
        while True:
            await asyncio.sleep(self._beat_seconds)
            self._forget_silent()
            for page in (*self._watched, *self._told):
                self.announce(page)

    async def _tell(self) -> None:
        while True:
            await self._to_tell.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._to_tell.clear()
            now = asyncio.get_running_loop().time()
            due = [page for page in self._dirty if self._told.get(page, 0.0) <= now]
            await self._broker.know()
            # A part of a cluster that is away holds up nobody's pages but its own.
            outcomes = await asyncio.gather(*map(self._tell_some, self._by_server(due)), return_exceptions=True)
            for problem in filter(None, outcomes):
                raise problem
            if self._dirty:
                self._to_tell.set()

    def _by_server(self, pages: Iterable[Topic]) -> Collection[list[Topic]]:
        found: dict[str | None, list[Topic]] = {}
        for page in pages:
            found.setdefault(self._broker.owner(self._name(page)), []).append(page)
        return found.values()

    async def _tell_some(self, pages: Sequence[Topic]) -> None:
        """As many as there are, so many at a time; those of which it failed are told again."""
        for start in range(0, len(pages), TOGETHER):
            these = pages[start : start + TOGETHER]
            for page in these:
                del self._dirty[page]
            try:
                async with asyncio.timeout(SLOWEST_SECONDS):
                    await self._tell_all(these)
            except BaseException:
                self._dirty.update(dict.fromkeys(these))
                raise

    async def _tell_all(self, pages: Sequence[Topic]) -> None:
        """Keep and tell who looks at these pages of one server from here; whoever reads afterwards finds it."""
        here = [(page, self._mine(page)) for page in pages]
        here = [(page, crowd) for page, crowd in here if crowd or page in self._told]
        if not here:
            return
        now = asyncio.get_running_loop().time()
        self._told |= {
            page: now + min(SLOWEST_SECONDS, len(crowd.people) / PEOPLE_PER_SECOND) for page, crowd in here if crowd
        }
        await self._broker.ask(self._name(pages[0]), partial(self._keep, here))
        for page, crowd in here:
            if not crowd:
                self._told.pop(page, None)
        self._bus.publish([Parcel(page, None, (self._node, crowd)) for page, crowd in here])

    async def _keep(self, here: Sequence[tuple[Topic, Crowd]], redis: Redis) -> None:
        keeping, life_ms = redis.pipeline(transaction=False), round(self._life * _MS)
        for page, crowd in here:
            name = self._name(page)
            if crowd:
                keeping.set(name + self._node.encode(), _encode(crowd), px=life_ms)
                keeping.sadd(name, self._node)
                keeping.pexpire(name, life_ms)
            else:
                keeping.delete(name + self._node.encode())
                keeping.srem(name, self._node)
        await keeping.execute()

    def _name(self, page: Topic) -> bytes:
        # In a cluster, what begins with this belongs to one server: that is what the braces are for.
        return self._space + b"{" + msgspec.json.encode((page.tenant, page.key)) + b"}"
