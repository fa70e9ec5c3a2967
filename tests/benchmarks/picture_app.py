"""The picture in the running app: processor time, bytes, delay behind a slow line, and the time to the first picture.

Run as ``python -m tests.benchmarks.picture_app``; prints figures and decides nothing. Every program runs on a pseudo
terminal that answers as a real one does; peers take turns with ours.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.mockups import interfaces

SIZES = {"minimal": (120, 40), "rich-pixels": (120, 40), "ours": (174, 43)}
"""Columns and rows of the terminals: the picture has 120 x 40 cells in each."""
RUNS = 5
FRAMES = 40
RATE, ROUND_TRIP = 200_000, 0.060
"""Bytes per second and seconds of a slow line."""
HELD_SECONDS, REPEAT = 6.0, 1 / 30
"""How long a key is held, and how often it repeats."""
QUIET = 0.25
"""Seconds without output after which a program is taken to be done."""

_ASKED = b"\x1b[6n"
_ANSWER = b"\x1b[1;1R"
_BLOCK = re.compile(rb"\xe2\x96[\x80-\x9f]|\xf0\x9f\xac|\xf0\x9c")
_TICKS = os.sysconf("SC_CLK_TCK")


class Line:
    """A program on a pseudo terminal behind a line of some speed.

    What the program writes arrives at the screen at ``rate`` bytes per second and half a round trip later; answers and
    keys take the other half. Time stamps of arrival are kept.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", master: int, *, rate: float | None = None) -> None:
        self.process = process
        self.shown = bytearray()
        self.arrivals: list[tuple[float, int]] = []
        self._master = master
        self._rate = rate
        self._delay = ROUND_TRIP / 2 if rate else 0.0
        self._free_at = 0.0
        self._on_the_way: deque[tuple[float, bytes]] = deque()
        self._to_program: deque[tuple[float, bytes]] = deque()

    def press(self, keys: bytes) -> None:
        """Type."""
        self._to_program.append((time.monotonic() + self._delay, keys))

    def follow(self, seconds: float) -> None:
        """Carry bytes both ways for a while."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            self._deliver(now)
            # A slow line takes no more than it can carry: the program's own writes wait.
            ready_to_read = self._free_at <= now
            ready, _, _ = select.select([self._master] if ready_to_read else [], [], [], self._nap(now, end))
            if ready and not self._take():
                return

    def settle(self, *, within: float = 30.0) -> None:
        """Follow until nothing has come for a while."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            before = len(self.shown)
            self.follow(QUIET)
            if len(self.shown) == before and not self._on_the_way:
                return

    def until(self, holds: Callable[[], bool], *, within: float = 30.0) -> None:
        """Follow until something holds."""
        deadline = time.monotonic() + within
        while not holds():
            if time.monotonic() > deadline:
                raise TimeoutError(bytes(self.shown[-500:]))
            self.follow(0.002)

    def _nap(self, now: float, end: float) -> float:
        nexts = [queue[0][0] for queue in (self._on_the_way, self._to_program) if queue]
        if self._free_at > now:
            nexts.append(self._free_at)
        return max(0.0, min([end, *nexts]) - now)

    def _take(self) -> bool:
        """Read what the program wrote; ``False`` when it has ended."""
        try:
            data = os.read(self._master, 4096)
        except OSError:
            # Linux reports the end of the other side so.
            return False
        now = time.monotonic()
        if self._rate:
            self._free_at = max(now, self._free_at) + len(data) / self._rate
        self._on_the_way.append((max(now, self._free_at) + self._delay, data))
        return True

    def _deliver(self, now: float) -> None:
        while self._on_the_way and self._on_the_way[0][0] <= now:
            arrived, data = self._on_the_way.popleft()
            before = self.shown[-len(_ASKED) + 1 :]
            self.shown += data
            self.arrivals.append((arrived, len(data)))
            for _ in range((before + data).count(_ASKED)):
                self._to_program.append((now + self._delay, _ANSWER))
        while self._to_program and self._to_program[0][0] <= now:
            os.write(self._master, self._to_program.popleft()[1])


