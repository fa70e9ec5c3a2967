"""Lines in and out: a terminal, a pipe or a file. It knows nothing of boards.

On a terminal it echoes by itself, so that it knows whether a line is begun: news wait until it is ended. It writes text
and ends of lines only, nothing that moves a cursor back except over what is being erased.
"""

import asyncio
import codecs
import contextlib
import os
import termios
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, TextIO

from imagechat_tui.plain import block
from imagechat_tui.plain_mode.line_editor import LineEditor, Typed

_CHUNK: Final = 4096


class Terminal:
    """Where a person, or a program, types and reads. Use it as ``with terminal.open():``."""

    def __init__(self, *, keys: int, out: TextIO) -> None:
        """Make one; nothing is read yet.

        Args:
            keys: the descriptor that is typed at.
            out: where lines go.
        """
        self._keys = keys
        self._out = out
        self._held: list[str] = []
        self._line = LineEditor()
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.is_person = os.isatty(keys)
        """Whether somebody types; else a program does, which expects one answer after the other."""
        self._edits = self.is_person and out.isatty()
        self.lines: deque[str] = deque()
        """Typed and not taken yet."""
        self.at_end = False
        """No more lines will come."""
        self.happened = asyncio.Event()
        """Set whenever something was typed, or by whoever wants ``wait`` to end."""

    @property
    def begun(self) -> str:
        """The line that is being typed."""
        return self._line.text if self._edits else self._rest

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Read within the block, which can be entered once."""
        loop = asyncio.get_running_loop()

        def came(data: bytes) -> None:
            self._take(data)
            self.happened.set()

        def read() -> None:
            # Files and devices can be read this way as well as pipes; the thread ends with the program at the latest.
            data = b"more"
            while data:
                try:
                    data = os.read(self._keys, _CHUNK)
                except OSError:
                    data = b""
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(came, data)

        with self._unechoed():
            threading.Thread(target=read, name="keys", daemon=True).start()
            yield

    async def wait(self) -> None:
        """Until something happens."""
        await self.happened.wait()
        self.happened.clear()

    async def line(self) -> str | None:
        """The next line; ``None`` when no more will come."""
        while not self.lines:
            if self.at_end:
                return None
            await self.wait()
        return self.lines.popleft()

    def say(self, lines: Sequence[str], *, answer: bool = False) -> None:
        """Write lines; while one is being typed, those that are no ``answer`` wait until it is ended."""
        if self._edits and self._line.text and not answer:
            self._held += lines
            return
        for line in lines:
            self._write(block(line).replace("\n", " ") + "\n")

    def take_over(self) -> None:
        """Own the terminal again after the program was stopped and goes on."""
        if self._edits:
            self._without_echo()

    def _take(self, data: bytes) -> None:
        if not self._edits:
            *lines, self._rest = (self._rest + self._decoder.decode(data, not data)).split("\n")
            self.lines += lines
            if not data and self._rest:
                self.lines.append(self._rest)
                self._rest = ""
            self.at_end |= not data
            return
        typed = self._line.feed(data) if data else Typed("", [], ended=True)
        self._write(typed.echo)
        self.lines += typed.lines
        self.at_end |= typed.ended
        if not self._line.text and self._held:
            held, self._held = self._held, []
            self.say(held)

    def _write(self, text: str) -> None:
        if text:
            self._out.write(text.encode(self._out.encoding or "utf-8", "replace").decode(self._out.encoding or "utf-8"))
            self._out.flush()

    @contextlib.contextmanager
    def _unechoed(self) -> Iterator[None]:
        if not self._edits:
            yield
            return
        before = termios.tcgetattr(self._keys)
        self._without_echo()
        try:
            yield
        finally:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._keys, termios.TCSADRAIN, before)

    def _without_echo(self) -> None:
        modes = termios.tcgetattr(self._keys)
        modes[3] &= ~(termios.ICANON | termios.ECHO)
        modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._keys, termios.TCSADRAIN, modes)
