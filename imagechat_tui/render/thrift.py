"""The same picture in fewer bytes: cells rewritten so that colors change less often along a row.

A two-color cell may exchange foreground and background when its glyph has a complement, and, within a tolerance, a
busy cell may borrow the color in force or the color of the next flat cell. A flat cell keeps its color to the last
step: that is what panels and their borders are made of.
"""

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from imagechat_tui.render.glyphs import FULL, SPACE, complements

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import Glyphs

_FAR: Final = 1000
"""A channel farther from every color than any tolerance."""


def thrifty(cells: "Cells", *, tolerance: int) -> "Cells":
    """Cells that look the same within ``tolerance`` (steps of 255 per channel) and take fewer bytes.

    With a tolerance of 0 only foreground and background are exchanged, and the picture stays the same to the last step.
    """
    flat = (cells.glyphs == SPACE) | (cells.foreground == cells.background).all(-1)
    colors = np.stack([cells.foreground, cells.background], axis=2).astype(np.int16)
    ahead = _next_flat(colors[:, :, 1], flat)
    glyphs = np.where(flat, np.uint32(SPACE), cells.glyphs).T.copy()
    other = np.where(flat, np.uint32(0), complement(cells.glyphs)).T.copy()
    kept = _settled(
        glyphs, np.ascontiguousarray(colors.swapaxes(0, 1)), (other, flat.T.copy(), ahead), tolerance=tolerance
    )
    settled = kept.swapaxes(0, 1).astype(np.uint8)
    return replace(cells, glyphs=glyphs.T.copy(), foreground=settled[:, :, 0], background=settled[:, :, 1])


def _settled(
    glyphs: "Glyphs",
    colors: "NDArray[np.int16]",
    facts: tuple["Glyphs", "NDArray[np.bool_]", "NDArray[np.int16]"],
    *,
    tolerance: int,
) -> "NDArray[np.int16]":
    """Walk all rows from left to right at once, with the two colors in force in each; changes its arrays.

    Args:
        glyphs: shape (columns, rows).
        colors: foreground and background, shape (columns, rows, 2, 3).
        facts: the exchanged glyph of each cell or 0, whether it is flat, and the color of the next flat cell.
        tolerance: as in ``thrifty``.
    """
    others, flats, aheads = facts
    active = np.full((glyphs.shape[1], 2, 3), _FAR, np.int16)
    for column in range(len(glyphs)):
        here, flat = colors[column], flats[column]
        distance = np.abs(here[:, :, None] - active[:, None]).max(-1)
        near = (distance <= tolerance).view(np.int8)
        gain = near[:, 0, 1] + near[:, 1, 0] - near[:, 0, 0] - near[:, 1, 1]
        swap = (others[column] != 0) & ((gain > 0) | ((gain == 0) & (distance[:, 0, 1] < distance[:, 1, 1])))
        here = np.where(swap[:, None, None], here[:, ::-1], here)
        distance = np.where(swap[:, None, None], distance[:, ::-1], distance)
        busy = ~flat
        if tolerance:
            next_ = aheads[column]
            to_next = busy & (np.abs(here[:, 1] - next_).max(-1) <= tolerance)
            here[:, 1] = np.where(to_next[:, None], next_, here[:, 1])
            own = np.diagonal(distance, axis1=1, axis2=2) <= tolerance
            here = np.where((own & busy[:, None])[:, :, None], active, here)
        full = flat & (distance[:, 0, 0] == 0) & (distance[:, 1, 1] != 0)
        glyphs[column] = np.where(swap, others[column], np.where(full, np.uint32(FULL), glyphs[column]))
        colors[column] = here
        active[:, 0] = np.where(busy[:, None], here[:, 0], active[:, 0])
        active[:, 1] = np.where(full[:, None], active[:, 1], here[:, 1])
    return colors


def _next_flat(colors: "NDArray[np.int16]", flat: "NDArray[np.bool_]") -> "NDArray[np.int16]":
    """The color of the next flat cell on the right, far from any color where there is none; (columns, rows, 3)."""
    columns = flat.shape[1]
    places = np.where(flat, np.arange(columns), columns)
    following = np.minimum.accumulate(places[:, ::-1], axis=1)[:, ::-1]
    padded = np.concatenate([colors, np.full((len(colors), 1, 3), _FAR, np.int16)], axis=1)
    return np.take_along_axis(padded, following[:, :, None], axis=1).swapaxes(0, 1).copy()


def complement(glyphs: "Glyphs") -> "Glyphs":
    """The glyph with foreground and background exchanged, 0 where there is none."""
    known, exchanged = _complement_table()
    places = np.minimum(np.searchsorted(known, glyphs), len(known) - 1)
    return np.where(known[places] == glyphs, exchanged[places], np.uint32(0))


@cache
def _complement_table() -> tuple["Glyphs", "Glyphs"]:
    pairs = sorted(complements().items())
    return np.array([glyph for glyph, _ in pairs], np.uint32), np.array([other for _, other in pairs], np.uint32)
