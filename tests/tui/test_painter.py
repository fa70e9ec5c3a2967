"""Frames, crosshair and labels over them."""

import numpy as np
import pytest

from imagechat_tui.errors import PictureError
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.frame import Look
from imagechat_tui.render.geometry import Region, Size, fit
from imagechat_tui.tui import painter
from imagechat_tui.tui.jump import JumpGrid
from tests.tui.stage import picture

WINDOW = Size(60, 12)


def frame(colors: ColorDepth = ColorDepth.TRUECOLOR) -> painter.Frame:
    """The sample, fitted with margins at the sides."""
    pyramid, _notes = painter.read(picture())
    return painter.paint(pyramid, fit(pyramid.size, WINDOW), Look(background=(1, 2, 3), colors=colors))


@pytest.mark.parametrize("colors", ColorDepth)
def test_a_frame_fills_the_window(colors: ColorDepth) -> None:
    """Margins included, in every depth of color."""
    drawn = frame(colors)
    assert (drawn.cells.columns, drawn.cells.rows) == WINDOW
    assert drawn.cells.depth is colors
    assert drawn.viewport.drawn.width < WINDOW.width


def test_the_margin_has_the_background_of_the_theme() -> None:
    """Left and right of the picture."""
    drawn = frame()
    assert drawn.cells.background[0, 0].tolist() == [1, 2, 3]
    assert drawn.cells.background[5, WINDOW.width - 1].tolist() == [1, 2, 3]


def test_the_crosshair_changes_only_what_it_touches() -> None:
    """Other cells of its rows stay the same; the frame itself is untouched."""
    drawn = frame()
    before = drawn.cells.glyphs.copy()
    rows = painter.with_cross(drawn.cells, 30, 6, color=(255, 0, 0))
    assert set(rows) == {5, 6, 7}
    assert rows[6].text(0, 28, 33) == "──┼──"
    assert rows[5].text(0, 30, 31) == "│"
    assert rows[6].background[0, 30].tolist() == [255, 0, 0]
    changed = rows[6].glyphs[0] != drawn.cells.glyphs[6]
    assert not changed[:28].any()
    assert not changed[33:].any()
    assert np.array_equal(before, drawn.cells.glyphs)


@pytest.mark.parametrize(("column", "row"), [(0, 0), (59, 11), (59, 0)])
def test_a_crosshair_in_a_corner_stays_inside(column: int, row: int) -> None:
    """Arms are cut."""
    region = painter.cross_region(column, row, WINDOW)
    assert region.x >= 0
    assert region.x + region.width <= WINDOW.width
    assert region.y + region.height <= WINDOW.height
    assert painter.with_cross(frame().cells, column, row, color=(0, 0, 0))


def test_a_crosshair_elsewhere_touches_nothing() -> None:
    """Its region is empty."""
    assert painter.cross_region(-9, 3, WINDOW).width == 0


def test_labels_are_written_over_the_picture() -> None:
    """Both letters, in the colors given."""
    drawn = frame()
    labels = JumpGrid(Region(0, 0, *WINDOW)).labels
    rows = painter.with_labels(drawn.cells, labels, front=(9, 9, 9), back=(8, 8, 8))
    for label in labels:
        assert rows[label.y].text(0, label.x, label.x + 2) == label.pair
        assert rows[label.y].background[0, label.x].tolist() == [8, 8, 8]


def test_what_is_no_picture_is_said_so() -> None:
    """The sentence is the decoder's."""
    with pytest.raises(PictureError):
        painter.read(b"words")
