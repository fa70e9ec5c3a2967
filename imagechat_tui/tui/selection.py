"""Which marker is meant: the selected one, its neighbours, and what a filter lets through. Knows no widgets."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from imagechat_tui.core.views import BoardReader, MarkerView
from imagechat_tui.tui.filters import Filter


class Step(NamedTuple):
    """Where a step led: a marker, if there is any, and whether it went around the end."""

    marker: MarkerView | None
    wrapped: bool


class Selection:
    """The marker that keys and the side pane speak of."""

    def __init__(self, read: Callable[[], BoardReader]) -> None:
        """``read`` gives the board's present truth."""
        self._read = read
        self.marker_id: str | None = None
        self.filter = Filter()

    @property
    def marker(self) -> MarkerView | None:
        """The selected marker, if it is still there."""
        return None if self.marker_id is None else self._read().marker(self.marker_id)

    def shown(self) -> list[MarkerView]:
        """The markers that pass the filter, in the board's order; the selected one always does."""
        view = self._read()
        markers = view.markers()
        if not self.filter:
            return list(markers)
        return [
            marker
            for marker in markers
            if marker.id == self.marker_id or self.filter.shows(marker, view.thread(marker.id) or ())
        ]

    def renamed(self, ids: Mapping[str, str]) -> None:
        """Follow a marker to its final id."""
        if self.marker_id is not None:
            self.marker_id = ids.get(self.marker_id, self.marker_id)

    def step(self, by: int, *, open_only: bool = False) -> Step:
        """The neighbour ``by`` markers on, going around at the end; with ``open_only`` past the resolved ones."""
        markers = self.shown()
        places = [i for i, marker in enumerate(markers) if not (open_only and marker.resolved)]
        if not places:
            return Step(None, wrapped=False)
        here = next((i for i, marker in enumerate(markers) if marker.id == self.marker_id), None)
        if here is None:
            return Step(markers[places[0 if by > 0 else -1]], wrapped=False)
        ahead = [i for i in places if (i > here if by > 0 else i < here)]
        if ahead:
            return Step(markers[ahead[0 if by > 0 else -1]], wrapped=False)
        return Step(markers[places[0 if by > 0 else -1]], wrapped=True)


def nearest(markers: Sequence[MarkerView], *, x: float, y: float, reach: float) -> MarkerView | None:
    """The marker nearest to a point, no farther than ``reach`` percent."""
    found = min(markers, key=lambda m: (m.x - x) ** 2 + (m.y - y) ** 2, default=None)
    if found is None or (found.x - x) ** 2 + (found.y - y) ** 2 > reach**2:
        return None
    return found
