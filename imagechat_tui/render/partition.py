"""The best glyph and two colors for each cell, exactly: every shape is tried, for all cells at once.

Splitting a cell's samples into two groups leaves the least error when the variance between the groups is largest. For
grids of equal parts that variance is comparable, so glyphs of different grids compete in one cell. Knows shapes and
colors, not modes or terminals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from imagechat_tui.render.cells import Cells
from imagechat_tui.render.glyphs import SPACE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from imagechat_tui.render.palette import Colors
    from imagechat_tui.render.scale import Sampler

_BLOCK: Final = 512
"""Cells tried at a time: their scores stay in the processor's cache."""

_FLAT_VARIANCE: Final = 0.4
"""Up to this variance (less than one step of gray between two halves, 0.75) a cell is one color."""


def family(columns: int, rows: int, shapes: Mapping[int, int]) -> "Family":
    """The glyphs of one grid; a shape and its complement split a cell alike, so one of them is kept.

    Args:
        columns: parts across a cell.
        rows: parts down a cell.
        shapes: glyph by mask, see ``glyphs``; empty and full ones are left out.
    """
    parts = columns * rows
    full = (1 << parts) - 1
    kept: dict[int, int] = {}
    for mask, glyph in shapes.items():
        if mask not in (0, full) and full ^ mask not in kept:
            kept[mask] = glyph
    masks = np.array([[mask >> i & 1 for i in range(parts)] for mask in kept], np.float32)
    inside = masks.sum(1)
    return Family(
        grid=(columns, rows),
        masks=masks,
        inside=inside,
        weights=np.ascontiguousarray((masks / np.sqrt(inside * (parts - inside))[:, None]).T),
        glyphs=np.array(list(kept.values()), np.uint32),
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Family:
    """The shapes of one grid, prepared for the search.

    Attributes:
        grid: parts across and down a cell.
        masks: 1 where the foreground is, shape (shapes, parts).
        inside: foreground parts of each shape.
        weights: ``masks`` scaled so that a squared product with centred samples is the variance between the groups.
        glyphs: the code point of each shape.
    """

    grid: tuple[int, int]
    masks: "NDArray[np.float32]"
    inside: "NDArray[np.float32]"
    weights: "NDArray[np.float32]"
    glyphs: "NDArray[np.uint32]"


def solve(sample: "Sampler", families: Sequence[Family]) -> Cells:
    """The cells that show a picture with the least squared error.

    Args:
        sample: the picture's colors at any number of samples per cell.
        families: the shapes to choose from.
    """
    parts = [sample(*shapes.grid) for shapes in families]
    columns, rows = parts[0].shape[1] // families[0].grid[0], parts[0].shape[0] // families[0].grid[1]
    samples = [_by_cell(colors, shapes.grid) for colors, shapes in zip(parts, families, strict=True)]
    means = [_means(values) for values in samples]
    centred = [values - mean[:, :, None] for values, mean in zip(samples, means, strict=True)]
    variance = np.max([np.einsum("kcp,kcp->c", values, values) / values.shape[2] for values in centred], axis=0)
    busy = np.flatnonzero(variance > _FLAT_VARIANCE)
    glyphs = np.full(rows * columns, SPACE, np.uint32)
    front, back = means[0].T.copy(), means[0].T.copy()
    for start in range(0, len(busy), _BLOCK):
        block = busy[start : start + _BLOCK]
        found = _best([values[:, block] for values in centred], families)
        glyphs[block] = found[0]
        front[block] += found[1]
        back[block] += found[2]
    return Cells(
        glyphs=glyphs.reshape(rows, columns),
        foreground=_rounded(front).reshape(rows, columns, 3),
        background=_rounded(back).reshape(rows, columns, 3),
    )


def _best(
    centred: list["NDArray[np.float32]"], families: Sequence[Family]
) -> tuple["NDArray[np.uint32]", "NDArray[np.float32]", "NDArray[np.float32]"]:
    """For each cell the glyph, and how far foreground and background lie from the cell's mean, shape (cells, 3)."""
    count = centred[0].shape[1]
    best = np.full(count, -1.0, np.float32)
    glyphs = np.empty(count, np.uint32)
    front, back = np.empty((count, 3), np.float32), np.empty((count, 3), np.float32)
    for values, shapes in zip(centred, families, strict=True):
        scores = values @ shapes.weights
        scores *= scores
        total = scores.sum(0)
        choice = total.argmax(1)
        score = np.take_along_axis(total, choice[:, None], 1)[:, 0]
        better = np.flatnonzero(score > best)
        best[better] = score[better]
        chosen = choice[better]
        sums = np.einsum("kcp,cp->ck", values[:, better], shapes.masks[chosen])
        inside = shapes.inside[chosen][:, None]
        glyphs[better] = shapes.glyphs[chosen]
        front[better] = sums / inside
        back[better] = -sums / (shapes.masks.shape[1] - inside)
    return glyphs, front, back


def _means(samples: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """The mean color of each cell; a product is five times as fast as ``mean`` along a short axis."""
    parts = samples.shape[2]
    means: NDArray[np.float32] = samples @ np.full(parts, 1 / parts, np.float32)
    return means


def _by_cell(colors: "Colors", grid: tuple[int, int]) -> "NDArray[np.float32]":
    """The colors of each part of each cell, shape (3, cells, parts)."""
    columns, rows = colors.shape[1] // grid[0], colors.shape[0] // grid[1]
    cells = colors.reshape(rows, grid[1], columns, grid[0], 3).transpose(4, 0, 2, 1, 3)
    return np.ascontiguousarray(cells, np.float32).reshape(3, rows * columns, grid[0] * grid[1])


def _rounded(colors: "NDArray[np.float32]") -> "Colors":
    return np.clip(np.rint(colors), 0, 255).astype(np.uint8)
