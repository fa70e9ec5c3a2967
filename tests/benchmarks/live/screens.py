"""What a person sees: a remote event until it is painted, a flood under somebody who types, an app at rest.

The app is the real one, started by its command on a pseudo terminal, before a real server in this process.
"""

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

import pyte
from websockets.asyncio.server import ServerConnection, serve

from imagechat_tui.protocol import paths
from imagechat_tui.server.store import boards
from imagechat_tui.server.store.database import Transaction
from tests.benchmarks.commit import operation
from tests.benchmarks.live.accounting import processor_seconds, switches
from tests.benchmarks.live.terminals import FRAME, SIZE, Terminal, on_terminal
from tests.cli.commands import COMMAND, ROOT, environment
from tests.support.people import Place, make_board
from tests.support.servers import InProcess, in_process

FLOOD: Final = 1_000
"""Events within one second."""
_KEYS: Final = 10
"""Key presses within that second."""
_COORDINATES: Final = re.compile(r"(\d+\.\d) +\d+\.\d ")


@dataclass(frozen=True, kw_only=True)
class Paint:
    """One event, from the server's write to the terminal."""

    program: str
    milliseconds: float


@dataclass(frozen=True, kw_only=True)
class Flood:
    """A second with many events."""

    events: float
    seconds: float
    repaints: float
    key_ms: float
    """The middle of all key presses: until the crosshair's new place is on the screen."""
    slowest_key_ms: float
    slowest_key_ms_before: float
    """The same without any events."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """The app with an open board and nothing going on."""

    processor_percent: float
    wake_ups_per_second: float
    bytes_painted: float


class Prepare(Protocol):
    """Fills a board before the app opens it."""

    def __call__(self, tx: Transaction, /, place: Place) -> None: ...


class _Noted:
    """A transport that notes when something was written."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.wrote = 0.0

    def write(self, data: bytes) -> None:
        self.wrote = time.monotonic()
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The app on a board of a server."""

    server: InProcess
    place: Place
    app: Terminal
    transport: _Noted

    async def pin(self, number: int, words: str) -> str:
        """A marker by somebody else; its id."""
        body = {"urlId": self.place.url_id, "src": self.place.src, "x": 20 + number % 60, "y": 30, "comment": words}
        async with await self.place.tenant.client(self.place.url, "ben") as client:
            answer = await client.post(paths.markers(self.place.tenant.name), json=body | {"broadcastId": words})
            answer.raise_for_status()
            found: str = answer.json()["marker"]["_id"]
            return found


def _nothing(_tx: Transaction, place: Place) -> None:
    """The board is as it is made."""


@asynccontextmanager
async def stage(*, prepare: Prepare = _nothing) -> AsyncIterator[Stage]:
    """A server, a board as ``prepare`` makes it, and the app on it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with in_process(folder / "server") as server:
            tenant = await server.tenant("acme")
            place = await make_board(server.url, tenant)
            await server.running.deps.database.write(partial(prepare, place=place))
            variables = environment(folder, TERM="xterm-256color", COLORTERM="truecolor", TMPDIR=name)
            command = [*COMMAND, "open", place.link]
            async with on_terminal(command, variables=variables, cwd=folder) as app:
                hub = server.running.deps.hub
                while not hub.sockets:  # noqa: ASYNC110 - a socket opens, nobody announces
                    await asyncio.sleep(0.01)
                viewer = next(hub.viewers())
                transport = _Noted(viewer.transport)
                viewer.transport = transport  # type: ignore[assignment] # the same, with a note beside
                await app.settle()
                yield Stage(server=server, place=place, app=app, transport=transport)


async def paint(events: int) -> list[Paint]:
    """So many events for our app and for a minimal one, in turns."""
    found: list[Paint] = []
    sockets: list[ServerConnection] = []

    async def keep(connection: ServerConnection) -> None:
        sockets.append(connection)
        await connection.wait_closed()

    async with stage() as ours, serve(keep, "127.0.0.1", 0, compression=None) as peer:
        port = next(iter(peer.sockets)).getsockname()[1]
        command = [sys.executable, "-m", "tests.benchmarks.live.minimal", f"ws://127.0.0.1:{port}"]
        variables = environment(Path.cwd(), TERM="xterm-256color", COLORTERM="truecolor")
        async with on_terminal(command, variables=variables, cwd=ROOT) as least:
            await least.until(lambda: b"hello" in least.raw and bool(sockets))
            await least.settle()
            for number in range(events):
                found.append(Paint(program="minimal", milliseconds=await _least_paint(least, sockets[0], number)))
                found.append(Paint(program="ours", milliseconds=await _our_paint(ours, number)))
    return found


