"""Opening takes long: how far it is is shown, and ctrl+c ends it with a sentence and with nothing half-done."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from imagechat_tui.cli import waiting
from imagechat_tui.client.work import Work
from imagechat_tui.demo import mockup
from imagechat_tui.server.settings import DATABASE_FILE
from tests.cli.commands import imagechat
from tests.cli.terminal import on_terminal
from tests.cli.test_open import home

__all__ = ["home"]


@contextlib.contextmanager
def slow_web() -> Iterator[str]:
    """The address of a picture whose second half does not come before the block ends."""
    leaving, data = threading.Event(), mockup.FILE.read_bytes()

    class Half(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.wfile.flush()
            leaving.wait()

        def log_message(self, format: str, *words: object) -> None:  # noqa: A002 - the base's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Half) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/page.png"
        finally:
            leaving.set()
            server.shutdown()
            serving.join()


def boards(home: Path) -> int:
    """How many the local server has."""
    with contextlib.closing(sqlite3.connect(home / "data" / "imagechat" / DATABASE_FILE)) as data:
        count: int = data.execute("SELECT count(*) FROM boards").fetchone()[0]
        return count


@pytest.mark.parametrize(
    ("moment", "work"),
    [
        ("pictures:_read_file:1", Work.READING),
        ("local:LocalServer._spawn:1", Work.STARTING),
        ("exchange:_Counted.__aiter__:1", Work.SENDING),
        ("opening:_put:1", Work.SETTING_UP),
    ],
)
def test_opening_is_stopped(home: Path, moment: str, work: Work) -> None:
    """Wherever it is; the same line opens the board the next time."""
    ended = imagechat(home, "show", "page.png", "--words", stop_at=f"imagechat_tui.client.{moment}")
    assert (ended.code, ended.out) == (130, "")
    assert ended.err == waiting.left(work) + "\n"
    if work in {Work.SENDING, Work.SETTING_UP}:
        assert boards(home) == 0
    again = imagechat(home, "open", "page.png", "--plain")
    assert again.code == 0, again
    assert boards(home) == 1


def test_a_download_shows_how_far_it_is_and_is_stopped(home: Path) -> None:
    """On a terminal, by the key."""
    with slow_web() as address, on_terminal(home, "open", address, "--graphics", "off") as terminal:
        terminal.until_shown("Loading the picture")
        terminal.until_shown(" kB / ")
        terminal.press("\x03")
        assert terminal.end() == 130
        assert waiting.left(None) in terminal.text
        assert "Loading" not in terminal.text
    assert not (home / "data").exists()


def test_plain_mode_says_what_goes_on_once(home: Path) -> None:
    """Nothing moves for those who listen."""
    with slow_web() as address, on_terminal(home, "open", address, "--plain") as terminal:
        terminal.until_shown("Loading the picture …")
        terminal.press("\x03")
        assert terminal.end() == 130
        assert terminal.text.count("Loading the picture") == 1


def test_a_server_is_stopped_at_its_start(home: Path) -> None:
    """While the database is brought up to date; what was made for nothing goes."""
    moment = "imagechat_tui.server.store.migrate:to_newest:1"
    ended = imagechat(home, "serve", "--port", "0", "--data", str(home / "served"), stop_at=moment)
    assert ended.code == 130, ended
    assert ended.err == (
        "The start was stopped: nobody was served, and the database is whole. Start it again at any time.\n"
    )
    started = imagechat(home, "tenant", "add", "acme", "--data", str(home / "served"))
    assert started.code == 0, started
