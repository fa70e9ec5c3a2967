"""The terminal is asked once; whatever it does, the app gets an answer in time and no false keys."""

import os
import pty
import select
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from imagechat_tui.render import probe as probing
from imagechat_tui.render.probe import probe
from imagechat_tui.render.replies import QUESTIONS, Replies

PATIENCE_SECONDS = 10.0
ANSWERS = b"\x1bP>|foot(1.20.2)\x1b\\\x1b[6;18;9t\x1b[?62;c"

Behaviour = Callable[[int], None]


class FakeTerminal:
    """The other end of a pty, which reads the questions and behaves in some way."""

    def __init__(self) -> None:
        self.outside, self.inside = pty.openpty()
        self.asked = b""
        self.answered = threading.Event()

    def ask(self, behaviour: Behaviour, *, timeout: float) -> Replies | None:
        """Probe it while it behaves so."""
        thread = threading.Thread(target=self._behave, args=(behaviour,))
        thread.start()
        replies = probe(self.inside, self.inside, timeout=timeout)
        self.answered.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
        return replies

    def left_over(self) -> bytes:
        """What the app would read as keys."""
        attributes = termios.tcgetattr(self.inside)
        attributes[3] &= ~termios.ICANON
        termios.tcsetattr(self.inside, termios.TCSANOW, attributes)
        ready, _, _ = select.select([self.inside], [], [], 0)
        return os.read(self.inside, 4096) if ready else b""

    def close(self) -> None:
        """Hang up."""
        os.close(self.outside)
        os.close(self.inside)

    def _behave(self, behaviour: Behaviour) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.asked) < len(QUESTIONS) and time.monotonic() < deadline:
            if select.select([self.outside], [], [], 0.1)[0]:
                self.asked += os.read(self.outside, 4096)
        behaviour(self.outside)


@pytest.fixture
def terminal() -> Iterator[FakeTerminal]:
    """One of them."""
    fake = FakeTerminal()
    yield fake
    fake.close()


def send(*pieces: bytes) -> Behaviour:
    """Write the pieces one after the other."""

    def behave(fd: int) -> None:
        for piece in pieces:
            os.write(fd, piece)

    return behave


def test_all_questions_go_out_in_one_piece_and_the_answers_come_back(terminal: FakeTerminal) -> None:
    """The usual case: well before the deadline."""
    replies = terminal.ask(send(ANSWERS), timeout=PATIENCE_SECONDS)
    assert terminal.asked == QUESTIONS
    assert replies is not None
    assert (replies.complete, replies.version, replies.cell) == (True, "foot(1.20.2)", (9, 18))
    assert terminal.left_over() == b""