async def _least_paint(app: Terminal, socket: ServerConnection, number: int) -> float:
    words, before = f"minimal {number:04d}".encode(), len(app.raw)
    began = time.monotonic()
    await socket.send(words.decode())
    await app.until(lambda: app.arrival_of(words, after=before) is not None)
    await app.settle()
    return ((app.arrival_of(words, after=before) or 0.0) - began) * 1000


async def _our_paint(stage: Stage, number: int) -> float:
    app, words = stage.app, f"event {number:04d}"
    before = len(app.raw)
    marker = await stage.pin(number, words)
    await app.until(lambda: app.arrival_of(words.encode(), after=before) is not None)
    began = stage.transport.wrote
    painted = app.arrival_of(words.encode(), after=before) or 0.0
    await app.settle()
    async with await stage.place.tenant.client(stage.place.url, "ben") as client:
        address = paths.image_chat(stage.place.tenant.name, marker)
        gone = await client.delete(address, params={"broadcastId": f"gone {number}"})
        gone.raise_for_status()
    await app.settle()
    return (painted - began) * 1000


async def flood() -> Flood:
    """Many events within a second, while somebody moves the crosshair."""
    async with stage() as here:
        for number in range(5):
            await here.pin(number * 10, f"marker {number}")
        await here.app.settle()
        before = await _keys(here.app, b"l")
        frames = here.app.raw.count(FRAME)
        began = time.monotonic()
        during, sent = await asyncio.gather(_keys(here.app, b"h"), _pour(here))
        await here.app.settle()
        last = here.app.arrivals[-1][0]
        return Flood(
            events=sent,
            seconds=last - began,
            repaints=here.app.raw.count(FRAME) - frames,
            key_ms=sorted(during)[len(during) // 2],
            slowest_key_ms=max(during),
            slowest_key_ms_before=max(before),
        )


async def _pour(stage: Stage) -> int:
    """Changes of markers, evenly over one second, by way of the database."""
    database, tenant = stage.server.running.deps.database, stage.place.tenant.name
    board = await database.read(lambda connection: boards.find(connection, tenant, stage.place.url_id))
    assert board is not None
    began = time.monotonic()
    writes: list[asyncio.Task[int]] = []
    for number in range(FLOOD):
        work = partial(operation, board=board, number=number)
        writes.append(asyncio.create_task(database.write(work)))
        await asyncio.sleep(max(0.0, began + (number + 1) / FLOOD - time.monotonic()))
    await asyncio.gather(*writes)
    return len(writes)


async def _keys(app: Terminal, key: bytes) -> list[float]:
    """Press a key that moves the crosshair, ten times within a second; ms until each step is on the screen."""
    start = len(app.raw)
    pressed: list[float] = []
    for _ in range(_KEYS):
        pressed.append(time.monotonic())
        app.press(key)
        await asyncio.sleep(1 / _KEYS)
    await app.settle()
    seen = list(_places(app, start))
    first, last = seen[0][1], seen[-1][1]
    step = (last - first) / _KEYS
    return [
        (next(moment for moment, x in seen if (x - first) / step > number + 0.5) - press) * 1000
        for number, press in enumerate(pressed)
    ]


def _places(app: Terminal, start: int) -> Iterator[tuple[float, float]]:
    """Where the crosshair stood on the screen before so many bytes, and then after every write of the app."""
    screen = pyte.Screen(*SIZE)
    stream = pyte.ByteStream(screen)
    size, known = 0, False
    for moment, until in app.arrivals:
        if until > start and not known and (found := _COORDINATES.search("\n".join(screen.display))):
            known = True
            yield 0.0, float(found[1])
        stream.feed(bytes(app.raw[size:until]))
        size = until
        if until > start and (found := _COORDINATES.search("\n".join(screen.display))):
            yield moment, float(found[1])


async def rest(seconds: float) -> Rest:
    """Nothing happens for so long."""
    async with stage() as here:
        await here.pin(1, "one comment")
        await asyncio.sleep(5)  # Presence, and whatever the start left to do.
        pid, size = here.app.process.pid, len(here.app.raw)
        cost, woken = processor_seconds(pid), switches(pid)
        await asyncio.sleep(seconds)
        return Rest(
            processor_percent=(processor_seconds(pid) - cost) / seconds * 100,
            wake_ups_per_second=(switches(pid) - woken) / seconds,
            bytes_painted=len(here.app.raw) - size,
        )
