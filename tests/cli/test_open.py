"""``imagechat open`` on terminals of one person: the local server, pipes, and boards that are found again."""

import contextlib
import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagechat_tui.demo import mockup
from tests.cli.commands import imagechat
from tests.cli.terminal import Terminal, on_terminal

DEADLINE = 30


@pytest.fixture
def home() -> Iterator[Path]:
    """A home with a picture, whose name is short enough for a socket; its local server is ended by its own id."""
    with tempfile.TemporaryDirectory(prefix="ic-") as folder:
        home = Path(folder)
        (home / "page.png").write_bytes(mockup.FILE.read_bytes())
        yield home
        runtime = home / "data" / "imagechat" / "server.json"
        if runtime.exists():
            _end(json.loads(runtime.read_text(encoding="utf-8"))["pid"])


def _end(pid: int) -> None:
    """End a process that is no child of ours."""
    deadline = time.monotonic() + DEADLINE
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            os.sched_yield()
        pytest.fail("the local server does not end")


def leave(terminal: Terminal) -> None:
    """Quit the app."""
    terminal.press("q")
    assert terminal.end() == 0


def test_two_terminals_are_on_one_board(home: Path) -> None:
    """What is pinned in one appears in the other; leaving and coming back finds it."""
    with on_terminal(home, "open", "page.png") as first, on_terminal(home, "open", "./page.png") as second:
        first.until_shown("● live")
        second.until_shown("● live", beside=[first])
        first.press("m")
        first.until_shown("New marker")
        first.press("Too pale here")
        first.until_shown("Too pale here")
        first.press("\r")
        second.until_shown("Too pale here", beside=[first])
        leave(first)
        leave(second)
    shown = imagechat(home, "show", "page.png", "--words")
    assert shown.code == 0
    assert "Too pale here" in shown.out
    with on_terminal(home) as terminal:
        terminal.until_shown("page.png")
        terminal.press("\r")
        assert terminal.end() == 0


def test_a_piped_picture_leaves_the_keyboard_to_the_terminal(home: Path) -> None:
    """Also when stderr goes to a file, where Textual would paint."""
    words = home / "stderr"
    with on_terminal(home, "open", "-", stdin=home / "page.png", stderr=words) as terminal:
        terminal.until_shown("● live")
        leave(terminal)
    assert words.read_bytes() == b""


def test_the_app_ends_in_order_when_the_terminal_goes_away(home: Path) -> None:
    """SIGTERM: the screen is given back, the exit code says why."""
    with on_terminal(home, "open", "page.png") as terminal:
        terminal.until_shown("● live")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 143
        assert b"\x1b[?1049l" in terminal.raw
