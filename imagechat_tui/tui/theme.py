"""Colors by name: the themes, and what a marker's state is painted with. Meaning never rests on color alone.

The hues of open, resolved and failed stay apart for people who see red and green alike (after Okabe and Ito).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from textual.theme import Theme

from imagechat_tui.render.overlay import MarkerState


class Ink(NamedTuple):
    """Foreground and background of a marker's square; names of the terminal's own colors in the ``ansi`` theme."""

    front: str
    back: str


_DARK_MARKERS: Final = {
    "open": ("#1b1300", "#f2b134"),
    "resolved": ("#00201a", "#4fc9ae"),
    "pending": ("#0d0f16", "#8f98b3"),
    "failed": ("#ffffff", "#d6336c"),
    "selected": ("#ffffff", "#2f6df6"),
}
_LIGHT_MARKERS: Final = {
    "open": ("#1b1300", "#f0a818"),
    "resolved": ("#ffffff", "#00795f"),
    "pending": ("#0d0f16", "#b4bbcd"),
    "failed": ("#ffffff", "#86063a"),
    "selected": ("#ffffff", "#1d55d0"),
}
_CONTRAST_MARKERS: Final = {
    "open": ("#000000", "#ffd000"),
    "resolved": ("#000000", "#00f0c0"),
    "pending": ("#000000", "#ffffff"),
    "failed": ("#ffffff", "#c8003c"),
    "selected": ("#ffffff", "#0040ff"),
}
_ANSI_MARKERS: Final = {
    "open": ("ansi_black", "ansi_bright_yellow"),
    "resolved": ("ansi_black", "ansi_bright_cyan"),
    "pending": ("ansi_black", "ansi_white"),
    "failed": ("ansi_bright_white", "ansi_red"),
    "selected": ("ansi_bright_white", "ansi_blue"),
}


def _variables(markers: Mapping[str, tuple[str, str]], **others: str) -> dict[str, str]:
    inks = {f"marker-{name}": front for name, (front, _back) in markers.items()}
    inks |= {f"marker-{name}-back": back for name, (_front, back) in markers.items()}
    return inks | {name.replace("_", "-"): value for name, value in others.items()}


_ANSI_VARIABLES: Final = _variables(
    _ANSI_MARKERS,
    edge="ansi_bright_black",
    quiet="ansi_bright_black",
    strong="ansi_default",
    row_cursor="ansi_blue",
    row_cursor_text="ansi_bright_white",
    row_here="ansi_default",
    bar="ansi_default",
    border="ansi_blue",
    border_blurred="ansi_bright_black",
    block_cursor_foreground="ansi_bright_white",
    block_cursor_background="ansi_blue",
    input_cursor_foreground="ansi_black",
    input_cursor_background="ansi_bright_white",
    input_cursor_text_style="reverse",
    input_selection_background="ansi_cyan",
    input_selection_foreground="ansi_black",
    scrollbar="ansi_bright_black",
    scrollbar_hover="ansi_white",
    scrollbar_active="ansi_white",
    scrollbar_background="ansi_default",
    scrollbar_corner_color="ansi_default",
    scrollbar_background_hover="ansi_default",
    scrollbar_background_active="ansi_default",
    ansi_background="ansi_default",
    ansi_foreground="ansi_default",
)

NAMES: Final[Mapping[str, str]] = {
    "dark": "imagechat-dark",
    "light": "imagechat-light",
    "contrast": "imagechat-contrast",
    "ansi": "imagechat-ansi",
}
"""Textual's name of each theme by ours."""

THEMES: Final[tuple[Theme, ...]] = (
    Theme(
        name=NAMES["dark"],
        primary="#7aa2f7",
        secondary="#9d8cf0",
        accent="#7aa2f7",
        warning="#f2b134",
        error="#ff7a93",
        success="#4fc9ae",
        foreground="#d5daea",
        background="#0e1119",
        surface="#131722",
        panel="#1d2333",
        dark=True,
        variables=_variables(
            _DARK_MARKERS,
            edge="#2b3247",
            scrollbar="#3a4464",
            scrollbar_hover="#4d5a86",
            scrollbar_active="#7aa2f7",
            scrollbar_background="#171c29",
            scrollbar_background_hover="#171c29",
            scrollbar_background_active="#171c29",
            quiet="#8a93ad",
            strong="#f2f5ff",
            row_cursor="#26324f",
            row_cursor_text="#ffffff",
            row_here="#1d2434",
            bar="#171c29",
            border="#7aa2f7",
            border_blurred="#2b3247",
            footer_key_foreground="#7aa2f7",
        ),
    ),
    Theme(
        name=NAMES["light"],
        primary="#1d55d0",
        secondary="#6a46c8",
        accent="#1d55d0",
        warning="#8a5a00",
        error="#b3164e",
        success="#00694f",
        foreground="#1f2430",
        background="#fbfbfd",
        surface="#f3f4f8",
        panel="#e8eaf1",
        dark=False,
        variables=_variables(
            _LIGHT_MARKERS,
            edge="#c3c8d6",
            scrollbar="#b4bbcd",
            scrollbar_hover="#8f98b0",
            scrollbar_active="#1d55d0",
            scrollbar_background="#e8eaf1",
            scrollbar_background_hover="#e8eaf1",
            scrollbar_background_active="#e8eaf1",
            quiet="#5b6377",
            strong="#0b0e16",
            row_cursor="#cddbfa",
            row_cursor_text="#0b0e16",
            row_here="#e6eaf5",
            bar="#e8eaf1",
            border="#1d55d0",
            border_blurred="#c3c8d6",
        ),
    ),
    Theme(
        name=NAMES["contrast"],
        primary="#66c2ff",
        secondary="#ffffff",
        accent="#ffff00",
        warning="#ffd000",
        error="#ff8fa8",
        success="#00f0c0",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#0a0a0a",
        dark=True,
        variables=_variables(
            _CONTRAST_MARKERS,
            edge="#ffffff",
            scrollbar="#ffffff",
            scrollbar_hover="#ffffff",
            scrollbar_active="#ffff00",
            scrollbar_background="#303030",
            scrollbar_background_hover="#303030",
            scrollbar_background_active="#303030",
            quiet="#d8d8d8",
            strong="#ffffff",
            row_cursor="#0040ff",
            row_cursor_text="#ffffff",
            row_here="#202020",
            bar="#000000",
            border="#ffff00",
            border_blurred="#ffffff",
        ),
    ),
    Theme(
        name=NAMES["ansi"],
        ansi=True,
        primary="ansi_blue",
        secondary="ansi_cyan",
        accent="ansi_magenta",
        warning="ansi_yellow",
        error="ansi_red",
        success="ansi_green",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables=_ANSI_VARIABLES,
    ),
)


def ink_name(state: MarkerState, *, selected: bool) -> str:
    """The name under which a square's colors stand in the theme and in style sheets."""
    return "selected" if selected and state is not MarkerState.FAILED else state.value


def picture_background(theme: Theme, *, terminal: tuple[int, int, int] | None = None) -> tuple[int, int, int]:
    """What shines through a transparent picture and surrounds it; ``terminal`` is the terminal's own background."""
    if theme.ansi or theme.background is None:
        return terminal or ((0, 0, 0) if theme.dark else (255, 255, 255))
    digits = theme.background.removeprefix("#")
    red, green, blue = (int(digits[start : start + 2], 16) for start in (0, 2, 4))
    return red, green, blue
