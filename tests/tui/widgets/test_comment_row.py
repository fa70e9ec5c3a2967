"""A comment as lines."""

import msgspec
import pytest
from rich.style import Style

from imagechat_tui.core.views import CommentView, Delivery, Reason
from imagechat_tui.tui.widgets.comment_row import comment_lines
from tests.support.board_client import NOW_MS, MemoryBoard

COMMENT = MemoryBoard().comment("m1", "Ana", "One\ntwo " + "long " * 20, minutes=5)


def said(comment: CommentView, *, width: int = 40, depth: int = 0) -> list[str]:
    """Its lines as text."""
    made = comment_lines(
        comment, width=width, depth=depth, now_ms=NOW_MS, styles=lambda _name: Style(), way_out="r tries again"
    )
    return [line.plain for line in made]


def test_name_and_time_stand_above_the_words() -> None:
    """The time at the right edge."""
    rows = said(COMMENT)
    assert rows[0].startswith("Ana")
    assert rows[0].rstrip().endswith("5 min")
    assert rows[1] == "One"
    assert rows[-1] == ""


@pytest.mark.parametrize("width", [8, 20, 40, 100])
@pytest.mark.parametrize("depth", [0, 1, 9])
def test_no_line_is_wider_than_the_pane(width: int, depth: int) -> None:
    """However deep the answer."""
    assert all(len(row) <= width for row in said(COMMENT, width=width, depth=depth))


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"mine": True}, "(you)"),
        ({"label": "Admin"}, "Admin"),
        ({"pinned": True}, "pinned"),
        ({"locked": True}, "locked"),
        ({"edited": True}, "edited"),
        ({"unread": True}, "•"),
        ({"votes": 3}, "▲ 3"),
        ({"votes": -2, "my_vote": -1}, "▼ -2 · you voted down"),
        ({"delivery": Delivery.PENDING}, "sending"),
        ({"delivery": Delivery.FAILED, "reason": Reason.LOCKED}, "the thread is locked"),
        ({"author_name": "\x1b[31m"}, "somebody"),
    ],
)
def test_every_fact_is_said(facts: dict[str, object], word: str) -> None:
    """Not by color alone."""
    assert word in "\n".join(said(msgspec.structs.replace(COMMENT, **facts), width=60))


def test_a_failed_comment_names_the_way_out() -> None:
    """And keeps its words."""
    text = "\n".join(said(msgspec.structs.replace(COMMENT, delivery=Delivery.FAILED), width=60))
    assert "r tries again" in text
    assert "One" in text
