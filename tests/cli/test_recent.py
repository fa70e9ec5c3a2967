"""Boards looked at lately: kept, bounded, and never a reason to fail."""

from pathlib import Path

import pytest

from imagechat_tui.cli import recent
from imagechat_tui.client.address import BoardLink, FilePicture, PipedPicture, WebPicture


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of this test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "imagechat"


def test_the_latest_comes_first_and_once() -> None:
    """Opening again moves it up."""
    first, second = FilePicture(path=Path("/a.png")), WebPicture(url="https://host/b.png")
    recent.remember(first, title="a.png")
    recent.remember(second, title="b.png")
    recent.remember(first, title="a.png")
    assert [entry.target for entry in recent.entries()] == ["/a.png", "https://host/b.png"]


def test_a_link_is_kept_as_a_link() -> None:
    """So that it can be opened again."""
    recent.remember(BoardLink(server="https://host", tenant="acme", token="t"), title="x")
    assert [entry.target for entry in recent.entries()] == ["https://host/imagechat/v1/b/acme/t"]


def test_a_pipe_is_not_kept() -> None:
    """It cannot be opened again."""
    recent.remember(PipedPicture(), title="stdin")
    assert recent.entries() == []


def test_the_list_stays_short() -> None:
    """The oldest falls out."""
    for number in range(30):
        recent.remember(FilePicture(path=Path(f"/{number}.png")), title=str(number))
    found = recent.entries()
    assert len(found) == 20
    assert found[0].title == "29"


def test_a_damaged_file_is_an_empty_list(state: Path) -> None:
    """And the next board mends it."""
    state.mkdir()
    (state / "recent.json").write_text("{", encoding="utf-8")
    assert recent.entries() == []
    recent.remember(FilePicture(path=Path("/a.png")), title="a.png")
    assert len(recent.entries()) == 1


def test_titles_of_others_are_data() -> None:
    """They come from a server."""
    recent.remember(FilePicture(path=Path("/a.png")), title="a\x1b[31m\nb")
    assert recent.entries()[0].title == "a b"
