"""The line that says how far long work is: seen on terminals, moving only where it can, gone in the end."""

import io
import sys

import pytest

from imagechat_tui.cli import progress
from imagechat_tui.errors import StoppedError


class Screen(io.StringIO):
    """A terminal that keeps everything."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the line."""
    monkeypatch.setattr(progress, "_SOON", 0.0)
    for name in ("NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def shown(monkeypatch: pytest.MonkeyPatch, *, term: str, plain: bool = False, screen: io.StringIO | None = None) -> str:
    """What is written while something is copied."""
    screen = Screen() if screen is None else screen
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", term)
    with progress.line(plain=plain) as line:
        for done in (0, 5_000_000):
            line.show("Copying", done, 10_000_000)
            if line._waiting is not None:
                line._waiting.join()
    assert line._bar is None
    return screen.getvalue()


def test_a_terminal_shows_a_line_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, a bar, how much of how much; then the line is empty again."""
    said = shown(monkeypatch, term="xterm-256color")
    assert "Copying" in said
    assert "5.0 MB / 10.0 MB" in said
    assert said.rstrip().endswith("\x1b[2K")


@pytest.mark.parametrize(("term", "plain"), [("dumb", False), ("xterm-256color", True)])
def test_where_nothing_may_move_it_is_said_once(monkeypatch: pytest.MonkeyPatch, *, term: str, plain: bool) -> None:
    """On a terminal that cannot write a line anew, and in plain mode."""
    assert shown(monkeypatch, term=term, plain=plain) == "Copying …\n"


def test_without_a_terminal_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log is no place for it."""
    assert shown(monkeypatch, term="xterm-256color", screen=io.StringIO()) == ""


def test_ctrl_c_becomes_a_sentence() -> None:
    """And an exit code that a shell knows."""
    with pytest.raises(StoppedError, match="half of it") as stopped, progress.stoppable("half of it"):
        raise KeyboardInterrupt
    assert stopped.value.exit_code == 130
