"""Getting a picture safely: files, pipes and the web, and what each way may cost at most."""

import os
import threading
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from imagechat_tui.client import pictures
from imagechat_tui.client.address import FilePicture, PipedPicture, WebPicture
from imagechat_tui.client.exchange import Exchange, Identity
from imagechat_tui.client.pictures import Loaded
from imagechat_tui.client.server import server_at
from imagechat_tui.errors import (
    NotAllowedError,
    NotFoundError,
    PictureError,
    ServerError,
    UnreachableError,
    UserError,
)
from tests.client.hosts import Host, Said, http_host, said


def png(width: int = 4, height: int = 3) -> bytes:
    """A small picture."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), "#0f62fe").save(buffer, "PNG")
    return buffer.getvalue()


async def test_a_file_is_read_with_its_name_and_key(tmp_path: Path) -> None:
    """The title is its name, the key its place."""
    path = tmp_path / "mock.png"
    path.write_bytes(png())
    loaded = await pictures.load(FilePicture(path=path))
    assert (loaded.data, loaded.title, loaded.key) == (png(), "mock.png", f"file:{path}")


async def test_stdin_is_read_to_its_end() -> None:
    """Its key is that of its bytes."""
    loaded = await pictures.load(PipedPicture(), stdin=BytesIO(png()))
    assert loaded.key == f"sha256:{loaded.sha256}"


async def test_a_drawing_becomes_pixels_before_anybody_gets_it(tmp_path: Path) -> None:
    """Shown and uploaded is a PNG; its board stays that of the file."""
    path = tmp_path / "mock.svg"
    path.write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><rect width="4" height="2"/></svg>')
    loaded = await pictures.load(FilePicture(path=path))
    assert Image.open(BytesIO(loaded.data)).size == (2048, 1024)
    assert (loaded.title, loaded.key, len(loaded.notices)) == ("mock.svg", f"file:{path}", 1)


async def test_a_damaged_drawing_is_refused_with_its_name(tmp_path: Path) -> None:
    """As every other file."""
    path = tmp_path / "mock.svg"
    path.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'")
    with pytest.raises(PictureError, match=r"^mock\.svg: The drawing is damaged"):
        await pictures.load(FilePicture(path=path))


async def test_a_named_pipe_is_read_like_stdin(tmp_path: Path) -> None:
    """The writer may be slow to open it: nothing else has to wait meanwhile."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(png(),))
    writer.start()
    loaded = await pictures.load(PipedPicture(path=path))
    writer.join()
    assert loaded.data == png()


BAD: list[tuple[str, bytes, str]] = [
    ("notes.txt", b"hello\n", "not a picture"),
    ("cut.png", png(200, 200)[:120], "damaged"),
    ("empty.png", b"", "empty"),
    ("\x1b[31mred.png", b"hello\n", "not a picture"),
]


