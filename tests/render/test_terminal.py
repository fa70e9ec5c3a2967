"""Colors and glyphs are decided from the best source there is, with the reason."""

from dataclasses import replace

import pytest

from imagechat_tui import i18n
from imagechat_tui.render.depth import ColorDepth, GlyphLevel
from imagechat_tui.render.replies import Replies
from imagechat_tui.render.terminal import decide, may_ask

SSH = {"TERM": "xterm-256color", "LANG": "en_US.UTF-8"}


@pytest.mark.parametrize(
    ("environment", "version", "colors"),
    [
        (SSH, None, ColorDepth.COLORS_256),
        (SSH, "VTE(6800)", ColorDepth.TRUECOLOR),
        (SSH | {"COLORTERM": "truecolor"}, None, ColorDepth.TRUECOLOR),
        ({"TERM": "foot"}, None, ColorDepth.TRUECOLOR),
        ({"TERM": "alacritty"}, None, ColorDepth.TRUECOLOR),
        ({"TERM": "xterm-ghostty"}, None, ColorDepth.TRUECOLOR),
        ({"TERM": "xterm-kitty"}, None, ColorDepth.TRUECOLOR),
        ({"TERM": "xterm-direct"}, None, ColorDepth.TRUECOLOR),
        ({"TERM": "xterm"}, None, ColorDepth.COLORS_16),
        ({"TERM": "linux"}, None, ColorDepth.COLORS_16),
        ({"TERM": "screen-256color", "COLORTERM": "truecolor"}, None, ColorDepth.COLORS_256),
        (SSH | {"TERM_PROGRAM": "Apple_Terminal", "COLORTERM": "truecolor"}, None, ColorDepth.COLORS_256),
        (SSH | {"NO_COLOR": "1", "COLORTERM": "truecolor"}, None, ColorDepth.MONO),
        ({"TERM": "vt100"}, None, ColorDepth.MONO),
        ({"TERM": "dumb"}, None, ColorDepth.MONO),
        ({}, None, ColorDepth.COLORS_16),
    ],
)
def test_colors_do_not_depend_on_colorterm_alone(
    environment: dict[str, str], version: str | None, colors: ColorDepth
) -> None:
    """SSH drops that variable; the terminal's name and answer do not lie."""
    assert decide(environment, Replies(version=version)).colors is colors


@pytest.mark.parametrize(
    ("version", "glyphs"),
    [
        ("kitty(0.39.1)", GlyphLevel.SEXTANT),
        ("kitty(0.40.0)", GlyphLevel.OCTANT),
        ("ghostty 1.1.3", GlyphLevel.SEXTANT),
        ("ghostty 1.2.0", GlyphLevel.OCTANT),
        ("foot(1.19.0)", GlyphLevel.SEXTANT),
        ("foot(1.20.0)", GlyphLevel.OCTANT),
        ("VTE(7601)", GlyphLevel.SEXTANT),
        ("VTE(7800)", GlyphLevel.OCTANT),
        ("WezTerm 20240203-1", GlyphLevel.SEXTANT),
        ("Konsole 24.12", GlyphLevel.QUADRANT),
        ("mystery 1.0", GlyphLevel.QUADRANT),
    ],
)
def test_glyphs_are_those_that_the_version_draws_itself(version: str, glyphs: GlyphLevel) -> None:
    """A font without them would show boxes."""
    assert decide(SSH, Replies(version=version)).glyphs is glyphs


def test_zellij_is_known_by_its_variable() -> None:
    """It leaves the name of the terminal around it in ``TERM``."""
    facts = decide({"TERM": "xterm-256color", "ZELLIJ": "0"})
    assert (facts.name, facts.colors, facts.glyphs) == ("zellij", ColorDepth.TRUECOLOR, GlyphLevel.QUADRANT)


def test_behind_a_multiplexer_only_what_every_font_has() -> None:
    """Nobody knows which terminal looks at the session."""
    facts = decide({"TERM": "tmux-256color", "TMUX": "x", "KITTY_WINDOW_ID": "1"}, Replies(graphics=True))
    assert (facts.multiplexer, facts.glyphs, facts.graphics) == ("tmux", GlyphLevel.QUADRANT, False)


def test_a_locale_without_utf8_means_ascii() -> None:
    """Any other glyph would arrive as rubbish."""
    assert decide({"TERM": "xterm-kitty", "LC_ALL": "de_DE.ISO-8859-1"}).glyphs is GlyphLevel.ASCII
    assert decide({"TERM": "xterm-kitty", "LC_ALL": "", "LANG": "sl_SI.utf8"}).glyphs is GlyphLevel.SEXTANT


