"""Replies nest as deep as a board allows, and no word is refused for being deeper."""

import pytest

from imagechat_tui.core.rows import CommentRow
from imagechat_tui.core.thread import parent_within


def rows(**parents: str | None) -> dict[str, CommentRow]:
    """Comments by id, each with its parent."""
    return {
        name: CommentRow(id=name, author_id=None, author_name="", text="", created_at=0, parent_id=parent)
        for name, parent in parents.items()
    }


@pytest.mark.parametrize(
    ("depth", "expected"),
    [(0, None), (1, "a"), (2, "b"), (3, "c"), (9, "c")],
)
def test_what_would_hang_deeper_joins_the_deepest_level(depth: int, expected: str | None) -> None:
    """``c`` stands below ``b``, which stands below ``a``."""
    assert parent_within(rows(a=None, b="a", c="b"), "c", depth=depth) == expected


def test_an_unknown_parent_is_kept_where_replies_nest() -> None:
    """Its thread may not be loaded; the server knows it."""
    assert parent_within({}, "x", depth=1) == "x"


def test_a_circle_of_parents_ends() -> None:
    """A hostile server cannot hang the app."""
    assert parent_within(rows(a="b", b="a"), "a", depth=1) in {"a", "b"}
