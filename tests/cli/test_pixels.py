"""The program on a terminal that takes pictures, from its first question to its end; by a model of such a terminal."""

import signal
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal, on_terminal
from tests.support.kitty import KittyTerminal

KITTY = {"TERM": "xterm-kitty"}


def terminal() -> KittyTerminal:
    """A small one."""
    return KittyTerminal(90, 26, cell=(6, 12))


def opened(shown: Terminal, model: KittyTerminal) -> None:
    """Wait for the board, and for its picture in pixels."""
    shown.until_shown("● live")
    shown.until(lambda: model.sent > 0)
    shown.settle()


@pytest.mark.parametrize("end", ["key", "signal"])
def test_the_picture_comes_in_pixels_and_leaves_with_the_program(tmp_path: Path, end: str) -> None:
    """Before the screen is given back, however the program ends."""
    model = terminal()
    with on_terminal(tmp_path, "demo", "--seed", "1", variables=KITTY, kitty=model) as shown:
        opened(shown, model)
        seen, where = model.composed()
        assert where.sum() > 500 * 6 * 12
        assert len({tuple(color) for color in seen[where][::97].tolist()}) > 3
        if end == "key":
            shown.press("q")
        else:
            shown.process.send_signal(signal.SIGTERM)
        assert shown.end() == (0 if end == "key" else 143)
    assert model.images == {}
    assert shown.raw.rindex(b"\x1b_Ga=d") < shown.raw.rindex(b"\x1b[?1049l")
    assert shown.raw.count(b"\x1b_Gi=31") == 1


@pytest.mark.parametrize(
    ("variables", "flags"),
    [
        (KITTY | {"TMUX": "socket,1,0", "TERM": "tmux-256color"}, []),
        (KITTY | {"STY": "1.pts", "TERM": "screen-256color"}, []),
        (KITTY | {"ZELLIJ": "0"}, []),
        (KITTY | {"TMUX": "socket,1,0", "TERM": "tmux-256color"}, ["--graphics", "kitty"]),
        (KITTY, ["--graphics", "off"]),
        (KITTY, ["--colors", "256"]),
        (KITTY | {"NO_COLOR": "1"}, []),
    ],
    ids=["tmux", "screen", "zellij", "forced in tmux", "off", "256 colors", "no colors"],
)
def test_where_pictures_do_not_belong_none_is_sent(tmp_path: Path, variables: dict[str, str], flags: list[str]) -> None:
    """Not a command, not a placeholder; through a multiplexer not even the question."""
    model = terminal()
    with on_terminal(tmp_path, "demo", "--seed", "1", *flags, variables=variables, kitty=model) as shown:
        shown.until_shown("● live")
        shown.press("+")
        shown.settle()
        shown.press("q")
        assert shown.end() == 0
    assert model.sent == 0
    assert "\U0010eeee".encode() not in shown.raw
    asked = b"\x1b_G" in shown.raw
    assert asked == ("256" in flags or "NO_COLOR" in variables)


@pytest.mark.parametrize(
    ("variables", "flags", "reason"),
    [
        (KITTY, {}, "yes, it accepted a picture"),
        (KITTY | {"TMUX": "socket,1,0"}, {}, "no, tmux stands between"),
        (KITTY, {"IMAGECHAT_GRAPHICS": "off"}, "no, chosen by hand"),
        (KITTY, {"IMAGECHAT_COLORS": "256"}, "no, that needs 16m colors"),
    ],
)
def test_doctor_says_what_was_decided_and_why(
    tmp_path: Path, variables: dict[str, str], flags: dict[str, str], reason: str
) -> None:
    """The app would decide the same; a multiplexer is not asked."""
    model = KittyTerminal(100, 60, cell=(6, 12))
    with on_terminal(tmp_path, "doctor", variables=variables | flags, kitty=model) as shown:
        assert shown.end() == 0
        assert reason in shown.text
        assert (b"\x1b_G" in shown.raw) == (not ({"TMUX", "IMAGECHAT_GRAPHICS"} & {*variables, *flags}))
