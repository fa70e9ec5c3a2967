"""The same picture in fewer bytes: cells rewritten so that colors change less often along a row.

A two-color cell may exchange foreground and background when its glyph has a complement, and it may borrow the color in
force or the color of the next flat cell when that is near, measured by the cell's own contrast. So faint edges stay,
and a flat cell keeps its color to the last step: that is what panels and their borders are made of.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.glyphs import FULL, SPACE, complements

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.palette import Glyphs

_FAR: Final = 1000
"""A channel farther from every color than any tolerance."""

_CONTRAST_KEPT: Final = 4
"""A color moves by no more than this part of the contrast in its cell, so that faint edges stay."""

_STEPS: Final = 30
"""Cells walked one after the other; a row is cut into lanes of so many, which cost a few bytes where they begin."""

_T = TypeVar("_T", bound=np.generic)


def thrifty(cells: "Cells", *, tolerance: int, level: GlyphLevel) -> "Cells":
    """Cells that look the same within ``tolerance`` (steps of 255 per channel) and take fewer bytes.

    With a tolerance of 0 only foreground and background are exchanged, and the picture stays the same to the last step.
    No glyph above ``level`` comes in.
    """
    rows, columns = cells.glyphs.shape
    flat = (cells.glyphs == SPACE) | (cells.foreground == cells.background).all(-1)
    colors = np.stack([cells.foreground, cells.background], axis=2).astype(np.int16)
    ahead = _next_flat(colors[:, :, 1], flat)
    contrast = np.abs(colors[:, :, 0] - colors[:, :, 1]).max(-1)
    before = np.concatenate([np.full((rows, 1, 2, 3), _FAR, np.int16), colors[:, :-1]], axis=1)
    walk = _Walk(
        glyphs=_in_lanes(np.where(flat, np.uint32(SPACE), cells.glyphs)),
        others=_in_lanes(np.where(flat, np.uint32(0), complement(cells.glyphs, level))),
        flat=_in_lanes(flat),
        colors=_in_lanes(colors),
        ahead=_in_lanes(ahead),
        limit=_in_lanes(np.minimum(contrast // _CONTRAST_KEPT, np.int16(tolerance))),
        active=_in_lanes(before)[0],
    )
    walk.go()
    settled = _in_rows(walk.colors, rows, columns).astype(np.uint8)
    glyphs = _in_rows(walk.glyphs, rows, columns)
    return replace(cells, glyphs=glyphs, foreground=settled[:, :, 0], background=settled[:, :, 1])


def _in_lanes(values: "NDArray[_T]") -> "NDArray[_T]":
    """(rows, columns, ...) as (steps, lanes, ...): each row cut into lanes of equal length, filled up with zeros."""
    rows, columns = values.shape[:2]
    lanes = -(-columns // _STEPS)
    filled = np.zeros((rows, lanes * _STEPS, *values.shape[2:]), values.dtype)
    filled[:, :columns] = values
    split = filled.reshape(rows * lanes, _STEPS, *values.shape[2:])
    return np.ascontiguousarray(split.swapaxes(0, 1))


def _in_rows(values: "NDArray[_T]", rows: int, columns: int) -> "NDArray[_T]":
    """The way back from ``_in_lanes``."""
    joined = np.ascontiguousarray(values.swapaxes(0, 1)).reshape(rows, -1, *values.shape[2:])
    return joined[:, :columns]


@dataclass(eq=False, kw_only=True)
class _Walk:
    """All lanes at once, from left to right; first axis steps, second axis lanes.

    Attributes:
        glyphs: rewritten on the way.
        others: the glyph with the colors exchanged, 0 where there is none.
        flat: cells of one color.
        colors: foreground and background, shape (steps, lanes, 2, 3); rewritten on the way.
        ahead: the color of the next flat cell.
        limit: how far each cell's colors may move.
        active: the two colors in force, shape (lanes, 2, 3).
    """

    glyphs: "Glyphs"
    others: "Glyphs"
    flat: "NDArray[np.bool_]"
    colors: "NDArray[np.int16]"
    ahead: "NDArray[np.int16]"
    limit: "NDArray[np.int16]"
    active: "NDArray[np.int16]"

    def go(self) -> None:
        """All steps."""
        for step in range(len(self.glyphs)):
            distance = np.abs(self.colors[step][:, :, None] - self.active[:, None]).max(-1)
            distance = self._exchange(step, distance)
            self._borrow(step, distance)
            self._advance(step, distance)

    def _exchange(self, step: int, distance: "NDArray[np.int16]") -> "NDArray[np.int16]":
        """Foreground and background change places where then fewer colors change; the distances in their new places."""
        near = (distance <= self.limit[step][:, None, None]).view(np.int8)
        gain = near[:, 0, 1] + near[:, 1, 0] - near[:, 0, 0] - near[:, 1, 1]
        nearer = distance[:, 0, 1] < distance[:, 1, 1]
        swap = (self.others[step] != 0) & ((gain > 0) | ((gain == 0) & nearer))
        np.copyto(self.glyphs[step], self.others[step], where=swap)
        wide = swap[:, None, None]
        self.colors[step] = np.where(wide, self.colors[step][:, ::-1], self.colors[step])
        return np.where(wide, distance[:, ::-1], distance)

    def _borrow(self, step: int, distance: "NDArray[np.int16]") -> None:
        """Colors in force, or else for the background the color of the next flat cell, where they are near enough."""
        here, limit = self.colors[step], self.limit[step]
        to_next = np.abs(here[:, 1] - self.ahead[step]).max(-1) <= limit
        np.copyto(here[:, 1], self.ahead[step], where=to_next[:, None])
        in_force = distance[:, (0, 1), (0, 1)] <= limit[:, None]
        np.copyto(here, self.active, where=in_force[:, :, None])

    def _advance(self, step: int, distance: "NDArray[np.int16]") -> None:
        """Flat cells choose between space and full block; what is visible is in force from here on."""
        flat = self.flat[step]
        full = flat & (distance[:, 0, 0] == 0) & (distance[:, 1, 1] != 0)
        np.copyto(self.glyphs[step], np.uint32(FULL), where=full)
        shown = np.stack([~flat, ~full], axis=1)
        np.copyto(self.active, self.colors[step], where=shown[:, :, None])


def _next_flat(colors: "NDArray[np.int16]", flat: "NDArray[np.bool_]") -> "NDArray[np.int16]":
    """The color of the next flat cell on the right, far from any color where there is none; (rows, columns, 3)."""
    columns = flat.shape[1]
    places = np.where(flat, np.arange(columns), columns)
    following = np.minimum.accumulate(places[:, ::-1], axis=1)[:, ::-1]
    padded = np.concatenate([colors, np.full((len(colors), 1, 3), _FAR, np.int16)], axis=1)
    return np.take_along_axis(padded, following[:, :, None], axis=1)


def complement(glyphs: "Glyphs", level: GlyphLevel) -> "Glyphs":
    """The glyph with foreground and background exchanged, 0 where there is none up to ``level``."""
    known, exchanged = _complement_table(level)
    if not len(known):
        return np.zeros_like(glyphs)
    places = np.minimum(np.searchsorted(known, glyphs), len(known) - 1)
    return np.where(known[places] == glyphs, exchanged[places], np.uint32(0))


@cache
def _complement_table(level: GlyphLevel) -> tuple["Glyphs", "Glyphs"]:
    pairs = sorted(complements(level).items())
    return np.array([glyph for glyph, _ in pairs], np.uint32), np.array([other for _, other in pairs], np.uint32)
