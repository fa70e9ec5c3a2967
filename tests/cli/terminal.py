"""A terminal in memory: runs a command on a pseudo terminal and keeps the screen that a person would see."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

from tests.cli.commands import COMMAND, environment
from tests.support.kitty import KittyTerminal

_VARIABLES = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


class Terminal:
    """One running command and its screen."""

    def __init__(
        self, process: subprocess.Popen[bytes], master: int, screen: pyte.Screen, *, kitty: KittyTerminal | None = None
    ) -> None:
        self.process = process
        self._side = os.fdopen(master, "r+b", buffering=0)
        self.screen = screen
        self._stream = pyte.ByteStream(screen)
        self._kitty = kitty
        self.raw = b""

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        """Type."""
        self._side.write(keys.encode())

    def until(self, holds: Callable[[], bool], *, within: float = 40, beside: Sequence["Terminal"] = ()) -> None:
        """Follow the screen until something holds; those ``beside`` are followed too, or they would stand still."""
        deadline = time.monotonic() + within
        while not holds():
            assert time.monotonic() < deadline, self.text
            for other in beside:
                other._follow(0)
            came = self._follow(0.2)
            assert came or self.process.poll() is None or holds(), self.text

    def until_shown(self, words: str, *, beside: Sequence["Terminal"] = ()) -> None:
        """Follow the screen until these words stand on it."""
        self.until(lambda: words in self.text, beside=beside)

    def settle(self, *, quiet: float = 0.6, within: float = 20) -> None:
        """Follow the screen until nothing has come for a while."""
        deadline = time.monotonic() + within
        while self._follow(quiet):
            assert time.monotonic() < deadline, self.text

    def end(self) -> int:
        """Follow until the command has ended; its exit code."""
        self.until(lambda: self.process.poll() is not None)
        while self._follow(0.2):
            pass
        code: int = self.process.returncode
        return code

    def hang_up(self) -> int:
        """Close the terminal, as a lost SSH connection does; the exit code of the command."""
        self.close()
        return self.process.wait(40)

    def close(self) -> None:
        """Let go of the terminal, if that has not happened yet."""
        self._side.close()

    def _follow(self, seconds: float) -> bool:
        """Take in what has come; ``False`` when nothing did."""
        ready, _, _ = select.select([self._side], [], [], seconds)
        try:
            data = os.read(self._side.fileno(), 65536) if ready else b""
        except OSError:
            # Linux reports the end of the other side so.
            data = b""
        self.raw += data
        if self._kitty is None:
            self._stream.feed(data)
        elif answers := self._kitty.feed(data):
            self._side.write(answers)
        return bool(data)


@contextmanager
def on_terminal(
    home: Path,
    *words: str,
    columns: int = 100,
    rows: int = 30,
    stdin: Path | None = None,
    stderr: Path | None = None,
    variables: Mapping[str, str] | None = None,
    kitty: KittyTerminal | None = None,
) -> Iterator[Terminal]:
    """A command on a terminal of its own; stdin may come from a file and stderr go to one, as shells allow.

    With ``kitty`` it is that terminal, which answers questions; its size counts.
    """
    screen = kitty.screen if kitty else pyte.Screen(columns, rows)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", screen.lines, screen.columns, 0, 0))
    source = stdin.open("rb") if stdin else None
    sink = stderr.open("wb") if stderr else None
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdin=source or slave,
        stdout=slave,
        stderr=sink or slave,
        env=environment(home, **(_VARIABLES | {"TMPDIR": str(home)} | dict(variables or {}))),
        cwd=home,
        start_new_session=True,
        preexec_fn=_take_terminal(slave),  # noqa: PLW1509 - no threads run here yet, and nothing else sets it
    )
    os.close(slave)
    terminal = Terminal(process, master, screen, kitty=kitty)
    try:
        yield terminal
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        terminal.close()
        for file in (source, sink):
            if file is not None:
                file.close()


def _take_terminal(slave: int) -> Callable[[], None]:
    """Makes the pseudo terminal the controlling one of the new session."""

    def take() -> None:
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    return take
