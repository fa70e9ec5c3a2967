"""Makes frames of the picture outside the event loop: decodes once, draws what is wanted, adds crosshair and labels.

It keeps the halved copies of the picture and nothing of the screen.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from imagechat_tui.render import minimap
from imagechat_tui.render.geometry import Region, Size, Viewport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.frame import Look
    from imagechat_tui.render.scale import Pyramid
    from imagechat_tui.tui.jump import Label

CROSS_REACH: Final = (2, 1)
"""How far the crosshair's arms reach, in cells across and down."""

_BRIGHT: Final = 128


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """A drawn view: cells that fill the window, and where in it they show picture."""

    viewport: Viewport
    cells: "Cells"
    overview: "Cells | None" = None
    """The whole picture, small, with the view framed; where there is more than is seen."""


Rows = dict[int, "tuple[Cells, int]"]
"""Rows of a frame that are drawn anew: for each, the cells that hold it and its place among them."""


def glimpse(data: bytes) -> "Pyramid | None":
    """A coarse picture in the place of a large one, in a fraction of the time; ``None`` where there is no such way."""
    from imagechat_tui.imaging.decode import preview  # noqa: PLC0415 - see ``read``
    from imagechat_tui.render.scale import Pyramid  # noqa: PLC0415 - see ``read``

    found = preview(data)
    return None if found is None else Pyramid(found.image, stands_for=found.of)


def read(data: bytes, *, told: "Callable[[float], None] | None" = None) -> "tuple[Pyramid, tuple[str, ...]]":
    """Decode a picture and make its halved copies; takes up to some hundred milliseconds.

    Args:
        data: a whole file.
        told: called with the part of the file that has been read.

    Returns:
        The picture, and sentences about what was left out of it.

    Raises:
        PictureError: It cannot be shown.
    """
    from imagechat_tui.imaging.decode import decode  # noqa: PLC0415 - Pillow is loaded with the first picture
    from imagechat_tui.render.scale import Pyramid  # noqa: PLC0415 - the same for numpy

    picture = decode(data, told=told)
    pyramid = Pyramid(picture.image)
    pyramid.prepare()
    return pyramid, picture.notes


def paint(pyramid: "Pyramid", viewport: Viewport, look: "Look", *, last: Frame | None = None) -> Frame:
    """Draw what the viewport shows, with the background around it.

    Args:
        pyramid: the picture.
        viewport: what of it is in view.
        look: how to draw.
        last: a frame of the same picture in the same look; after a pan, only what it does not show is drawn.
    """
    frame = Frame(viewport=viewport, cells=_cells(pyramid, viewport, look, last))
    size = minimap.size_of(viewport)
    return frame if size is None else replace(frame, overview=minimap.draw_map(pyramid, viewport, look, size))


def _cells(pyramid: "Pyramid", viewport: Viewport, look: "Look", last: Frame | None) -> "Cells":
    """The cells of the window."""
    import numpy as np  # noqa: PLC0415 - see ``read``

    from imagechat_tui.render.cells import blank  # noqa: PLC0415 - see ``read``
    from imagechat_tui.render.frame import draw  # noqa: PLC0415 - see ``read``

    region, window = viewport.drawn, viewport.window
    if not region.width or not region.height:
        empty = blank(window.width, window.height, color=look.background)
        return replace(empty, depth=look.colors)
    if last is not None and look.colors and _panned(last.viewport, viewport):
        return _moved(pyramid, viewport, look, last)
    drawn = draw(pyramid, viewport, look)
    if (region.width, region.height) == tuple(window):
        return drawn
    around = blank(window.width, window.height, color=look.background)
    across, down = slice(region.x, region.x + region.width), slice(region.y, region.y + region.height)
    glyphs = around.glyphs.copy()
    glyphs[down, across] = drawn.glyphs
    foreground = np.array(around.foreground)
    foreground[down, across] = drawn.foreground
    background = np.array(around.background)
    background[down, across] = drawn.background
    return replace(drawn, glyphs=glyphs, foreground=foreground, background=background)


def _panned(before: Viewport, now: Viewport) -> bool:
    """Whether most of what is seen was seen before, at the same zoom, in the same part of the window."""
    if (before.canvas, before.window, before.drawn) != (now.canvas, now.window, now.drawn):
        return False
    across, down = abs(now.left - before.left), abs(now.top - before.top)
    return across * 2 <= now.drawn.width and down * 2 <= now.drawn.height


