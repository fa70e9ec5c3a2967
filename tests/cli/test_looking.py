"""How the app is asked to look: the person's choice first, then what the terminal told."""

import pytest

from imagechat_tui.cli import looking, reaching
from imagechat_tui.config import OF_PROJECTS, Config
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.terminal import TerminalFacts

WHITE, BLACK = (250, 250, 250), (12, 12, 20)


@pytest.mark.parametrize(
    ("chosen", "facts", "theme"),
    [
        ("auto", TerminalFacts(colors=ColorDepth.TRUECOLOR), "dark"),
        ("auto", TerminalFacts(colors=ColorDepth.TRUECOLOR, background=BLACK), "dark"),
        ("auto", TerminalFacts(colors=ColorDepth.TRUECOLOR, background=WHITE), "light"),
        ("auto", TerminalFacts(colors=ColorDepth.COLORS_16, background=WHITE), "ansi"),
        ("contrast", TerminalFacts(colors=ColorDepth.COLORS_16, background=WHITE), "contrast"),
    ],
)
def test_the_theme_follows_the_terminal_unless_chosen(chosen: str, facts: TerminalFacts, theme: str) -> None:
    """A light terminal gets the light theme; few colors get the terminal's own."""
    assert looking.theme_of(Config(theme=chosen), facts) == theme  # type: ignore[arg-type] # a word of the table above


def test_colors_of_the_person_win(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over everything that the environment says."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert looking.terminal_facts(Config(colors="16")).colors is ColorDepth.COLORS_16
    assert looking.terminal_facts(Config(colors="mono")).colors is ColorDepth.MONO


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    """https://no-color.org."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert looking.terminal_facts(Config()).colors is ColorDepth.MONO


def test_auto_leaves_the_mode_to_the_picture() -> None:
    """A mode is a wish; none is the best one."""
    assert looking.mode_of(Config()) is None
    assert looking.mode_of(Config(mode="half")) == "half"


def test_without_a_screen_there_is_no_keyboard() -> None:
    """Tests have no terminal, as cron has none."""
    assert not looking.has_keyboard()


@pytest.mark.parametrize("wish", [True, False])
def test_a_thin_link_is_respected_wherever_a_board_is_opened(wish: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """``--compress``, ``compress`` and ``IMAGECHAT_COMPRESS`` are one."""
    assert reaching.place(Config(compress=wish)).compress is wish
    assert "compress" in looking.APP_OPTIONS


@pytest.mark.parametrize("wish", [True, False])
def test_others_are_told_of_typing_as_one_wishes(wish: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """``--no-typing``, ``typing = false`` and ``IMAGECHAT_TYPING`` are one; a project has no say in it."""
    assert looking.session_settings(Config(typing=wish)).typing is wish
    assert "typing" in looking.APP_OPTIONS
    assert "typing" not in OF_PROJECTS
