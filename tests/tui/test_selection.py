"""The marker that is meant, and its neighbours."""

from imagechat_tui.tui.filters import Filter
from imagechat_tui.tui.selection import Selection, nearest
from tests.tui.stage import reviewed


def numbers(selection: Selection, steps: int, by: int, *, open_only: bool = False) -> list[tuple[int | None, bool]]:
    """Where some steps lead, and which went around."""
    found = []
    for _ in range(steps):
        step = selection.step(by, open_only=open_only)
        assert step.marker is not None
        selection.marker_id = step.marker.id
        found.append((step.marker.number, step.wrapped))
    return found


def test_steps_go_around_and_say_so() -> None:
    """Forward and back."""
    board = reviewed()
    selection = Selection(lambda: board)
    assert numbers(selection, 6, 1) == [(1, False), (2, False), (3, False), (4, False), (5, False), (1, True)]
    assert numbers(selection, 1, -1) == [(5, True)]


def test_unresolved_steps_skip_the_resolved() -> None:
    """Also when the selected one is itself resolved."""
    board = reviewed()
    selection = Selection(lambda: board)
    selection.marker_id = "m3"
    assert numbers(selection, 1, 1, open_only=True) == [(4, False)]
    selection.marker_id = "m3"
    assert numbers(selection, 1, -1, open_only=True) == [(2, False)]


def test_a_filter_narrows_the_steps_but_never_hides_the_selected() -> None:
    """A deep link overrides the filter."""
    board = reviewed()
    selection = Selection(lambda: board)
    selection.filter = Filter("resolved")
    assert [marker.number for marker in selection.shown()] == [3]
    selection.marker_id = "m5"
    assert [marker.number for marker in selection.shown()] == [3, 5]


def test_the_selection_follows_a_marker_to_its_final_id() -> None:
    """Confirmation changes ids."""
    board = reviewed()
    selection = Selection(lambda: board)
    selection.marker_id = "op7"
    selection.renamed({"op7": "m2"})
    assert selection.marker is not None
    assert selection.marker.number == 2


def test_a_board_without_markers_has_no_steps() -> None:
    """And no nearest one."""
    board = reviewed()
    board._markers.clear()
    assert Selection(lambda: board).step(1).marker is None
    assert nearest([], x=1, y=1, reach=5) is None


def test_the_nearest_marker_has_to_be_within_reach() -> None:
    """In percent."""
    board = reviewed()
    found = nearest(board.markers(), x=26, y=21, reach=4)
    assert found is not None
    assert found.number == 2
    assert nearest(board.markers(), x=50, y=90, reach=4) is None
