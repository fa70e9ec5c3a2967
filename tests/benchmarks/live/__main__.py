"""The live path, measured against peers: ``python -m tests.benchmarks.live [--short] [--only SECTION] [--json FILE]``.

Prints one table per section as Markdown while it goes, and writes all of them as JSON. Peers are installed into
``--peers FOLDER`` when they are missing. Rounds of all servers take turns; a figure is the median, with the least and
the most in brackets. A server has one processor to itself and the load generator the other, whose own share is shown.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.live import rooms
from tests.benchmarks.live.peers import BATCHED, OURS, PEERS, Kind, MissingError
from tests.benchmarks.live.tables import Table, summary

_CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "imagechat-benchmarks"


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


SECTIONS: Final[dict[str, Callable[[Plan], Iterator[Table]]]] = {"fan-out": fan_out, "stalled": stalled, "idle": idle}


def main() -> None:
    """Read the flags, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.live", description=__doc__)
    parser.add_argument("--short", action="store_true", help="one round, less of everything: below two minutes")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="a section; may be given again")
    parser.add_argument("--ours", action="store_true", help="no peers")
    parser.add_argument("--peers", type=Path, default=_CACHE, help="where peers are installed (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write all tables to this file as well")
    chosen = parser.parse_args()
    plan = Plan(
        peers=chosen.peers.absolute(), kinds=(OURS, BATCHED, *(() if chosen.ours else PEERS)), short=chosen.short
    )
    tables: list[Table] = []
    now = datetime.now(UTC)
    print(f"Taken {now:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors, Python {platform.python_version()}\n")
    for name in chosen.only or SECTIONS:
        began = time.monotonic()
        for table in SECTIONS[name](plan):
            tables.append(table)
            print(table.markdown(), flush=True)
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    if chosen.json is not None:
        taken = {"taken": f"{now:%Y-%m-%dT%H:%MZ}", "processors": os.cpu_count()}
        chosen.json.write_text(json.dumps(taken | {"tables": [table.plain() for table in tables]}, indent=1))


if __name__ == "__main__":
    main()
