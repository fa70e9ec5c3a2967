"""A TCP proxy that misbehaves on demand, between a real client and a real server; and counts every byte.

Faults hold for connections that are open and for those to come, until they are taken back. It never reads what it
carries, except to find the request whose answer has to get lost.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_CHUNK = 64 * 1024
# SO_LINGER on, 0 seconds: closing sends RST and throws unsent bytes away.
_RESET = struct.pack("ii", 1, 0)
_PATIENCE = 10.0


@dataclass(kw_only=True)
class Way:
    """One direction of travel."""

    bytes: int = 0
    """How many were carried."""
    delay: float = 0.0
    """Seconds that every chunk is held."""
    trickle: bool = False
    """Carry single bytes, each in a packet of its own."""
    reset_after: int | None = None
    """Reset the connection once this many more bytes were carried; then the fault is over."""


@dataclass(kw_only=True, eq=False)
class Pair:
    """One connection of a client and its counterpart to the server."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    doomed: bool = False
    """The next bytes of the server are thrown away, and the connection is reset."""
    first: bytes = b""
    """What the client said first: ``GET /sub`` is a live socket."""

    def end(self, *, reset: bool) -> None:
        """Close both sides now."""
        for writer in (self.client, self.server):
            if reset:
                sock: socket.socket = writer.get_extra_info("socket")
                with contextlib.suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                writer.transport.abort()
            else:
                writer.close()


@dataclass(kw_only=True)
class Proxy:
    """A listening port of 127.0.0.1 before a server; made by ``proxy_to``."""

    target: str | Path
    """An ``http://host:port`` address or the path of a Unix socket."""
    port: int = 0
    up: Way = field(default_factory=Way)
    """From the client to the server."""
    down: Way = field(default_factory=Way)
    """From the server to the client."""
    accepted: int = 0
    """Connections since the start."""
    pairs: set[Pair] = field(default_factory=set)
    _doomed: list[bytes] = field(default_factory=list)
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    _listener: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where clients connect to."""
        return f"http://127.0.0.1:{self.port}"

    async def listen(self) -> None:
        """Accept connections, again on the same port after ``refuse``."""
        self._flowing.set()
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Close the port: new connections are refused, open ones go on."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def cut(self, only: bytes = b"") -> None:
        """Close connections in an orderly way (FIN): all, or those that began with a request like ``only``."""
        self._end_all(only, reset=False)

    def reset(self, only: bytes = b"") -> None:
        """Close connections the hard way (RST): all, or those that began with a request like ``only``."""
        self._end_all(only, reset=True)

    def freeze(self) -> None:
        """Half-open: connections stay (and new ones are accepted), nothing is carried any more."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Carry on, with everything that was held."""
        self._flowing.set()

    def lose_answer_to(self, request: bytes) -> None:
        """The next request that contains ``request`` reaches the server; its answer never arrives, by a reset."""
        self._doomed.append(request)

    async def until(self, holds: Callable[[], bool], *, seconds: float = _PATIENCE) -> None:
        """Wait until something about this proxy holds.

        Raises:
            TimeoutError: It did not come true in time.
        """
        async with asyncio.timeout(seconds):
            while not holds():
                self._moved.clear()
                await self._moved.wait()

    async def close(self) -> None:
        """End everything."""
        await self.refuse()
        self._end_all(b"", reset=True)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _end_all(self, only: bytes, *, reset: bool) -> None:
        for pair in list(self.pairs):
            if only in pair.first:
                pair.end(reset=reset)
        self._moved.set()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._carry_both(reader, writer))
        self._tasks.add(task)
        # A task that is cancelled before its first step runs no line of its own.
        task.add_done_callback(lambda _task: writer.transport.abort())
        task.add_done_callback(self._tasks.discard)

    async def _carry_both(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        try:
            server_reader, server_writer = await self._reach()
        except OSError:
            return
        pair = Pair(client=writer, server=server_writer)
        self.pairs.add(pair)
        self._moved.set()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._carry(reader, server_writer, self.up, pair))
                group.create_task(self._carry(server_reader, writer, self.down, pair))
        finally:
            self.pairs.discard(pair)
            pair.end(reset=False)
            self._moved.set()
            for side in (writer, server_writer):
                with contextlib.suppress(OSError):
                    await side.wait_closed()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, Path):
            return await asyncio.open_unix_connection(str(self.target))
        parts = urlsplit(self.target)
        return await asyncio.open_connection(parts.hostname, parts.port)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way, pair: Pair) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._flowing.wait()
                if way.delay:
                    await asyncio.sleep(way.delay)
                if way is self.up:
                    pair.first = pair.first or data
                    self._doom(pair, data)
                elif pair.doomed:
                    pair.end(reset=True)
                    return
                await self._pass_on(data, writer, way, pair)
            await self._flowing.wait()
            if writer.can_write_eof() and not writer.transport.is_closing():
                writer.write_eof()

    async def _pass_on(self, data: bytes, writer: asyncio.StreamWriter, way: Way, pair: Pair) -> None:
        left = way.reset_after
        if left is not None and len(data) >= left:
            way.reset_after = None
            writer.write(data[:left])
            await writer.drain()
            way.bytes += left
            pair.end(reset=True)
            return
        if left is not None:
            way.reset_after = left - len(data)
        for piece in (bytes([byte]) for byte in data) if way.trickle else (data,):
            writer.write(piece)
            await writer.drain()
            if way.trickle:
                await asyncio.sleep(0)
        way.bytes += len(data)
        self._moved.set()

    def _doom(self, pair: Pair, data: bytes) -> None:
        for request in self._doomed:
            if request in data:
                self._doomed.remove(request)
                pair.doomed = True
                return


@contextlib.asynccontextmanager
async def proxy_to(target: str | Path) -> AsyncIterator[Proxy]:
    """A proxy before ``target``, closed with everything it carries at the end."""
    proxy = Proxy(target=target)
    await proxy.listen()
    try:
        yield proxy
    finally:
        await proxy.close()


@dataclass(kw_only=True)
class Count:
    """Bytes carried since a moment."""

    proxy: Proxy
    _up: int
    _down: int

    @property
    def up(self) -> int:
        """To the server."""
        return self.proxy.up.bytes - self._up

    @property
    def down(self) -> int:
        """To the client."""
        return self.proxy.down.bytes - self._down

    @property
    def total(self) -> int:
        """Both ways."""
        return self.up + self.down


def count_from_here(proxy: Proxy) -> Count:
    """Count what the proxy carries from now on."""
    return Count(proxy=proxy, _up=proxy.up.bytes, _down=proxy.down.bytes)
