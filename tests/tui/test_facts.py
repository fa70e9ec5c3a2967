"""Markers as the picture draws them: made once, and kept for those that stay the same."""

import msgspec

from imagechat_tui.core.views import Delivery
from imagechat_tui.render.overlay import MarkerState
from imagechat_tui.tui.facts import FactsKeeper
from tests.tui.stage import reviewed


def test_what_is_the_same_is_kept() -> None:
    """The whole of it when nothing changed; else all but the markers that are different, chosen or left."""
    keeper, markers = FactsKeeper(), list(reviewed().markers())
    first = keeper.facts(markers, selected="m1")
    assert keeper.facts(list(markers), selected="m1") is first
    markers[4] = msgspec.structs.replace(markers[4], resolved=True)
    second = keeper.facts(markers, selected="m2")
    assert [one is two for one, two in zip(first, second, strict=True)] == [False, False, True, True, False]
    assert [fact.selected for fact in second] == [False, True, False, False, False]
    assert second[4].state is MarkerState.RESOLVED
    assert keeper.facts(markers[2:], selected="m2") == second[2:]


def test_markers_without_a_number_go_on_counting() -> None:
    """They get the same number as long as those before them stay."""
    keeper, markers = FactsKeeper(), list(reviewed().markers())
    new = msgspec.structs.replace(markers[0], id="op", number=None, delivery=Delivery.PENDING)
    assert [fact.number for fact in keeper.facts([*markers, new], selected=None)] == [1, 2, 3, 4, 5, 6]
    assert [fact.number for fact in keeper.facts([*markers[:3], new], selected=None)] == [1, 2, 3, 4]
