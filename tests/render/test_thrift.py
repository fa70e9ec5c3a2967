"""Fewer bytes, the same picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagechat_tui.render.cells import Cells
from imagechat_tui.render.color import BLACK
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.frame import Look, draw
from imagechat_tui.render.geometry import Size, fit
from imagechat_tui.render.modes import mode_named
from imagechat_tui.render.palette import Colors
from imagechat_tui.render.scale import Pyramid, sampler
from imagechat_tui.render.thrift import thrifty
from tests.benchmarks.mockups import interfaces
from tests.render.paint import paint

TOLERANCES = st.sampled_from([0, 6, 12, 40])


def painted(cells: Cells) -> Colors:
    """What a terminal shows."""
    return paint([cells.ansi(row) for row in range(cells.rows)], cells.columns)


def size(cells: Cells) -> int:
    """Bytes of a frame."""
    return sum(len(cells.ansi(row).encode()) for row in range(cells.rows))


@st.composite
def pictures(draw: st.DrawFn) -> Cells:
    """Octants of a noisy picture with flat panels, in several widths."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    columns, rows = draw(st.sampled_from([1, 29, 30, 31, 64])), 3
    pixels = rng.integers(0, draw(st.sampled_from([4, 30, 256])), (rows * 4, columns * 2, 3), dtype=np.uint8)
    for _ in range(draw(st.integers(0, 4))):
        left = int(rng.integers(0, columns))
        pixels[:, left * 2 : left * 2 + 8] = rng.integers(0, 256, 3)
    return mode_named("octant").solve(sampler(pixels, (columns, rows)), BLACK)


@settings(deadline=None)
@given(pictures())
def test_without_tolerance_not_one_pixel_changes(cells: Cells) -> None:
    """Only foreground and background change places."""
    np.testing.assert_array_equal(painted(thrifty(cells, tolerance=0, level=GlyphLevel.OCTANT)), painted(cells))


@settings(deadline=None)
@given(pictures(), TOLERANCES)
def test_no_pixel_moves_farther_than_the_tolerance_or_a_quarter_of_its_contrast(cells: Cells, tolerance: int) -> None:
    """Borrowed colors are near, and colors borrowed from borrowers do not drift."""
    moved = np.abs(
        painted(thrifty(cells, tolerance=tolerance, level=GlyphLevel.OCTANT)).astype(int) - painted(cells).astype(int)
    ).max(-1)
    contrast = np.abs(cells.foreground.astype(int) - cells.background.astype(int)).max(-1)
    allowed = np.minimum(contrast // 4, tolerance).repeat(16, axis=0).repeat(8, axis=1)
    assert (moved <= allowed).all()


@settings(deadline=None)
@given(pictures(), TOLERANCES)
def test_flat_cells_keep_their_color_to_the_last_step(cells: Cells, tolerance: int) -> None:
    """White panels and card borders once vanished while every figure stayed fine."""
    flat = (cells.foreground == cells.background).all(-1)
    where = flat.repeat(16, axis=0).repeat(8, axis=1)
    np.testing.assert_array_equal(
        painted(thrifty(cells, tolerance=tolerance, level=GlyphLevel.OCTANT))[where], painted(cells)[where]
    )


def test_a_faint_edge_between_panels_stays() -> None:
    """White on almost white: eleven steps, less than the tolerance."""
    pixels = np.full((4, 40, 3), 255, np.uint8)
    pixels[:, 13:] = (244, 246, 251)
    cells = mode_named("octant").solve(sampler(pixels, (20, 1)), BLACK)
    np.testing.assert_array_equal(painted(thrifty(cells, tolerance=12, level=GlyphLevel.OCTANT)), painted(cells))


@pytest.mark.parametrize("name", ["bars", "octant", "quadrant"])
def test_a_mockup_takes_fewer_bytes(name: str) -> None:
    """Exchanging saves some, borrowing saves a third and more."""
    image = interfaces()["table"]
    pyramid, viewport = Pyramid(image), fit(Size(*image.size), Size(90, 30))
    exact, safe = (size(draw(pyramid, viewport, Look(mode=name, tolerance=tolerance))) for tolerance in (0, 12))
    assert safe < exact * 0.75
