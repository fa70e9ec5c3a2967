"""Fan-out of the live socket against ``websockets.broadcast`` in the same run, and what an idle connection costs.

``python -m tests.benchmarks.fanout`` prints one Markdown table; ``--json`` prints the rows as JSON. Servers run in
processes of their own on uvloop; CPU is what the operating system charged them. Viewers are bare sockets that count
bytes, so that the load generator is not the bottleneck. Rounds are interleaved, medians are shown.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import msgspec
import uvloop

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import NewComment
from imagechat_tui.server.hub.frames import text_frame
from tests.server.live_world import BOARD, WINDOW, full_comment, logged

KINDS = ("ours, single frames", "ours, 20 ms batches", "websockets.broadcast")
_STAMP = len('"broadcastId":"')


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured round."""

    server: str
    viewers: int
    events_per_second: int
    deliveries_per_second: float
    microseconds_per_delivery: float
    p50_ms: float
    p99_ms: float
    bytes_per_event: float


@dataclass(frozen=True, kw_only=True)
class Idle:
    """What connections cost that nobody uses."""

    server: str
    connections: int
    kilobytes_each: float
    cpu_percent: float


def event(stamp: int) -> NewComment:
    """A comment of about 400 bytes on the wire; the stamp is the moment of its publication in ns."""
    comment = full_comment(f"c{stamp}", text="The label touches the edge of the card on a narrow window. " * 2)
    return NewComment(comment=comment, timestamp=stamp // 1_000_000, broadcast_id=f"{stamp:020d}")


# The servers ---------------------------------------------------------------------------------------------------------


async def serve_ours() -> None:
    """The live socket on uvicorn, with a gate that lets everybody in."""
    from imagechat_tui.server.hub import HubSettings
    from tests.server.live_world import world

    async with world(rooms=HubSettings()) as here:
        seq = 0

        def publish(stamp: int) -> None:
            nonlocal seq
            seq += 1
            here.hub.publish([logged(event(stamp), seq=seq)])

        await obey(here.port, publish, lambda: here.hub.sockets)


async def serve_peer() -> None:
    """The library's own server and its own broadcast."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    connections: set[ServerConnection] = set()

    async def keep(connection: ServerConnection) -> None:
        connections.add(connection)
        try:
            await connection.wait_closed()
        finally:
            connections.discard(connection)

    async with serve(keep, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]

        def publish(stamp: int) -> None:
            broadcast(connections, codec.encode_frame(event(stamp)).decode())

        await obey(port, publish, lambda: len(connections))


async def obey(port: int, publish: Callable[[int], None], sockets: Callable[[], int]) -> None:
    """Say the port; then carry out one order per line: ``publish RATE SECONDS`` or ``rest SECONDS``."""
    print(json.dumps({"port": port}), flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while order := (await reader.readline()).decode().split():
        begun, at = time.process_time(), time.monotonic()
        published = 0
        if order[0] == "publish":
            published = await _publish(publish, rate=int(order[1]), seconds=float(order[2]))
        else:
            await asyncio.sleep(float(order[1]))
        report = {
            "published": published,
            "cpu": time.process_time() - begun,
            "seconds": time.monotonic() - at,
            "rss": _resident(),
            "sockets": sockets(),
        }
        print(json.dumps(report), flush=True)


async def _publish(publish: Callable[[int], None], *, rate: int, seconds: float) -> int:
    """Events one by one, evenly spread."""
    begun = time.monotonic()
    count = int(rate * seconds)
    for number in range(count):
        publish(time.monotonic_ns())
        ahead = begun + (number + 1) / rate - time.monotonic()
        await asyncio.sleep(max(0.0, ahead))
    return count


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


# The viewers ---------------------------------------------------------------------------------------------------------


class Viewer(asyncio.Protocol):
    """A bare socket that asks for the upgrade and then counts bytes; some of them read the stamps."""

    def __init__(self, path: str, *, reads: bool, ready: Callable[[], None]) -> None:
        self.received = 0
        self.delays: list[float] = []
        self._path = path
        self.reads = reads
        self._ready: Callable[[], None] | None = ready

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.WriteTransport, transport).write(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self._ready is not None:
            self._ready()
            self._ready = None
            return
        self.received += len(data)
        if self.reads:
            now = time.monotonic_ns()
            at = data.find(b'"broadcastId":"')
            while at >= 0:
                self.delays.append((now - int(data[at + _STAMP : at + _STAMP + 20])) / 1e6)
                at = data.find(b'"broadcastId":"', at + _STAMP)


async def connect(port: int, path: str, count: int) -> list[tuple[asyncio.Transport, Viewer]]:
    """So many viewers, all of them connected; every twentieth reads the stamps."""
    loop = asyncio.get_running_loop()
    joined: list[tuple[asyncio.Transport, Viewer]] = []
    for number in range(count):
        ready = asyncio.Event()
        transport, viewer = await loop.create_connection(
            lambda reads=number % 20 == 0, ready=ready: Viewer(path, reads=reads, ready=ready.set),  # type: ignore[misc] # the defaults bind the loop's values
            "127.0.0.1",
            port,
        )
        joined.append((transport, viewer))
        async with asyncio.timeout(10):
            await ready.wait()
    return joined


# The rounds ----------------------------------------------------------------------------------------------------------


def path_of(kind: str) -> str:
    """The address at which a server delivers in this way."""
    if "batches" in kind:
        return f"/sub?tenantIdWS=acme&urlId={BOARD}&userIdWS=&scope=board&batch=1"
    return f"/sub?tenantIdWS=acme&urlId={WINDOW}&userIdWS="


async def with_server(kind: str, use: Callable[["asyncio.subprocess.Process", int], Awaitable[None]]) -> None:
    """Run a server in a process of its own while ``use`` works with it."""
    which = "peer" if kind.startswith("websockets") else "ours"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.fanout", "--serve", which,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        port = json.loads(await process.stdout.readline())["port"]
        await use(process, port)
    finally:
        process.kill()
        await process.wait()


async def order(process: asyncio.subprocess.Process, words: str) -> dict[str, float]:
    """Have a server do something, and what it reports."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{words}\n".encode())
    report: dict[str, float] = json.loads(await process.stdout.readline())
    return report


