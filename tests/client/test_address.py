"""What IMAGE may be, and what is said about everything else."""

import hashlib
import os
import socket
from pathlib import Path

import pytest

from imagechat_tui.client.address import (
    BoardLink,
    FilePicture,
    PipedPicture,
    WebPicture,
    bytes_key,
    read_address,
)
from imagechat_tui.errors import NotFoundError, UsageError, UserError


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in the working folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mock up.png"
    path.write_bytes(b"x")
    return path


def test_a_file_is_known_by_its_canonical_path(file: Path) -> None:
    """However it was reached: relative, through a link, as an address."""
    link = file.parent / "link.png"
    link.symlink_to(file)
    key = f"file:{file.resolve()}"
    for name in ("mock up.png", "./mock up.png", str(file), "link.png", f"file://{file}".replace(" ", "%20")):
        address = read_address(name)
        assert isinstance(address, FilePicture)
        assert address.key == key


def test_a_home_folder_is_expanded(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where no shell did it."""
    monkeypatch.setenv("HOME", str(file.parent))
    assert read_address("~/mock up.png") == FilePicture(path=file.resolve())


def test_a_file_with_any_name_has_a_key_that_can_be_sent(tmp_path: Path) -> None:
    """Bytes that are no UTF-8, and paths longer than a key may be."""
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png"))
    assert FilePicture(path=odd).key.encode()
    assert FilePicture(path=odd).key.endswith("\\xff.png")
    long = FilePicture(path=Path("/" + "x" * 3000)).key
    assert long.startswith("file:sha256:")
    assert long != FilePicture(path=Path("/" + "x" * 3001)).key


def test_a_dash_is_stdin() -> None:
    """Its key is that of its bytes."""
    assert read_address("-") == PipedPicture()
    assert bytes_key(b"abc") == "sha256:" + hashlib.sha256(b"abc").hexdigest()


def test_a_named_pipe_is_read_once(tmp_path: Path) -> None:
    """What a shell makes of ``<(command)``."""
    os.mkfifo(tmp_path / "pipe")
    assert read_address(str(tmp_path / "pipe")) == PipedPicture(path=tmp_path / "pipe")


def test_a_picture_on_the_web_is_known_by_its_clean_address() -> None:
    """Marketing parameters make no other board."""
    address = read_address("https://a.example/p.png?utm_source=x&v=2")
    assert isinstance(address, WebPicture)
    assert address.url == "https://a.example/p.png?utm_source=x&v=2"
    assert address.key == "https://a.example/p.png?v=2"


def test_a_link_to_a_board_is_recognised_by_its_path() -> None:
    """On every server."""
    assert read_address("https://pins.example/imagechat/v1/b/acme/b-1") == BoardLink(
        server="https://pins.example", tenant="acme", token="b-1"
    )


WRONG: list[tuple[str, type[Exception], str]] = [
    ("https://pins.example/imagechat/v1/invite#s3cret", UsageError, "imagechat login"),
    ("https://pins.example/imagechat/v1/b/acme", UsageError, "copy it again"),
    ("https://user:s3cret@a.example/p.png", UsageError, "password"),
    ("https:///p.png", UsageError, "no host"),
    ("https://[broken/p.png", UsageError, "not a valid address"),
    ("https://a.example/" + "x" * 2000, UsageError, "longer than"),
    ("ftp://a.example/p.png", UsageError, "ftp://"),
    ("file://elsewhere/p.png", UsageError, "another machine"),
    ("missing.png", NotFoundError, "no file"),
    ("a.example/p.png", NotFoundError, "Did you mean https://a.example/p.png"),
    ("https:/a.example/p.png", NotFoundError, "two slashes"),
    ("mock up.png/inside", NotFoundError, "no file"),
    (".", UserError, "folder"),
    ("", UsageError, "No picture"),
    ("a\0b", UserError, "not valid"),
]


@pytest.mark.parametrize(("text", "error", "words"), WRONG)
@pytest.mark.usefixtures("file")
def test_what_is_no_picture_is_refused_in_one_sentence(text: str, error: type[Exception], words: str) -> None:
    """It says what to do, and repeats no secret."""
    with pytest.raises(error) as refusal:
        read_address(text)
    sentence = str(refusal.value)
    assert words in sentence
    assert "\n" not in sentence
    assert "s3cret" not in sentence


def test_a_socket_is_no_picture(tmp_path: Path) -> None:
    """Nor is any other special file."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        with pytest.raises(UserError, match="ordinary"):
            read_address(str(path))


def test_escape_sequences_of_a_name_do_not_reach_the_screen() -> None:
    """A name may come from a script."""
    with pytest.raises(NotFoundError) as refusal:
        read_address("a\x1b]0;owned\x07b.png")
    assert "\x1b" not in str(refusal.value)