KITTY = Replies(version="kitty(0.40.0)", graphics=True, cell=(9, 18))


@pytest.mark.parametrize(
    ("replies", "wish", "reason"),
    [
        (KITTY, "auto", "yes, it accepted a picture"),
        (replace(KITTY, version="ghostty 1.2.0"), "auto", "yes, it accepted a picture"),
        (KITTY, "off", "no, chosen by hand"),
        (replace(KITTY, graphics=False), "auto", "no, it did not accept a picture"),
        (replace(KITTY, graphics=False), "kitty", "no, it did not accept a picture"),
        (None, "kitty", "no, it did not accept a picture"),
        (replace(KITTY, cell=None), "auto", "no, it did not tell how large its cells are"),
        (replace(KITTY, version="kitty(0.20.0)"), "auto", "no, it is not known to place pictures among characters"),
        (replace(KITTY, version="Konsole 24.12"), "auto", "no, it is not known to place pictures among characters"),
        (replace(KITTY, version="mystery 1"), "auto", "no, it is not known to place pictures among characters"),
        (replace(KITTY, version="mystery 1"), "kitty", "yes, it accepted a picture"),
    ],
)
def test_graphics_need_an_answer_and_a_terminal_with_placeholders(
    replies: Replies | None, wish: str, reason: str
) -> None:
    """Konsole accepts pictures and cannot place them among characters; a person may know better of other terminals."""
    facts = decide(SSH | {"COLORTERM": "truecolor"}, replies, graphics=wish)
    assert facts.graphics == reason.startswith("yes")
    assert facts.reasons[-1] == ("graphics", reason)


@pytest.mark.parametrize("variables", [{"TMUX": "x"}, {"STY": "1.pts"}, {"ZELLIJ": "0"}])
def test_no_multiplexer_is_handed_a_picture(variables: dict[str, str]) -> None:
    """Whatever was answered and whatever is wished."""
    assert not decide(SSH | variables, KITTY, graphics="kitty").graphics
    assert not decide(SSH, replace(KITTY, version="tmux 3.4"), graphics="kitty").graphics


@pytest.mark.parametrize("colors", [ColorDepth.COLORS_256, ColorDepth.COLORS_16, ColorDepth.MONO])
def test_pictures_need_all_colors(colors: ColorDepth) -> None:
    """A color names the picture; and who wants few colors wants no picture in many."""
    facts = decide(SSH, KITTY, colors=colors)
    assert (facts.graphics, facts.reasons[-1]) == (False, ("graphics", "no, that needs 16m colors"))


def test_the_person_has_the_last_word() -> None:
    """Flags win over everything that was found out."""
    facts = decide(SSH | {"NO_COLOR": "1"}, colors=ColorDepth.TRUECOLOR, glyphs=GlyphLevel.OCTANT)
    assert (facts.colors, facts.glyphs) == (ColorDepth.TRUECOLOR, GlyphLevel.OCTANT)
    assert ("colors", "16m: chosen by hand") in facts.reasons


def test_decisions_have_the_same_names_in_every_language() -> None:
    """Programs read them."""
    i18n.choose("sl")
    assert [name for name, _why in decide(SSH, KITTY).reasons] == ["terminal", "colors", "glyphs", "graphics"]


def test_every_decision_has_its_reason() -> None:
    """For ``doctor``."""
    facts = decide(SSH, Replies(version="foot(1.20.2)", cell=(9, 18), background=(1, 2, 3)))
    assert facts.reasons == (
        ("terminal", "foot 1.20.2: it says so itself"),
        ("colors", "16m: what foot is known to show"),
        ("glyphs", "octant: what this version of foot draws"),
        ("graphics", "no, it is not known to place pictures among characters"),
    )
    assert (facts.cell, facts.background) == ((9, 18), (1, 2, 3))


def test_textual_is_told_in_its_own_words() -> None:
    """The variable is read when Textual is imported."""
    words = {depth: decide(SSH, colors=depth).color_system for depth in ColorDepth}
    assert words == {
        ColorDepth.TRUECOLOR: "truecolor",
        ColorDepth.COLORS_256: "256",
        ColorDepth.COLORS_16: "standard",
        ColorDepth.MONO: "standard",
    }


def test_terminals_that_print_questions_are_not_asked() -> None:
    """They would show the question on the screen."""
    assert may_ask(SSH)
    assert may_ask({"TERM": "xterm-kitty"})
    assert not may_ask(SSH | {"TERM_PROGRAM": "Apple_Terminal"})
    assert not may_ask({"TERM": "linux"})
    assert not may_ask({"TERM": "dumb"})
