"""A program on a pseudo terminal that answers as real ones do; keeps what was written and when it came."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

SIZE: Final = (120, 36)
"""Columns and rows."""
_PATIENCE: Final = 30.0
_QUIET: Final = 0.4
"""Seconds without output after which a program is taken to be done."""

FRAME: Final = b"\x1b[?2026h"
"""What Textual writes before every repaint, where the terminal says that it knows synchronised output."""

_ANSWERS: Final = (
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[c"), b"\x1b[?62;22c"),
)
_LONGEST_QUESTION: Final = 12


class Terminal:
    """One running program."""

    def __init__(self, process: "subprocess.Popen[bytes]", master: int) -> None:
        self.process = process
        self.raw = bytearray()
        self.arrivals: list[tuple[float, int]] = []
        """When something came, and how many bytes there were then."""
        self._master = master
        self._came = asyncio.Event()
        self._answered = 0

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self._master, keys)

    def take(self) -> None:
        """Read what the program wrote."""
        try:
            data = os.read(self._master, 65_536)
        except OSError:
            # Linux reports the end of the other side so.
            asyncio.get_running_loop().remove_reader(self._master)
            return
        self.raw += data
        self.arrivals.append((time.monotonic(), len(self.raw)))
        for question, answer in _ANSWERS:
            for found in question.finditer(self.raw, max(0, len(self.raw) - len(data) - _LONGEST_QUESTION)):
                if found.end() > len(self.raw) - len(data):
                    os.write(self._master, answer)
        self._came.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Follow until something holds.

        Raises:
            TimeoutError: It did not.
        """
        async with asyncio.timeout(_PATIENCE):
            while not holds():
                self._came.clear()
                await self._came.wait()

    async def settle(self) -> None:
        """Follow until nothing has come for a while."""
        while True:
            self._came.clear()
            try:
                async with asyncio.timeout(_QUIET):
                    await self._came.wait()
            except TimeoutError:
                return

    def arrival_of(self, words: bytes, *, after: int) -> float | None:
        """When these words were there, of what came after so many bytes."""
        at = self.raw.find(words, after)
        if at < 0:
            return None
        return next(moment for moment, size in self.arrivals if size >= at + len(words))


@asynccontextmanager
async def on_terminal(command: Sequence[str], *, variables: Mapping[str, str], cwd: Path) -> AsyncIterator[Terminal]:
    """Start a program; it is killed at the end if it runs still."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    process = subprocess.Popen(  # noqa: ASYNC220 - asyncio's own would make pipes of what is a terminal here
        command, stdin=slave, stdout=slave, stderr=slave, env=dict(variables), cwd=cwd, start_new_session=True
    )
    os.close(slave)
    terminal = Terminal(process, master)
    loop = asyncio.get_running_loop()
    loop.add_reader(master, terminal.take)
    try:
        yield terminal
    finally:
        loop.remove_reader(master)
        process.kill()
        process.wait()
        os.close(master)
