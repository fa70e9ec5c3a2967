"""Words that narrow the markers."""

import pytest

from imagechat_tui.tui.filters import Filter
from tests.tui.stage import reviewed


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("open", [1, 2, 4, 5]),
        ("resolved", [3]),
        ("mine", [3]),
        ("unread", [1]),
        ("@bo", [2]),
        ("#4", [4]),
        ("BLUE", [2]),
        ("open @ana button", [1]),
        ("padding", [1]),
        ("nothing like this", []),
    ],
)
def test_every_word_has_to_hold(words: str, numbers: list[int]) -> None:
    """State, author, number, or text of title and thread."""
    board = reviewed()
    chosen = Filter(words)
    assert [m.number for m in board.markers() if chosen.shows(m, board.thread(m.id) or ())] == numbers
    assert bool(chosen) is bool(words)
