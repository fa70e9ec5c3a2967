"""A small map of the whole picture with the part in view framed; what there is of it is decided by the viewport.

Sizes and places are cells of the window. It draws with the look of the picture itself and knows no widgets.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from imagechat_tui.render.geometry import Point, Region, Size, Viewport, fit, minimap

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.frame import Look
    from imagechat_tui.render.scale import Pyramid

FRAME: Final = 1
"""Cells on each side that belong to the map's frame."""

_SHARE: Final = 5
"""The map is at most this part of the window across, and a little more down."""
_WIDEST: Final = 28
_SMALLEST: Final = Size(6, 3)
_ROOM: Final = Size(48, 12)
"""In a smaller window a map would hide more than it tells."""
_SEEN: Final = 0.85
"""With this part of the picture in view, nobody is lost."""
_KEEP_CLEAR: Final = 3
"""Cells around the crosshair that the map stays away from."""

_SAMPLES: Final = Size(8, 16)
"""Samples of a cell: enough for every mode, and a thin line of the frame stays thin."""
_LINE: Final = 2
_DIMMED: Final = 0.4
_DOT: Final = "•"


def size_of(viewport: Viewport) -> Size | None:
    """Cells of the map without its frame; ``None`` where it would tell nothing or has no room."""
    window, drawn, canvas = viewport.window, viewport.drawn, viewport.canvas
    if window.width < _ROOM.width or window.height < _ROOM.height or viewport.whole:
        return None
    if drawn.width * drawn.height >= _SEEN * canvas.width * canvas.height:
        return None
    most = Size(min(_WIDEST, window.width // _SHARE), window.height // (_SHARE - 1))
    size = fit(viewport.picture, most, cell=viewport.cell).canvas
    return Size(max(size.width, _SMALLEST.width), max(size.height, _SMALLEST.height))


def place(window: Size, size: Size, cross: tuple[int, int]) -> Region:
    """Where the map lies, its frame included: right below, unless the crosshair is there.

    Args:
        window: cells of the window.
        size: cells of the map, as ``size_of`` tells.
        cross: column and row of the crosshair.
    """
    width, height = size.width + 2 * FRAME, size.height + 2 * FRAME
    x, y = window.width - width, window.height - height
    near = Region(x - _KEEP_CLEAR, y - _KEEP_CLEAR, width + _KEEP_CLEAR, height + _KEEP_CLEAR)
    return Region(x, 0 if near.contains(*cross) else y, width, height)


def draw_map(pyramid: "Pyramid", viewport: Viewport, look: "Look", size: Size) -> "Cells":
    """The map: the part in view as it is, inside a line; the rest dimmed.

    Args:
        pyramid: the picture.
        viewport: what of it is in view.
        look: glyphs, colors and background.
        size: cells of the map.
    """
    import numpy as np  # noqa: PLC0415 - loaded with the first picture
    from PIL import Image  # noqa: PLC0415 - the same

    from imagechat_tui.render.frame import draw  # noqa: PLC0415 - the same
    from imagechat_tui.render.geometry import Box  # noqa: PLC0415 - the same
    from imagechat_tui.render.scale import Pyramid  # noqa: PLC0415 - the same

    whole = Box(0.0, 0.0, float(pyramid.size.width), float(pyramid.size.height))
    samples = size.width * _SAMPLES.width, size.height * _SAMPLES.height
    pixels = pyramid.sampled(whole, samples, background=look.background)
    seen = minimap(viewport, Size(*samples))
    across, down = slice(seen.x, seen.x + seen.width), slice(seen.y, seen.y + seen.height)
    ground = np.array(look.background, dtype=np.float64)
    dimmed = (pixels * _DIMMED + ground * (1 - _DIMMED)).astype(np.uint8)
    line = 255 - np.array(look.background, dtype=np.uint8)
    dimmed[
        max(0, seen.y - _LINE) : seen.y + seen.height + _LINE, max(0, seen.x - _LINE) : seen.x + seen.width + _LINE
    ] = line
    dimmed[down, across] = pixels[down, across]
    image = Image.fromarray(dimmed)
    view = fit(Size(*image.size), size, cell=viewport.cell)
    return draw(Pyramid(image), replace(view, window=size, canvas=size, left=0, top=0), look)


def with_dots(cells: "Cells", points: Iterable[Point], *, color: "RGB") -> "Cells":
    """The map with a dot in each cell that holds one of the points."""
    glyphs, foreground = cells.glyphs.copy(), cells.foreground.copy()
    for point in points:
        x = min(int(point.x * cells.columns / 100), cells.columns - 1)
        y = min(int(point.y * cells.rows / 100), cells.rows - 1)
        glyphs[y, x] = ord(_DOT)
        foreground[y, x] = color
    return replace(cells, glyphs=glyphs, foreground=foreground)
