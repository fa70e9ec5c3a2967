"""Two letters for any place."""

import pytest

from imagechat_tui.render.geometry import Region
from imagechat_tui.tui.jump import LETTERS, JumpGrid


@pytest.mark.parametrize("size", [(106, 40), (66, 26), (40, 9), (3, 2), (400, 200)])
def test_labels_are_unique_and_inside(size: tuple[int, int]) -> None:
    """Whatever the size."""
    region = Region(5, 3, *size)
    labels = JumpGrid(region).labels
    assert labels
    assert len({label.pair for label in labels}) == len(labels)
    assert len({(label.x, label.y) for label in labels}) == len(labels)
    for label in labels:
        assert region.contains(label.x, label.y)
        assert region.contains(label.x + 1, label.y)
        assert set(label.pair) <= set(LETTERS)


def test_one_letter_leaves_one_row_and_two_leave_one_label() -> None:
    """The first letter is the row."""
    grid = JumpGrid(Region(0, 0, 60, 20))
    first = grid.labels[0].pair
    row = grid.matching(first[0])
    assert len({label.y for label in row}) == 1
    assert [label.pair for label in grid.matching(first)] == [first]
    assert grid.matching("?") == ()


def test_no_room_no_labels() -> None:
    """A label needs two cells."""
    assert JumpGrid(Region(0, 0, 1, 5)).labels == ()
