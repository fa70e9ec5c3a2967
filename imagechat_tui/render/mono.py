"""The picture without any color: bright places show the terminal's own foreground, half bright ones scattered dots.

For terminals without colors, ``NO_COLOR`` and plain text. On a light terminal the foreground is dark, so the picture is
drawn as its negative and looks right.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from imagechat_tui.render.color import BLACK, relative_luminance
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.glyphs import SPACE
from imagechat_tui.render.palette import luma
from imagechat_tui.render.scale import sampler
from imagechat_tui.render.thrift import complement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from imagechat_tui.render.cells import Cells
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.modes.mode import Mode
    from imagechat_tui.render.palette import Glyphs
    from imagechat_tui.render.scale import Sampler

_FINEST = 24
"""Samples per cell, across and down, that every grid of parts divides."""

_LIGHT = 0.4
"""A background brighter than this (relative luminance) has dark text on it."""


def draw_mono(sample: "Sampler", mode: "Mode", *, background: "RGB") -> "Cells":
    """Cells in the terminal's own two colors.

    Args:
        sample: the picture.
        mode: which glyphs.
        background: the terminal's background, dark or light.
    """
    gray = luma(sample(*mode.dots)).astype(np.uint8)
    if relative_luminance(background) > _LIGHT:
        gray = 255 - gray
    if mode.dither:
        gray = np.asarray(Image.fromarray(gray).convert("1")).astype(np.uint8) * 255
    size = gray.shape[1] // mode.dots[0], gray.shape[0] // mode.dots[1]
    fine = gray.repeat(_FINEST // mode.dots[1], axis=0).repeat(_FINEST // mode.dots[0], axis=1)
    cells = mode.solve(sampler(np.repeat(fine[:, :, None], 3, axis=2), size), BLACK)
    return _upright(cells, mode) if mode.dither else _in_two_colors(cells, cells.glyphs, upright=np.bool_(1))


def _upright(cells: "Cells", mode: "Mode") -> "Cells":
    """Bright as foreground, dark as background, by exchanging glyphs; without an opposite a cell stays reversed."""
    front, back = cells.foreground[..., 0], cells.background[..., 0]
    opposite = complement(cells.glyphs, mode.level)
    flat = cells.glyphs == SPACE
    turned = (front < back) & ~flat & (opposite != 0)
    glyphs = np.where(turned, opposite, np.where(flat & (back > 0), np.uint32(mode.full), cells.glyphs))
    return _in_two_colors(cells, glyphs, upright=(turned | flat)[..., None])


def _in_two_colors(cells: "Cells", glyphs: "Glyphs", *, upright: "NDArray[np.bool_] | np.bool_") -> "Cells":
    """The cells with other glyphs, and white on black where ``upright``."""
    return replace(
        cells,
        glyphs=glyphs,
        foreground=np.where(upright, np.uint8(255), cells.foreground),
        background=np.where(upright, np.uint8(0), cells.background),
        depth=ColorDepth.MONO,
    )
