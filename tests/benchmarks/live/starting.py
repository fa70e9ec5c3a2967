"""From the start of a process to what was wanted of it: help, the first picture, an answer of the local server."""

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from imagechat_tui.client.local import RUNTIME_FILE, LocalServer
from tests.benchmarks.live.tables import Figure, figure
from tests.benchmarks.live.terminals import on_terminal
from tests.benchmarks.mockups import interfaces
from tests.cli.commands import COMMAND, ROOT, environment

_BLOCKS: Final = re.compile(rb"\xe2\x96[\x80-\x9f]|\xf0\x9f\xac|\xf0\x9c")
_PICTURE: Final = 300
"""Cells with picture glyphs from which on a picture is on the screen."""

BARE, HELP = "python -c pass", "imagechat --help"
LEAST, WARM, COLD = (
    "a Textual app of one line",
    "imagechat open, server running",
    "imagechat open, server to be started",
)
SERVER = "local server, from being needed to its first answer"
_MEASURES: Final = {HELP: BARE, WARM: LEAST, COLD: LEAST}


def ratio(found: dict[str, list[float]], name: str) -> Figure | str:
    """How many times as long as what it is measured by, round by round."""
    measure = _MEASURES.get(name)
    if measure is None:
        return ""
    return figure([mine / statistics.median(found[measure]) for mine in found[name]])


async def starts(rounds: int) -> dict[str, list[float]]:
    """Milliseconds by what was started, in turns."""
    found: dict[str, list[float]] = {name: [] for name in (BARE, HELP, LEAST, WARM, COLD, SERVER)}
    with TemporaryDirectory() as name:
        home = Path(name)
        interfaces()["table"].save(home / "table.png")
        try:
            for number in range(rounds):
                await _round(found, home, number)
        finally:
            _end_servers(home)
    return found


async def _round(found: dict[str, list[float]], home: Path, number: int) -> None:
    help_command = Path(sys.executable).with_name("imagechat")
    minimal = (sys.executable, "-m", "tests.benchmarks.live.minimal")
    found[BARE].append(_run(sys.executable, "-c", "pass", home=home))
    found[HELP].append(_run(str(help_command), "--help", home=home))
    found[LEAST].append(await _painted(minimal, home, re.compile(b"hello"), 1))
    fresh = home / str(number)
    fresh.mkdir()
    opened = (*COMMAND, "open", str(home / "table.png"))
    found[COLD].append(await _painted(opened, fresh, _BLOCKS, _PICTURE))
    found[WARM].append(await _painted(opened, fresh, _BLOCKS, _PICTURE))
    found[SERVER].append(await _server(home / f"{number}-server"))


def _run(*command: str, home: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment(home), stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    return (time.perf_counter() - began) * 1000


async def _painted(command: Sequence[str], home: Path, sign: "re.Pattern[bytes]", count: int) -> float:
    variables = environment(home, TERM="xterm-256color", COLORTERM="truecolor")
    began = time.monotonic()
    async with on_terminal(command, variables=variables, cwd=ROOT) as terminal:
        await terminal.until(lambda: len(sign.findall(terminal.raw)) >= count)
        took = terminal.arrivals[-1][0] - began
        terminal.press(b"q")
        await terminal.until(lambda: terminal.process.poll() is not None or b"1049l" in terminal.raw)
        return took * 1000


async def _server(home: Path) -> float:
    """The client's own way to the local server, in this process."""
    began = time.monotonic()
    await LocalServer(home).find_or_start()
    return (time.monotonic() - began) * 1000


def _end_servers(home: Path) -> None:
    """Local servers outlive the apps that started them."""
    for file in home.rglob(RUNTIME_FILE):
        os.kill(json.loads(file.read_text())["pid"], signal.SIGKILL)
