"""Which terminal this is, from its own words and from the variables it leaves behind."""

import pytest

from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.known import ANY_VERSION, KNOWN, identify, identity, multiplexer, version_numbers


@pytest.mark.parametrize(
    ("answer", "name", "version"),
    [
        ("kitty(0.40.1)", "kitty", (0, 40, 1)),
        ("ghostty 1.2.0", "ghostty", (1, 2, 0)),
        ("foot(1.20.2-5-gabc)", "foot", (1, 20, 2)),
        ("VTE(7802)", "vte", (0, 78, 2)),
        ("WezTerm 20240203-110809-5046fc22", "wezterm", (20240203,)),
        ("xterm.js(5.6.0)", "vscode", (5, 6, 0)),
        ("Konsole 24.12.1", "konsole", (24, 12, 1)),
        ("iTerm2 3.5.10", "iterm2", (3, 5, 10)),
        ("XTerm(390)", "xterm", (390,)),
        ("tmux 3.4", "tmux", (3, 4)),
        ("Zellij(0.41.2)", "zellij", (0, 41, 2)),
        ("tmux next-3.5", "tmux", ()),
        ("contour v0.4.3", "contour", (0, 4, 3)),
        ("libvterm(0.3)", "unknown", (0, 3)),
        ("", "unknown", ()),
        ("\x1b[31m(1)", "unknown", ()),
        ("kitty(" + "9" * 400 + ")", "kitty", (999_999_999,)),
    ],
)
def test_an_answer_names_terminal_and_version(answer: str, name: str, version: tuple[int, ...]) -> None:
    """Each program writes it its own way."""
    assert identify(answer) == (name, version)


@pytest.mark.parametrize(
    ("environment", "name", "version"),
    [
        ({"TERM": "xterm-kitty"}, "kitty", ()),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode", "TERM_PROGRAM_VERSION": "1.99.0"}, "vscode", (1, 99, 0)),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7801"}, "vte", (0, 78, 1)),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "241201"}, "konsole", ()),
        ({"TERM": "xterm-256color", "WT_SESSION": "abc"}, "windows-terminal", ()),
        ({"TERM": "linux", "TERM_PROGRAM": "vscode"}, "linux", ()),
        ({"TERM": "dumb", "TMUX": "socket,1,0"}, "dumb", ()),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, "tmux", ()),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.4"}, "tmux", (3, 4)),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts"}, "screen", ()),
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1", "ZELLIJ": "0"}, "zellij", ()),
        ({"TERM": "xterm-256color"}, "unknown", ()),
        ({}, "unknown", ()),
    ],
)
def test_variables_name_it_when_it_does_not_answer(
    environment: dict[str, str], name: str, version: tuple[int, ...]
) -> None:
    """Variables that a multiplexer passed on from another terminal are not believed."""
    found, numbers, source = identity(environment, None)
    assert (found, numbers) == (name, version)
    assert source


def test_its_own_word_comes_first() -> None:
    """Variables survive where the terminal changed, as over SSH."""
    assert identity({"TERM": "xterm-kitty"}, "foot(1.20.0)")[:2] == ("foot", (1, 20, 0))
    assert identity({"TERM": "xterm-kitty"}, "something else")[0] == "kitty"


def test_a_multiplexer_is_seen() -> None:
    """By its variable or by the name of its terminal."""
    assert multiplexer({"TERM": "xterm", "TMUX": "x"}) == "tmux"
    assert multiplexer({"TERM": "screen-256color"}) == "screen"
    assert multiplexer({"TERM": "xterm"}) is None


def test_every_known_terminal_has_glyphs_for_any_version() -> None:
    """The newest first, and the last of them for all."""
    for name, known in KNOWN.items():
        versions = [version for version, _ in known.glyphs]
        assert versions == sorted(versions, reverse=True), name
        assert versions[-1] == ANY_VERSION, name
        levels = [level for _, level in known.glyphs]
        assert levels == sorted(levels, reverse=True), name
        assert all(isinstance(level, GlyphLevel) for level in levels), name


def test_a_version_ends_where_its_numbers_end() -> None:
    """Words behind it are not numbers."""
    assert version_numbers("1.2-rc3") == (1, 2)
    assert version_numbers("next-3") == ()
