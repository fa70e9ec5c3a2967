"""One room: what a delivered event costs, what stalled viewers do to the others, what idle ones cost."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.live.peers import Kind
from tests.benchmarks.live.running import running
from tests.benchmarks.live.viewers import Crowd, crowd

_CATCH_UP: Final = 8.0
"""Seconds for a server that cannot keep up to deliver the rest; what is missing then is shown."""
_PRESENCE: Final = 1.0
"""Seconds until everybody has been told of the arrivals of a round."""

STALL_TEXT: Final = 8_000
"""Characters of an event's text where some viewers stall: large, so that the kernel's buffers fill within seconds."""


@dataclass(frozen=True, kw_only=True)
class Fanout:
    """One round of one server."""

    server: str
    microseconds_per_delivery: float
    p50_ms: float
    p99_ms: float
    bytes_per_delivery: float
    delivered_percent: float
    load_busy_percent: float
    """Processor time of the load generator, in percent of one processor."""


@dataclass(frozen=True, kw_only=True)
class Stalled:
    """One round with and without viewers who do not read; of the others."""

    server: str
    p99_ms: float
    p99_ms_with_stalled: float
    ratio: float
    megabytes_more: float
    """Memory of the server, stalled against not."""


@dataclass(frozen=True, kw_only=True)
class Idle:
    """What connections cost that nobody uses."""

    server: str
    kilobytes_each: float
    processor_percent: float


def fan_out(kind: Kind, folder: Path, *, viewers: int, rate: float, seconds: float) -> Fanout:
    """So many events per second to so many viewers."""
    with running(kind, folder) as server, crowd() as people:
        server.join(people, viewers)
        people.pump(_PRESENCE)
        received, began = people.received, time.monotonic()
        cost, own = server.processor_seconds, time.process_time()
        events = people.publish(server.say, rate=rate, seconds=seconds)
        people.pump(_CATCH_UP, done=lambda: people.caught_up(events))
        people.pump(0.05)  # Those who look for no stamps.
        took = time.monotonic() - began
        cost, own = server.processor_seconds - cost, time.process_time() - own
        delays = people.take_delays()
        readers = sum(viewer.reads for viewer in people.viewers)
        return Fanout(
            server=kind.name,
            microseconds_per_delivery=cost / (events * viewers) * 1e6,
            p50_ms=delays[len(delays) // 2],
            p99_ms=delays[len(delays) * 99 // 100],
            bytes_per_delivery=(people.received - received) / (events * viewers),
            delivered_percent=len(delays) / (events * readers) * 100,
            load_busy_percent=own / took * 100,
        )


def stalled(kind: Kind, folder: Path, *, viewers: int, rate: float, seconds: float) -> Stalled:
    """The same, without and with a tenth who never read."""
    p99, memory = {}, {}
    for part in (0, viewers // 10):
        with running(kind, folder, text=STALL_TEXT) as server, crowd() as people:
            server.join(people, viewers - part)
            server.stall(people, part)
            people.pump(_PRESENCE)
            before = server.resident_bytes
            p99[part] = _p99(people, server.say, rate=rate, seconds=seconds)
            memory[part] = server.resident_bytes - before
    without, having = p99.values()
    return Stalled(
        server=kind.name,
        p99_ms=without,
        p99_ms_with_stalled=having,
        ratio=having / without,
        megabytes_more=(memory[viewers // 10] - memory[0]) / 1e6,
    )


def _p99(people: Crowd, say: Callable[[int], None], *, rate: float, seconds: float) -> float:
    events = people.publish(say, rate=rate, seconds=seconds)
    people.pump(_CATCH_UP, done=lambda: people.caught_up(events))
    delays = people.take_delays()
    return delays[len(delays) * 99 // 100]


def idle(kind: Kind, folder: Path, *, connections: int, seconds: float) -> Idle:
    """Memory and processor of connections at rest; pings are answered."""
    with running(kind, folder) as server, crowd() as people:
        server.join(people, 50)
        people.pump(1)
        before = server.resident_bytes
        server.join(people, connections)
        people.pump(7)  # Presence of so many arrivals is told within five seconds.
        grown = server.resident_bytes - before
        cost = server.processor_seconds
        people.pump(seconds)
        return Idle(
            server=kind.name,
            kilobytes_each=grown / connections / 1024,
            processor_percent=(server.processor_seconds - cost) / seconds * 100,
        )
