"""How long the app's event loop is blocked at most: by a large photo, very many markers, a flood, every kind of key.

``python -m tests.benchmarks.loop [--rounds N] [--markers N] [--short] [--json FILE]``: prints a table as Markdown and
decides nothing. The real app runs in new processes, without a terminal, before a real server in another one
(``loop_stage``). A figure is the longest single step of the loop, in ms: of the main thread's processor time, which
other programs cannot make longer, and of the clock, which they can; the middle of the rounds, with the least and the
most in brackets. Everything that keeps a key waiting is in such a step; what runs in threads is not.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from tests.benchmarks.live.tables import Cell, Table, figure
from tests.cli.commands import environment

GOAL: Final = 50
"""Milliseconds that nothing may block the loop for."""
_FEWER: Final = 3_000
"""Markers of the short form."""
_STAGE: Final = (sys.executable, "-m", "tests.benchmarks.loop_stage")


def main() -> None:
    """Read the flags, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.loop", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--markers", type=int, default=10_000)
    parser.add_argument("--short", action="store_true", help="one round with fewer markers: below half a minute")
    parser.add_argument("--json", type=Path, help="write the table to this file as well")
    chosen = parser.parse_args()
    rounds, markers = (1, _FEWER) if chosen.short else (chosen.rounds, chosen.markers)
    table = measure(rounds=rounds, markers=markers)
    print(table.markdown())
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(table.plain(), indent=2) + "\n")


def measure(*, rounds: int, markers: int) -> Table:
    """All scenes, so many times."""
    found: dict[str, list[dict[str, float]]] = {}
    with TemporaryDirectory() as name, _served(Path(name), markers) as (links, orders):
        for _ in range(rounds):
            for scene, link in links.items():
                for row in _scene(Path(name), [scene, link], orders):
                    found.setdefault(row["scene"], []).append(row)
    rows: list[dict[str, Cell]] = [
        {
            "scene": scene,
            "processor ms": figure([each["cpu"] for each in each_round]),
            "clock ms": figure([each["wall"] for each in each_round]),
            f"steps above {GOAL} ms": figure([each["long"] for each in each_round]),
        }
        for scene, each_round in found.items()
    ]
    note = (
        f"The longest step of the loop, in {rounds} round{'s' * (rounds > 1)}; a photo of 27 megapixels, a board of "
        f"{markers:,} markers, 1,000 events within a second. The goal is {GOAL} ms."
    )
    return Table(title="How long the event loop is blocked", note=note, rows=rows)


@contextmanager
def _served(folder: Path, markers: int) -> Iterator[tuple[dict[str, str], IO[str]]]:
    """A server with the boards; their links, and where it takes orders."""
    server = subprocess.Popen(
        [*_STAGE, "serve", str(folder / "server"), str(markers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        links: dict[str, str] = json.loads(server.stdout.readline())
        yield links, server.stdin
    finally:
        server.stdin.close()
        server.wait()


def _scene(folder: Path, words: list[str], orders: IO[str]) -> Iterator[dict[str, Any]]:
    """The app in a new process; it orders floods."""
    app = subprocess.Popen(
        [*_STAGE, "app", *words], stdout=subprocess.PIPE, text=True, env=environment(folder, TERM="xterm-256color")
    )
    assert app.stdout is not None
    for line in app.stdout:
        row: dict[str, Any] = json.loads(line)
        if "order" in row:
            orders.write(row["order"] + "\n")
            orders.flush()
        else:
            yield row
    if app.wait():
        raise SystemExit(f"the app ended with {app.returncode}")


if __name__ == "__main__":
    main()
