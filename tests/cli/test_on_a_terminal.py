"""Commands on a terminal: the app opens, is used, and gives the terminal back."""

from pathlib import Path

from imagechat_tui.demo import mockup
from tests.cli.commands import imagechat
from tests.cli.terminal import on_terminal

ALTERNATE_SCREEN_LEFT = b"\x1b[?1049l"


def test_the_demo_opens_the_app_on_a_lively_board(tmp_path: Path) -> None:
    """Markers and people are there at the first look; leaving leaves nothing."""
    with on_terminal(tmp_path, "demo", "--seed", "1", columns=120, rows=36) as terminal:
        terminal.until_shown("● live")
        terminal.until_shown("The label does not fit")
        terminal.until_shown("4 here")
        terminal.press("q")
        assert terminal.end() == 0
        assert ALTERNATE_SCREEN_LEFT in terminal.raw
    assert not list(tmp_path.glob("imagechat-demo-*"))
    assert not (tmp_path / "data").exists()


def test_the_app_ends_with_its_terminal(tmp_path: Path) -> None:
    """As when an SSH connection is lost: in good order, and nothing stays behind."""
    with on_terminal(tmp_path, "demo", "--seed", "1") as terminal:
        terminal.until_shown("● live")
        assert terminal.hang_up() == 129
    assert not list(tmp_path.glob("imagechat-demo-*"))


def test_alone_it_points_at_the_demo_first(tmp_path: Path) -> None:
    """A new user with a terminal is not left with an empty list."""
    with on_terminal(tmp_path) as terminal:
        assert terminal.end() == 0
        assert "imagechat demo" in terminal.text


def test_doctor_looks_at_the_terminal(tmp_path: Path) -> None:
    """Size, colors and why; samples to look at."""
    with on_terminal(tmp_path, "doctor", rows=50) as terminal:
        assert terminal.end() == 0
        assert "100x50" in terminal.text
        assert "COLORTERM is truecolor" in terminal.text
        assert "octant " in terminal.text
        assert "🬞🬻██🬺🬏" in terminal.text


def test_show_prints_as_wide_as_the_terminal(tmp_path: Path) -> None:
    """And not wider; the prompt keeps its line."""
    (tmp_path / "page.png").write_bytes(mockup.FILE.read_bytes())
    with on_terminal(tmp_path, "show", "page.png", columns=60, rows=40) as terminal:
        assert terminal.end() == 0
        drawn = [line for line in terminal.text.splitlines() if line.strip()]
        assert 15 <= len(drawn) <= 21
    printed = imagechat(tmp_path, "show", "page.png", "--size", "60x10", "--mode", "half", "--colors", "mono")
    assert len(printed.out.splitlines()) == 10


def test_removing_a_tenant_asks(tmp_path: Path) -> None:
    """No is no."""
    data = ["--data", str(tmp_path / "server-data")]
    assert imagechat(tmp_path, "tenant", "add", "acme", *data).code == 0
    with on_terminal(tmp_path, "tenant", "remove", "acme", *data) as terminal:
        terminal.until_shown("Delete everything of tenant acme?")
        terminal.press("n\r")
        assert terminal.end() == 1
    assert "acme" in imagechat(tmp_path, "tenant", "list", *data).out
