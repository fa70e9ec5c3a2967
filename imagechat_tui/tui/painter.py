"""Makes frames of the picture outside the event loop: decodes once, draws what is wanted, adds crosshair and labels.

It keeps the halved copies of the picture and nothing of the screen.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from imagechat_tui.render.geometry import Region, Size, Viewport

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def read(data: bytes) -> "tuple[Pyramid, tuple[str, ...]]":
    """Decode a picture and make its halved copies; takes up to some hundred milliseconds.

    Returns:
        The picture, and sentences about what was left out of it.

    Raises:
        PictureError: It cannot be shown.
    """
    from imagechat_tui.imaging.decode import decode  # noqa: PLC0415 - Pillow is loaded with the first picture
    from imagechat_tui.render.scale import Pyramid  # noqa: PLC0415 - the same for numpy

    picture = decode(data)
    pyramid = Pyramid(picture.image)
    pyramid.prepare()
    return pyramid, picture.notes


def paint(pyramid: "Pyramid", viewport: Viewport, look: "Look") -> Frame:
    """Draw what the viewport shows, with the background around it."""
    import numpy as np  # noqa: PLC0415 - see ``read``

    from imagechat_tui.render.cells import blank  # noqa: PLC0415 - see ``read``
    from imagechat_tui.render.frame import draw  # noqa: PLC0415 - see ``read``

    region, window = viewport.drawn, viewport.window
    if not region.width or not region.height:
        empty = blank(window.width, window.height, color=look.background)
        return Frame(viewport=viewport, cells=replace(empty, depth=look.colors))
    drawn = draw(pyramid, viewport, look)
    if (region.width, region.height) == tuple(window):
        return Frame(viewport=viewport, cells=drawn)
    around = blank(window.width, window.height, color=look.background)
    across, down = slice(region.x, region.x + region.width), slice(region.y, region.y + region.height)
    glyphs = around.glyphs.copy()
    glyphs[down, across] = drawn.glyphs
    foreground = np.array(around.foreground)
    foreground[down, across] = drawn.foreground
    background = np.array(around.background)
    background[down, across] = drawn.background
    return Frame(
        viewport=viewport,
        cells=replace(drawn, glyphs=glyphs, foreground=foreground, background=background),
    )


def cross_region(column: int, row: int, window: Size) -> Region:
    """The cells of the window that a crosshair at ``column``, ``row`` touches."""
    left, top = max(0, column - CROSS_REACH[0]), max(0, row - CROSS_REACH[1])
    right = min(window.width, column + CROSS_REACH[0] + 1)
    bottom = min(window.height, row + CROSS_REACH[1] + 1)
    return Region(left, top, max(0, right - left), max(0, bottom - top))


def with_cross(cells: "Cells", column: int, row: int, *, color: "RGB") -> "dict[int, Cells]":
    """The rows that a crosshair touches, drawn anew as one-row cells; the picture shines through its arms.

    Args:
        cells: the frame.
        column: where it stands.
        row: the same.
        color: behind its middle.
    """
    rows: dict[int, Cells] = {}
    region = cross_region(column, row, Size(cells.columns, cells.rows))
    for y in range(region.y, region.y + region.height):
        line = _copied(cells.cut(0, y, (cells.columns, 1)))
        for x in range(region.x, region.x + region.width):
            if y == row and x == column:
                _write(line, x, "┼", front=_readable(color), back=color)
            elif y == row or x == column:
                under = _average(line, x)
                _write(line, x, "─" if y == row else "│", front=_readable(under), back=under)
        rows[y] = line
    return rows


def with_labels(cells: "Cells", labels: "Sequence[Label]", *, front: "RGB", back: "RGB") -> "dict[int, Cells]":
    """The rows that hold jump labels, drawn anew as one-row cells."""
    rows: dict[int, Cells] = {}
    for label in labels:
        line = rows.get(label.y)
        if line is None:
            line = rows[label.y] = _copied(cells.cut(0, label.y, (cells.columns, 1)))
        for place, letter in enumerate(label.pair):
            _write(line, label.x + place, letter, front=front, back=back)
    return rows


def _copied(line: "Cells") -> "Cells":
    return replace(
        line, glyphs=line.glyphs.copy(), foreground=line.foreground.copy(), background=line.background.copy()
    )


def _write(line: "Cells", x: int, glyph: str, *, front: "RGB", back: "RGB") -> None:
    line.glyphs[0, x] = ord(glyph)
    line.foreground[0, x] = front
    line.background[0, x] = back


def _average(line: "Cells", x: int) -> "RGB":
    """The color of a cell as a whole: its background where the glyph leaves most of it, else both halves."""
    if line.glyphs[0, x] == ord(" "):
        red, green, blue = line.background[0, x].tolist()
        return red, green, blue
    mixed = (line.foreground[0, x].astype(int) + line.background[0, x]) // 2
    red, green, blue = mixed.tolist()
    return red, green, blue


def _readable(under: "RGB") -> "RGB":
    """Black or white, whichever is told apart from ``under``."""
    red, green, blue = under
    return (0, 0, 0) if 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT else (255, 255, 255)
