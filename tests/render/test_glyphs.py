"""Glyph tables say what Unicode says; the shapes come from the names of the characters, not from the tables."""

from collections.abc import Mapping

import numpy as np
import pytest

from imagechat_tui.render import glyphs
from imagechat_tui.render.depth import GlyphLevel
from tests.render.shapes import HEIGHT, WIDTH, Shape, shape


def mask_shape(mask: int, columns: int, rows: int) -> Shape:
    """What a mask draws on a grid."""
    parts = np.array([mask >> i & 1 for i in range(columns * rows)], np.float32).reshape(rows, columns)
    tall = parts.repeat(HEIGHT, axis=0).reshape(HEIGHT, rows, columns).mean(axis=1)
    return np.asarray(tall.repeat(WIDTH // columns, axis=1), np.float32)


@pytest.mark.parametrize(
    ("table", "columns", "rows"),
    [
        (glyphs.HALVES, 1, 2),
        (glyphs.QUADRANTS, 2, 2),
        (glyphs.SEXTANTS, 2, 3),
        (glyphs.OCTANTS, 2, 4),
        (glyphs.ROWS, 1, 8),
        (glyphs.ROW_LINES, 1, 8),
        (glyphs.COLUMNS, 8, 1),
        (glyphs.COLUMN_LINES, 8, 1),
    ],
)
def test_every_mask_has_the_character_that_draws_it(table: Mapping[int, int], columns: int, rows: int) -> None:
    """One wrong code point would be a wrong picture on every screen."""
    for mask, glyph in table.items():
        np.testing.assert_allclose(shape(chr(glyph)), mask_shape(mask, columns, rows), atol=1e-6, err_msg=hex(glyph))


@pytest.mark.parametrize(
    ("table", "parts"),
    [(glyphs.HALVES, 2), (glyphs.QUADRANTS, 4), (glyphs.SEXTANTS, 6), (glyphs.OCTANTS, 8), (glyphs.BRAILLE, 8)],
)
def test_grids_are_complete_and_without_doubles(table: Mapping[int, int], parts: int) -> None:
    """Every combination of parts has exactly one character."""
    assert sorted(table) == list(range(1 << parts))
    assert len(set(table.values())) == len(table)


def test_braille_dots_stand_where_their_parts_are() -> None:
    """The dot of a part lies inside that part and nowhere else."""
    for part in range(8):
        dot, place = shape(chr(glyphs.BRAILLE[1 << part])), mask_shape(1 << part, 2, 4)
        assert dot.sum() > 0
        assert dot[place == 0].sum() == 0


@pytest.mark.parametrize("level", list(GlyphLevel))
def test_a_complement_shows_the_rest_of_the_cell(level: GlyphLevel) -> None:
    """Exchanging glyph and colors leaves the picture as it is."""
    for glyph, other in glyphs.complements(level).items():
        if glyph not in glyphs.BRAILLE.values():
            np.testing.assert_allclose(shape(chr(glyph)) + shape(chr(other)), 1, atol=1e-6)
