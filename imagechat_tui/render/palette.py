"""Arrays of colors, and the fewer colors of terminals that do not have them all.

Knows palettes, not terminals; never changes which glyph a cell has.
"""

from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imagechat_tui.render.color import BLACK, RGB, WHITE
from imagechat_tui.render.depth import ColorDepth

Colors: TypeAlias = NDArray[np.uint8]
Glyphs: TypeAlias = NDArray[np.uint32]

ANSI_16: Final[tuple[RGB, ...]] = (
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
)
"""What xterm shows for the 16 named colors; themes differ, so this is the best guess there is."""

_CUBE: Final = (0, 95, 135, 175, 215, 255)
_CUBE_FIRST: Final = 16
_GRAY_FIRST: Final = 232
_GRAY_STEPS: Final = 24
_LUMA: Final = (0.299, 0.587, 0.114)
_BLOCK: Final = 4096


def luma(colors: Colors) -> NDArray[np.float32]:
    """Perceived brightness, 0 to 255, of an array whose last axis is RGB."""
    return colors.astype(np.float32) @ np.array(_LUMA, np.float32)


@cache
def palette(depth: ColorDepth) -> Colors:
    """The colors of a depth below true color, ``uint8`` of shape (count, 3), by their terminal index."""
    if depth is ColorDepth.MONO:
        return np.array([BLACK, WHITE], np.uint8)
    cube = [(r, g, b) for r in _CUBE for g in _CUBE for b in _CUBE]
    grays = [(8 + 10 * i,) * 3 for i in range(_GRAY_STEPS)]
    return np.array([*ANSI_16, *cube, *grays] if depth is ColorDepth.COLORS_256 else ANSI_16, np.uint8)


def palette_index(colors: Colors, depth: ColorDepth) -> NDArray[np.uint8]:
    """For each color of an array (..., 3) the index of the nearest one that the depth has.

    With 256 colors the first 16 are never used: a theme may give them any color.
    """
    flat = colors.reshape(-1, 3).astype(np.int32)
    if depth is ColorDepth.COLORS_256:
        found = _nearest_of_256(flat)
    else:
        choices = palette(depth).astype(np.int32)
        blocks = (flat[i : i + _BLOCK] for i in range(0, max(1, len(flat)), _BLOCK))
        found = np.concatenate([((block[:, None] - choices) ** 2).sum(-1).argmin(-1) for block in blocks])
    return found.astype(np.uint8).reshape(colors.shape[:-1])


def nearest(colors: Colors, depth: ColorDepth) -> Colors:
    """The colors (..., 3), each replaced by the nearest one that the depth has."""
    if depth is ColorDepth.TRUECOLOR:
        return colors
    return palette(depth)[palette_index(colors, depth)]


def _nearest_of_256(flat: NDArray[np.int32]) -> NDArray[np.int32]:
    steps = np.array(_CUBE, np.int32)
    level = np.abs(np.arange(256)[:, None] - steps).argmin(1)[flat]
    cube = steps[level]
    gray = np.clip((flat.mean(-1) - 8 + 5) // 10, 0, _GRAY_STEPS - 1).astype(np.int32)
    gray_is_nearer = ((flat - (8 + 10 * gray)[:, None]) ** 2).sum(-1) < ((flat - cube) ** 2).sum(-1)
    in_cube = _CUBE_FIRST + level @ np.array([36, 6, 1])
    found: NDArray[np.int32] = np.where(gray_is_nearer, _GRAY_FIRST + gray, in_cube).astype(np.int32)
    return found
