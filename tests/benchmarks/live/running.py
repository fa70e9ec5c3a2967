"""A server in a process of its own, what it costs, and how events are put into it."""

import json
import os
import select
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from imagechat_tui.protocol import codec
from tests.benchmarks.live.accounting import processor_seconds, processors, resident_bytes
from tests.benchmarks.live.peers import Kind
from tests.benchmarks.live.stage import event, words
from tests.benchmarks.live.viewers import Crowd, greet_socket_io

_PATIENCE: Final = 20.0


@dataclass(frozen=True, kw_only=True)
class Running:
    """A started server."""

    kind: Kind
    port: int
    pid: int
    say: Callable[[int], None]
    """Publish an event; the moment in ns is its stamp."""

    def join(self, crowd: Crowd, count: int) -> None:
        """So many more viewers."""
        crowd.join(self.port, self.kind.path, count, greet=greet_socket_io if self.kind.engine_io else None)

    def stall(self, crowd: Crowd, count: int) -> None:
        """So many more that never read."""
        crowd.stall(self.port, self.kind.path, count, greet=greet_socket_io if self.kind.engine_io else None)

    @property
    def processor_seconds(self) -> float:
        """What it has cost so far."""
        return processor_seconds(self.pid)

    @property
    def resident_bytes(self) -> int:
        """Its memory."""
        return resident_bytes(self.pid)


@contextmanager
def running(kind: Kind, folder: Path, *, text: int = 118) -> Iterator[Running]:
    """Start it on one processor; the load has the other.

    Args:
        kind: Which one.
        folder: Where peers are installed.
        text: Characters of every event's text.

    Raises:
        MissingError: It cannot be had here.
    """
    command = list(kind.command(folder, text))
    first, *others = processors()
    port = None
    if kind.posts:
        port = _free_port()
        settings = folder / "nchan" / "nginx.conf"
        settings.write_text(settings.read_text().replace("PORT", str(port)))
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | kind.environment(folder)
    )
    try:
        if others:
            os.sched_setaffinity(process.pid, {first})
            os.sched_setaffinity(0, others)
        assert process.stdin is not None
        assert process.stdout is not None
        if port is None:
            port = int(json.loads(process.stdout.readline())["port"])
            pipe = process.stdin.fileno()
            yield Running(kind=kind, port=port, pid=process.pid, say=lambda stamp: _write_all(pipe, b"%d\n" % stamp))
        else:
            with _connected(port) as opened:
                yield Running(kind=kind, port=port, pid=process.pid, say=_poster(opened, words(text)))
    finally:
        os.sched_setaffinity(0, {first, *others})
        process.kill()
        process.communicate()


def _write_all(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]


def _poster(opened: socket.socket, text: str) -> Callable[[int], None]:
    """Post events over one connection without waiting for the answers."""

    def say(stamp: int) -> None:
        body = codec.encode_frame(event(stamp, text))
        opened.sendall(b"POST /pub HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        while select.select([opened], [], [], 0)[0] and opened.recv(65_536):
            pass

    return say


@contextmanager
def _connected(port: int) -> Iterator[socket.socket]:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            opened = socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
            continue
        with opened:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield opened
        return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