@contextmanager
def program(name: str, file: Path, *, rate: float | None = None) -> Iterator[Line]:
    """One of ``picture_stage`` on a terminal of its size."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *reversed(SIZES[name]), 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_COLOR_SYSTEM": "truecolor"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.picture_stage", name, str(file)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
    )
    os.close(slave)
    line = Line(process, master, rate=rate)
    try:
        yield line
        line.press(b"q")
        line.until(lambda: process.poll() is not None, within=10)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(master)


def first_paint(name: str, file: Path) -> float:
    """Seconds from the start of the process until its first words or blocks are on the screen."""
    start = time.monotonic()
    sign = re.compile(rb"hello") if name == "minimal" else _BLOCK
    with program(name, file) as line:
        line.until(lambda: _many(sign, line.shown, 1 if name == "minimal" else 300))
        return time.monotonic() - start


def _many(sign: "re.Pattern[bytes]", data: bytearray, count: int) -> bool:
    return len(sign.findall(data)) >= count


def _at_work(line: Line, name: str) -> tuple[bytes, bytes]:
    """Wait for the picture, zoom ours to where it can be panned; the keys that pan right and left."""
    line.until(lambda: _many(_BLOCK, line.shown, 300))
    line.settle()
    if name != "ours":
        return b"\x1b[C", b"\x1b[C"
    line.press(b"1++")
    line.settle()
    return b"\x1b[1;5C", b"\x1b[1;5D"


def panning(name: str, file: Path) -> tuple[float, float]:
    """Milliseconds of processor time and bytes per step of a pan over a zoomed picture."""
    with program(name, file) as line:
        right, left = _at_work(line, name)
        began, written = _processor_seconds(line.process.pid), len(line.shown)
        for frame in range(FRAMES):
            before = len(line.shown)
            line.press(right if frame % 20 < 10 else left)
            line.until(lambda before=before: len(line.shown) > before)  # type: ignore[misc] # bound on purpose
            line.follow(0.05)
        took = _processor_seconds(line.process.pid) - began
        return took * 1000 / FRAMES, (len(line.shown) - written) / FRAMES


def held_key(name: str, file: Path) -> tuple[float, float]:
    """Seconds that the screen goes on moving after a held key is let go on a slow line, and frames per second."""
    with program(name, file, rate=RATE) as line:
        right, left = _at_work(line, name)
        asked = line.shown.count(_ASKED)
        end = time.monotonic() + HELD_SECONDS
        presses = 0
        while time.monotonic() < end:
            line.press(right if presses % 40 < 20 else left)
            presses += 1
            line.follow(REPEAT)
        let_go = time.monotonic() + ROUND_TRIP / 2
        frames = line.shown.count(_ASKED) - asked
        line.settle(within=60)
        last = max(arrived for arrived, _ in line.arrivals)
        return last - let_go, frames / HELD_SECONDS


def small_changes(file: Path) -> dict[str, int]:
    """Bytes that single actions cost."""
    found = {}
    with program("ours", file) as line:
        line.until(lambda: _many(_BLOCK, line.shown, 300))
        line.settle()
        for words, keys in (("nothing happens for two seconds", b""), ("the crosshair moves by a cell", b"l"),
                            ("the same zoom is asked for again", b"0"), ("a marker is chosen", b"n"),
                            ("the focus goes to the list", b"\t"), ("the whole picture is drawn", b"+")):  # fmt: skip
            before = len(line.shown)
            if keys:
                line.press(keys)
            line.follow(2.0)
            line.settle()
            found[words] = len(line.shown) - before
    return found


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def main() -> None:
    """Print all figures."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.png"
        interfaces()["table"].save(file)
        print(f"a picture of 120 x 40 cells, medians of {RUNS} interleaved runs")
        _report_first_paint(file)
        _report_panning(file)
        for name in ("ours", "rich-pixels"):
            behind, rate = held_key(name, file)
            shown = f", {rate:.1f} frames a second" if name == "ours" else ""
            print(f"held key at {RATE // 1000} kB/s, {ROUND_TRIP * 1000:.0f} ms, {name}: {behind:.2f} s behind{shown}")
        for words, count in small_changes(file).items():
            print(f"bytes when {words}: {count}")


def _report_first_paint(file: Path) -> None:
    taken: dict[str, list[float]] = {"minimal": [], "rich-pixels": [], "ours": []}
    for _ in range(RUNS):
        for name, runs in taken.items():
            runs.append(first_paint(name, file))
    least = median(taken["minimal"])
    for name, runs in taken.items():
        print(f"first paint, {name}: {median(runs) * 1000:.0f} ms, {median(runs) / least:.2f} x minimal")


def _report_panning(file: Path) -> None:
    taken: dict[str, list[tuple[float, float]]] = {"rich-pixels": [], "ours": []}
    for _ in range(3):
        for name, runs in taken.items():
            runs.append(panning(name, file))
    peer = median(run[0] for run in taken["rich-pixels"])
    for name, runs in taken.items():
        cost, size = median(run[0] for run in runs), median(run[1] for run in runs)
        print(f"one step of a pan, {name}: {cost:.1f} ms, {cost / peer:.2f} x rich-pixels, {size / 1000:.1f} kB")


if __name__ == "__main__":
    main()
