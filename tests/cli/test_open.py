"""``imagechat open`` on terminals of one person: the local server, pipes, and boards that are found again."""

import contextlib
import json
import os
import re
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
        terminal.until_shown("1 of 1")
        assert "1 open" in terminal.text
        terminal.press("pag\r")
        terminal.until_shown("Too pale here")
        terminal.press("nx")
        terminal.until_shown("1 resolved")
        terminal.press("B")
        terminal.until_shown("1 of 1")
        terminal.until_shown("1 resolved")
        terminal.press("\x1b")
        assert terminal.end() == 0


def test_what_is_typed_at_once_is_sent_whole(home: Path) -> None:
    """A key that opens the composer, the words and enter arrive in one read, as over a slow line."""
    with on_terminal(home, "open", "page.png") as terminal:
        terminal.until_shown("● live")
        terminal.press("mTotal is wrong\r")
        terminal.until_shown("#1 · open")
        assert "Total is wrong" in terminal.text
        leave(terminal)


_COLORS = re.compile(rb"\x1b\[(?:[0-9;:]*[;:])?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:][0-9;:]*)?m")


@pytest.mark.parametrize(
    ("variables", "words"), [({"NO_COLOR": "1"}, ()), ({}, ("--colors", "mono", "--theme", "dark"))]
)
def test_without_colors_none_is_written(home: Path, variables: dict[str, str], words: tuple[str, ...]) -> None:
    """Neither by the picture nor by lines, lists and dialogs; the cursor's row is still told apart."""
    assert _COLORS.search(b"\x1b[1;38;2;1;2;3m")
    assert not _COLORS.search(b"\x1b[1;7m")
    with on_terminal(home, "open", "page.png", *words, variables=variables) as terminal:
        terminal.until_shown("● live")
        terminal.press("mBlue\r")
        terminal.until_shown("#1 · open")
        terminal.press("\t")
        terminal.settle()
        assert any(cell.reverse for row in terminal.screen.buffer.values() for cell in row.values())
        terminal.press("?")
        terminal.until_shown("Place a marker at the crosshair")
        terminal.press("\x1b")
        terminal.settle()
        leave(terminal)
    assert not _COLORS.findall(terminal.raw)


def test_bars_are_gray_with_256_colors_and_the_window_has_the_boards_name(home: Path) -> None:
    """The name is given back at the end."""
    with on_terminal(home, "open", "page.png", "--colors", "256", "--theme", "dark", columns=120, rows=36) as terminal:
        terminal.until_shown("No markers yet")
        terminal.settle()
        row = next(y for y, line in enumerate(terminal.screen.display) if "Thread" in line)
        shade = terminal.screen.buffer[row][terminal.screen.display[row].index("Thread")].bg
        assert len({shade[0:2], shade[2:4], shade[4:6]}) == 1, shade
        assert terminal.screen.title == "page.png · 0 comments"
        leave(terminal)
    assert terminal.raw.index(b"\x1b[22;2t") < terminal.raw.index(b"\x1b]2;") < terminal.raw.index(b"\x1b[23;2t")


def test_the_options_of_the_widget_reach_the_board(home: Path) -> None:
    """A key of one's own, how large markers are, the count in the title and for a command; then looking only."""
    words = ("open", "page.png", "--url-id", "mine", "--marker-size")
    tell = "sh -c 'echo $1 >> counts' tell"
    with on_terminal(home, *words, "3", "--max-reply-depth", "1", "--on-count", tell) as terminal:
        terminal.until_shown("● live")
        terminal.press("mBlue\r")
        terminal.until_shown("#1 · open")
        terminal.until(lambda: terminal.screen.title == "page.png · 1 comment")
        leave(terminal)
    assert (home / "counts").read_text(encoding="utf-8").split()[-1] == "1"
    for size, marker in (("3", "[1]"), ("30", "┌──────────────────┐")):
        with on_terminal(home, *words, size, "--readonly") as terminal:
            terminal.until_shown("● live")
            terminal.until_shown("Blue")
            terminal.until_shown(marker)
            terminal.press("m")
            terminal.until_shown("This board is open for reading only.")
            leave(terminal)


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


def test_plain_mode_goes_from_board_to_board_through_a_pipe(home: Path) -> None:
    """The list of boards is lines as well; a marker made before is there after coming back."""
    lines = b"new 5 5 Too pale\nboards\n7\n1\nlist\nquit\n"
    ended = imagechat(home, "open", "page.png", "--plain", stdin=lines)
    assert ended.code == 0, ended.err
    said = ended.out.splitlines()
    assert said.index("Placed: marker 1.") < said.index("Type a number from 1 to 1.")
    assert f"1, page.png, 1 open, seen just now: {home / 'page.png'}" in said
    assert said[-1] == f"1, top left, at 5.0 5.0, open, no replies, by {_me(said)} (you): Too pale"
    alone = imagechat(home, "--plain", stdin=b"quit\n")
    assert alone.code == 0
    assert "1, page.png, 1 open" in alone.out


def _me(said: list[str]) -> str:
    """The name under which this person is here."""
    found = re.search(r"by (.+) \(you\)", "\n".join(said))
    assert found
    return found[1]


def test_plain_mode_takes_a_picture_from_a_pipe(home: Path) -> None:
    """Lines are then typed at the terminal."""
    with on_terminal(home, "open", "-", "--plain", stdin=home / "page.png", columns=120) as terminal:
        terminal.until_shown("Connected")
        terminal.press("new 5 5 Too pale\r")
        terminal.until_shown("Placed: marker 1.")
        terminal.press("q\r")
        assert terminal.end() == 0


def test_several_images_are_a_set(home: Path) -> None:
    """Each is a board of its own, found again by itself; what was typed and not sent stays with its image."""
    (home / "cart.png").write_bytes(mockup.FILE.read_bytes())
    with on_terminal(home, "open", "page.png", "cart.png", columns=120) as terminal:
        terminal.until_shown("1/2 page.png")
        terminal.until_shown("● live")
        terminal.press(">")
        terminal.until_shown("2/2 cart.png")
        terminal.press("m")
        terminal.until_shown("New marker")
        terminal.press("On the cart")
        terminal.until_shown("On the cart")
        terminal.press("\x1b")
        terminal.until_shown("Kept as a draft")
        leave(terminal)
    with on_terminal(home, "open", "cart.png", columns=120) as terminal:
        terminal.until_shown("● live")
        assert "2/2" not in terminal.text
        terminal.press("m")
        terminal.until_shown("On the cart")
        terminal.press("\x1b")
        terminal.settle()
        leave(terminal)
    with on_terminal(home) as terminal:
        terminal.until_shown("Recent boards")
        assert "page.png" in terminal.text
        assert "cart.png" in terminal.text


def test_a_set_that_makes_no_sense_is_refused_in_one_sentence(home: Path) -> None:
    """Nothing is opened, and the sentence says what is wrong."""
    for words, said in (
        (["page.png", "./page.png"], "named twice"),
        (["page.png", "missing.png"], "missing.png"),
        (["page.png", "other.png", "--url-id", "x"], "--url-id"),
        (["page.png"] * 31, "at most 30"),
    ):
        with on_terminal(home, "open", *words) as terminal:
            assert terminal.end() in {1, 2, 5}
            assert said in " ".join(terminal.text.split())
            assert "1/2" not in terminal.text
