"""Markers stand where they were pinned and never hide each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.render.geometry import Point, Region, Size, Viewport, fit
from imagechat_tui.render.overlay import MarkerFacts, MarkerState, Placed, place

VIEW = fit(Size(1440, 960), Size(120, 40))


def marker(number: int, x: float, y: float, **facts: object) -> MarkerFacts:
    """A marker whose key is its number."""
    return MarkerFacts(key=f"m{number}", number=number, point=Point(x, y), **facts)  # type: ignore[arg-type] # by name


def alone(viewport: Viewport, facts: MarkerFacts, **options: object) -> Placed:
    """The only square."""
    (placed,) = place(viewport, [facts], **options)  # type: ignore[arg-type] # by name
    return placed


@st.composite
def crowds(draw: st.DrawFn) -> list[MarkerFacts]:
    """Up to sixty markers, many of them near each other."""
    near = st.sampled_from([0.0, 10.0, 10.1, 11.0, 50.0, 99.9, 100.0]) | st.floats(0, 100)
    return [
        marker(
            number,
            draw(near),
            draw(near),
            state=draw(st.sampled_from(MarkerState)),
            selected=draw(st.booleans()),
            unread=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(0, 60)) + 1)
    ]


windows = st.builds(Size, st.integers(3, 160), st.integers(1, 50))


@given(crowds(), windows, st.floats(0.5, 20), st.floats(0.25, 20))
def test_every_marker_in_view_has_one_place_and_no_two_places_overlap(
    markers: list[MarkerFacts], window: Size, percent: float, scale: float
) -> None:
    """Nothing is hidden, nothing is shown twice, nothing sticks out of the window."""
    viewport = fit(Size(1440, 960), window).zoomed(scale, anchor=Point(10, 10))
    placed = place(viewport, markers, square_percent=percent)
    keys = sorted(key for square in placed for key in square.keys)
    assert keys == sorted(m.key for m in markers if viewport.shows(m.point))
    taken: set[tuple[int, int]] = set()
    for square in placed:
        cells = {
            (x, y)
            for x in range(square.region.x, square.region.x + square.region.width)
            for y in range(square.region.y, square.region.y + square.region.height)
        }
        assert not cells & taken
        taken |= cells
        assert all(0 <= x < window.width and 0 <= y < window.height for x, y in cells)
        assert [len(line) for line in square.lines] == [square.region.width] * square.region.height


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_square_covers_its_point(x: float, y: float) -> None:
    """Even at the edges, where it is pushed inside."""
    assert alone(VIEW, marker(1, x, y)).region.contains(*VIEW.cell_at(Point(x, y)))


def test_a_square_is_as_wide_as_its_percentage_of_the_picture() -> None:
    """Five percent of 120 columns, and square on the screen."""
    assert alone(VIEW, marker(1, 50, 50)).region == Region(57, 19, 6, 3)
    assert alone(VIEW, marker(1, 50, 50), square_percent=10).region[2:] == (12, 6)


def test_a_square_is_never_smaller_than_three_cells() -> None:
    """A tiny picture still has numbers on it."""
    assert alone(fit(Size(1440, 960), Size(12, 4)), marker(1, 50, 50)).region[2:] == (3, 1)


def test_squares_of_a_zoomed_picture_grow_with_it() -> None:
    """The square belongs to the picture, not to the screen."""
    near = VIEW.zoomed(6, anchor=Point(50, 50))
    assert alone(near, marker(1, 50, 50)).region[2:] == (12, 6)


def test_markers_out_of_view_are_not_placed() -> None:
    """They come back when panned to."""
    near = VIEW.zoomed(2, anchor=Point(0, 0))
    assert place(near, [marker(1, 90, 90)]) == []


def test_number_and_state_are_read_from_the_label() -> None:
    """Shape tells the state where there are no colors."""
    small = fit(Size(1440, 960), Size(12, 4))
    wanted = {
        "[7]": marker(7, 50, 50),
        "[7✓]": marker(7, 50, 50, state=MarkerState.RESOLVED),
        "[7~]": marker(7, 50, 50, state=MarkerState.PENDING),
        "[7!]": marker(7, 50, 50, state=MarkerState.FAILED),
        "[*7]": marker(7, 50, 50, unread=True),
        "»7«": marker(7, 50, 50, selected=True),
        "»*7✓«": marker(7, 50, 50, selected=True, unread=True, state=MarkerState.RESOLVED),
        "[120]": marker(120, 50, 50),
    }
    for label, facts in wanted.items():
        assert alone(small, facts).lines == (label,)


def test_wide_squares_center_their_number() -> None:
    """As drawn in the specification: ``[ 3 ]`` and ``[2✓ ]``."""
    wide = fit(Size(2000, 200), Size(100, 40))
    assert alone(wide, marker(3, 50, 50)).lines[0] == "[ 3 ]"
    assert alone(wide, marker(2, 50, 50, state=MarkerState.RESOLVED)).lines[0] == "[2✓ ]"


def test_frames_differ_by_state_and_selection() -> None:
    """All of them are different pictures."""
    looks = [alone(VIEW, marker(1, 50, 50, state=state)).lines for state in MarkerState]
    looks.append(alone(VIEW, marker(1, 50, 50, selected=True)).lines)
    assert len(set(looks)) == len(looks)
    assert looks[0] == ("┌────┐", "[ 1  ]", "└────┘")


def test_a_terminal_without_unicode_gets_ascii() -> None:
    """The same facts in other signs."""
    for state in MarkerState:
        for selected in (False, True):
            placed = alone(VIEW, marker(1, 50, 50, state=state, selected=selected), ascii_only=True)
            assert all(line.isascii() for line in placed.lines)


def test_squares_that_touch_shrink_to_their_labels() -> None:
    """Two neighbours stay two."""
    first, second = place(VIEW, [marker(1, 50, 50), marker(2, 54, 50)])
    assert first.region.height == second.region.height == 1
    assert (first.keys, second.keys) == (("m1",), ("m2",))


def test_coincident_markers_become_a_stack_that_says_how_many() -> None:
    """The lowest number and the count of the others."""
    (stack,) = place(VIEW, [marker(4, 50, 50), marker(2, 50, 50), marker(9, 50.1, 50)])
    assert stack.keys == ("m2", "m4", "m9")
    assert any("2+2" in line for line in stack.lines)


def test_a_stack_shows_what_most_wants_to_be_seen() -> None:
    """Selected first; then failed before pending before open before resolved; unread when any is."""
    (stack,) = place(
        VIEW,
        [
            marker(1, 50, 50, state=MarkerState.RESOLVED),
            marker(2, 50, 50, state=MarkerState.FAILED, unread=True),
            marker(3, 50, 50, selected=True),
        ],
    )
    assert stack.keys[0] == "m3"
    assert (stack.state, stack.selected, stack.unread) == (MarkerState.FAILED, True, True)


def test_zooming_in_takes_a_stack_apart() -> None:
    """What is apart on the picture can be told apart."""
    markers = [marker(1, 50, 50), marker(2, 51, 50)]
    assert len(place(VIEW, markers)) == 1
    assert len(place(VIEW.zoomed(2, anchor=Point(50, 50)), markers)) == 2


@pytest.mark.parametrize("window", [Size(1, 1), Size(2, 1)])
def test_a_window_too_small_for_a_label_cuts_it(window: Size) -> None:
    """Nothing is drawn outside."""
    (square,) = place(fit(Size(10, 10), window), [marker(1, 50, 50)])
    assert square.region == Region(0, 0, window.width, 1)
