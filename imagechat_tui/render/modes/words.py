"""Markers as sentences, for screen readers and for windows too small for a picture. Draws nothing, loads no pixels."""

from collections.abc import Iterable

from imagechat_tui.i18n import _, ngettext
from imagechat_tui.render.geometry import Point
from imagechat_tui.render.overlay import MarkerFacts, MarkerState


def describe(markers: Iterable[MarkerFacts]) -> list[str]:
    """One line per marker, by number, like ``2, top left, at 25.5 30.2, open, 3 replies``."""
    return [sentence(marker) for marker in sorted(markers, key=lambda m: (m.number, m.key))]


def sentence(marker: MarkerFacts) -> str:
    """One marker: number, where, percents, state, replies, and whether it is unread or selected."""
    parts = [
        str(marker.number),
        place_name(marker.point),
        _("at {x} {y}").format(x=f"{marker.point.x:.1f}", y=f"{marker.point.y:.1f}"),
        state_name(marker.state),
    ]
    if marker.replies:
        parts.append(ngettext("{count} reply", "{count} replies", marker.replies).format(count=marker.replies))
    if marker.unread:
        parts.append(_("unread"))
    if marker.selected:
        parts.append(_("selected"))
    return ", ".join(parts)


def place_name(point: Point) -> str:
    """Which ninth of the picture the point is in, in words."""
    names = (
        (_("top left"), _("top"), _("top right")),
        (_("left"), _("centre"), _("right")),
        (_("bottom left"), _("bottom"), _("bottom right")),
    )
    return names[min(2, int(point.y * 3 / 100))][min(2, int(point.x * 3 / 100))]


def state_name(state: MarkerState) -> str:
    """The state as a word in the person's language."""
    return {
        MarkerState.OPEN: _("open"),
        MarkerState.RESOLVED: _("resolved"),
        MarkerState.PENDING: _("sending"),
        MarkerState.FAILED: _("not sent"),
    }[state]
