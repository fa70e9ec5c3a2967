"""Copying: by the terminal first, by what else reaches the clipboard of the person's own machine, and by eye."""

import base64
from collections.abc import Callable

import pytest

from imagechat_tui.tui import clipboard
from imagechat_tui.tui.screens.copied import Copied
from tests.support.grid import grid
from tests.tui.stage import press, reviewed, shown, toasts, until

LINK = "https://chat.example/imagechat/v1/b/acme/0123456789"


def _has(*names: str) -> Callable[[str], bool]:
    return lambda name: name in names


@pytest.mark.parametrize(
    ("environ", "programs", "platform", "program", "name"),
    [
        ({}, ("xclip", "wl-copy"), "linux", None, "OSC 52"),
        ({"DISPLAY": ":0"}, ("xclip",), "linux", "xclip", "OSC 52, xclip"),
        ({"DISPLAY": ":0"}, ("xsel",), "linux", "xsel", "OSC 52, xsel"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, ("xclip", "wl-copy"), "linux", "wl-copy", "OSC 52, wl-copy"),
        ({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, ("xclip",), "linux", None, "OSC 52"),
        ({"SSH_CONNECTION": "::1"}, ("pbcopy",), "darwin", None, "OSC 52"),
        ({}, ("pbcopy",), "darwin", "pbcopy", "OSC 52, pbcopy"),
        ({"TMUX": "x", "SSH_TTY": "y"}, ("tmux",), "linux", "tmux", "OSC 52, tmux"),
    ],
)
def test_over_ssh_the_terminal_is_asked_and_no_program_of_the_far_machine(
    environ: dict[str, str], programs: tuple[str, ...], platform: str, program: str | None, name: str
) -> None:
    """At one's own machine the desktop gets it too; tmux passes it on by itself."""
    way = clipboard.way(environ, _has(*programs), platform=platform)
    assert way.osc52
    assert (way.program and way.program[0]) == program
    assert way.name == name


async def test_a_link_is_told_and_shown_alone_when_it_is_copied_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first column and whole, so that a mouse can take it from any terminal."""
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    async with shown(reviewed(), (60, 20), link=LINK) as pilot:
        await press(pilot, "y")
        assert toasts(pilot) == [LINK]
        assert [one.title for one in pilot.app._notifications] == ["Link copied (OSC 52); again: shown alone"]
        await press(pilot, "y")
        assert isinstance(pilot.app.screen, Copied)
        assert grid(pilot.app).splitlines()[0].strip() == LINK
        assert grid(pilot.app).startswith("https")
        await press(pilot, "escape", "y")
        assert not isinstance(pilot.app.screen, Copied)


async def test_a_copied_text_is_for_the_terminal_in_base64(monkeypatch: pytest.MonkeyPatch) -> None:
    """And too long a one is not sent half."""
    monkeypatch.delenv("TMUX", raising=False)
    written: list[str] = []
    async with shown(reviewed()) as pilot:
        driver = pilot.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", written.append)
        pilot.app.copy_to_clipboard("č")
        pilot.app.copy_to_clipboard("x" * 80_000)
        assert pilot.app.clipboard == "x" * 80_000
        monkeypatch.undo()
    assert [one for one in written if "]52;" in one] == [f"\x1b]52;c;{base64.b64encode('č'.encode()).decode()}\a"]


async def test_a_selection_with_the_mouse_is_copied_before_the_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the words that were drawn over."""
    monkeypatch.delenv("TMUX", raising=False)
    async with shown(reviewed(), (120, 30)) as pilot:
        await press(pilot, "n", "enter")
        rows = grid(pilot.app).splitlines()
        y = next(place for place, row in enumerate(rows) if "Yes, and more" in row)
        x = rows[y].index("Yes, and more")
        await pilot.mouse_down(offset=(x, y))
        await pilot.hover(offset=(x + 3, y))
        await pilot.hover(offset=(x + 8, y))
        await pilot.mouse_up(offset=(x + 8, y))
        await press(pilot, "Y")
        await until(pilot, lambda: pilot.app.clipboard != "")
        assert pilot.app.clipboard in {"Yes, and", "Yes, and "}
