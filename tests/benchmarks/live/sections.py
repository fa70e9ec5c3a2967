"""The sections of the benchmark: what each measures, how often, and the table that comes of it."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.live import growth as growing
from tests.benchmarks.live import large as many
from tests.benchmarks.live import rooms, screens, starting
from tests.benchmarks.live.peers import BATCHED, OURS, Kind, MissingError
from tests.benchmarks.live.tables import Table, figure, summary


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured."""

    peers: Path
    kinds: tuple[Kind, ...]
    short: bool

    @property
    def few(self) -> tuple[Kind, ...]:
        """The servers of a section that takes long: ours alone in the short form."""
        return (BATCHED,) if self.short else self.kinds

    @property
    def rounds(self) -> int:
        """Turns of every server."""
        return 1 if self.short else 5


def _in_turns(plan: Plan, measure: Callable[[Kind], Any], kinds: tuple[Kind, ...]) -> Iterator[list[Any]]:
    """Rounds by server, interleaved; who cannot be had here is named on stderr and left out."""
    found: dict[str, list[Any]] = {}
    missing: set[str] = set()
    for _ in range(plan.rounds):
        for kind in kinds:
            if kind.name in missing:
                continue
            try:
                found.setdefault(kind.name, []).append(measure(kind))
            except MissingError as problem:
                missing.add(kind.name)
                found.pop(kind.name, None)
                print(f"left out: {kind.name}: {problem}", file=sys.stderr)
    yield from found.values()


def fan_out(plan: Plan) -> Iterator[Table]:
    """One room, everybody gets every event."""
    viewers, rate, seconds = 200, 500, 1.0 if plan.short else 5.0
    measure = partial(rooms.fan_out, folder=plan.peers, viewers=viewers, rate=rate, seconds=seconds)
    yield Table(
        title="Fan-out",
        note=f"{viewers} viewers, {rate} events/s of about 600 bytes, {seconds:g} s, {plan.rounds} rounds.",
        rows=[summary(rounds) for rounds in _in_turns(plan, measure, plan.kinds)],
    )


def stalled(plan: Plan) -> Iterator[Table]:
    """A tenth of the viewers never reads."""
    viewers, rate, seconds = 50, 100, 3.0 if plan.short else 8.0
    measure = partial(rooms.stalled, folder=plan.peers, viewers=viewers, rate=rate, seconds=seconds)
    yield Table(
        title="A tenth of the viewers stalls",
        note=f"{viewers} viewers, {rate} events/s of 16 kB, {seconds:g} s, {plan.rounds} rounds; delay of the others.",
        rows=[summary(rounds) for rounds in _in_turns(plan, measure, plan.few)],
    )


def idle(plan: Plan) -> Iterator[Table]:
    """Connections at rest."""
    connections, seconds = (300, 3.0) if plan.short else (1_000, 30.0)
    measure = partial(rooms.idle, folder=plan.peers, connections=connections, seconds=seconds)
    yield Table(
        title="Idle connections",
        note=f"{connections} connections, {seconds:g} s, {plan.rounds} rounds.",
        rows=[summary(rounds) for rounds in _in_turns(plan, measure, plan.few)],
    )


def paint(plan: Plan) -> Iterator[Table]:
    """A remote event until the terminal has it."""
    events = 6 if plan.short else 40
    found = asyncio.run(screens.paint(events))
    rows = []
    for program in ("minimal", "ours"):
        taken = [each.milliseconds for each in found if each.program == program]
        rows.append({"program": program, "milliseconds": figure(taken)})
    yield Table(
        title="A remote event, from the server's write to its words leaving the terminal",
        note=f"{events} events in turns; minimal: a bare websockets server and a Textual app with one line.",
        rows=rows,
    )


def flood(plan: Plan) -> Iterator[Table]:
    """A thousand events within a second, while somebody moves the crosshair."""
    found = [asyncio.run(screens.flood()) for _ in range(plan.rounds)]
    yield Table(title="A flood", note=f"{plan.rounds} rounds, ten key presses in each.", rows=[summary(found)])


def rest(plan: Plan) -> Iterator[Table]:
    """The app with an open board and nothing going on."""
    seconds = 5.0 if plan.short else 60.0
    found = [asyncio.run(screens.rest(seconds)) for _ in range(1 if plan.short else 3)]
    yield Table(title="The app at rest", note=f"{len(found)} rounds of {seconds:g} s.", rows=[summary(found)])


def start(plan: Plan) -> Iterator[Table]:
    """From the start of a process to what was wanted of it."""
    rounds = 3 if plan.short else 15
    found = asyncio.run(starting.starts(rounds))
    rows = [
        {"what": name, "milliseconds": figure(taken), "times its measure": starting.ratio(found, name)}
        for name, taken in found.items()
    ]
    yield Table(
        title="Start",
        note=f"{rounds} rounds in turns; help is measured by `{starting.BARE}`, the picture by {starting.LEAST}.",
        rows=rows,
    )


def growth(plan: Plan) -> Iterator[Table]:
    """The same work beside ever more of everything."""
    most = 3 if plan.short else 7
    note = "Processor time of one change, of one frame, and of reading the last hundred events; groups of 32."
    sizes = {
        "Markers on a board": (growing.by_markers, (10, 100, 1_000, 10_000)),
        "Boards": (growing.by_boards, (1, 10, 100, 1_000, 10_000)),
        "Events in the log": (growing.by_log, (1_000, 10_000, 100_000, 1_000_000)),
    }
    for title, (measure, counts) in sizes.items():
        yield Table(title=title, note=note, rows=[summary([cost]) for cost in measure(counts[:most])])
    if plan.short:
        return
    rows = []
    for viewers in (10, 100, 500, 2_000):
        rate = min(200, 40_000 // viewers)
        rounds = [rooms.fan_out(OURS, plan.peers, viewers=viewers, rate=rate, seconds=3.0) for _ in range(3)]
        rows.append({"viewers": f"{viewers:,}", "events per second": str(rate), **summary(rounds)})
    yield Table(title="Viewers of a room", note="Single frames, 3 s, 3 rounds.", rows=rows)


def large(plan: Plan) -> Iterator[Table]:
    """A board with very many markers."""
    counts = (10, 1_000 if plan.short else 10_000)
    rows = [summary([asyncio.run(many.large(markers))]) for markers in counts]
    yield Table(
        title="A large board in the app",
        note="Processor ms of the app: its whole start, then one press of each kind.",
        rows=rows,
    )


SECTIONS: Final[dict[str, Callable[[Plan], Iterator[Table]]]] = {
    "fan-out": fan_out,
    "stalled": stalled,
    "idle": idle,
    "paint": paint,
    "flood": flood,
    "rest": rest,
    "start": start,
    "growth": growth,
    "large": large,
}
