"""What lies over a drawn picture: the squares of the markers, and the small map of the whole.

It knows markers as facts and frames as cells; what is chosen, moved or hidden is decided by the picture's widget.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.widget import Widget

from imagechat_tui.render import minimap
from imagechat_tui.render.geometry import Point, Size
from imagechat_tui.render.overlay import MarkerFacts, MarkerState
from imagechat_tui.tui.painter import Frame
from imagechat_tui.tui.widgets.badge_layer import BadgeLayer
from imagechat_tui.tui.widgets.picture_map import PictureMap

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells


class Pins:
    """Squares and map of one picture."""

    def __init__(self, parent: Widget, *, square_percent: float, mapped: bool) -> None:
        """Nothing is seen before ``place``.

        Args:
            parent: the picture's widget, which mounts ``map``.
            square_percent: side of a square, in percent of the picture's width.
            mapped: whether the map is wanted.
        """
        self.facts: tuple[MarkerFacts, ...] = ()
        self.hidden = False
        """Whether the markers are out of sight."""
        self.mapped = mapped
        self.map = PictureMap()
        self._layer = BadgeLayer(parent, square_percent=square_percent)
        self._dotted: tuple[Cells, Sequence[MarkerFacts], Cells] | None = None

    def stack_of(self, key: str) -> tuple[str, ...]:
        """The markers that share a square with one, itself included."""
        return self._layer.stack_of(key)

    def place(self, frame: Frame | None, *, cross: Point, carried: str | None = None) -> None:
        """Everything where the frame shows its point; without a frame nothing.

        Args:
            frame: what is drawn.
            cross: where the crosshair stands; the map stays away from it.
            carried: the marker that goes with the crosshair.
        """
        facts = () if self.hidden else self.facts
        if carried is not None:
            facts = tuple(replace(one, point=cross) if one.key == carried else one for one in facts)
        if frame is None:
            self._layer.clear()
        else:
            self._layer.place(frame.viewport, facts)
        # A last frame may come when the app ends and the map has gone already.
        if frame is None or frame.overview is None or not self.mapped or not self.map.is_attached:
            self.map.show(None, None)
            return
        cells = self._with_dots(frame.overview, facts)
        size = Size(cells.columns, cells.rows)
        self.map.show(cells, minimap.place(frame.viewport.window, size, frame.viewport.cell_at(cross)))

    def _with_dots(self, overview: "Cells", facts: Sequence[MarkerFacts]) -> "Cells":
        """The same object for the same map and markers, so that nothing is painted twice."""
        if self._dotted is None or self._dotted[0] is not overview or self._dotted[1] != facts:
            color = self.map.get_component_styles("map--marker").color.rgb
            points = [one.point for one in facts if one.state is not MarkerState.RESOLVED]
            self._dotted = overview, facts, minimap.with_dots(overview, points, color=color)
        return self._dotted[2]
