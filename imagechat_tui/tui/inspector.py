"""Colors of the picture and the contrast between two of them, in words; by WCAG 2.2."""

from typing import Final, NamedTuple

from imagechat_tui.i18n import _
from imagechat_tui.render.color import RGB, contrast_ratio, hexadecimal
from imagechat_tui.render.geometry import Point

_BODY: Final = 4.5
_LARGE: Final = 3.0
_ENHANCED: Final = 7.0


class Picked(NamedTuple):
    """A point and its color."""

    point: Point
    pixel: tuple[int, int]
    color: RGB


class Inspector:
    """Remembers the first point until a second one is picked."""

    def __init__(self) -> None:
        self._first: Picked | None = None

    def clear(self) -> None:
        """Forget the first point."""
        self._first = None

    def pick(self, picked: Picked) -> str:
        """A sentence about the point; with the second one also about the two together."""
        first, self._first = self._first, (None if self._first is not None else picked)
        if first is None:
            return _("{color} at pixel {x}, {y}. Go elsewhere and press again for the contrast.").format(
                color=described(picked.color), x=picked.pixel[0], y=picked.pixel[1]
            )
        across, down = picked.pixel[0] - first.pixel[0], picked.pixel[1] - first.pixel[1]
        ratio = contrast_ratio(first.color, picked.color)
        return _("{one} against {other}: contrast {ratio}:1, {verdict}. {x} by {y} pixels apart.").format(
            one=hexadecimal(first.color),
            other=hexadecimal(picked.color),
            ratio=f"{ratio:.2f}",
            verdict=verdict(ratio),
            x=abs(across),
            y=abs(down),
        )


def described(color: RGB) -> str:
    """Hex and decimal."""
    return f"{hexadecimal(color)} rgb({color[0]}, {color[1]}, {color[2]})"


def verdict(ratio: float) -> str:
    """What a contrast is enough for."""
    if ratio >= _ENHANCED:
        return _("enough for any text (AAA)")
    if ratio >= _BODY:
        return _("enough for text (AA)")
    if ratio >= _LARGE:
        return _("enough for large text only")
    return _("too little for text")