def _moved(pyramid: "Pyramid", viewport: Viewport, look: "Look", last: Frame) -> "Cells":
    """The cells of a frame moved by whole cells, and the picture drawn where they were not.

    A cell keeps its place on the picture whatever is in view, so it keeps its glyph and its colors as well.
    """
    region = viewport.drawn
    right, below = viewport.left - last.viewport.left, viewport.top - last.viewport.top
    cells = _copied(last.cells)
    kept_x, kept_y = max(0, -right), max(0, -below)
    width, height = region.width - abs(right), region.height - abs(below)
    _put(cells, last.cells.cut(region.x + max(0, right), region.y + max(0, below), (width, height)),
         region.x + kept_x, region.y + kept_y)  # fmt: skip
    beside = Region(region.x + (width if right > 0 else 0), region.y, abs(right), region.height)
    under = Region(region.x + kept_x, region.y + (height if below > 0 else 0), width, abs(below))
    for part in (beside, under):
        if part.width and part.height:
            _put(cells, _part(pyramid, viewport, look, part), part.x, part.y)
    return cells


def _part(pyramid: "Pyramid", viewport: Viewport, look: "Look", part: Region) -> "Cells":
    """Some cells of the window only."""
    from imagechat_tui.render.frame import draw  # noqa: PLC0415 - see ``read``

    seen = replace(
        viewport, window=Size(part.width, part.height), left=viewport.left + part.x, top=viewport.top + part.y
    )
    return draw(pyramid, seen, look)


def _put(cells: "Cells", part: "Cells", x: int, y: int) -> None:
    """Write over cells that nobody has seen yet."""
    across, down = slice(x, x + part.columns), slice(y, y + part.rows)
    cells.glyphs[down, across] = part.glyphs
    cells.foreground[down, across] = part.foreground
    cells.background[down, across] = part.background


def cross_region(column: int, row: int, window: Size) -> Region:
    """The cells of the window that a crosshair at ``column``, ``row`` touches."""
    left, top = max(0, column - CROSS_REACH[0]), max(0, row - CROSS_REACH[1])
    right = min(window.width, column + CROSS_REACH[0] + 1)
    bottom = min(window.height, row + CROSS_REACH[1] + 1)
    return Region(left, top, max(0, right - left), max(0, bottom - top))


def with_cross(cells: "Cells", column: int, row: int, *, color: "RGB") -> Rows:
    """The rows that a crosshair touches; the picture shines through its arms.

    Args:
        cells: the frame.
        column: where it stands.
        row: the same.
        color: behind its middle.
    """
    region = cross_region(column, row, Size(cells.columns, cells.rows))
    over = _copied(cells.cut(0, region.y, (cells.columns, region.height)))
    for y in range(region.y, region.y + region.height):
        for x in range(region.x, region.x + region.width):
            if y == row and x == column:
                _write(over, x, y - region.y, "┼", front=_readable(color), back=color)
            elif y == row or x == column:
                under = _average(over, x, y - region.y)
                _write(over, x, y - region.y, "─" if y == row else "│", front=_readable(under), back=under)
    return {region.y + place: (over, place) for place in range(region.height)}


def with_labels(cells: "Cells", labels: "Sequence[Label]", *, front: "RGB", back: "RGB") -> Rows:
    """The rows that hold jump labels."""
    over = _copied(cells)
    for label in labels:
        for place, letter in enumerate(label.pair):
            _write(over, label.x + place, label.y, letter, front=front, back=back)
    return {label.y: (over, label.y) for label in labels}


def _copied(cells: "Cells") -> "Cells":
    return replace(
        cells, glyphs=cells.glyphs.copy(), foreground=cells.foreground.copy(), background=cells.background.copy()
    )


def _write(cells: "Cells", x: int, y: int, glyph: str, *, front: "RGB", back: "RGB") -> None:
    cells.glyphs[y, x] = ord(glyph)
    cells.foreground[y, x] = front
    cells.background[y, x] = back


def _average(cells: "Cells", x: int, y: int) -> "RGB":
    """The color of a cell as a whole: its background where the glyph leaves most of it, else both halves."""
    if cells.glyphs[y, x] == ord(" "):
        red, green, blue = cells.background[y, x].tolist()
        return red, green, blue
    mixed = (cells.foreground[y, x].astype(int) + cells.background[y, x]) // 2
    red, green, blue = mixed.tolist()
    return red, green, blue


def _readable(under: "RGB") -> "RGB":
    """Black or white, whichever is told apart from ``under``."""
    red, green, blue = under
    return (0, 0, 0) if 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT else (255, 255, 255)
