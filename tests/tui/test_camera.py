"""Crosshair and view, moved in every way."""

from hypothesis import given, settings
from hypothesis import strategies as st

from imagechat_tui.render.geometry import Point, Size, Zoom
from imagechat_tui.tui.camera import Camera

PICTURE, WINDOW = Size(1440, 960), Size(100, 30)


def camera() -> Camera:
    """On a picture that is seen as a whole."""
    made = Camera()
    made.load(PICTURE, WINDOW)
    return made


STEPS = st.one_of(
    st.tuples(st.just("step"), st.integers(-12, 12), st.integers(-6, 6)),
    st.tuples(st.just("pan"), st.integers(-40, 40), st.integers(-20, 20)),
    st.tuples(st.just("zoom"), st.integers(-4, 4), st.just(0)),
    st.tuples(st.just("nudge"), st.integers(-1, 1), st.integers(-1, 1)),
    st.tuples(st.just("go_to"), st.integers(0, 100), st.integers(0, 100)),
    st.tuples(st.just("resize"), st.integers(1, 160), st.integers(1, 50)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_the_crosshair_is_always_in_view_and_on_the_picture(steps: list[tuple[str, int, int]]) -> None:
    """Whatever was done before."""
    made = camera()
    for name, a, b in steps:
        match name:
            case "zoom":
                made.zoom(a)
            case "go_to":
                made.go_to(Point(a, b))
            case "resize":
                made.resize(Size(a, b))
            case _:
                getattr(made, name)(a, b)
        assert made.viewport is not None
        assert made.viewport.shows(made.point)
        assert 0 <= made.point.x <= 100
        assert 0 <= made.point.y <= 100


def test_a_step_is_one_cell_and_at_the_edge_the_picture_moves() -> None:
    """The crosshair stays at the window's edge then."""
    made = camera()
    made.zoom(4)
    assert made.viewport is not None
    left = made.viewport.left
    for _ in range(60):
        made.step(1, 0)
    assert made.viewport.left > left
    assert made.viewport.cell_at(made.point)[0] == WINDOW.width - 1


def test_coming_back_undoes_a_jump() -> None:
    """Crosshair and view; what is kept first counts."""
    made = camera()
    before = made.point, made.viewport
    made.keep()
    made.zoom_near(Point(10, 10))
    made.keep()
    made.come_back()
    assert (made.point, made.viewport) == before


def test_fit_and_actual_size() -> None:
    """By name."""
    made = camera()
    made.zoom_actual()
    assert made.viewport is not None
    assert made.viewport.zoom is Zoom.ACTUAL
    made.zoom_fit()
    assert made.viewport.whole


def test_without_a_picture_nothing_moves_and_nothing_fails() -> None:
    """The point may still be set."""
    made = Camera()
    made.step(1, 1)
    made.pan(1, 1)
    made.zoom(1)
    made.zoom_fit()
    made.zoom_actual()
    made.zoom_near(Point(1, 2))
    made.resize(WINDOW)
    made.keep()
    made.come_back()
    assert made.viewport is None
    assert made.point == Point(1, 2)


def test_a_picture_of_the_same_size_keeps_the_view() -> None:
    """A new version is looked at where the old one was; one of another size is seen as a whole."""
    made = camera()
    whole = made.viewport
    made.zoom(3)
    near = made.viewport
    made.load(PICTURE, WINDOW)
    assert made.viewport == near != whole
    made.load(Size(1440, 961), WINDOW)
    assert made.viewport is not None
    assert made.viewport.zoom is Zoom.FIT
    made.load(PICTURE, WINDOW)
    assert made.viewport == whole