async def measure(kind: str, *, viewers: int, rate: int, seconds: float) -> Row:
    """One round of one server."""
    rows: list[Row] = []

    async def use(process: asyncio.subprocess.Process, port: int) -> None:
        joined = await connect(port, path_of(kind), viewers)
        await order(process, "rest 1")
        before = sum(viewer.received for _, viewer in joined)
        report = await order(process, f"publish {rate} {seconds}")
        expected = int(report["published"])
        async with asyncio.timeout(10):
            while any(len(viewer.delays) < expected for _, viewer in joined if viewer.reads):  # noqa: ASYNC110 - sockets count, nobody announces
                await asyncio.sleep(0.05)
        size = sum(viewer.received for _, viewer in joined) - before
        delays = sorted(delay for _, viewer in joined for delay in viewer.delays)
        deliveries = expected * viewers
        rows.append(
            Row(
                server=kind,
                viewers=viewers,
                events_per_second=rate,
                deliveries_per_second=deliveries / report["seconds"],
                microseconds_per_delivery=report["cpu"] / deliveries * 1e6,
                p50_ms=delays[len(delays) // 2],
                p99_ms=delays[len(delays) * 99 // 100],
                bytes_per_event=size / deliveries,
            )
        )
        for transport, _ in joined:
            transport.abort()

    await with_server(kind, use)
    return rows[0]


async def measure_idle(kind: str, *, connections: int, seconds: float) -> Idle:
    """What open and silent connections cost."""
    found: list[Idle] = []

    async def use(process: asyncio.subprocess.Process, port: int) -> None:
        warm = await connect(port, path_of(kind), 50)
        before = await order(process, "rest 1")
        joined = await connect(port, path_of(kind), connections)
        after = await order(process, "rest 7")  # Presence of so many arrivals is told within five seconds.
        resting = await order(process, f"rest {seconds}")
        found.append(
            Idle(
                server=kind,
                connections=connections,
                kilobytes_each=(after["rss"] - before["rss"]) / connections / 1024,
                cpu_percent=resting["cpu"] / resting["seconds"] * 100,
            )
        )
        for transport, _ in [*warm, *joined]:
            transport.abort()

    await with_server(kind, use)
    return found[0]


def median(rows: list[Row]) -> Row:
    """The middle of several rounds, figure by figure."""
    first = asdict(rows[0])
    middle = {
        name: statistics.median(getattr(row, name) for row in rows) if isinstance(value, float) else value
        for name, value in first.items()
    }
    return msgspec.convert(middle, Row)


async def run(arguments: argparse.Namespace) -> None:
    """All rounds, then the table."""
    assert len(text_frame(codec.encode_frame(event(0)))) > 0
    rounds: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for _ in range(arguments.rounds):
        for kind in KINDS:
            rounds[kind].append(
                await measure(kind, viewers=arguments.viewers, rate=arguments.rate, seconds=arguments.seconds)
            )
    rows = [median(found) for found in rounds.values()]
    idle = [await measure_idle(kind, connections=arguments.idle, seconds=arguments.rest) for kind in KINDS[1:]]
    if arguments.json:
        print(json.dumps([*map(asdict, rows), *map(asdict, idle)]))
        return
    print(f"{arguments.viewers} viewers, {arguments.rate} events/s, {arguments.rounds} rounds\n")
    print("| server | deliveries/s | us / delivery | p50 / p99 ms | bytes / event |\n|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.server} | {row.deliveries_per_second:,.0f} | {row.microseconds_per_delivery:.1f} "
            f"| {row.p50_ms:.1f} / {row.p99_ms:.1f} | {row.bytes_per_event:.0f} |"
        )
    print(f"\n{arguments.idle} idle connections\n\n| server | kB each | CPU % |\n|---|---|---|")
    for at_rest in idle:
        print(f"| {at_rest.server} | {at_rest.kilobytes_each:.1f} | {at_rest.cpu_percent:.2f} |")


def main() -> None:
    """Read the flags."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", choices=("ours", "peer"))
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--idle", type=int, default=1_000)
    parser.add_argument("--rest", type=float, default=20.0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    work = {"ours": serve_ours, "peer": serve_peer}.get(arguments.serve)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work() if work is not None else run(arguments))


if __name__ == "__main__":
    main()