def test_a_multiplexer_is_not_asked_for_graphics(terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would name its window after the question."""
    written: list[bytes] = []
    monkeypatch.setattr("imagechat_tui.render.probe._write", lambda _fd, data: written.append(data))
    probe(terminal.inside, terminal.inside, timeout=0.01, graphics=False)
    assert b"\x1b_G" not in written[0]
    assert written[0].endswith(b"\x1b[c")


def test_answers_in_pieces_are_put_together(terminal: FakeTerminal) -> None:
    """A slow line delivers byte by byte."""
    replies = terminal.ask(send(*(ANSWERS[i : i + 1] for i in range(len(ANSWERS)))), timeout=PATIENCE_SECONDS)
    assert replies is not None
    assert replies.version == "foot(1.20.2)"


def test_a_silent_terminal_costs_the_timeout_and_nothing_else(terminal: FakeTerminal) -> None:
    """Nothing is known, nothing fails."""
    replies = terminal.ask(send(), timeout=0.05)
    assert replies == Replies()


def test_keys_typed_meanwhile_are_handed_back(terminal: FakeTerminal) -> None:
    """Type-ahead is not eaten by the probe."""
    replies = terminal.ask(send(b"q", ANSWERS), timeout=PATIENCE_SECONDS)
    assert replies is not None
    assert replies.typed == b"q"


def test_an_answer_that_comes_late_is_eaten(terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """It arrives after the deadline while stragglers are waited for; no key press remains."""
    monkeypatch.setattr(probing, "_LATE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(probing, "_LATEST_SECONDS", PATIENCE_SECONDS)
    replies = terminal.ask(send(ANSWERS), timeout=0)
    assert replies is not None
    assert replies.complete
    assert terminal.left_over() == b""


PROVED = b"\x1b_Gi=31;OK\x1b\\"


def test_a_picture_that_was_accepted_proves_graphics(terminal: FakeTerminal) -> None:
    """The answer leaves nothing behind that would be a key."""
    replies = terminal.ask(send(PROVED, ANSWERS), timeout=PATIENCE_SECONDS)
    assert replies is not None
    assert (replies.graphics, replies.typed) == (True, b"")
    assert terminal.left_over() == b""


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"\x1b_Gi=31;ENOTSUPPORTED:no\x1b\\",
        b"\x1b_Gi=30;OK\x1b\\",
        b"\x1b_Gi=31,OK\x1b\\",
        b"\x1b_Gi=31;OKAY\x1b\\",
        b"\x1b_G\x1b\\",
        b"\x1b_Gi=31;\xff\xfe\x1b\\",
    ],
)
def test_anything_else_proves_nothing(terminal: FakeTerminal, reply: bytes) -> None:
    """And becomes no key either."""
    replies = terminal.ask(send(reply, ANSWERS), timeout=PATIENCE_SECONDS)
    assert replies is not None
    assert (replies.graphics, replies.complete, replies.typed) == (False, True, b"")
    assert terminal.left_over() == b""


def test_an_acceptance_that_is_cut_or_late_proves_nothing(
    terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line this slow is not for pictures; what comes later still is thrown away."""
    assert terminal.ask(send(PROVED[:-1]), timeout=0.05) == Replies()
    assert terminal.left_over() == b""
    monkeypatch.setattr(probing, "_LATE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(probing, "_LATEST_SECONDS", PATIENCE_SECONDS)
    replies = terminal.ask(send(PROVED, ANSWERS), timeout=0)
    assert replies is not None
    assert (replies.complete, replies.graphics, replies.typed) == (True, False, b"")
    assert terminal.left_over() == b""


def test_what_comes_after_the_fence_is_thrown_away(terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that lies in the input when the probe ends becomes a key."""
    monkeypatch.setattr(probing, "_CHUNK", 1)
    replies = terminal.ask(send(ANSWERS + b"\x1b[6;18;9t"), timeout=PATIENCE_SECONDS)
    assert replies is not None
    assert replies.complete
    assert terminal.left_over() == b""


@pytest.mark.parametrize("piece", [b"\x1b[1;2;3x\xff\x00" * 50, b"x"], ids=["flood", "drip"])
def test_a_terminal_that_never_stops_writing_cannot_hold_the_app(
    terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch, piece: bytes
) -> None:
    """Neither fast nor slowly: it still writes when the probe is done."""
    monkeypatch.setattr(probing, "_LATEST_SECONDS", 0.1)
    gave_up = threading.Event()

    def behave(fd: int) -> None:
        os.set_blocking(fd, False)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not terminal.answered.wait(0.001):
            if time.monotonic() > deadline:
                gave_up.set()
                return
            with suppress(BlockingIOError):
                os.write(fd, piece)

    replies = terminal.ask(behave, timeout=0.05)
    assert not gave_up.is_set()
    assert replies is not None
    assert not replies.complete


def test_the_terminal_is_left_as_it_was(terminal: FakeTerminal) -> None:
    """Echo and line editing come back."""
    before = termios.tcgetattr(terminal.inside)
    terminal.ask(send(ANSWERS), timeout=PATIENCE_SECONDS)
    assert termios.tcgetattr(terminal.inside) == before


def test_what_is_no_terminal_is_not_asked() -> None:
    """A pipe gets no question."""
    reader, writer = os.pipe()
    try:
        assert probe(reader, writer) is None
        os.set_blocking(reader, False)
        with pytest.raises(BlockingIOError):
            os.read(reader, 1)
    finally:
        os.close(reader)
        os.close(writer)
