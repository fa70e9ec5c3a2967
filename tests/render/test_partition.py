"""The solver chooses the best shape of all families, and its two colors are the means of the two groups."""

import numpy as np
import pytest

from imagechat_tui.render import glyphs
from imagechat_tui.render.partition import family, solve
from imagechat_tui.render.scale import sampler

OCTANTS = family(2, 4, glyphs.OCTANTS)
ROWS = family(1, 8, glyphs.ROWS)


def test_a_family_keeps_one_of_each_pair_of_opposites() -> None:
    """Empty and full are no shapes; 254 others are 127 splits."""
    assert len(OCTANTS.glyphs) == 127
    assert len(ROWS.glyphs) == 7


def test_the_colors_are_the_means_of_the_two_groups() -> None:
    """No other two colors are nearer."""
    pixels = np.array([[[10] * 3, [20] * 3], [[30] * 3, [200] * 3]], np.uint8).repeat(4, axis=0)
    cells = solve(sampler(pixels, (1, 1)), [family(2, 2, glyphs.QUADRANTS)])
    found = {chr(cells.glyphs[0, 0]), *cells.foreground[0, 0, :1].tolist(), *cells.background[0, 0, :1].tolist()}
    assert found in ({"▗", 200, 20}, {"▛", 20, 200})


@pytest.mark.parametrize(("rows", "wanted"), [(1, "▇"), (3, "▅"), (6, "▂")])
def test_families_compete_in_one_cell(rows: int, wanted: str) -> None:
    """An edge between the dots of an octant is better shown by a bar."""
    pixels = np.zeros((8, 2, 3), np.uint8)
    pixels[rows:] = 240
    cells = solve(sampler(pixels.repeat(4, axis=1), (1, 1)), [OCTANTS, ROWS])
    assert chr(cells.glyphs[0, 0]) == wanted


def test_a_cell_that_hardly_varies_is_flat() -> None:
    """One step in one sample is no pattern."""
    pixels = np.full((4, 2, 3), 100, np.uint8)
    pixels[0, 0] = 101
    cells = solve(sampler(pixels, (1, 1)), [OCTANTS])
    assert chr(cells.glyphs[0, 0]) == " "
    assert (cells.foreground == cells.background).all()


def test_a_faint_but_real_edge_is_kept() -> None:
    """One step in every channel across half a cell: a card on its page."""
    pixels = np.full((4, 2, 3), 254, np.uint8)
    pixels[:2] = 255
    cells = solve(sampler(pixels, (1, 1)), [OCTANTS])
    assert chr(cells.glyphs[0, 0]) in "▀▄"
    assert {int(cells.foreground[0, 0, 0]), int(cells.background[0, 0, 0])} == {254, 255}


def test_colors_alone_make_a_pattern() -> None:
    """Red and green of the same brightness are two colors."""
    pixels = np.zeros((4, 2, 3), np.uint8)
    pixels[:, 0] = (255, 0, 0)
    pixels[:, 1] = (0, 130, 0)
    cells = solve(sampler(pixels, (1, 1)), [OCTANTS])
    assert chr(cells.glyphs[0, 0]) in "▌▐"


def test_cells_are_solved_alone() -> None:
    """Many cells, more than one block of them, the same as one by one."""
    pixels = np.random.default_rng(3).integers(0, 256, (4 * 20, 2 * 40, 3), dtype=np.uint8)
    together = solve(sampler(pixels, (40, 20)), [OCTANTS])
    for row, column in ((0, 0), (7, 13), (19, 39)):
        alone = solve(sampler(pixels[row * 4 : row * 4 + 4, column * 2 : column * 2 + 2], (1, 1)), [OCTANTS])
        assert alone.glyphs[0, 0] == together.glyphs[row, column]
        assert (alone.foreground[0, 0] == together.foreground[row, column]).all()
