"""The best that any renderer could do with a set of glyphs: one glyph and two colors for each cell, every one tried.

It looks at all of a cell's pixels, and at no clock; what a renderer misses of it is the price of being fast.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.measures import Raster
from tests.render.shapes import HEIGHT, WIDTH, shape

_BLOCK = 300
"""Cells at a time."""


def best(wanted: Raster, glyphs: Collection[str]) -> Raster:
    """A picture as near to ``wanted`` as the glyphs allow; its size is a whole number of cells.

    Args:
        wanted: pixels, 8 x 16 for each cell.
        glyphs: characters of ``tests.render.shapes``.
    """
    rows, columns = wanted.shape[0] // HEIGHT, wanted.shape[1] // WIDTH
    pixels = wanted.reshape(rows, HEIGHT, columns, WIDTH, 3).transpose(0, 2, 1, 3, 4).astype(np.float32)
    cells = pixels.reshape(rows * columns, HEIGHT * WIDTH, 3)
    means = cells.mean(1, keepdims=True)
    axes = _axes(glyphs)
    shown = np.concatenate(
        [_nearest(cells[i : i + _BLOCK] - means[i : i + _BLOCK], axes) for i in range(0, len(cells), _BLOCK)]
    )
    shown = (shown + means).reshape(rows, columns, HEIGHT, WIDTH, 3).transpose(0, 2, 1, 3, 4)
    return np.asarray(np.clip(np.rint(shown), 0, 255), np.uint8).reshape(wanted.shape)


def _axes(glyphs: Collection[str]) -> NDArray[np.float32]:
    """Each shape as a unit vector without a mean; those that fill a cell, or leave it empty, are none."""
    shapes = np.array([np.asarray(shape(glyph), np.float32).reshape(-1) for glyph in glyphs])
    shapes -= shapes.mean(1, keepdims=True)
    lengths = np.linalg.norm(shapes, axis=1)
    return np.asarray(shapes[lengths > 0] / lengths[lengths > 0, None], np.float32)


def _nearest(centred: NDArray[np.float32], axes: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each cell its projection on the axis that leaves the least."""
    along = np.einsum("sp,cpk->csk", axes, centred)
    choice = (along**2).sum(2).argmax(1)
    return np.asarray(axes[choice][:, :, None] * along[np.arange(len(choice)), choice][:, None, :], np.float32)
