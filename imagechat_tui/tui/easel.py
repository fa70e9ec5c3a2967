"""Draws frames outside the event loop, one at a time, the newest wish first; the next waits until the last is seen.

While the view moves over a slow line frames are coarse, and the fine one follows when it stands still; then comes the
picture in pixels, where the terminal takes it. It knows no widgets: whoever shows frames hands in what to call.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.tui import painter
from imagechat_tui.tui.pacing import PATIENCE, Pacing

if TYPE_CHECKING:
    from imagechat_tui.render.frame import Look
    from imagechat_tui.render.geometry import Viewport
    from imagechat_tui.render.scale import Pyramid
    from imagechat_tui.tui.projector import Projector, Slide

_CELL_BYTES: Final = 8
"""On the line, for a cell of a frame, about; as many in glyphs as in the names of pixels."""

_LONGEST: Final = 1.0
"""Seconds that a picture in pixels may take: everything after it waits, keys that move it included."""


def coarse(look: "Look") -> "Look":
    """The look with fewer colors: a photo then takes a tenth of the bytes, an interface two thirds."""
    return replace(look, colors=min(look.colors, ColorDepth.COLORS_256))


class Easel:
    """The present frame of a picture, and the way to the next one."""

    stillness = 0.1
    """Seconds without a new wish after which the view stands still: a wheel that turns, or a held key, is quicker."""

    def __init__(self, *, show: Callable[[], None], rest: Callable[[], None]) -> None:
        """Nothing is drawn until ``draw_always`` runs.

        Args:
            show: called when there is another frame; it has to lead to ``pacing.shown`` in the end.
            rest: called when what is shown is what is wanted.
        """
        self.pacing = Pacing()
        self.projector: Projector | None = None
        """Shows still views in pixels, where the look names no glyphs."""
        self.frame: painter.Frame | None = None
        self._pyramid: Pyramid | None = None
        self._frame_of: tuple[Pyramid, Look] | None = None
        self._wanted: tuple[Viewport, Look] | None = None
        self._wished = asyncio.Event()
        self._drawing = False
        self._slow = False
        self._pace = 0.0
        """Seconds for a byte, of the last frame or picture."""
        self._show = show
        self._rest = rest

    @property
    def pyramid(self) -> "Pyramid | None":
        """The picture; ``None`` while there is none."""
        return self._pyramid

    @property
    def slide(self) -> "Slide | None":
        """What shows the present frame in pixels, if the terminal has it."""
        if self.projector is None or self.frame is None or self._frame_of is None:
            return None
        pyramid, look = self._frame_of
        if look.mode is not None:
            return None
        return self.projector.showing(pyramid, self.frame.viewport, look.background)

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
                await self._project(pyramid, viewport, look)
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
                    self._pace = self.pacing.took / (frame.cells.glyphs.size * _CELL_BYTES)
            moving = self._wanted[0] != viewport

    async def _project(self, pyramid: "Pyramid", viewport: "Viewport", look: "Look") -> None:
        """The frame in pixels as well, unless something else is wanted by then."""
        projector = self.projector
        if projector is None or look.mode is not None or self.slide is not None or await self._moves():
            return
        slide = projector.slide(pyramid, viewport, look.background)
        if slide is None:
            return
        command = await asyncio.to_thread(slide.command)
        if self._wished.is_set() or pyramid is not self._pyramid or projector is not self.projector:
            return
        if self._pace * len(command) > _LONGEST:
            return
        projector.send(slide, command)
        self.pacing.begin()
        self._show()
        seen = await self.pacing.wait()
        self._pace = (self.pacing.took if seen else PATIENCE) / len(command)
        projector.settle()

    async def _moves(self) -> bool:
        """Whether something else is wanted within a moment."""
        try:
            async with asyncio.timeout(self.stillness):
                return await self._wished.wait()
        except TimeoutError:
            return False
