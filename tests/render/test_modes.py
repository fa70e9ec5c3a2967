"""Each mode shows exactly what its glyphs can show, and finer modes show more."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imagechat_tui.render.cells import Cells
from imagechat_tui.render.color import BLACK, WHITE
from imagechat_tui.render.depth import ColorDepth, GlyphLevel
from imagechat_tui.render.frame import Look, draw
from imagechat_tui.render.geometry import Size, fit
from imagechat_tui.render.modes import MODE_NAMES, best_mode, mode_named
from imagechat_tui.render.palette import Colors
from imagechat_tui.render.scale import Pyramid, sampler
from tests.benchmarks.measures import psnr
from tests.benchmarks.mockups import interfaces
from tests.render.paint import paint

COLUMNS, ROWS = 12, 6
BLOCKS = [name for name in MODE_NAMES if name not in ("braille", "ascii")]
SEEDS = st.integers(0, 2**32 - 1)


def painted(cells: Cells) -> Colors:
    """What a terminal shows of the cells."""
    return paint([cells.ansi(row) for row in range(cells.rows)], cells.columns)


def two_colored(seed: int, dots: tuple[int, int]) -> Colors:
    """Random dots in two random colors per cell, at 24 x 24 samples per cell."""
    rng = np.random.default_rng(seed)
    colors = rng.integers(0, 256, (ROWS, COLUMNS, 2, 3), dtype=np.uint8)
    bits = rng.integers(0, 2, (ROWS, dots[1], COLUMNS, dots[0]))
    rows, columns = np.arange(ROWS)[:, None, None, None], np.arange(COLUMNS)[None, None, :, None]
    pixels = colors[rows, columns, bits].reshape(ROWS * dots[1], COLUMNS * dots[0], 3)
    return np.asarray(pixels.repeat(24 // dots[1], axis=0).repeat(24 // dots[0], axis=1))


@pytest.mark.parametrize("name", BLOCKS)
@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_two_colors_per_cell_are_reconstructed_exactly(name: str, seed: int) -> None:
    """No pattern of its own dots is beyond a mode."""
    mode = mode_named(name)
    pixels = two_colored(seed, mode.dots)
    cells = mode.solve(sampler(pixels, (COLUMNS, ROWS)), BLACK)
    wanted = np.asarray(Image.fromarray(pixels.repeat(2, axis=0)).reduce((3, 3)))
    difference = np.abs(painted(cells).astype(int) - wanted.astype(int))
    assert difference.max() <= 1


@pytest.mark.parametrize(("name", "axis"), [("quadrant", 0), ("quadrant", 1), ("edges", 0), ("bars", 0), ("bars", 1)])
def test_a_straight_edge_is_shown_at_its_eighth(name: str, axis: int) -> None:
    """Panels begin between the dots too."""
    for eighth in range(1, 8):
        pixels = np.zeros((24, 24, 3), np.uint8)
        pixels[(slice(eighth * 3), slice(None)) if axis == 0 else (slice(None), slice(eighth * 3))] = (200, 100, 50)
        shown = painted(mode_named(name).solve(sampler(pixels, (1, 1)), BLACK))
        wanted = np.asarray(Image.fromarray(pixels).resize((8, 16), Image.Resampling.BOX))
        np.testing.assert_array_equal(shown, wanted)


def test_thin_lines_are_shown_where_they_are() -> None:
    """One eighth of a cell, at any place: the rules of tables and cards."""
    for eighth in range(8):
        pixels = np.full((24, 24, 3), 250, np.uint8)
        pixels[eighth * 3 : eighth * 3 + 3] = 30
        shown = painted(mode_named("bars").solve(sampler(pixels, (1, 1)), BLACK))
        np.testing.assert_array_equal(shown[:, 0, 0], np.repeat(pixels[::3, 0, 0], 2))


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_no_choice_of_two_colors_and_eight_dots_is_better(seed: int) -> None:
    """The octant solve is exact: a search through all 256 patterns finds nothing nearer."""
    pixels = np.random.default_rng(seed).integers(0, 256, (4, 2, 3), dtype=np.uint8)
    fine = pixels.repeat(6, axis=0).repeat(12, axis=1)
    cells = mode_named("octant").solve(sampler(fine, (1, 1)), BLACK)
    shown = painted(cells)[::4, ::4]
    samples = pixels.reshape(8, 3).astype(float)
    least = min(_error(samples, mask) for mask in range(256))
    assert float(((shown.reshape(8, 3) - samples) ** 2).sum()) == pytest.approx(least, abs=20)


def _error(samples: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", mask: int) -> float:
    inside = np.array([mask >> i & 1 for i in range(8)], bool)
    groups = [group for group in (samples[inside], samples[~inside]) if len(group)]
    return float(sum(((group - group.mean(0)) ** 2).sum() for group in groups))


def test_finer_modes_show_more_of_a_mockup() -> None:
    """The order in which modes are preferred is the order of their fidelity."""
    image = interfaces()["checkout"]
    wanted = np.asarray(image.resize((100 * 8, 33 * 16), Image.Resampling.BOX))
    viewport = fit(Size(*image.size), Size(100, 40))
    assert viewport.drawn[2:] == (100, 33)
    figures = [
        psnr(wanted, painted(draw(Pyramid(image), viewport, Look(mode=name))))
        for name in ("half", "sextant", "octant", "bars")
    ]
    assert all(coarse < fine for coarse, fine in pairwise(figures))


@pytest.mark.parametrize("name", MODE_NAMES)
def test_a_plain_picture_is_plain(name: str) -> None:
    """One color in, one color out, whatever the mode."""
    pixels = np.full((24 * ROWS, 24 * COLUMNS, 3), (13, 177, 90), np.uint8)
    cells = mode_named(name).solve(sampler(pixels, (COLUMNS, ROWS)), (13, 177, 90))
    assert (painted(cells) == (13, 177, 90)).all()


@pytest.mark.parametrize("background", [BLACK, WHITE])
def test_ascii_has_more_ink_where_the_picture_differs_from_the_background(background: tuple[int, int, int]) -> None:
    """On light and on dark terminals alike."""
    gray = np.linspace(0, 255, 6).astype(np.uint8)[None, :, None].repeat(3, axis=2)
    text = mode_named("ascii").solve(sampler(gray, (6, 1)), background).text(0)
    assert text.isascii()
    assert text[0 if background == BLACK else -1] == " "
    assert text[-1 if background == BLACK else 0] == "@"


def test_a_mode_that_does_not_exist_is_refused() -> None:
    """Names come from flags; modules beside the modes are none."""
    for name in ("octants", "mode", "words", "", "../octant"):
        with pytest.raises(KeyError):
            mode_named(name)


def test_names_and_levels_agree_with_the_registry() -> None:
    """A mode is found under its own name, and its glyphs are those that the terminal must have."""
    for name in MODE_NAMES:
        assert mode_named(name).name == name
    for level in GlyphLevel:
        for colors in ColorDepth:
            for scale in (1.0, 20.0):
                assert mode_named(best_mode(level, scale, colors=colors)).level <= level


def test_the_best_mode_depends_on_terminal_and_zoom() -> None:
    """Edges and lines for the whole picture, dots of one size for reading."""
    assert best_mode(GlyphLevel.OCTANT, 12) == "bars"
    assert best_mode(GlyphLevel.OCTANT, 5) == "octant"
    assert best_mode(GlyphLevel.SEXTANT, 12) == "edges"
    assert best_mode(GlyphLevel.SEXTANT, 4) == "sextant"
    assert best_mode(GlyphLevel.QUADRANT, 12) == "quadrant"
    assert best_mode(GlyphLevel.HALF, 12) == "half"
    assert best_mode(GlyphLevel.ASCII, 12) == "ascii"
    assert best_mode(GlyphLevel.QUADRANT, 12, colors=ColorDepth.MONO) == "braille"
