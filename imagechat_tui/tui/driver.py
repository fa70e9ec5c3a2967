"""Textual's terminal driver, but its input thread sleeps until there is input.

Textual's own wakes ten times a second to see whether a lone escape has become a key; an app at rest should cost
nothing. Ours wakes like that only for a moment after input. It decides nothing about keys.
"""

import contextlib
import os
import selectors
import threading
import time
from codecs import getincrementaldecoder
from typing import Any, Final

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver

_TICK: Final = 0.1
"""Seconds between two looks at the parser while it may wait for the rest of a sequence."""

_RECENT: Final = ESCAPE_DELAY + 2 * _TICK
"""Seconds after input during which it may."""


class QuietDriver(LinuxDriver):
    """Reads keys without polling."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.exit_event = self._ending = _Ending()

    def close(self) -> None:
        """Let go of what Textual knows and of what it does not."""
        super().close()
        self._ending.close()

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
                    data = os.read(self.fileno, 4096)
                    if not data:  # The end of a pipe, or of the terminal.
                        selector.unregister(self.fileno)
                    heard = time.monotonic()
                    text = decode(data)
                    for event in parser.feed(text) if text else ():
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with contextlib.suppress(EOFError, ParseError):
            list(parser.feed(""))


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
