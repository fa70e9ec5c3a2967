"""Pictures in the terminal's own two colors."""

import numpy as np
import pytest

from imagechat_tui.render.color import BLACK, WHITE
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.modes import mode_named
from imagechat_tui.render.mono import draw_mono
from imagechat_tui.render.scale import sampler


def gray(level: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Four by two cells of one gray, at 24 samples per cell."""
    return np.full((48, 96, 3), level, np.uint8)


@pytest.mark.parametrize(("name", "full"), [("octant", "█"), ("braille", "⣿"), ("half", "█"), ("ascii", "@")])
def test_white_is_full_and_black_is_empty(name: str, full: str) -> None:
    """In the glyphs of the mode itself."""
    for level, character in ((255, full), (0, " ")):
        cells = draw_mono(sampler(gray(level), (4, 2)), mode_named(name), background=BLACK)
        assert [cells.text(row) for row in range(2)] == [character * 4] * 2
        assert cells.depth is ColorDepth.MONO


def test_half_bright_has_half_of_its_dots_on() -> None:
    """Scattered, so that the eye mixes them."""
    cells = draw_mono(sampler(gray(128), (4, 2)), mode_named("braille"), background=BLACK)
    dots = sum((ord(character) - 0x2800).bit_count() for row in range(2) for character in cells.text(row))
    assert 24 <= dots <= 40


def test_a_light_background_turns_the_picture_around() -> None:
    """White paper stays empty."""
    cells = draw_mono(sampler(gray(255), (4, 2)), mode_named("octant"), background=WHITE)
    assert cells.text(0) == "    "
    assert cells.ansi(0) == "    \x1b[0m"


def test_colors_are_compared_by_brightness() -> None:
    """Yellow is bright, blue is dark."""
    pixels = gray(0)
    pixels[:, :48], pixels[:, 48:] = (255, 255, 0), (0, 0, 160)
    cells = draw_mono(sampler(pixels, (4, 2)), mode_named("octant"), background=BLACK)
    on = [character != " " for character in cells.text(0)]
    assert on[:2] == [True, True]
    assert cells.text(0)[2:].count("█") == 0
