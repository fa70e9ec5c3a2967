"""A small drawing board for the sample mockup: shapes and words in page units, drawn large and scaled down smoothly.

Uses the typeface that comes with Pillow, so that the same script draws the same page on every machine.
"""

from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in page units."""

# Drawn this much larger, then scaled down: smooth edges for shapes that Pillow draws without.
_OVERSAMPLING = 2


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size * _OVERSAMPLING)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, so there is no typeface to draw the sample with.")
    return font


def _scaled(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(value * _OVERSAMPLING for value in values)


class Page:
    """A page of ``width`` x ``height`` units, one pixel each in the end."""

    def __init__(self, width: int, height: int, *, paper: str) -> None:
        self._size = (width, height)
        self._image = Image.new("RGB", (width * _OVERSAMPLING, height * _OVERSAMPLING), paper)
        self._draw = ImageDraw.Draw(self._image)

    def finished(self) -> Image.Image:
        """The page at its real size; every pixel is the mean of its parts, so that flat areas stay flat."""
        return self._image.resize(self._size, Image.Resampling.BOX)

    def box(self, box: Box, fill: str | None, *, radius: float = 0, edge: str | None = None, thick: float = 1) -> None:
        """A rectangle, rounded by ``radius``."""
        self._draw.rounded_rectangle(
            _scaled(box), radius * _OVERSAMPLING, fill, edge, round(thick * _OVERSAMPLING) if edge else 0
        )

    def card(self, box: Box, *, radius: float = 18, fill: str = "#ffffff") -> None:
        """A white sheet with a soft shadow under it."""
        left, top, right, bottom = box
        margin = 40.0
        corner = (round((left - margin) * _OVERSAMPLING), round((top - margin) * _OVERSAMPLING))
        width, height = _scaled((right - left + 2 * margin, bottom - top + 2 * margin))
        size = (round(width), round(height))
        # Blurred small: a shadow has no detail, and a blur at full size costs seconds.
        small = Image.new("L", (size[0] // 8, size[1] // 8), 0)
        inset = [
            value / 8 for value in _scaled((margin, margin + 10, right - left + margin, bottom - top + margin + 6))
        ]
        ImageDraw.Draw(small).rounded_rectangle(inset, radius * _OVERSAMPLING / 8, 46)
        shadow = small.filter(ImageFilter.GaussianBlur(5)).resize(size, Image.Resampling.BICUBIC)
        # Every fourth shade is enough for the eye, and keeps the file small.
        self._image.paste(Image.new("RGB", size, "#3b3527"), corner, ImageOps.posterize(shadow, 6))
        self.box(box, fill, radius=radius)

    def disc(self, center: tuple[float, float], radius: float, fill: str | None, *, edge: str | None = None) -> None:
        """A filled circle, or a ring of two units."""
        x, y = center
        self._draw.ellipse(
            _scaled((x - radius, y - radius, x + radius, y + radius)), fill, edge, 2 * _OVERSAMPLING if edge else 0
        )

    def shape(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        """A polygon."""
        self._draw.polygon([value for point in points for value in _scaled(point)], fill)

    def arc(self, box: Box, start: float, end: float, *, fill: str, thick: float) -> None:
        """A part of an ellipse's line, in degrees clockwise from the right."""
        self._draw.arc(_scaled(box), start, end, fill, round(thick * _OVERSAMPLING))

    def slice(self, box: Box, start: float, end: float, fill: str) -> None:
        """A part of an ellipse cut off by a straight line."""
        self._draw.chord(_scaled(box), start, end, fill)

    def line(self, points: Sequence[tuple[float, float]], fill: str, *, thick: float = 1.5) -> None:
        """A line through points, with round joints."""
        flat = [value for point in points for value in _scaled(point)]
        self._draw.line(flat, fill, round(thick * _OVERSAMPLING), "curve")

    def gradient(self, box: Box, first: str, last: str, *, radius: float) -> None:
        """A rounded rectangle that runs from one color to another along its diagonal."""
        left, top, right, bottom = (round(value) for value in _scaled(box))
        size = (right - left, bottom - top)
        # A square ramp turned by less than its corners reach, cut to its middle: no empty corner comes in.
        ramp = Image.linear_gradient("L").rotate(45, Image.Resampling.BICUBIC).crop((74, 74, 182, 182))
        # 64 steps look the same as 256, and compress better.
        ramp = ImageOps.posterize(ImageOps.autocontrast(ramp).resize(size, Image.Resampling.BICUBIC), 6)
        mixed = Image.composite(Image.new("RGB", size, last), Image.new("RGB", size, first), ramp)
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius * _OVERSAMPLING, 255)
        self._image.paste(mixed, (left, top), mask)

    def words(
        self, at: tuple[float, float], text: str, size: float, fill: str, *, bold: float = 0, anchor: str = "ls"
    ) -> None:
        """One line of text; ``bold`` thickens strokes by so many units."""
        font = _font(size)
        stroke = bold * _OVERSAMPLING
        x, y = _scaled(at)
        self._draw.text((x, y), text, fill, font, anchor, stroke_width=stroke, stroke_fill=fill)

    def width_of(self, text: str, size: float) -> float:
        """How wide a line of text is, in units."""
        return _font(size).getlength(text) / _OVERSAMPLING
