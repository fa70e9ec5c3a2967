"""A picture with its markers as lines of text for stdout: the same cells as in the app, without the app."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from imagechat_tui import plain
from imagechat_tui.core.views import MarkerView
from imagechat_tui.i18n import _, ngettext, pgettext
from imagechat_tui.imaging.decode import decode
from imagechat_tui.render.depth import ColorDepth, GlyphLevel
from imagechat_tui.render.frame import Look, draw
from imagechat_tui.render.geometry import Point, Size, fit
from imagechat_tui.render.overlay import MarkerFacts, MarkerState, place
from imagechat_tui.render.scale import Pyramid

if TYPE_CHECKING:
    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB

_INKS: Final[dict[MarkerState, "tuple[RGB, RGB]"]] = {
    MarkerState.OPEN: ((0, 0, 0), (255, 215, 0)),
    MarkerState.RESOLVED: ((0, 0, 0), (0, 215, 175)),
}
_PAPER: Final["RGB"] = (255, 255, 255)
_INK: Final["RGB"] = (0, 0, 0)


def lines(
    picture: bytes, size: Size, *, look: Look, markers: Sequence[MarkerView] = (), square_percent: float
) -> Iterator[str]:
    """The picture within ``size`` cells, a line of escape sequences and glyphs for each row.

    Args:
        picture: The file's bytes.
        size: Columns and rows at most; the picture keeps its proportions.
        look: Glyphs, colors, mode.
        markers: Laid over it.
        square_percent: Side of a marker in percent of the picture's width.

    Raises:
        PictureError: It cannot be shown.
    """
    pyramid = Pyramid(decode(picture).image)
    fitted = fit(pyramid.size, size)
    viewport = fitted.resized(Size(fitted.drawn.width, fitted.drawn.height))
    cells = draw(pyramid, viewport, look)
    facts = [_facts(marker) for marker in markers if marker.number is not None]
    for placed in place(viewport, facts, square_percent=square_percent, ascii_only=look.glyphs is GlyphLevel.ASCII):
        for row, text in enumerate(placed.lines):
            cells = _written(cells, placed.region.x, placed.region.y + row, text, state=placed.state)
    for row in range(cells.rows):
        yield cells.ansi(row)


def sentences(markers: Sequence[MarkerView]) -> Iterator[str]:
    """Every marker as one line of words."""
    for marker in markers:
        facts = [_("resolved") if marker.resolved else pgettext("state", "open")]
        facts.append(_("at {place}").format(place=f"{marker.x:.1f} {marker.y:.1f}"))
        if (replies := marker.comment_count - 1) > 0:
            facts.append(ngettext("{n} reply", "{n} replies", replies).format(n=replies))
        yield plain.line(
            f"{marker.number or '-'}  {', '.join(facts)}: "
            f"{plain.line(marker.author_name, most=60)}: {plain.line(marker.title, most=200)}"
        )


def _facts(marker: MarkerView) -> MarkerFacts:
    return MarkerFacts(
        key=marker.id,
        number=marker.number or 0,
        point=Point(marker.x, marker.y),
        state=MarkerState.RESOLVED if marker.resolved else MarkerState.OPEN,
    )


def _written(cells: "Cells", x: int, y: int, text: str, *, state: MarkerState) -> "Cells":
    """The cells with a marker's text over them."""
    front, back = (_INK, _PAPER) if cells.depth is ColorDepth.MONO else _INKS[state]
    glyphs, foreground, background = cells.glyphs.copy(), np.array(cells.foreground), np.array(cells.background)
    across = slice(x, x + len(text))
    glyphs[y, across] = [ord(char) for char in text]
    foreground[y, across] = front
    background[y, across] = back
    return replace(cells, glyphs=glyphs, foreground=foreground, background=background)
