"""The pixels of a view at the resolution that the cells need, from a picture of any size, in a few milliseconds.

Halved copies are made once and the nearest larger one is scaled by area (BOX); a picture is never thinned out by
skipping pixels. Transparency is kept through the scaling and laid over the background at the end.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagechat_tui.render.geometry import Box, Size

if TYPE_CHECKING:
    from imagechat_tui.render.color import RGB
    from imagechat_tui.render.palette import Colors

Sampler: TypeAlias = Callable[[int, int], NDArray[np.uint8]]
"""Given samples per cell across and down, their colors: RGB, shape (rows * down, columns * across, 3)."""

_SMALLEST_LEVEL: Final = 64
"""No halved copy gets a side below this; scaling one is cheap enough."""

_KEPT_DETAIL: Final = 2.0
"""A level is used while it has at least this many pixels per sample, so that its own averaging stays unseen."""


def composited(image: Image.Image, background: "RGB") -> Image.Image:
    """The picture as RGB, what is transparent laid over ``background``."""
    if image.mode != "RGBA":
        return image if image.mode == "RGB" else image.convert("RGB")
    under = Image.new("RGBA", image.size, (*background, 255))
    return Image.alpha_composite(under, image).convert("RGB")


def sampler(pixels: "Colors", size: tuple[int, int]) -> "Sampler":
    """Samples taken from finished pixels.

    Args:
        pixels: RGB, shape (rows * samples down, columns * samples across, 3); the samples of a cell must be a multiple
            of those that will be asked for.
        size: columns and rows of cells.
    """
    image = Image.fromarray(pixels)

    def sample(across: int, down: int) -> "Colors":
        factor = image.width // (size[0] * across), image.height // (size[1] * down)
        return np.asarray(image.reduce(factor))

    return sample


class Pyramid:
    """A picture with halved copies of itself; making them costs a third of its memory more."""

    def __init__(self, image: Image.Image, *, stands_for: tuple[int, int] | None = None) -> None:
        """Keep the picture; ``RGB`` and ``RGBA`` as they are, any other mode as ``RGB``.

        Args:
            image: its pixels.
            stands_for: width and height of the picture that this is a coarse copy of.
        """
        self._size = Size(*(stands_for or image.size))
        self._levels = [image if image.mode in ("RGB", "RGBA") else image.convert("RGB")]

    @property
    def size(self) -> Size:
        """Pixels of the picture itself."""
        return self._size

    def prepare(self) -> None:
        """Make all halved copies now; for the thread that decodes."""
        while self._halve():
            pass

    def pixel(self, x: int, y: int, *, background: "RGB") -> "RGB":
        """The color of one source pixel over ``background``."""
        image = self._levels[0]
        x, y = x * image.width // self._size.width, y * image.height // self._size.height
        one = composited(image.crop((x, y, x + 1, y + 1)), background)
        red, green, blue = one.tobytes()
        return red, green, blue

    def sampled(self, box: Box, size: tuple[int, int], *, background: "RGB") -> "Colors":
        """The part ``box`` of the picture at ``size`` (width, height) samples: RGB, shape (height, width, 3).

        Args:
            box: source pixels, with fractions.
            size: samples across and down.
            background: what shines through transparent pixels.
        """
        detail = min((box.right - box.left) / size[0], (box.bottom - box.top) / size[1])
        detail *= self._levels[0].width / self._size.width
        level = 0
        while detail / 2 ** (level + 1) >= _KEPT_DETAIL and (level + 1 < len(self._levels) or self._halve()):
            level += 1
        image = self._levels[level]
        scale_x, scale_y = image.width / self.size.width, image.height / self.size.height
        part = (box.left * scale_x, box.top * scale_y, box.right * scale_x, box.bottom * scale_y)
        scaled = image.resize(size, Image.Resampling.BOX, box=_within(part, image.size), reducing_gap=2.0)
        return np.asarray(composited(scaled, background))

    def sampler(self, box: Box, size: tuple[int, int], *, background: "RGB") -> Sampler:
        """Samples of the part ``box`` for ``size`` (columns, rows) cells; arguments as for ``sampled``."""

        def sample(across: int, down: int) -> "Colors":
            return self.sampled(box, (size[0] * across, size[1] * down), background=background)

        return sample

    def _halve(self) -> bool:
        """Add one level; ``False`` when the smallest is reached."""
        smallest = self._levels[-1]
        if min(smallest.size) < 2 * _SMALLEST_LEVEL:
            return False
        self._levels.append(smallest.reduce(2))
        return True


def _within(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[float, float, float, float]:
    """The box without what rounding put outside the image."""
    return max(0.0, box[0]), max(0.0, box[1]), min(float(size[0]), box[2]), min(float(size[1]), box[3])
