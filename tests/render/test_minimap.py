"""The small map of a zoomed picture: when there is one, where it lies, and what it shows."""

import numpy as np
import pytest
from PIL import Image

from imagechat_tui.render import minimap
from imagechat_tui.render.color import BLACK
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.frame import Look
from imagechat_tui.render.geometry import Point, Size, Viewport, fit
from imagechat_tui.render.scale import Pyramid

PICTURE = Size(1600, 1200)
WINDOW = Size(100, 30)
MIDDLE = Point(50, 50)


def zoomed(window: Size = WINDOW, *, steps: int = 4, at: Point = MIDDLE) -> Viewport:
    """Closer and closer to a point."""
    return fit(PICTURE, window).stepped(steps, anchor=at).centred(at)


def test_there_is_a_map_only_where_it_tells_something() -> None:
    """Not of a picture that is all in view, nor in a window that it would fill."""
    assert minimap.size_of(fit(PICTURE, WINDOW)) is None
    assert minimap.size_of(zoomed(Size(40, 12))) is None
    size = minimap.size_of(zoomed())
    assert size is not None
    assert size.width <= WINDOW.width // 4
    assert size.height <= WINDOW.height // 3


def test_the_map_keeps_the_proportions_of_the_picture() -> None:
    """A cell is twice as high as wide."""
    size = minimap.size_of(zoomed(Size(160, 45)))
    assert size is not None
    assert size.width / (size.height * 2) == pytest.approx(PICTURE.width / PICTURE.height, rel=0.15)


@pytest.mark.parametrize("column", range(0, WINDOW.width, 7))
@pytest.mark.parametrize("row", range(0, WINDOW.height, 3))
def test_the_map_lies_in_the_window_and_never_over_the_crosshair(column: int, row: int) -> None:
    """Wherever the crosshair stands."""
    size = minimap.size_of(zoomed())
    assert size is not None
    region = minimap.place(WINDOW, size, (column, row))
    assert region.x + region.width == WINDOW.width
    assert 0 <= region.y <= WINDOW.height - region.height
    assert not region.contains(column, row)


@pytest.mark.parametrize("colors", ColorDepth)
def test_the_part_in_view_is_bright_and_the_rest_is_dimmed(colors: ColorDepth) -> None:
    """In every depth of color there is a map; with colors the corner in view is lighter than the one out of view."""
    pyramid = Pyramid(Image.new("RGB", PICTURE, "#ffffff"))
    view = zoomed(at=Point(100, 100))
    size = minimap.size_of(view)
    assert size is not None
    cells = minimap.draw_map(pyramid, view, Look(background=BLACK, colors=colors), size)
    assert (cells.columns, cells.rows) == size
    assert cells.depth is colors
    if colors is ColorDepth.TRUECOLOR:
        assert cells.background[-1, -1].min() == 255
        assert cells.background[0, 0].max() < 128


def test_dots_stand_where_the_markers_are() -> None:
    """A hundred percent is the last cell, not one beyond it."""
    pyramid = Pyramid(Image.new("RGB", PICTURE, "#ffffff"))
    size = Size(20, 8)
    cells = minimap.draw_map(pyramid, zoomed(), Look(), size)
    dotted = minimap.with_dots(cells, [Point(0, 0), Point(100, 100)], color=(1, 2, 3))
    assert [tuple(place) for place in np.argwhere(dotted.glyphs == ord("•"))] == [(0, 0), (7, 19)]
    assert tuple(dotted.foreground[7, 19]) == (1, 2, 3)
    assert not (cells.glyphs == ord("•")).any()
