"""Which panes are seen at which size."""

import pytest

from imagechat_tui.tui.layout import Pane, Shape, arrange, reachable, shape_for


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((160, 45), Shape.WIDE),
        ((84, 24), Shape.WIDE),
        ((83, 24), Shape.NARROW),
        ((40, 12), Shape.NARROW),
        ((39, 12), Shape.TINY),
        ((200, 11), Shape.TINY),
    ],
)
def test_the_shape_follows_the_size(size: tuple[int, int], shape: Shape) -> None:
    """Borders of the specification."""
    assert shape_for(*size) is shape


def test_a_wide_screen_shows_everything() -> None:
    """The side pane takes a third, within bounds."""
    assert arrange(160, 45, pane=Pane.PICTURE).side_columns == 54
    assert arrange(84, 24, pane=Pane.LIST).side_columns == 32
    assert arrange(100, 30, pane=Pane.THREAD).panes == tuple(Pane)


def test_a_narrow_screen_shows_the_pane_with_the_focus() -> None:
    """And nothing beside it."""
    assert arrange(80, 24, pane=Pane.THREAD).panes == (Pane.THREAD,)


def test_a_tiny_screen_lists_markers_instead_of_a_picture() -> None:
    """A picture would say nothing."""
    assert arrange(30, 8, pane=Pane.PICTURE).panes == (Pane.LIST,)


def test_tab_reaches_what_can_be_seen() -> None:
    """Threads only where one is open, or where there is always room."""
    assert reachable(Shape.NARROW, thread_open=False) == (Pane.PICTURE, Pane.LIST)
    assert reachable(Shape.TINY, thread_open=True) == (Pane.LIST, Pane.THREAD)
    assert reachable(Shape.WIDE, thread_open=False) == tuple(Pane)
