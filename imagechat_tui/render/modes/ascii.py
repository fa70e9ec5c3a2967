"""One sample per cell, shown by how much ink a letter has: for terminals and files with nothing but ASCII."""

from typing import TYPE_CHECKING, Final

import numpy as np

from imagechat_tui.render.cells import Cells
from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.modes.mode import Mode
from imagechat_tui.render.palette import luma

if TYPE_CHECKING:
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.scale import Sampler

RAMP: Final = " .'`:-~=+*csoexnukhXU#%8B@"
"""From no ink to most."""


def solve(sample: "Sampler", background: "RGB") -> Cells:
    """Letters in the picture's colors on ``background``; the farther a sample's brightness is from it, the more ink."""
    pixels = sample(1, 1)
    ground = np.array(background, np.uint8)
    brightness, behind = luma(pixels), float(luma(ground))
    ink = np.abs(brightness - behind) / max(behind, 255 - behind)
    ramp = np.array([ord(letter) for letter in RAMP], np.uint32)
    return Cells(
        glyphs=ramp[np.rint(ink * (len(ramp) - 1)).astype(np.intp)],
        foreground=pixels,
        background=np.broadcast_to(ground, pixels.shape),
    )


MODE: Final = Mode(name="ascii", level=GlyphLevel.ASCII, dots=(1, 1), solve=solve, dither=False)
