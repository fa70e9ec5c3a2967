"""The simulator by command: many schedules, what they contained, and the first one that broke something, shrunk."""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from imagechat_tui.client.trace import read_report
from imagechat_tui.errors import ProtocolError
from tests.simulation.demands import Broken
from tests.simulation.driver import Schedule, Tally, make, play, play_slice, shrink
from tests.simulation.replay import Replay

SLICE = 200
"""Schedules between two looks at the clock."""

TELL_EVERY = 60.0
"""Seconds between two lines that say how far a long run is."""


def report(tally: Tally, *, seconds: float) -> str:
    """What a number of runs contained, in lines."""
    lines = [f"{tally.schedules} schedules, {tally.inputs} inputs, {tally.events} events"]
    lines.append(f"{tally.schedules / seconds:.0f} schedules/s, {tally.schedules / tally.cpu:.0f} per second of a core")
    lines.append("operations: " + ", ".join(f"{count} {name}" for name, count in sorted(tally.outcomes.items())))
    lines.append("faults: " + ", ".join(f"{count} {name}" for name, count in tally.faults.most_common()))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play schedules; 0 when all of them held."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=main.__doc__)
    parser.add_argument("--schedules", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1, help="the first schedule's; the others follow")
    parser.add_argument("--seconds", type=float, default=None, help="stop after this time")
    parser.add_argument("--steps", type=int, default=40, help="things that happen in one schedule")
    parser.add_argument("--jobs", type=int, default=1, help="processes that share the schedules")
    parser.add_argument("--trace", action="store_true", help="play the first schedule only and print every input")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="play the report of a user and print every input")
    chosen = parser.parse_args(arguments)
    if chosen.replay is not None:
        return _replay(chosen.replay)
    if chosen.trace:
        return _trace(chosen.seed, steps=chosen.steps)
    tally = Tally()
    began = told = time.monotonic()
    for part, broken_seed in _parts(chosen):
        if broken_seed is not None:
            return _explain(make(broken_seed, steps=chosen.steps))
        tally.include(part)
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            print(f"{tally.schedules} of {chosen.schedules} schedules held", file=sys.stderr, flush=True)
        if chosen.seconds is not None and time.monotonic() - began >= chosen.seconds:
            break
    print(report(tally, seconds=time.monotonic() - began))
    return 0


def _parts(chosen: argparse.Namespace) -> Iterator[tuple[Tally, int | None]]:
    """The schedules a slice at a time, in the order of their seeds: what each contained, and a seed that broke."""
    end = chosen.seed + chosen.schedules
    slices = ((first, min(first + SLICE, end), chosen.steps) for first in range(chosen.seed, end, SLICE))
    if chosen.jobs == 1:
        yield from map(play_slice, slices)
        return
    with multiprocessing.get_context("spawn").Pool(chosen.jobs) as pool:
        # A few slices ahead of what is asked for, so that a run with a time limit ends soon after it.
        while ahead := list(islice(slices, 4 * chosen.jobs)):
            yield from pool.imap(play_slice, ahead)


def _explain(schedule: Schedule) -> int:
    """Print the broken schedule, and its shortest form."""
    shorter, why = shrink(schedule)
    print(f"seed {schedule.seed} breaks, shrunk:\n{shorter.story()}\n{why}")
    return 1


def _replay(report: Path) -> int:
    try:
        found = read_report(report.read_bytes())
        Replay(tracing=True).play(found)
    except (Broken, OSError, ProtocolError) as problem:
        print(problem)
        return 1
    print(f"{len(found.entries)} inputs played; every invariant held")
    return 0


def _trace(seed: int, *, steps: int) -> int:
    try:
        play(make(seed, steps=steps), tracing=True)
    except Broken as broken:
        print(broken)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
