"""Markers as the picture draws them, out of markers as the session tells them."""

from collections.abc import Sequence

from imagechat_tui.core.views import Delivery, MarkerView
from imagechat_tui.render.geometry import Point
from imagechat_tui.render.overlay import MarkerFacts, MarkerState


class FactsKeeper:
    """Makes the facts of markers, and keeps them for markers that are the same the next time."""

    def __init__(self) -> None:
        self._markers: tuple[MarkerView, ...] = ()
        self._selected: str | None = None
        self._facts: tuple[MarkerFacts, ...] = ()

    def facts(self, markers: Sequence[MarkerView], *, selected: str | None) -> tuple[MarkerFacts, ...]:
        """One for each marker, the same object as the last time when nothing is different.

        Those without a number yet continue the row of numbers.
        """
        markers = tuple(markers)
        if selected == self._selected and markers == self._markers:
            return self._facts
        kept = {fact.key: (marker, fact) for marker, fact in zip(self._markers, self._facts, strict=True)}
        chosen = {selected, self._selected}
        highest = max((marker.number or 0 for marker in markers), default=0)
        facts = []
        for marker in markers:
            known = kept.get(marker.id)
            if known is not None and known[0] is marker and marker.number is not None and marker.id not in chosen:
                facts.append(known[1])
                continue
            number = marker.number
            if number is None:
                highest += 1
                number = highest
            facts.append(_fact(marker, number, selected=marker.id == selected))
        self._markers, self._selected, self._facts = markers, selected, tuple(facts)
        return self._facts


def _fact(marker: MarkerView, number: int, *, selected: bool) -> MarkerFacts:
    return MarkerFacts(
        key=marker.id,
        number=number,
        point=Point(marker.x, marker.y),
        state=_state(marker),
        selected=selected,
        unread=marker.unread > 0,
        replies=max(0, marker.comment_count - 1),
    )


def _state(marker: MarkerView) -> MarkerState:
    if marker.delivery is Delivery.PENDING:
        return MarkerState.PENDING
    if marker.delivery is Delivery.FAILED:
        return MarkerState.FAILED
    return MarkerState.RESOLVED if marker.resolved else MarkerState.OPEN
