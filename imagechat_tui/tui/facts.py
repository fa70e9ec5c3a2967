"""Markers as the picture draws them, out of markers as the session tells them."""

from collections.abc import Sequence

from imagechat_tui.core.views import Delivery, MarkerView
from imagechat_tui.render.geometry import Point
from imagechat_tui.render.overlay import MarkerFacts, MarkerState


def marker_facts(markers: Sequence[MarkerView], *, selected: str | None) -> list[MarkerFacts]:
    """One for each marker; those without a number yet continue the row of numbers."""
    highest = max((marker.number or 0 for marker in markers), default=0)
    facts = []
    for marker in markers:
        number = marker.number
        if number is None:
            highest += 1
            number = highest
        facts.append(
            MarkerFacts(
                key=marker.id,
                number=number,
                point=Point(marker.x, marker.y),
                state=_state(marker),
                selected=marker.id == selected,
                unread=marker.unread > 0,
                replies=max(0, marker.comment_count - 1),
            )
        )
    return facts


def _state(marker: MarkerView) -> MarkerState:
    if marker.delivery is Delivery.PENDING:
        return MarkerState.PENDING
    if marker.delivery is Delivery.FAILED:
        return MarkerState.FAILED
    return MarkerState.RESOLVED if marker.resolved else MarkerState.OPEN
