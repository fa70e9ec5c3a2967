"""Draws frames outside the event loop, one at a time, the newest wish first; the next waits until the last is seen.

While the view moves over a slow line frames are coarse, and the fine one follows when it stands still. It knows no
widgets: whoever shows frames hands in what to call.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.tui import painter
from imagechat_tui.tui.pacing import Pacing

if TYPE_CHECKING:
    from imagechat_tui.render.frame import Look
    from imagechat_tui.render.geometry import Viewport
    from imagechat_tui.render.scale import Pyramid


def coarse(look: "Look") -> "Look":
    """The look with fewer colors: a photo then takes a tenth of the bytes, an interface two thirds."""
    return replace(look, colors=min(look.colors, ColorDepth.COLORS_256))


class Easel:
    """The present frame of a picture, and the way to the next one."""

    def __init__(self, *, show: Callable[[], None], rest: Callable[[], None]) -> None:
        """Nothing is drawn until ``draw_always`` runs.

        Args:
            show: called when there is another frame; it has to lead to ``pacing.shown`` in the end.
            rest: called when what is shown is what is wanted.
        """
        self.pacing = Pacing()
        self.frame: painter.Frame | None = None
        self._pyramid: Pyramid | None = None
        self._frame_of: tuple[Pyramid, Look] | None = None
        self._wanted: tuple[Viewport, Look] | None = None
        self._wished = asyncio.Event()
        self._drawing = False
        self._slow = False
        self._show = show
        self._rest = rest

    @property
    def pyramid(self) -> "Pyramid | None":
        """The picture; ``None`` while there is none."""
        return self._pyramid

    @property
    def drawing(self) -> bool:
        """Whether what is shown is not yet what is wanted."""
        return self._drawing or self._wished.is_set()

    def put(self, pyramid: "Pyramid | None") -> None:
        """Another picture; the last frame stays until the first one of it is drawn. Without one nothing is shown."""
        self._pyramid = pyramid
        if pyramid is None:
            self.frame = None

    def want(self, viewport: "Viewport", look: "Look") -> None:
        """Show this as soon as possible; an older wish that was not drawn is forgotten."""
        self._wanted = viewport, look
        self._wished.set()

    async def draw_always(self) -> None:
        """Draw what is wanted, for ever."""
        while True:
            await self._wished.wait()
            self._drawing = True
            self._wished.clear()
            try:
                await self._draw()
            finally:
                self._drawing = False
            self._rest()

    async def _draw(self) -> None:
        """Until the newest wish is on the screen in its own look."""
        moving = False
        while (pyramid := self._pyramid) is not None and self._wanted is not None:
            viewport, wanted_look = self._wanted
            look = coarse(wanted_look) if moving and self._slow else wanted_look
            before = self.frame if self._frame_of == (pyramid, look) else None
            if before is not None and before.viewport == viewport:
                return
            frame = await asyncio.to_thread(painter.paint, pyramid, viewport, look, last=before)
            if pyramid is self._pyramid:
                self.frame, self._frame_of = frame, (pyramid, look)
                self.pacing.begin()
                self._show()
                await self.pacing.wait()
                if look == wanted_look:
                    # Coarse frames tell nothing of how long fine ones take.
                    self._slow = self.pacing.slow
            moving = self._wanted[0] != viewport
