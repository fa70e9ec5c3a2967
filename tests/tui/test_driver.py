"""The terminal's input is waited for, not asked for again and again."""

import asyncio
import os
import queue
import selectors
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from textual.app import App
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from textual.events import Key
from textual.message import Message

from imagechat_tui.tui.driver import QuietDriver

_PATIENCE = 10.0


class _Listening(QuietDriver):
    """Keeps what it heard."""

    def __init__(self) -> None:
        super().__init__(App[None](), debug=False, mouse=False, size=None)
        self.heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.hung_up = threading.Event()

    def _hang_up(self) -> None:
        self.hung_up.set()

    def process_message(self, message: Message) -> None:
        self.heard.put(message)

    def key(self) -> str:
        """The next key."""
        message = self.heard.get(timeout=_PATIENCE)
        assert isinstance(message, Key)
        return message.key


class _Watched(selectors.SelectSelector):
    """Tells how long it is asked to wait."""

    waits: queue.SimpleQueue[float | None]

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.waits.put(timeout)
        return super().select(timeout)


async def _made() -> _Listening:
    """Textual wants a running loop for it."""
    return _Listening()


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[_Listening, int]]:
    """A driver that reads from a pipe, and the pipe's other end."""
    _Watched.waits = queue.SimpleQueue()
    monkeypatch.setattr(selectors, "SelectSelector", _Watched)
    reader, writer = os.pipe()
    driver = asyncio.run(_made())
    driver.fileno = reader
    thread = threading.Thread(target=driver.run_input_thread)
    thread.start()
    try:
        yield driver, writer
    finally:
        driver.exit_event.set()
        thread.join(_PATIENCE)
        assert not thread.is_alive()
        driver.exit_event.clear()
        driver.close()
        for end in (reader, writer):
            with suppress(OSError):  # Closed by the test.
                os.close(end)


def until_at_rest() -> None:
    """Return once the input is waited for without a limit."""
    while _Watched.waits.get(timeout=_PATIENCE) is not None:
        pass


def test_it_sleeps_until_a_key_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first key and some time after it; ending wakes it."""
    with listening(monkeypatch) as (driver, terminal):
        until_at_rest()
        os.write(terminal, b"m")
        assert driver.key() == "m"
        until_at_rest()


def test_a_lone_escape_is_a_key_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been the beginning of a sequence; nothing but time tells."""
    with listening(monkeypatch) as (driver, terminal):
        os.write(terminal, b"\x1b")
        assert driver.key() == "escape"
        os.write(terminal, b"\x1b[")
        os.write(terminal, b"A")
        assert driver.key() == "up"


def test_a_character_that_comes_in_two_pieces_is_one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """UTF-8 knows no boundaries of reads."""
    with listening(monkeypatch) as (driver, terminal):
        os.write(terminal, "č".encode()[:1])
        os.write(terminal, "č".encode()[1:])
        assert driver.key() == "č"


def test_the_end_of_the_terminal_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By whoever reads; it is asked no more."""
    with listening(monkeypatch) as (driver, terminal):
        until_at_rest()
        os.close(terminal)
        assert driver.hung_up.wait(_PATIENCE)
        until_at_rest()


def test_nobody_waits_for_a_terminal_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """More is written than Textual keeps for it; the first piece that is not taken tells that it is gone."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as terminal:
        monkeypatch.setattr(sys, "__stderr__", terminal)
        driver = asyncio.run(_made())
        os.close(reader)
        assert driver._file is not None
        output = WriterThread(driver._file)
        output.start()

        def write() -> None:
            for _ in range(2 * MAX_QUEUED_WRITES):
                output.write("x")
            output.stop()

        writing = threading.Thread(target=write, daemon=True)
        writing.start()
        writing.join(_PATIENCE)
        assert not writing.is_alive()
        assert driver.hung_up.is_set()
        driver.close()