@pytest.mark.parametrize(("name", "data", "words"), BAD)
async def test_what_is_no_picture_is_refused_with_its_name(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    """Before anything is sent anywhere."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(PictureError) as refusal:
        await pictures.load(FilePicture(path=path))
    assert words in str(refusal.value)
    assert ".txt" in str(refusal.value) or ".png" in str(refusal.value)
    assert "\x1b" not in str(refusal.value)


async def test_a_file_beyond_the_limit_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays bounded."""
    monkeypatch.setattr(pictures, "PICTURE_BYTES", 1024 * 1024)
    with pytest.raises(PictureError, match="more than 1 MB"):
        await pictures.load(PipedPicture(path=Path("/dev/zero")))
    (tmp_path / "large.png").write_bytes(b"x" * (1024 * 1024 + 1))
    with pytest.raises(PictureError, match=r"large\.png"):
        await pictures.load(FilePicture(path=tmp_path / "large.png"))


async def test_a_file_that_is_gone_or_closed_to_us_is_said_so(tmp_path: Path) -> None:
    """Between naming and reading it may vanish."""
    with pytest.raises(NotFoundError):
        await pictures.load(FilePicture(path=tmp_path / "gone.png"))
    with pytest.raises(UserError, match="cannot be read"):
        await pictures.load(FilePicture(path=tmp_path))


async def test_a_terminal_is_no_pipe() -> None:
    """Waiting for somebody to type a PNG helps nobody."""
    leader, follower = os.openpty()
    try:
        with os.fdopen(follower, "rb") as terminal, pytest.raises(UserError, match="piped"):
            await pictures.load(PipedPicture(), stdin=terminal)
    finally:
        os.close(leader)


async def test_the_web_is_asked_without_any_identity(host: Host) -> None:
    """A picture's host learns nothing of the person."""
    host.answers["/a/mock%20up.png"] = Said(body=png())
    loaded = await pictures.load(WebPicture(url=host.url + "/a/mock%20up.png?utm_source=x&v=1"))
    assert (loaded.data, loaded.title) == (png(), "mock up.png")
    assert loaded.key == host.url + "/a/mock%20up.png?v=1"
    assert loaded.notices == ()
    assert set(host.seen[0].headers) == {"host", "user-agent", "accept", "accept-encoding"}


async def test_a_redirect_is_followed_without_leaving_the_rules(host: Host) -> None:
    """Inside one network it may go anywhere."""
    host.answers["/old.png"] = Said(status=302, headers={"Location": "/new.png"})
    host.answers["/new.png"] = Said(body=png())
    loaded = await pictures.load(WebPicture(url=host.url + "/old.png"))
    assert loaded.data == png()
    assert loaded.key == host.url + "/old.png"


async def test_a_circle_of_redirects_ends(host: Host) -> None:
    """After five."""
    host.answers["/a.png"] = Said(status=302, headers={"Location": "/a.png"})
    with pytest.raises(ServerError, match="too often"):
        await pictures.load(WebPicture(url=host.url + "/a.png"))
    assert len(host.seen) == 6


@pytest.mark.parametrize(
    ("url", "target", "words"),
    [
        ("https://a.example/p", "http://a.example/p", "unencrypted"),
        ("https://a.example/p", "file:///etc/passwd", "not followed"),
        ("http://198.51.100.1/p", "http://169.254.169.254/latest", "into this network"),
        ("http://198.51.100.1/p", "http://localhost/p", "into this network"),
        ("http://198.51.100.1/p", "http://[::1]/p", "into this network"),
        ("http://198.51.100.1/p", "http://10.0.0.1/p", "into this network"),
    ],
)
async def test_a_redirect_leads_neither_inside_nor_into_the_clear(url: str, target: str, words: str) -> None:
    """A page on the web cannot make this machine ask its own network."""
    with pytest.raises(ServerError, match=words):
        await pictures._check_redirect(url, target, inward=False)


async def test_what_is_inside_is_told_by_its_address() -> None:
    """By number, and by what a name stands for."""
    assert await pictures._is_inward("http://localhost/x")
    assert await pictures._is_inward("http://192.168.1.1/x")
    assert await pictures._is_inward("http://[fd00::1]/x")
    assert not await pictures._is_inward("http://1.1.1.1/x")
    assert not await pictures._is_inward("http://nowhere.invalid/x")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Said(status=404), NotFoundError),
        (Said(status=410), NotFoundError),
        (Said(status=401), NotAllowedError),
        (Said(status=403), NotAllowedError),
        (Said(status=500), ServerError),
        (Said(body=b"<html>log in</html>"), PictureError),
        (Said(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), UnreachableError),
        (Said(raw=b"what?\r\n\r\n"), UnreachableError),
    ],
)
async def test_a_web_that_gives_no_picture_says_why(host: Host, answer: Said, error: type[Exception]) -> None:
    """One sentence each, with the right blame."""
    host.answers["/p.png"] = answer
    with pytest.raises(error) as refusal:
        await pictures.load(WebPicture(url=host.url + "/p.png"))
    assert "\n" not in str(refusal.value)


async def test_a_dead_address_is_unreachable() -> None:
    """Nobody listens, or nobody knows the name."""
    async with http_host() as gone:
        url = gone.url
    with pytest.raises(UnreachableError, match="cannot be loaded"):
        await pictures.load(WebPicture(url=url + "/p.png"))
    with pytest.raises(UnreachableError):
        await pictures.load(WebPicture(url="http://nowhere.invalid/p.png"))


async def test_a_host_that_never_answers_is_given_up(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds for everything together."""
    monkeypatch.setattr(pictures, "_DOWNLOAD_SECONDS", 0.05)
    host.mute = True
    with pytest.raises(UnreachableError, match="in time"):
        await pictures.load(WebPicture(url=host.url + "/p.png"))


async def test_a_download_beyond_the_limit_is_broken_off(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its headers promise."""
    monkeypatch.setattr(pictures, "PICTURE_BYTES", 1000)
    host.answers["/p.png"] = Said(body=b"x" * 1001)
    with pytest.raises(PictureError, match="more than"):
        await pictures.load(WebPicture(url=host.url + "/p.png"))


async def test_an_upload_carries_the_bytes_as_they_are(host: Host) -> None:
    """Signs of the envelope inside them do no harm."""
    stored = {"status": "success", "src": "/f/1.png", "width": 4, "height": 3, "sha256": "x"}
    host.answers["/imagechat/v1/pictures/acme"] = said(stored)
    data = png() + b"\r\n--boundary--\r\n"
    exchange = Exchange(server_at(host.url), identity=Identity(token="t"))
    reply = await pictures.upload(exchange, "acme", Loaded(data=data, title="t", key="k"))
    await exchange.close()
    assert reply.src == "/f/1.png"
    (seen,) = host.seen
    assert seen.headers["authorization"] == "Bearer t"
    assert b"\r\n\r\n" + data + b"\r\n--" in seen.body


async def test_a_refused_upload_is_one_sentence(host: Host) -> None:
    """In the server's words."""
    host.answers["/imagechat/v1/pictures/acme"] = said(
        {"status": "failed", "reason": "Sign in first.", "code": "unauthorized"}, status=401
    )
    exchange = Exchange(server_at(host.url))
    with pytest.raises(NotAllowedError, match=r"Sign in first\."):
        await pictures.upload(exchange, "acme", Loaded(data=png(), title="t", key="k"))
    await exchange.close()
