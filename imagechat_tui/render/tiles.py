"""Which part of a zoomed picture is handed to a terminal that takes pictures, and at how many pixels.

A tile is a view of more cells than are seen, at the same zoom: moving inside it needs no other. Arithmetic only.
"""

from dataclasses import replace
from math import sqrt
from typing import Final

from imagechat_tui.render.geometry import Size, Viewport
from imagechat_tui.render.kitty import MOST_CELLS

MOST_PIXELS: Final = 2_000_000
"""Of a tile: about a screen, and 6 MB before they are packed."""


def tile_around(view: Viewport, cell: Size, *, most: int = MOST_PIXELS) -> Viewport | None:
    """The picture around the view: all of it where that is not too much, else as much as is allowed.

    Of a picture that has no more pixels itself all is handed over, be it with fewer than the terminal has for it.

    Args:
        view: what is seen.
        cell: pixels of a cell of the terminal.
        most: pixels of a tile.

    Returns:
        A view whose window is the tile; ``None`` when nothing is seen, or more than a tile can hold.
    """
    seen, canvas = view.drawn, view.canvas
    if not seen.width or not seen.height or max(seen.width, seen.height) > MOST_CELLS:
        return None
    if max(canvas) <= MOST_CELLS and view.picture.width * view.picture.height <= most:
        return replace(view, window=canvas, left=0, top=0)
    grown = max(1.0, sqrt(most / (seen.width * seen.height * cell.width * cell.height)))
    columns = min(canvas.width, MOST_CELLS, int(seen.width * grown))
    rows = min(canvas.height, MOST_CELLS, int(seen.height * grown))
    return replace(
        view,
        window=Size(columns, rows),
        left=_start(view.left + seen.x, seen.width, columns, canvas.width),
        top=_start(view.top + seen.y, seen.height, rows, canvas.height),
    )


def pixels_of(tile: Viewport, cell: Size, *, most: int = MOST_PIXELS) -> Size:
    """Pixels of a tile: those of the terminal, or fewer in the same ratio."""
    width, height = tile.window.width * cell.width, tile.window.height * cell.height
    shrunk = min(1.0, sqrt(most / (width * height)))
    return Size(max(1, round(width * shrunk)), max(1, round(height * shrunk)))


def holds(tile: Viewport, view: Viewport) -> bool:
    """Whether everything that the view shows is on the tile."""
    if (tile.picture, tile.canvas) != (view.picture, view.canvas):
        return False
    seen = view.drawn
    left, top = view.left + seen.x - tile.left, view.top + seen.y - tile.top
    return (
        0 <= left <= tile.window.width - seen.width
        and 0 <= top <= tile.window.height - seen.height
        and seen.width > 0
        and seen.height > 0
    )


def _start(seen: int, length: int, wanted: int, whole: int) -> int:
    """Where ``wanted`` cells begin that have what is seen in their middle, as far as the edges allow."""
    return min(max(0, seen - (wanted - length) // 2), whole - wanted)
