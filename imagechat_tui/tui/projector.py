"""Pictures that the terminal keeps: which it has, which part of the view each one is for, and when it forgets them.

At most two at a time: the one that is seen, and for a moment the one before it. It decides nothing about when to send;
every command leaves in one piece, so that no frame comes between its parts.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from imagechat_tui.render.geometry import Size, Viewport
from imagechat_tui.render.kitty import IDS, free, placeholders, transmit
from imagechat_tui.render.tiles import MOST_PIXELS, holds, pixels_of, tile_around

if TYPE_CHECKING:
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.scale import Pyramid

_OWN: Final = 256
"""Numbers of one program: programs that share a terminal, one of them suspended, must not name the same picture."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Slide:
    """A part of a picture as the terminal gets it."""

    image: int
    pyramid: "Pyramid"
    tile: Viewport
    size: Size
    """Its pixels."""
    cell: Size
    background: "RGB"

    def command(self) -> str:
        """What hands it over; takes some tens of milliseconds, so it is made in a thread."""
        pixels = self.pyramid.sampled(self.tile.source, self.size, background=self.background)
        return transmit(self.image, pixels, self.tile.window)

    def row(self, view: Viewport, y: int, columns: range) -> str:
        """What shows it in these columns of a row of the window, where the view shows picture."""
        across = view.left - self.tile.left
        shown = range(columns.start + across, columns.stop + across)
        return placeholders(self.image, view.top + y - self.tile.top, shown)


class Projector:
    """What the terminal has of pictures."""

    most = MOST_PIXELS
    """Pixels of a slide."""

    def __init__(self, *, write: Callable[[str], None], cell: tuple[int, int]) -> None:
        """Nothing is sent yet.

        Args:
            write: takes commands for the terminal.
            cell: pixels (width, height) of its cells.
        """
        self._write = write
        self._cell = Size(*cell)
        self._kept: list[Slide] = []
        self._made = 0
        self._ended = False

    def measure(self, window: tuple[int, int], pixels: tuple[int, int]) -> None:
        """The window has so many cells and pixels now: fonts change while the app runs."""
        if all(window) and all(pixels):
            self._cell = Size(max(1, pixels[0] // window[0]), max(1, pixels[1] // window[1]))

    def slide(self, pyramid: "Pyramid", view: Viewport, background: "RGB") -> Slide | None:
        """A slide for the view, not sent yet; ``None`` when it cannot be shown in pixels."""
        tile = tile_around(view, self._cell, most=self.most)
        if tile is None or self._ended:
            return None
        self._made += 1
        number = (os.getpid() * _OWN + self._made % _OWN) % len(IDS)
        return Slide(
            image=IDS[number],
            pyramid=pyramid,
            tile=tile,
            size=pixels_of(tile, self._cell, most=self.most),
            cell=self._cell,
            background=background,
        )

    def showing(self, pyramid: "Pyramid", view: Viewport, background: "RGB") -> Slide | None:
        """The slide that has everything of the view, if the terminal has one."""
        if not self._kept:
            return None
        last = self._kept[-1]
        same = last.pyramid is pyramid and last.background == background and last.cell == self._cell
        return last if same and holds(last.tile, view) else None

    def send(self, slide: Slide, command: str) -> None:
        """Hand a slide over, ``command`` being its own; the one before stays until ``settle``."""
        if self._ended:
            return
        self.settle()
        self._kept.append(slide)
        self._write(command)

    def settle(self) -> None:
        """The newest one is seen now: the terminal may forget the others."""
        self._forget(self._kept[:-1])

    def clear(self) -> None:
        """The terminal may forget all of them."""
        self._forget(self._kept[:])

    def end(self) -> None:
        """Clear, and send no more."""
        self.clear()
        self._ended = True

    def _forget(self, slides: list[Slide]) -> None:
        if slides:
            self._kept = self._kept[len(slides) :]
            self._write("".join(free(slide.image) for slide in slides))
