"""The load generator: bare sockets on one epoll that ask for the upgrade and then count bytes; not a WebSocket client.

Some of them look for stamps (``"broadcastId":"`` and the moment of publication in ns), from which delays follow. Pings
are answered. A stalled viewer connects and never reads.
"""

import re
import select
import socket
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

STAMP: Final = re.compile(rb'"broadcastId":"(\d{20})"')
_LONGEST_STAMP: Final = 40
_PING: Final = re.compile(rb"\x89([\x00-\x7d])")
_PATIENCE: Final = 20.0
"""Seconds until a server that does not answer is given up."""

_READERS: Final = 20
"""Most viewers that look for stamps: looking costs more than counting."""


class Viewer:
    """One open socket."""

    __slots__ = ("delays", "reads", "received", "socket", "tail")

    def __init__(self, opened: socket.socket, *, reads: bool) -> None:
        self.socket = opened
        self.reads = reads
        self.received = 0
        self.delays: list[float] = []
        self.tail = b""

    def take(self, data: memoryview, now: int) -> None:
        """Count, look for stamps, answer pings."""
        self.received += len(data)
        if not self.reads and len(data) > 64:
            return
        text = self.tail + bytes(data)
        for ping in _PING.finditer(text, len(self.tail)):
            size = ping[1][0]
            self.socket.send(bytes((0x8A, 0x80 | size, 0, 0, 0, 0)) + text[ping.end() : ping.end() + size])
        if self.reads:
            end = 0
            for found in STAMP.finditer(text):
                self.delays.append((now - int(found[1])) / 1e6)
                end = found.end()
            self.tail = text[max(end, len(text) - _LONGEST_STAMP) :]


class Crowd:
    """All viewers of one server."""

    def __init__(self) -> None:
        self.viewers: list[Viewer] = []
        self.stalled: list[socket.socket] = []
        self.ended = 0
        """Sockets that the server closed."""
        self._epoll = select.epoll()
        self._by_file: dict[int, Viewer] = {}
        self._buffer = memoryview(bytearray(256 * 1024))

    def join(self, port: int, path: str, count: int, *, greet: Callable[[socket.socket], None] | None = None) -> None:
        """So many more viewers; ``greet`` does what a protocol above WebSocket asks for."""
        every = max(1, count // _READERS)
        for number in range(count):
            opened = _open(port, path, greet)
            opened.settimeout(0)
            viewer = Viewer(opened, reads=number % every == 0)
            self.viewers.append(viewer)
            self._by_file[opened.fileno()] = viewer
            self._epoll.register(opened, select.EPOLLIN)

    def stall(self, port: int, path: str, count: int, *, greet: Callable[[socket.socket], None] | None = None) -> None:
        """So many that never read."""
        self.stalled += [_open(port, path, greet, buffer=4096) for _ in range(count)]

    def pump(self, seconds: float, *, done: Callable[[], bool] = lambda: False) -> None:
        """Read what comes for so long, or until ``done``."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left <= 0 or done():
                return
            for file, _ in self._epoll.poll(min(left, 0.05)):
                self._read(file)

    def publish(self, say: Callable[[int], None], *, rate: float, seconds: float) -> int:
        """Publish evenly and read meanwhile; how many events that were. ``say`` gets the moment in ns."""
        begun = time.monotonic()
        count = int(rate * seconds)
        for number in range(count):
            self.pump(begun + number / rate - time.monotonic())
            say(time.monotonic_ns())
        return count

    def caught_up(self, events: int) -> bool:
        """Whether everybody who looks for stamps has found so many."""
        return all(len(viewer.delays) >= events for viewer in self.viewers if viewer.reads)

    def take_delays(self) -> list[float]:
        """All delays in ms, sorted; they are forgotten."""
        delays = sorted(delay for viewer in self.viewers for delay in viewer.delays)
        for viewer in self.viewers:
            viewer.delays.clear()
        return delays

    @property
    def received(self) -> int:
        """Bytes, all viewers together."""
        return sum(viewer.received for viewer in self.viewers)

    def close(self) -> None:
        """Leave."""
        for opened in [*(viewer.socket for viewer in self.viewers), *self.stalled]:
            opened.close()
        self._epoll.close()

    def _read(self, file: int) -> None:
        viewer = self._by_file[file]
        try:
            size = viewer.socket.recv_into(self._buffer)
        except OSError:
            size = 0
        if size:
            viewer.take(self._buffer[:size], time.monotonic_ns())
        else:
            self.ended += 1
            viewer.reads = False
            self._epoll.unregister(file)


@contextmanager
def crowd() -> "Iterator[Crowd]":
    """Viewers who leave at the end."""
    people = Crowd()
    try:
        yield people
    finally:
        people.close()


def greet_socket_io(opened: socket.socket) -> None:
    """Engine.IO 4: its opening word, our wish to join the main namespace, its consent."""
    opened.send(b"\x81\x82\0\0\0\x0040")
    _read_until(opened, b"40{")


def _open(
    port: int, path: str, greet: Callable[[socket.socket], None] | None, *, buffer: int | None = None
) -> socket.socket:
    opened = socket.socket()
    if buffer is not None:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    opened.settimeout(_PATIENCE)
    opened.connect(("127.0.0.1", port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.send(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    answer = _read_until(opened, b"\r\n\r\n")
    if b" 101 " not in answer.partition(b"\r\n")[0]:
        raise ConnectionError(answer.decode(errors="replace"))
    if greet is not None:
        greet(opened)
    return opened


def _read_until(opened: socket.socket, mark: bytes) -> bytes:
    read = b""
    while mark not in read:
        more = opened.recv(4096)
        if not more:
            raise ConnectionError(f"closed after {read!r}")
        read += more
    return read
