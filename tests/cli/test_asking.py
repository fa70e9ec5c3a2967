"""Terminals are asked once at every start, or once an hour where they are slow."""

import os
import pty
import select
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagechat_tui.cli import asking
from imagechat_tui.render.replies import Replies

SAID = Replies(complete=True, version="kitty(0.40.0)", background=(1, 2, 3), cell=(9, 18), graphics=True, typed=b"q")
SILENCE = Replies()


class Probe:
    """In place of the one that asks: says what it is told to say, and counts."""

    def __init__(self, said: Replies | None) -> None:
        self.said = said
        self.asked = 0

    def __call__(self, _fd_in: int, _fd_out: int, *, graphics: bool) -> Replies | None:
        """One more question."""
        del graphics
        self.asked += 1
        return self.said


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's answers are remembered."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "imagechat"


@pytest.fixture
def terminal() -> Iterator[int]:
    """A terminal that nobody answers for, and its other side."""
    outside, inside = pty.openpty()
    yield inside
    os.close(outside)
    os.close(inside)


def asked_of(monkeypatch: pytest.MonkeyPatch, said: Replies | None, *, slow: bool = True) -> Probe:
    """A terminal that says this, slowly or at once."""
    probe = Probe(said)
    monkeypatch.setattr(asking, "probe", probe)
    monkeypatch.setattr(asking, "QUICK_SECONDS", -1.0 if slow else 60.0)
    return probe


def answers(fd: int, *, graphics: bool = True, anew: bool = False) -> asking.Answers:
    """What the terminal says, in the same way for every test."""
    return asking.answers(fd, fd, graphics=graphics, anew=anew)


def test_a_silent_terminal_is_waited_for_once() -> None:
    """The second start writes no question at all."""
    outside, inside = pty.openpty()
    try:
        first = answers(inside)
        assert first.replies == SILENCE
        assert "none within 1 s" in first.how
        while select.select([outside], [], [], 0)[0]:
            os.read(outside, 4096)
        second = answers(inside)
        assert second.replies == SILENCE
        assert "remembered from" in second.how
        assert not select.select([outside], [], [], 0)[0]
    finally:
        os.close(outside)
        os.close(inside)


def test_a_quick_terminal_is_asked_every_time(monkeypatch: pytest.MonkeyPatch, terminal: int, folder: Path) -> None:
    """Its colors may be others now; nothing is kept."""
    probe = asked_of(monkeypatch, SAID, slow=False)
    assert [answers(terminal).replies, answers(terminal).replies] == [SAID, SAID]
    assert probe.asked == 2
    assert not folder.exists()


def test_slow_answers_are_remembered_without_what_was_typed(monkeypatch: pytest.MonkeyPatch, terminal: int) -> None:
    """Keys belong to one moment."""
    probe = asked_of(monkeypatch, SAID)
    assert answers(terminal).replies == SAID
    remembered = answers(terminal).replies
    assert remembered is not None
    assert (remembered.version, remembered.cell, remembered.graphics) == ("kitty(0.40.0)", (9, 18), True)
    assert remembered.typed == b""
    assert probe.asked == 1


def test_an_answer_that_gets_quick_is_not_remembered_any_more(monkeypatch: pytest.MonkeyPatch, terminal: int) -> None:
    """As after ``imagechat doctor`` on a line that has recovered."""
    asked_of(monkeypatch, SILENCE)
    answers(terminal)
    probe = asked_of(monkeypatch, SAID, slow=False)
    assert answers(terminal, anew=True).replies == SAID
    assert answers(terminal).replies == SAID
    assert probe.asked == 2


@pytest.mark.parametrize("changed", ["graphics", "variable", "hour", "damage", "terminal"])
def test_what_was_said_elsewhere_or_long_ago_counts_for_nothing(
    monkeypatch: pytest.MonkeyPatch, terminal: int, folder: Path, changed: str
) -> None:
    """Another question, another connection, another hour, a file that cannot be read, another window."""
    probe = asked_of(monkeypatch, SAID)
    answers(terminal)
    asked_again = terminal
    outside, inside = pty.openpty()
    if changed == "variable":
        monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    elif changed == "hour":
        monkeypatch.setattr(asking, "KEPT_SECONDS", 0.0)
    elif changed == "damage":
        (folder / "terminals.json").write_bytes(b'{"a": \xff')
    elif changed == "terminal":
        asked_again = inside
    answers(asked_again, graphics=changed != "graphics")
    assert probe.asked == 2
    os.close(outside)
    os.close(inside)


def test_a_folder_that_cannot_be_written_keeps_nobody_away(
    monkeypatch: pytest.MonkeyPatch, terminal: int, tmp_path: Path
) -> None:
    """Then the terminal is asked every time."""
    (tmp_path / "imagechat").write_text("a file")
    asked_of(monkeypatch, SAID)
    assert [answers(terminal).replies, answers(terminal).replies] == [SAID, SAID]


def test_what_is_no_terminal_has_no_answers(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """And is not remembered as one that is silent."""
    asked_of(monkeypatch, None)
    read, write = os.pipe()
    assert answers(read).replies is None
    assert not folder.exists()
    os.close(read)
    os.close(write)
