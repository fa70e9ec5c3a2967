"""Fewer colors, and the contrast between two."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.render.color import BLACK, RGB, WHITE, contrast_ratio, hexadecimal
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.palette import nearest, palette, palette_index

rgb = st.tuples(*[st.integers(0, 255)] * 3)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (BLACK, WHITE, 21.0),
        (WHITE, WHITE, 1.0),
        ((0x76, 0x76, 0x76), WHITE, 4.54),
        ((0x0F, 0x62, 0xFE), WHITE, 5.0),
        ((255, 0, 0), WHITE, 4.0),
    ],
)
def test_contrast_is_what_wcag_says(one: RGB, other: RGB, ratio: float) -> None:
    """Figures of the published checkers, whichever color comes first."""
    assert contrast_ratio(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast_ratio(other, one) == contrast_ratio(one, other)


@given(rgb)
def test_the_nearest_of_256_is_found_by_arithmetic(color: RGB) -> None:
    """The same distance as a search through the cube and the grays."""
    choices = palette(ColorDepth.COLORS_256)[16:].astype(int)
    least = ((choices - np.array(color)) ** 2).sum(-1).min()
    found = nearest(np.array(color, np.uint8), ColorDepth.COLORS_256).astype(int)
    assert ((found - np.array(color)) ** 2).sum() == least


@given(rgb)
def test_the_first_sixteen_of_256_are_never_used(color: RGB) -> None:
    """A theme may give them any color."""
    assert int(palette_index(np.array(color, np.uint8), ColorDepth.COLORS_256)) >= 16


@pytest.mark.parametrize("depth", [ColorDepth.MONO, ColorDepth.COLORS_16, ColorDepth.COLORS_256])
def test_a_color_of_the_palette_stays_itself(depth: ColorDepth) -> None:
    """Snapping twice changes nothing."""
    colors = palette(depth)[16 if depth is ColorDepth.COLORS_256 else 0 :]
    np.testing.assert_array_equal(nearest(colors, depth), colors)


def test_true_color_is_left_alone() -> None:
    """Not even copied."""
    colors = np.array([[1, 2, 3]], np.uint8)
    assert nearest(colors, ColorDepth.TRUECOLOR) is colors


def test_many_colors_are_found_in_blocks() -> None:
    """More than one block, the same answer."""
    colors = np.random.default_rng(1).integers(0, 256, (5000, 3), dtype=np.uint8)
    one_by_one = [int(palette_index(color, ColorDepth.COLORS_16)) for color in colors[::500]]
    assert palette_index(colors, ColorDepth.COLORS_16)[::500].tolist() == one_by_one


def test_hexadecimal_has_two_digits_per_channel() -> None:
    """As designers write it."""
    assert hexadecimal((15, 98, 254)) == "#0f62fe"


def test_flags_name_every_depth() -> None:
    """There and back."""
    assert [ColorDepth.from_flag(depth.flag) for depth in ColorDepth] == list(ColorDepth)
    with pytest.raises(KeyError):
        ColorDepth.from_flag("17")
