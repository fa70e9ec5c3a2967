"""Colors and contrast in words."""

import pytest

from imagechat_tui.render.geometry import Point
from imagechat_tui.tui.inspector import Inspector, Picked, verdict


def test_the_second_point_is_compared_with_the_first() -> None:
    """And a third one starts anew."""
    inspector = Inspector()
    white = Picked(Point(0, 0), (10, 20), (255, 255, 255))
    blue = Picked(Point(1, 1), (40, 15), (15, 98, 254))
    assert "#ffffff rgb(255, 255, 255) at pixel 10, 20" in inspector.pick(white)
    said = inspector.pick(blue)
    assert "#ffffff against #0f62fe" in said
    assert "4.99:1" in said or "5.0" in said
    assert "30 by 5 pixels" in said
    assert "at pixel" in inspector.pick(blue)


@pytest.mark.parametrize(("ratio", "word"), [(2.9, "too little"), (3.0, "large"), (4.5, "AA"), (7.0, "AAA")])
def test_the_verdict_follows_the_guidelines(ratio: float, word: str) -> None:
    """WCAG 2.2."""
    assert word in verdict(ratio)
