"""What goes wrong with pictures, addresses, servers, folders: one sentence, the right exit code, nothing half-made."""

import http.server
import shutil
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagechat_tui.demo import mockup
from tests.cli.commands import Ended, imagechat

OK, FAILED, USAGE, UNREACHABLE, NOT_FOUND = 0, 1, 2, 3, 5


def huge_png() -> bytes:
    """A PNG that claims 80 megapixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 10_000, 8_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with pictures, good and bad."""
    data = mockup.FILE.read_bytes()
    (tmp_path / "good.png").write_bytes(data)
    (tmp_path / "cut.png").write_bytes(data[: len(data) // 2])
    (tmp_path / "huge.png").write_bytes(huge_png())
    (tmp_path / "words.txt").write_text("not a picture", encoding="utf-8")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    return tmp_path


def assert_one_sentence(ended: Ended, *says: str) -> None:
    """Nothing on stdout, one line on stderr, no traceback."""
    assert ended.out == ""
    assert len(ended.err.strip().splitlines()) == 1, ended.err
    assert "Traceback" not in ended.err
    assert ended.err.strip().endswith((".", "?"))
    for words in says:
        assert words in ended.err


BAD_PICTURES = [
    ("none.png", NOT_FOUND, "no file none.png"),
    ("folder", FAILED, "is a folder"),
    ("words.txt", FAILED, "not a picture"),
    ("empty.png", FAILED, "empty"),
    ("cut.png", FAILED, "damaged or cut off"),
    ("huge.png", FAILED, "10000 x 8000 pixels"),
    ("ftp://host/x.png", USAGE, "ftp://"),
    ("http://127.0.0.1:9/x.png", UNREACHABLE, "cannot be loaded"),
    ("http://", USAGE, "names no host"),
    ("pins.example/x.png", NOT_FOUND, "Did you mean https://pins.example/x.png"),
]


@pytest.mark.parametrize(("image", "code", "says"), BAD_PICTURES)
@pytest.mark.parametrize("command", ["show", "open"])
def test_a_bad_picture(home: Path, command: str, image: str, code: int, says: str) -> None:
    """It says what to do; no server is started for it, and nothing is written."""
    before = sorted(home.rglob("*"))
    ended = imagechat(home, command, image)
    assert ended.code == code, ended
    assert_one_sentence(ended, says)
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize("command", ["show", "open"])
def test_stdin_that_is_no_picture(home: Path, command: str) -> None:
    """The same for a pipe."""
    ended = imagechat(home, command, "-", stdin=b"hello")
    assert ended.code == FAILED
    assert_one_sentence(ended, "not a picture")


def test_a_good_picture_without_a_terminal(home: Path) -> None:
    """``open`` refuses and names the command that does not need one; no server was started."""
    ended = imagechat(home, "open", "good.png")
    assert ended.code == USAGE
    assert_one_sentence(ended, "needs a terminal", "imagechat show")
    assert not (home / "data").exists()


class Stranger(http.server.BaseHTTPRequestHandler):
    """Answers everything with a page of its own."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<h1>Welcome</h1>")

    do_POST = do_GET  # noqa: N815 - named by http.server
    do_PUT = do_GET  # noqa: N815 - the same

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    """A web server that is not ours."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_server_that_is_not_ours(home: Path, stranger: str) -> None:
    """Not its words, not a decoding error."""
    for words in (
        ["open", f"{stranger}/imagechat/v1/b/acme/token"],
        ["share", "good.png", "--server", stranger, "--tenant", "acme"],
        ["login", f"{stranger}/imagechat/v1/invite#secret"],
    ):
        ended = imagechat(home, *words)
        assert ended.code == UNREACHABLE, ended
        assert_one_sentence(ended, "is no imagechat server", stranger)


def test_a_server_that_does_not_answer(home: Path) -> None:
    """Trying again may help: exit code 3."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    ended = imagechat(home, "share", "good.png", "--server", address, "--tenant", "acme")
    assert ended.code == UNREACHABLE
    assert_one_sentence(ended, "Cannot reach", address)


def test_a_server_elsewhere_without_encryption(home: Path) -> None:
    """Refused before a byte leaves the machine."""
    ended = imagechat(home, "share", "good.png", "--server", "http://198.51.100.7", "--tenant", "acme")
    assert ended.code == USAGE
    assert_one_sentence(ended, "https://", "--insecure-transport")


def test_a_port_in_use(home: Path) -> None:
    """The sentence offers another port; no folder is left."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = imagechat(home, "serve", "--port", port, "--data", "server-data")
    assert ended.code == FAILED
    assert_one_sentence(ended, f"Port {port}", "--port 0")
    assert not (home / "server-data").exists()


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["tenant", "add", "acme"]])
def test_a_data_folder_that_cannot_be_written(home: Path, command: list[str]) -> None:
    """Also for the administrator of the machine: /proc takes no folders from anybody."""
    ended = imagechat(home, *command, "--data", "/proc/imagechat")
    assert ended.code == FAILED
    assert_one_sentence(ended, "/proc/imagechat", "--data")


def test_who_opens_a_picture_is_told_of_the_folder_they_can_choose(home: Path) -> None:
    """The local server keeps its data where the environment says; `open` has no flag for it."""
    ended = imagechat(home, "show", "good.png", "--markers", variables={"XDG_DATA_HOME": "/proc/nowhere"})
    assert ended.code == FAILED
    assert_one_sentence(ended, "/proc/nowhere/imagechat", "XDG_DATA_HOME")
    assert "--data" not in ended.err


def test_a_database_that_is_none(home: Path) -> None:
    """It is not overwritten."""
    folder = home / "server-data"
    folder.mkdir()
    shutil.copy(home / "good.png", folder / "imagechat.sqlite3")
    ended = imagechat(home, "serve", "--port", "0", "--data", str(folder))
    assert ended.code == FAILED
    assert "is not a database of imagechat" in ended.err
    assert "Traceback" not in ended.err
    assert (folder / "imagechat.sqlite3").read_bytes() == (home / "good.png").read_bytes()


def test_a_certificate_without_its_key(home: Path) -> None:
    """Wrong use."""
    ended = imagechat(home, "serve", "--tls-cert", "x.pem", "--data", "server-data")
    assert ended.code == USAGE
    assert_one_sentence(ended, "--tls-key")
