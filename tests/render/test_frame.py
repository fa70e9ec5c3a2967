"""One call from picture and viewport to cells, in whatever the terminal has."""

import numpy as np
import pytest
from PIL import Image

from imagechat_tui.render.cells import Cells
from imagechat_tui.render.color import BLACK, WHITE
from imagechat_tui.render.depth import ColorDepth, GlyphLevel
from imagechat_tui.render.frame import Look, draw
from imagechat_tui.render.geometry import Point, Size, fit
from imagechat_tui.render.modes import MODE_NAMES
from imagechat_tui.render.palette import Colors, luma, palette
from imagechat_tui.render.scale import Pyramid
from tests.benchmarks.mockups import interfaces
from tests.render.paint import paint

RAMP = Image.linear_gradient("L").rotate(90).convert("RGB").resize((400, 200))
VIEW = fit(Size(400, 200), Size(50, 20))


def painted(cells: Cells) -> Colors:
    """What a terminal shows."""
    return paint([cells.ansi(row) for row in range(cells.rows)], cells.columns)


@pytest.mark.parametrize("name", MODE_NAMES)
@pytest.mark.parametrize("depth", list(ColorDepth))
def test_every_mode_draws_in_every_depth(name: str, depth: ColorDepth) -> None:
    """The cells cover the drawn region and use only colors of the depth."""
    cells = draw(Pyramid(RAMP), VIEW, Look(mode=name, colors=depth))
    assert (cells.columns, cells.rows) == VIEW.drawn[2:]
    assert cells.depth is depth
    if depth not in (ColorDepth.TRUECOLOR, ColorDepth.MONO):
        known = {tuple(color) for color in palette(depth).tolist()}
        assert {tuple(color) for color in cells.foreground.reshape(-1, 3).tolist()} <= known
        assert {tuple(color) for color in cells.background.reshape(-1, 3).tolist()} <= known


def test_zoom_chooses_the_mode_unless_the_person_did() -> None:
    """Lines and edges appear in the fitted view only."""
    image = Image.new("RGB", (2000, 1000), "white")
    image.paste("black", (0, 481, 2000, 493))
    pyramid, whole = Pyramid(image), fit(Size(2000, 1000), Size(100, 25))
    look = Look(glyphs=GlyphLevel.OCTANT, tolerance=0)
    octants = set(draw(pyramid, whole, Look(mode="octant", tolerance=0)).glyphs.flat)
    assert set(draw(pyramid, whole, look).glyphs.flat) - octants
    near = whole.zoomed(4, anchor=Point(50, 50))
    chosen, asked = draw(pyramid, near, look), draw(pyramid, near, Look(mode="octant", tolerance=0))
    np.testing.assert_array_equal(chosen.glyphs, asked.glyphs)


_BLOCKS = {*range(0x2580, 0x25A0), ord(" ")}
_DRAWN_BY = {
    GlyphLevel.ASCII: {*range(0x20, 0x7F)},
    GlyphLevel.HALF: {ord(glyph) for glyph in " ▀▄█"},
    GlyphLevel.QUADRANT: _BLOCKS | {*range(0x2800, 0x2900)},
    GlyphLevel.SEXTANT: _BLOCKS | {*range(0x1FB00, 0x1FB3C)},
}


@pytest.mark.parametrize("level", list(_DRAWN_BY))
@pytest.mark.parametrize("colors", list(ColorDepth))
@pytest.mark.parametrize("tolerance", [0, 12])
def test_no_glyph_is_above_what_the_terminal_draws(level: GlyphLevel, colors: ColorDepth, tolerance: int) -> None:
    """Fitted and close, in every depth; saving bytes brings in no glyph of a better terminal either."""
    image = interfaces()["table"]
    pyramid, whole = Pyramid(image), fit(Size(*image.size), Size(80, 24))
    look = Look(glyphs=level, colors=colors, tolerance=tolerance)
    for view in (whole, whole.zoomed(4, anchor=Point(30, 30))):
        assert set(draw(pyramid, view, look).glyphs.flat) <= _DRAWN_BY[level]


@pytest.mark.parametrize("name", ["half", "quadrant", "sextant", "octant", "bars", "edges"])
def test_without_colors_brightness_is_shown_by_how_many_dots_are_on(name: str) -> None:
    """From the dark to the bright end, in the terminal's own two colors."""
    pixels = painted(draw(Pyramid(RAMP), VIEW, Look(mode=name, colors=ColorDepth.MONO)))
    assert set(np.unique(np.rint(luma(pixels)))) <= {0, 255} or name in ("sextant", "edges")
    shown = luma(pixels).mean(0).reshape(10, -1).mean(1)
    wanted = luma(np.asarray(RAMP)).mean(0).reshape(10, -1).mean(1)
    assert np.abs(shown - wanted).max() < 20


def test_on_a_light_terminal_the_negative_is_drawn() -> None:
    """The foreground is dark there."""
    dark, light = (
        draw(Pyramid(RAMP), VIEW, Look(mode="octant", colors=ColorDepth.MONO, background=background))
        for background in (BLACK, WHITE)
    )
    assert abs(luma(painted(dark)).mean() + luma(painted(light)).mean() - 255) < 5
    assert not np.array_equal(dark.glyphs, light.glyphs)


@pytest.mark.parametrize("name", ["octant", "braille", "ascii", "half"])
def test_plain_text_needs_no_escape_sequence(name: str) -> None:
    """For pipes and logs: dots that have a complement are never shown by reversing."""
    cells = draw(Pyramid(RAMP), VIEW, Look(mode=name, colors=ColorDepth.MONO))
    for row in range(cells.rows):
        assert cells.ansi(row) == cells.text(row) + "\x1b[0m"


def test_transparency_shows_the_surroundings() -> None:
    """A logo without background looks right in dark and in light themes."""
    logo = Image.new("RGBA", (100, 50), (0, 0, 0, 0))
    for background in ((30, 30, 46), (250, 250, 250)):
        cells = draw(Pyramid(logo), fit(Size(100, 50), Size(20, 10)), Look(background=background))
        assert (painted(cells) == background).all()


def test_a_panned_view_shows_the_same_cells_as_before_where_they_overlap() -> None:
    """Panning does not make the picture shimmer."""
    image = Image.effect_noise((900, 700), 90).convert("RGB")
    pyramid = Pyramid(image)
    view = fit(Size(900, 700), Size(60, 20)).zoomed(4, anchor=Point(50, 50))
    look = Look(mode="octant", tolerance=0)
    here, there = painted(draw(pyramid, view, look)), painted(draw(pyramid, view.panned(3, 2), look))
    difference = np.abs(here[2 * 16 :, 3 * 8 :].astype(int) - there[: -2 * 16, : -3 * 8].astype(int))
    assert (difference > 2).mean() < 0.01
