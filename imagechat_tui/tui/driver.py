"""Textual's terminal driver, but its input thread sleeps until there is input, and a lost terminal ends the app.

Textual's own wakes ten times a second to see whether a lone escape has become a key; an app at rest should cost
nothing. Ours wakes like that only for a moment after input. Writing to a terminal that is gone ends the thread that
writes in Textual, and then everybody who writes waits for it. It decides nothing about keys.
"""

import contextlib
import os
import selectors
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from typing import Any, Final, TextIO

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver

_TICK: Final = 0.1
"""Seconds between two looks at the parser while it may wait for the rest of a sequence."""

_RECENT: Final = ESCAPE_DELAY + 2 * _TICK
"""Seconds after input during which it may."""

HANGUP: Final = 129
"""The exit code that a shell expects from a program whose terminal went away."""


class QuietDriver(LinuxDriver):
    """Reads keys without polling, and notices the end of its terminal."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self._file is not None:
            self._file = _Lasting(self._file, self._hang_up)  # type: ignore[assignment] # as much as is used of a file
        self.exit_event = self._ending = _Ending()

    def close(self) -> None:
        """Let go of what Textual knows and of what it does not."""
        super().close()
        self._ending.close()

    def _hang_up(self) -> None:
        """End the app in good order; called in any thread."""
        with contextlib.suppress(RuntimeError):  # The loop has ended already.
            self._loop.call_soon_threadsafe(lambda: self._app.exit(return_code=HANGUP))

    def run_input_thread(self) -> None:
        """Hand events on as they come, until the driver ends."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")().decode
        heard = -_RECENT
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ending.reader, selectors.EVENT_READ)
            while not self._ending.is_set():
                recent = time.monotonic() - heard < _RECENT
                ready = {key.fd for key, _ in selector.select(_TICK if recent else None)}
                if self.fileno in ready:
                    data = self._read()
                    if not data:
                        selector.unregister(self.fileno)
                        self._hang_up()
                    heard = time.monotonic()
                    text = decode(data)
                    for event in parser.feed(text) if text else ():
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with contextlib.suppress(EOFError, ParseError):
            list(parser.feed(""))

    def _read(self) -> bytes:
        """What was typed; nothing when the terminal is gone, which Linux reports as an error."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""


class _Lasting:
    """Takes everything that is written, also when the terminal behind it is gone."""

    def __init__(self, file: TextIO, gone: Callable[[], None]) -> None:
        self._file = file
        self._gone = gone

    def write(self, text: str) -> None:
        """To the terminal, or nowhere."""
        with self._lost():
            self._file.write(text)

    def flush(self) -> None:
        """The same."""
        with self._lost():
            self._file.flush()

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._file.fileno()

    @contextlib.contextmanager
    def _lost(self) -> Iterator[None]:
        """What cannot be written, and all that follows, goes nowhere; Python itself writes the rest at its end."""
        try:
            yield
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            self._gone()


class _Ending(threading.Event):
    """An event that a selector can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.reader, self._writer = os.pipe()

    def set(self) -> None:
        """Wake whoever waits."""
        if not self.is_set():
            os.write(self._writer, b"!")
        super().set()

    def clear(self) -> None:
        """Wait for the next time."""
        if self.is_set():
            os.read(self.reader, 1)
        super().clear()

    def close(self) -> None:
        """Free both ends."""
        for end in (self.reader, self._writer):
            os.close(end)
