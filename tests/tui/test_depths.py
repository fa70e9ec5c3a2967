"""Fewer colors than the themes have: the nearest of 256, or none."""

import pytest
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Shade

from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.tui import depths
from imagechat_tui.tui.theme import THEMES
from tests.tui.stage import press, reviewed, shown

BACK = Shade(0, 0, 0)


def painted(depth: ColorDepth, style: Style) -> Style:
    """A style after all filters of a depth."""
    segments = [Segment("x", style)]
    for each in depths.filters(depth):
        segments = each.apply(segments, BACK)
    assert segments[0].style is not None
    return segments[0].style


@pytest.mark.parametrize("name", ["panel", "surface", "background"])
def test_bars_stay_gray_with_256_colors(name: str) -> None:
    """The dark bluish grays of the dark theme would become the palette's saturated blue."""
    shade = getattr(THEMES[0], name)
    found = painted(ColorDepth.COLORS_256, Style(bgcolor=shade)).bgcolor
    assert found is not None
    assert found.number is not None
    assert found.number == 16 or found.number >= 232


def test_bright_colors_keep_their_hue_with_256_colors() -> None:
    """Only the nearest is taken."""
    found = painted(ColorDepth.COLORS_256, Style(color="#ff0000", bgcolor="#00ff5f", bold=True))
    assert (found.color, found.bgcolor, found.bold) == (Color.from_ansi(196), Color.from_ansi(47), True)


def test_without_colors_what_stands_out_is_reversed() -> None:
    """A cursor row is told from the others without any color."""
    cursor = painted(ColorDepth.MONO, Style(color="white", bgcolor="blue", bold=True))
    plain = painted(ColorDepth.MONO, Style(color="red", bgcolor="default"))
    assert (cursor.color, cursor.bgcolor, cursor.reverse, cursor.bold) == (None, None, True, True)
    assert (plain.color, plain.bgcolor, bool(plain.reverse)) == (None, None, False)


def test_with_all_colors_nothing_is_changed() -> None:
    """Textual's own filters hold."""
    assert depths.filters(ColorDepth.TRUECOLOR) == []


async def test_no_theme_brings_colors_back() -> None:
    """The key for colors says why it does nothing."""
    async with shown(reviewed(), colors=ColorDepth.MONO, theme="light") as pilot:
        before = pilot.app.theme
        await press(pilot, "C")
        assert pilot.app.theme == before == "imagechat-ansi"
        written = [segment for strip in pilot.app.screen._compositor.render_strips() for segment in strip]
        assert all(one.style is None or not one.style.color for one in written)
