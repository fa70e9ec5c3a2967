"""How much of a picture a terminal is handed, so that moving needs no other."""

import pytest

from imagechat_tui.render.geometry import Point, Size, Viewport, fit
from imagechat_tui.render.kitty import MOST_CELLS
from imagechat_tui.render.tiles import MOST_PIXELS, holds, pixels_of, tile_around

PICTURE = Size(1440, 960)
CELL = Size(9, 18)
WINDOW = Size(100, 30)


def near(steps: int) -> Viewport:
    """A view zoomed in so far."""
    return fit(PICTURE, WINDOW).stepped(steps, anchor=Point(40, 60))


def tile(view: Viewport, *, most: int = MOST_PIXELS) -> Viewport:
    """The tile for a view that has one."""
    made = tile_around(view, CELL, most=most)
    assert made is not None
    return made


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_where_it_is_not_too_much_the_tile_is_the_whole_picture(steps: int) -> None:
    """One is enough for a zoom, wherever the view moves, and it has every pixel that picture or screen have."""
    view = near(steps)
    made = tile(view)
    assert (made.left, made.top, made.window) == (0, 0, view.canvas)
    assert pixels_of(made, CELL).width >= min(PICTURE.width, made.window.width * CELL.width)
    assert all(holds(made, view.panned(columns, rows)) for columns in (-99, 0, 99) for rows in (-99, 0, 99))


@pytest.mark.parametrize("steps", range(12))
@pytest.mark.parametrize("most", [1, 100_000, MOST_PIXELS])
def test_a_tile_shows_the_view_and_stays_within_its_limits(steps: int, most: int) -> None:
    """At any zoom, at every edge of the picture."""
    for columns, rows in ((0, 0), (-9999, -9999), (9999, 9999), (-9999, 9999)):
        view = near(steps).panned(columns, rows)
        made = tile(view, most=most)
        assert holds(made, view)
        assert made.drawn[2:] == tuple(made.window)
        assert max(made.window) <= MOST_CELLS
        size = pixels_of(made, CELL, most=most)
        assert size.width * size.height <= most * 1.01 + 100
        if most > 1:
            assert size.width / size.height == pytest.approx(
                made.window.width * CELL.width / (made.window.height * CELL.height), rel=0.02
            )


def test_a_tile_has_the_pixels_of_the_screen() -> None:
    """Each cell its own, so that nothing is scaled when it is shown."""
    made = tile(near(8))
    assert made.window != near(8).canvas
    assert pixels_of(made, CELL) == (made.window.width * CELL.width, made.window.height * CELL.height)


def test_a_tile_is_for_one_zoom_of_one_picture() -> None:
    """Another one needs another."""
    made = tile(near(2))
    assert not holds(made, near(3))
    assert not holds(made, fit(Size(960, 1440), WINDOW))
    far = near(6)
    assert not holds(tile(far), far.panned(9999, 0))


def test_more_cells_than_can_be_named_have_no_tile() -> None:
    """Nor has a view of nothing."""
    wide = fit(Size(4000, 400), Size(MOST_CELLS + 1, 60))
    assert wide.drawn.width > MOST_CELLS
    assert tile_around(wide, CELL) is None
    assert tile_around(fit(Size(4000, 400), Size(MOST_CELLS, 60)), CELL) is not None
