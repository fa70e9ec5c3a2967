"""The squares over a picture: which widget shows which of them, so that an unchanged one is not touched.

Where squares stand and what they say is computed by ``render.overlay``.
"""

from collections.abc import Sequence
from typing import Final

from textual.widget import Widget

from imagechat_tui.render.geometry import Viewport, fit
from imagechat_tui.render.overlay import MarkerFacts, Placed, place
from imagechat_tui.tui.widgets.marker_badge import MarkerBadge

_FRAMED_ROWS: Final = 3
"""A square of two rows has room neither for a frame nor for two labels: it is drawn as one row."""

_AT_ONCE: Final = 40
"""Badges made in one go, some 10 ms: hundreds that come at once come in between keys."""


class BadgeLayer:
    """Keeps the badges of one parent; hidden ones are used again."""

    def __init__(self, parent: Widget, *, square_percent: float) -> None:
        self._parent = parent
        self._square_percent = square_percent
        self._badges: list[MarkerBadge] = []
        self._shown: tuple[Viewport, Sequence[MarkerFacts]] | None = None
        self._placed: Sequence[Placed] = ()

    def stack_of(self, key: str) -> tuple[str, ...]:
        """The markers that share a square with one, itself included."""
        found = (badge.keys for badge in self._badges if badge.display and key in badge.keys)
        return next(found, (key,))

    def clear(self) -> None:
        """None is seen."""
        self._shown = None
        self._show(())

    def place(self, viewport: Viewport, facts: Sequence[MarkerFacts]) -> None:
        """Squares for the markers in view; the same ones over the same view cost nothing."""
        if self._shown is not None and self._shown[1] is facts and self._shown[0] == viewport:
            return
        self._shown = viewport, facts
        self._show(place(viewport, facts, square_percent=self._side(viewport)))

    def _side(self, viewport: Viewport) -> float:
        """Percent of the canvas: a square covers no more of a zoomed picture than of the whole one."""
        across = fit(viewport.picture, viewport.window).canvas.width * self._square_percent / 100
        if round(across * viewport.cell.width / viewport.cell.height) < _FRAMED_ROWS:
            return 0.0
        return across * 100 / viewport.canvas.width

    def _show(self, placed: Sequence[Placed]) -> None:
        self._placed = placed
        spare = {badge.keys: badge for badge in self._badges}
        kept = {one.keys: spare.pop(one.keys) for one in placed if one.keys in spare}
        free = list(spare.values())
        new: list[MarkerBadge] = []
        for one in placed:
            badge = kept.get(one.keys) or (free.pop() if free else None)
            if badge is None:
                if len(new) < _AT_ONCE:
                    new.append(MarkerBadge(one))
            else:
                _set_display(badge, seen=True)
                badge.show(one)
        for badge in free:
            _set_display(badge, seen=False)
        if new and self._parent.is_attached:
            self._badges += new
            self._parent.mount(*new)
            if len(new) == _AT_ONCE:
                self._parent.call_later(self._show_more)

    def _show_more(self) -> None:
        """The rest of what is to be seen by now, after what has happened meanwhile."""
        self._show(self._placed)


def _set_display(badge: MarkerBadge, *, seen: bool) -> None:
    """Only when it is different: setting it repaints."""
    if badge.display is not seen:
        badge.display = seen
