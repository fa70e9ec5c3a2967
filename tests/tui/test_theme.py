"""Every theme can be read: contrast computed, states told apart by more than color."""

import pytest

from imagechat_tui.render.color import RGB, contrast_ratio
from imagechat_tui.render.overlay import MarkerState
from imagechat_tui.tui.settings import THEMES
from imagechat_tui.tui.theme import NAMES, ink_name, picture_background
from imagechat_tui.tui.theme import THEMES as DEFINED

READABLE = 4.5
BY_NAME = {theme.name: theme for theme in DEFINED}
PAINTED = [theme for theme in DEFINED if not theme.ansi]


def rgb(color: str) -> RGB:
    """A hex color."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def test_every_theme_of_the_settings_exists() -> None:
    """By its short name."""
    assert {NAMES[name] for name in THEMES} == set(BY_NAME)


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
def test_words_can_be_read_on_their_background(theme) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a theme
    """AA for all text, on every surface it stands on."""
    surfaces = [theme.background, theme.surface, theme.panel, theme.variables["bar"], theme.variables["row-here"]]
    words = [theme.foreground, theme.variables["strong"], theme.variables["quiet"], theme.accent, theme.error]
    words += [theme.warning, theme.success]
    for surface in surfaces:
        for word in words:
            assert contrast_ratio(rgb(word), rgb(surface)) >= READABLE, (word, surface)
    cursor = theme.variables
    assert contrast_ratio(rgb(cursor["row-cursor-text"]), rgb(cursor["row-cursor"])) >= READABLE


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
def test_numbers_can_be_read_on_their_squares(theme) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a theme
    """In every state."""
    for state in (*MarkerState, "selected"):
        front, back = theme.variables[f"marker-{state}"], theme.variables[f"marker-{state}-back"]
        assert contrast_ratio(rgb(front), rgb(back)) >= READABLE, state


def test_a_failure_stays_a_failure_when_selected() -> None:
    """The color says it; the frame says that it is selected."""
    assert ink_name(MarkerState.FAILED, selected=True) == "failed"
    assert ink_name(MarkerState.OPEN, selected=True) == "selected"


def test_the_terminals_own_colors_surround_the_picture_with_black() -> None:
    """What else there is, nobody tells."""
    assert picture_background(BY_NAME[NAMES["ansi"]]) == (0, 0, 0)
    assert picture_background(BY_NAME[NAMES["dark"]]) == (14, 17, 25)
