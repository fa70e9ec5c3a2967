"""Every theme can be read: contrast computed, states told apart by more than color."""

import re
from collections.abc import Iterator
from itertools import combinations
from math import dist
from pathlib import Path

import pytest
from textual.theme import Theme

from imagechat_tui import tui
from imagechat_tui.render.color import RGB, contrast_ratio
from imagechat_tui.render.geometry import Point, Size, fit
from imagechat_tui.render.overlay import MarkerFacts, MarkerState, place
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


STYLES = (Path(tui.__file__).parent / "app.tcss").read_text(encoding="utf-8")
SHADED = {"list": ("surface", "panel", "row-here"), "thread": ("surface", "row-here")}
GROUNDS = SHADED | {"help": ("panel",), "recent": ("background",), "status": ("surface",), "header": ("bar",),
                    "footer": ("bar",), "pane-title": ("panel",),
                    "map": ("background",)}  # fmt: skip
"""What the parts of a widget stand on, by the first word of their class, where they have no background of their own."""


def color(theme: Theme, name: str) -> RGB:
    """What a name of the style sheet means in a theme."""
    return rgb(theme.variables.get(name) or getattr(theme, name))


def pairs() -> Iterator[tuple[str, str]]:
    """(text, background) of every rule of the style sheet that paints words."""
    bare = re.sub(r"/\*.*?\*/", "", STYLES, flags=re.DOTALL)
    for rule in re.split(r"[{}]", bare):
        fore = re.search(r"(?<![-\w])color: \$([\w-]+)", rule)
        back = re.search(r"(?<![-\w])background: \$([\w-]+)", rule)
        if fore and back:
            yield fore[1], back[1]
    for part, fore in re.findall(r"\.([\w-]+)--[\w-]+ \{ color: \$([\w-]+); (?:text-style: \w+; )?\}", bare):
        for ground in GROUNDS[part]:
            yield fore, ground


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
def test_every_rule_of_the_style_sheet_can_be_read(theme: Theme) -> None:
    """Each color of text on the background that the same sheet gives it."""
    found = set(pairs())
    assert {("background", "accent"), ("secondary", "row-here"), ("marker-failed", "marker-failed-back")} <= found
    weak = {pair: contrast_ratio(color(theme, pair[0]), color(theme, pair[1])) for pair in found}
    assert not {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < READABLE}


# Machado, Oliveira and Fernandes (2009), severity 1, for linear light.
SEEN_BY = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
APART = 0.08
"""Least distance in OKLab; neighbors of one hue in a palette are about 0.05 apart."""


def perceived(painted: RGB, eyes: str) -> tuple[float, float, float]:
    """A color as OKLab (L 0..1, a, b), seen by people without one kind of cone."""
    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in painted)]
    seen = [min(max(sum(w * c for w, c in zip(row, light, strict=True)), 0.0), 1.0) for row in SEEN_BY[eyes]]
    red, green, blue = seen
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
def test_squares_are_told_apart_without_red_or_green(theme: Theme, eyes: str) -> None:
    """Any two states, and the selection."""
    looks = {name: perceived(color(theme, f"marker-{name}-back"), eyes) for name in (*MarkerState, "selected")}
    near = {pair: round(dist(looks[pair[0]], looks[pair[1]]), 3) for pair in combinations(looks, 2)}
    assert not {pair: apart for pair, apart in near.items() if apart < APART}


def test_red_and_green_of_one_lightness_are_alike_to_such_eyes() -> None:
    """The simulation simulates."""
    red, green = (178, 70, 60), (110, 115, 60)
    assert dist(perceived(red, "deuteranopia"), perceived(green, "deuteranopia")) < APART


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("percent", [0.0, 12.0])
def test_squares_are_told_apart_without_any_color(percent: float, *, ascii_only: bool) -> None:
    """By the signs in them, small and framed, and the selected one as well."""
    viewport = fit(Size(800, 400), Size(100, 25))
    looks = set()
    for state in MarkerState:
        for selected in (False, True):
            facts = MarkerFacts(key="a", number=7, point=Point(50, 50), state=state, selected=selected)
            looks.add(place(viewport, [facts], square_percent=percent, ascii_only=ascii_only)[0].lines)
    assert len(looks) == 2 * len(MarkerState)


def test_a_failure_stays_a_failure_when_selected() -> None:
    """The color says it; the frame says that it is selected."""
    assert ink_name(MarkerState.FAILED, selected=True) == "failed"
    assert ink_name(MarkerState.OPEN, selected=True) == "selected"


def test_the_terminals_own_colors_surround_the_picture_with_black() -> None:
    """What else there is, nobody tells."""
    assert picture_background(BY_NAME[NAMES["ansi"]]) == (0, 0, 0)
    assert picture_background(BY_NAME[NAMES["dark"]]) == (14, 17, 25)
