"""Cells, percents and pixels lead to each other, at every zoom and pan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.render.geometry import (
    CANVAS_CELLS,
    ZOOM_LADDER,
    Point,
    Region,
    Size,
    Viewport,
    Zoom,
    actual,
    fill,
    fit,
    minimap,
)

PICTURE, WINDOW = Size(1440, 960), Size(100, 40)

points = st.builds(Point, st.floats(0, 100), st.floats(0, 100))
sizes = st.builds(Size, st.integers(1, 12_000), st.integers(1, 12_000))
windows = st.builds(Size, st.integers(1, 300), st.integers(1, 120))
cell_sizes = st.builds(Size, st.integers(4, 30), st.integers(6, 60))


@st.composite
def viewports(draw: st.DrawFn) -> Viewport:
    """Any picture in any window, at any zoom, panned anywhere."""
    start = draw(st.sampled_from([fit, fill, actual]))
    viewport = start(draw(sizes), draw(windows), cell=draw(cell_sizes))
    if draw(st.booleans()):
        viewport = viewport.zoomed(draw(st.sampled_from(ZOOM_LADDER)), anchor=draw(points))
    return viewport.panned(draw(st.integers(-9_999, 9_999)), draw(st.integers(-9_999, 9_999)))


@given(viewports(), st.data())
def test_a_cell_leads_to_a_point_and_back_to_the_same_cell(viewport: Viewport, data: st.DataObject) -> None:
    """The promise of the crosshair: what is pinned in a cell appears in that cell."""
    drawn = viewport.drawn
    column = data.draw(st.integers(drawn.x, drawn.x + drawn.width - 1))
    row = data.draw(st.integers(drawn.y, drawn.y + drawn.height - 1))
    point = viewport.point_at(column, row)
    assert viewport.cell_at(point) == (column, row)
    assert round(point.x, 4) == point.x
    assert round(point.y, 4) == point.y


@given(viewports())
def test_the_picture_is_drawn_inside_the_window(viewport: Viewport) -> None:
    """There is always something to see, and never more than the window holds."""
    drawn = viewport.drawn
    assert drawn.width >= 1
    assert drawn.height >= 1
    assert 0 <= drawn.x <= viewport.window.width - drawn.width
    assert 0 <= drawn.y <= viewport.window.height - drawn.height


@given(viewports())
def test_a_dimension_that_has_room_is_centred_and_others_are_covered(viewport: Viewport) -> None:
    """Pan is clamped: no margin beside a picture that is larger than the window."""
    drawn, canvas, window = viewport.drawn, viewport.canvas, viewport.window
    assert drawn.width == min(canvas.width, window.width)
    assert drawn.height == min(canvas.height, window.height)
    assert abs(drawn.x - (window.width - drawn.width - drawn.x)) <= 1
    assert abs(drawn.y - (window.height - drawn.height - drawn.y)) <= 1


@given(viewports())
def test_the_source_box_lies_in_the_picture(viewport: Viewport) -> None:
    """Pillow refuses boxes that stick out."""
    box = viewport.source
    assert 0 <= box.left < box.right <= viewport.picture.width
    assert 0 <= box.top < box.bottom <= viewport.picture.height


@given(viewports(), points)
def test_a_point_leads_to_a_pixel_of_the_picture(viewport: Viewport, point: Point) -> None:
    """100 percent is the last pixel, not one beyond it."""
    x, y = viewport.pixel_at(point)
    assert 0 <= x < viewport.picture.width
    assert 0 <= y < viewport.picture.height


@given(sizes, windows, windows)
def test_resizing_the_window_and_back_changes_nothing_when_fitted(picture: Size, first: Size, window: Size) -> None:
    """A fitted picture stays fitted."""
    viewport = fit(picture, first)
    assert viewport.resized(window).resized(viewport.window) == viewport


@given(viewports(), points)
def test_revealing_brings_a_point_into_view_and_moves_no_further(viewport: Viewport, point: Point) -> None:
    """Focus always shows the marker; a point already well inside moves nothing."""
    revealed = viewport.revealing(point, margin=0)
    assert revealed.shows(point)
    assert revealed.revealing(point, margin=0) == revealed
    if viewport.shows(point):
        assert revealed == viewport


@given(viewports(), points)
def test_centring_puts_a_point_in_view(viewport: Viewport, point: Point) -> None:
    """Centred as far as the edges allow."""
    assert viewport.centred(point).shows(point)


@given(viewports(), st.sampled_from(ZOOM_LADDER), st.data())
def test_zooming_keeps_the_anchor_in_view(viewport: Viewport, scale: float, data: st.DataObject) -> None:
    """Whatever is under the crosshair does not vanish."""
    drawn = viewport.drawn
    anchor = viewport.point_at(
        data.draw(st.integers(drawn.x, drawn.x + drawn.width - 1)),
        data.draw(st.integers(drawn.y, drawn.y + drawn.height - 1)),
    )
    assert viewport.zoomed(scale, anchor=anchor).shows(anchor)


def test_zooming_in_keeps_the_anchor_in_its_cell() -> None:
    """Away from the edges it does not move at all."""
    view = fit(PICTURE, WINDOW).zoomed(6, anchor=Point(50, 50))
    anchor = view.point_at(40, 15)
    for scale in (5, 4, 3, 2, 1):
        assert view.zoomed(scale, anchor=anchor).cell_at(anchor) == (40, 15)


def test_the_whole_picture_is_fitted_and_centred() -> None:
    """As large as the window allows, with a margin on both sides."""
    view = fit(PICTURE, Size(140, 40))
    assert view.drawn == Region(10, 0, 120, 40)
    assert view.whole
    assert view.pixels_per_column == 12


def test_cells_that_are_not_twice_as_high_as_wide_keep_the_proportions() -> None:
    """A terminal that tells its cell size gets rounder circles."""
    assert fit(Size(1000, 1000), Size(200, 40), cell=Size(10, 20)).canvas == Size(80, 40)
    assert fit(Size(1000, 1000), Size(200, 40), cell=Size(10, 15)).canvas == Size(60, 40)


def test_filling_leaves_no_margin() -> None:
    """The narrower side fills the window, the other is panned."""
    view = fill(PICTURE, Size(140, 40))
    assert view.drawn == Region(0, 0, 140, 40)
    assert not view.whole


def test_actual_size_is_one_pixel_per_pixel() -> None:
    """A cell of 8 x 16 pixels shows 8 x 16 source pixels."""
    view = actual(PICTURE, WINDOW)
    assert view.canvas == Size(180, 60)
    assert view.pixels_per_column == 8


def test_steps_walk_the_ladder_and_end_at_the_fitted_view() -> None:
    """In and out again comes home."""
    whole = fit(PICTURE, WINDOW)
    anchor = Point(30, 60)
    inside = whole.stepped(4, anchor=anchor)
    assert inside.pixels_per_column == pytest.approx(5, rel=0.02)
    assert inside.zoom is Zoom.FREE
    assert inside.stepped(-9, anchor=anchor) == whole


def test_the_closest_step_is_the_end_of_the_ladder() -> None:
    """There is nothing to see beyond four cells per pixel."""
    view = fit(PICTURE, WINDOW).stepped(50, anchor=Point(50, 50))
    assert view.pixels_per_column == pytest.approx(ZOOM_LADDER[0])


def test_a_small_picture_zooms_between_actual_and_fitted() -> None:
    """An icon is enlarged when fitted; zooming out ends at its own size."""
    icon = fit(Size(64, 64), WINDOW)
    assert icon.pixels_per_column < 1
    assert icon.stepped(-20, anchor=Point(50, 50)).zoom is Zoom.ACTUAL


def test_the_longest_picture_does_not_make_an_endless_canvas() -> None:
    """A strip of forty million pixels is still addressable."""
    view = fit(Size(40_000_000, 1), WINDOW).zoomed(0.25, anchor=Point(50, 50))
    assert view.canvas.width <= CANVAS_CELLS


def test_a_resized_window_keeps_the_centre() -> None:
    """When zoomed in, growing the window shows more on both sides."""
    view = fit(PICTURE, Size(80, 30)).zoomed(4, anchor=Point(50, 50))
    centre = view.point_at(40, 15)
    column, row = view.resized(Size(120, 44)).cell_at(centre)
    assert abs(column - 60) <= 1
    assert abs(row - 22) <= 1


def test_filling_survives_a_resize() -> None:
    """It fills the new window too."""
    assert fill(PICTURE, Size(80, 30)).resized(Size(60, 50)).drawn == Region(0, 0, 60, 50)


def test_the_minimap_of_the_whole_is_full_and_of_a_part_is_a_part() -> None:
    """The box on the map is where the view is."""
    size = Size(20, 10)
    assert minimap(fit(PICTURE, WINDOW), size) == Region(0, 0, 20, 10)
    corner = fit(PICTURE, WINDOW).zoomed(2, anchor=Point(100, 100)).panned(9_999, 9_999)
    box = minimap(corner, size)
    assert (box.x + box.width, box.y + box.height) == (20, 10)
    assert box.width < 20


@given(viewports(), st.builds(Size, st.integers(1, 30), st.integers(1, 15)))
def test_the_minimap_box_lies_on_the_map(viewport: Viewport, size: Size) -> None:
    """At least one cell, never beside the map."""
    box = minimap(viewport, size)
    assert box.width >= 1
    assert box.height >= 1
    assert 0 <= box.x <= size.width - box.width
    assert 0 <= box.y <= size.height - box.height
