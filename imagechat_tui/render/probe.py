"""Asks the terminal what it is, once, before the app starts.

All questions go out in one write, reading ends at the fence or at the deadline, and what then still lies in the input
is thrown away: no late answer becomes a key press. Knows file descriptors; never decides anything.
"""

import os
import select
import termios
import time
import tty
from contextlib import suppress
from dataclasses import replace
from typing import Final

from imagechat_tui.render.replies import GRAPHICS_QUESTION, QUESTIONS, Replies, complete, parse

TIMEOUT_SECONDS: Final = 1.0
"""How long to wait for the fence: more than a round trip over a bad line, less than patience."""

_LATE_SECONDS: Final = 0.1
"""Silence after the deadline that ends the wait for stragglers."""

_LATEST_SECONDS: Final = 1.0
"""Longest wait for stragglers, however many there are."""

_CHUNK: Final = 4096
_MOST_BYTES: Final = 64 * 1024
"""More than this is no answer but a flood."""


def probe(fd_in: int, fd_out: int, *, timeout: float = TIMEOUT_SECONDS, graphics: bool = True) -> Replies | None:
    """The terminal's answers; ``None`` when there is no terminal to ask.

    Args:
        fd_in: open for reading on the terminal.
        fd_out: open for writing on the same terminal.
        timeout: seconds to wait for the fence.
        graphics: ask for graphics as well; not through a multiplexer. A yes that comes late counts as no: over such a
            line no picture is sent.
    """
    if not (os.isatty(fd_in) and os.isatty(fd_out)):
        return None
    try:
        before = termios.tcgetattr(fd_in)
    except termios.error:
        return None
    try:
        tty.setraw(fd_in, termios.TCSANOW)
        _write(fd_out, QUESTIONS if graphics else QUESTIONS.replace(GRAPHICS_QUESTION, b""))
        asked = time.monotonic()
        data = _read(fd_in, timeout)
        late = time.monotonic() - asked > timeout
    except OSError:
        return None
    finally:
        # TCSAFLUSH discards what has come in and was not read; the terminal may be gone by now.
        with suppress(termios.error):
            termios.tcsetattr(fd_in, termios.TCSAFLUSH, before)
    replies = parse(data)
    return replace(replies, graphics=False) if late else replies


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _read(fd: int, timeout: float) -> bytes:
    """Until the fence, the deadline, or a flood; after the deadline until it is quiet, so that late ones are eaten."""
    received = bytearray()
    deadline = time.monotonic() + timeout
    end = deadline + _LATEST_SECONDS
    while not complete(received) and len(received) < _MOST_BYTES:
        now = time.monotonic()
        wait = deadline - now if now < deadline else min(_LATE_SECONDS, end - now)
        chunk = _arrived(fd, wait) if wait > 0 else b""
        if chunk == b"" or (chunk is None and now >= deadline):
            break
        received += chunk or b""
    return bytes(received)


def _arrived(fd: int, seconds: float) -> bytes | None:
    """What came within ``seconds``; ``None`` when nothing did, empty when the terminal is gone."""
    ready, _, _ = select.select([fd], [], [], seconds)
    return os.read(fd, _CHUNK) if ready else None
