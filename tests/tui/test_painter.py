"""Frames, crosshair and labels over them."""

import numpy as np
import pytest
from PIL import Image

from imagechat_tui.errors import PictureError
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.frame import Look
from imagechat_tui.render.geometry import Point, Region, Size, fit
from imagechat_tui.render.scale import Pyramid
from imagechat_tui.tui import painter
from imagechat_tui.tui.jump import JumpGrid
from tests.render.paint import paint
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
    assert {y: place for y, (_cells, place) in rows.items()} == {5: 0, 6: 1, 7: 2}
    over, _place = rows[6]
    assert over.text(1, 28, 33) == "──┼──"
    assert over.text(0, 30, 31) == "│"
    assert over.background[1, 30].tolist() == [255, 0, 0]
    changed = over.glyphs[1] != drawn.cells.glyphs[6]
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
        over, place = rows[label.y]
        assert over.text(place, label.x, label.x + 2) == label.pair
        assert over.background[place, label.x].tolist() == [8, 8, 8]


@pytest.mark.parametrize(("columns", "rows"), [(4, 0), (-4, 0), (0, 3), (0, -3), (7, -2), (-1, 5), (60, 0), (29, 6)])
@pytest.mark.parametrize("colors", [ColorDepth.TRUECOLOR, ColorDepth.MONO])
def test_a_pan_shows_what_a_new_frame_would(columns: int, rows: int, colors: ColorDepth) -> None:
    """Moved cells stand where drawn ones would, to the last corner."""
    pyramid, _notes = painter.read(picture())
    look = Look(mode="quadrant", colors=colors, tolerance=0, background=(1, 2, 3))
    here = fit(pyramid.size, WINDOW).stepped(4, anchor=Point(50, 50))
    there = here.panned(columns, rows)
    assert there != here
    last = painter.paint(pyramid, here, look)
    before = last.cells.glyphs.copy()
    moved, drawn = painter.paint(pyramid, there, look, last=last), painter.paint(pyramid, there, look)
    assert moved.viewport == there
    assert_same(moved, drawn)
    assert np.array_equal(before, last.cells.glyphs)


def assert_same(one: painter.Frame, other: painter.Frame) -> None:
    """As a terminal shows them, but for the rounding of colors."""
    first, second = (
        paint([frame.cells.ansi(row) for row in range(frame.cells.rows)], frame.cells.columns).astype(int)
        for frame in (one, other)
    )
    assert (np.abs(first - second).max(-1) > 2).mean() < 0.01


def test_a_pan_keeps_the_margins() -> None:
    """A picture that is lower than the window and wider than it."""
    image = Image.effect_noise((900, 60), 90).convert("RGB")
    pyramid, look = Pyramid(image), Look(background=(1, 2, 3), tolerance=0)
    here = fit(pyramid.size, WINDOW).stepped(5, anchor=Point(50, 50))
    assert 0 < here.drawn.height < WINDOW.height
    there = here.panned(5, 0)
    assert_same(
        painter.paint(pyramid, there, look, last=painter.paint(pyramid, here, look)),
        painter.paint(pyramid, there, look),
    )


def test_what_is_no_picture_is_said_so() -> None:
    """The sentence is the decoder's."""
    with pytest.raises(PictureError):
        painter.read(b"words")
