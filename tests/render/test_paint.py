"""The decoder that turns terminal output back into pixels is right, or no figure is."""

import numpy as np
import pytest

from tests.render.paint import paint
from tests.render.shapes import shape


def test_characters_are_painted_in_their_colors() -> None:
    """A left half block: foreground on the left."""
    pixels = paint(["\x1b[38;2;10;20;30;48;2;40;50;60m▌\x1b[0m"], 1)
    assert pixels.shape == (16, 8, 3)
    assert (pixels[:, :4] == (10, 20, 30)).all()
    assert (pixels[:, 4:] == (40, 50, 60)).all()


def test_colors_stay_in_force_until_they_change() -> None:
    """Differential output: only the background changes for the second cell."""
    pixels = paint(["\x1b[38;2;9;9;9;48;2;1;1;1m▀\x1b[48;2;2;2;2m▀"], 2)
    assert (pixels[:8] == 9).all()
    assert (pixels[8:, :8] == 1).all()
    assert (pixels[8:, 8:] == 2).all()


@pytest.mark.parametrize(
    ("sequence", "color"),
    [
        ("\x1b[38;5;196m", (255, 0, 0)),
        ("\x1b[38;5;244m", (128, 128, 128)),
        ("\x1b[31m", (205, 0, 0)),
        ("\x1b[91m", (255, 0, 0)),
        ("\x1b[1;38:2:1:2:3m", (1, 2, 3)),
        ("\x1b[7;48;2;5;6;7m", (5, 6, 7)),
        ("\x1b[35m\x1b[39m", (255, 255, 255)),
        ("\x1b[35m\x1b[m", (255, 255, 255)),
    ],
)
def test_every_way_to_name_a_color_is_understood(sequence: str, color: tuple[int, int, int]) -> None:
    """Other programs write other forms."""
    assert (paint([f"{sequence}█"], 1) == color).all()


def test_missing_cells_show_the_background() -> None:
    """A short line is not stretched; a long one is cut."""
    pixels = paint(["█", "███"], 2, background=(3, 3, 3))
    assert (pixels[:16, 8:] == 3).all()
    assert (pixels[16:] == 255).all()


def test_an_unknown_character_is_an_error_not_a_guess() -> None:
    """A wrong shape would flatter or insult a renderer."""
    with pytest.raises(ValueError, match="CJK"):
        shape("漢")


def test_thirds_of_a_cell_share_pixel_rows() -> None:
    """16 rows are not divisible by three: coverage is."""
    upper = shape("🬂")
    assert upper.sum() == pytest.approx(8 * 16 / 3, rel=1e-5)
    assert 0 < float(upper[5, 0]) < 1
    assert np.unique(upper[:5]).tolist() == [1]
