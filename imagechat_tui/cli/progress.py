"""How far long work is: one line on stderr that goes when the work ends, and what is said when ctrl+c stops it.

Nothing moves where nobody can see it: without a terminal there is no line, and plain mode says once what goes on.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from imagechat_tui.cli import talk
from imagechat_tui.errors import StoppedError

if TYPE_CHECKING:
    from rich.progress import Progress

_SOON: Final = 0.4
"""Seconds in which most work ends; a line that only flickers tells nobody anything."""
_MOTIONLESS: Final = ("", "dumb", "unknown")
"""Terminals that cannot write a line anew."""


class ProgressLine:
    """What goes on, and how much of it is done."""

    def __init__(self, *, plain: bool = False) -> None:
        """Nothing is shown yet.

        Args:
            plain: say it once and move nothing, for screen readers.
        """
        seen = sys.stderr.isatty()
        self._moving = seen and not plain and os.environ.get("TERM", "") not in _MOTIONLESS
        self._telling = self._moving or seen or plain
        self._what, self._done, self._of = "", 0, 0
        self._waiting: threading.Timer | None = None
        self._bar: Progress | None = None
        self._lock = threading.Lock()

    def show(self, what: str, done: int = 0, of: int = 0) -> None:
        """Tell how far it is; the line appears when the work takes a while.

        Args:
            what: what goes on, without a stop at the end.
            done: bytes so far.
            of: bytes in all; 0 where nobody knows.
        """
        with self._lock:
            another, self._what, self._done, self._of = what != self._what, what, done, of
            if self._bar is not None:
                self._fill(self._bar)
            elif self._telling and (self._waiting is None or (another and not self._moving)):
                self._stop_waiting()
                self._waiting = threading.Timer(_SOON, self._appear)
                self._waiting.daemon = True
                self._waiting.start()

    def clear(self) -> None:
        """The work is over: no line any longer."""
        with self._lock:
            self._stop_waiting()
            bar, self._bar, self._what = self._bar, None, ""
        if bar is not None:
            bar.stop()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _appear(self) -> None:
        with self._lock:
            if not self._what:
                return
            if not self._moving:
                talk.say(f"{self._what} …")
                return
            self._bar = _bar()
            self._bar.add_task("", total=None, size="")
            self._fill(self._bar)
            self._bar.start()

    def _fill(self, bar: "Progress") -> None:
        from rich.filesize import decimal

        size = " / ".join(decimal(number) for number in (self._done, self._of) if number)
        bar.update(bar.task_ids[0], description=self._what, completed=self._done, total=self._of or None, size=size)


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[size]}")
    # A line that is gone in a moment needs no colors, which somebody may not want.
    return Progress(*columns, console=Console(stderr=True, color_system=None), transient=True)


@contextlib.contextmanager
def line(*, plain: bool = False) -> Iterator[ProgressLine]:
    """A line while the block runs."""
    shown = ProgressLine(plain=plain)
    try:
        yield shown
    finally:
        shown.clear()


@contextlib.contextmanager
def stoppable(left: str) -> Iterator[None]:
    """Work that ctrl+c stops.

    Args:
        left: what is said once it is stopped: what is left of it, and how to go on.

    Raises:
        StoppedError: It was stopped.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise stopped(left) from None


def stopped(left: str) -> StoppedError:
    """What ends a command that ctrl+c has stopped."""
    if sys.stderr.isatty():
        # The terminal has written ^C where the sentence would begin.
        print(file=sys.stderr)
    return StoppedError(left)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """A moment that ctrl+c comes too late for."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
