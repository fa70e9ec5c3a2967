"""Markers as sentences."""

import pytest

from imagechat_tui.render.geometry import Point
from imagechat_tui.render.modes.words import describe, place_name, sentence
from imagechat_tui.render.overlay import MarkerFacts, MarkerState


def test_a_marker_is_one_sentence() -> None:
    """Number, place, percents, state, replies."""
    facts = MarkerFacts(key="a", number=2, point=Point(25.5, 30.2), replies=3)
    assert sentence(facts) == "2, top left, at 25.5 30.2, open, 3 replies"


def test_one_reply_is_singular_and_none_is_not_said() -> None:
    """Grammar is part of being read aloud."""
    assert sentence(MarkerFacts(key="a", number=1, point=Point(50, 50), replies=1)).endswith("open, 1 reply")
    assert sentence(MarkerFacts(key="a", number=1, point=Point(50, 50))).endswith("open")


def test_what_is_special_comes_last() -> None:
    """Unread and selected are said, not only shown."""
    facts = MarkerFacts(key="a", number=4, point=Point(99, 99), state=MarkerState.FAILED, unread=True, selected=True)
    assert sentence(facts) == "4, bottom right, at 99.0 99.0, not sent, unread, selected"


def test_markers_are_described_in_the_order_of_their_numbers() -> None:
    """Whatever order they come in."""
    markers = [MarkerFacts(key=str(n), number=n, point=Point(0, 0)) for n in (3, 1, 2)]
    assert [line[0] for line in describe(markers)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [
        (0, 0, "top left"),
        (50, 0, "top"),
        (100, 0, "top right"),
        (0, 50, "left"),
        (50, 50, "centre"),
        (100, 50, "right"),
        (0, 100, "bottom left"),
        (50, 100, "bottom"),
        (100, 100, "bottom right"),
    ],
)
def test_every_ninth_has_a_name(x: float, y: float, name: str) -> None:
    """The edges belong to their ninth."""
    assert place_name(Point(x, y)) == name
