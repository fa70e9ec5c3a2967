"""The app in fewer colors than it was designed with: the nearest ones of 256, or none at all.

Works on what widgets paint; the picture brings its own cells, already in the terminal's colors. It chooses no theme.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rich.color import Color, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

from imagechat_tui.render.depth import ColorDepth

if TYPE_CHECKING:
    from textual.color import Color as Shade

_CUBE: Final = (0, 95, 135, 175, 215, 255)
_CUBE_FIRST: Final = 16
_GRAY_FIRST: Final = 232
_GRAYS: Final = tuple(8 + 10 * step for step in range(24))

NO_COLORS: Final = "ansi"
"""The theme whose backgrounds are the terminal's own wherever nothing stands out; the one that ``Colorless`` needs."""


def filters(depth: ColorDepth) -> list[LineFilter]:
    """What has to be done to painted lines for a terminal of this depth."""
    if depth is ColorDepth.MONO:
        return [Colorless()]
    return [Nearest()] if depth is ColorDepth.COLORS_256 else []


class Colorless(LineFilter):
    """No color at all: what has a background of its own stands out by being reversed."""

    def apply(self, segments: list[Segment], background: "Shade") -> list[Segment]:  # noqa: ARG002 - the parent's shape
        """The same words without colors."""
        return [Segment(text, style and _colorless(style), control) for text, style, control in segments]


class Nearest(LineFilter):
    """Each color as the nearest of the 240 fixed ones: dark bluish grays stay gray."""

    def apply(self, segments: list[Segment], background: "Shade") -> list[Segment]:  # noqa: ARG002 - the parent's shape
        """The same words in colors of the palette."""
        return [Segment(text, style and _nearest(style), control) for text, style, control in segments]


@lru_cache(2048)
def _colorless(style: Style) -> Style:
    apart = style.bgcolor is not None and not style.bgcolor.is_default
    return style.without_color + Style(reverse=bool(style.reverse) != apart, dim=False)


@lru_cache(2048)
def _nearest(style: Style) -> Style:
    return style + Style(color=_of_256(style.color), bgcolor=_of_256(style.bgcolor))


def _of_256(color: Color | None) -> Color | None:
    if color is None or color.type is not ColorType.TRUECOLOR or color.triplet is None:
        return None
    wanted = tuple(color.triplet)
    levels = [min(range(6), key=lambda level: abs(_CUBE[level] - part)) for part in wanted]
    gray = min(range(24), key=lambda step: abs(_GRAYS[step] * 3 - sum(wanted)))
    in_cube = sum((_CUBE[level] - part) ** 2 for level, part in zip(levels, wanted, strict=True))
    in_grays = sum((_GRAYS[gray] - part) ** 2 for part in wanted)
    red, green, blue = levels
    return Color.from_ansi(_GRAY_FIRST + gray if in_grays < in_cube else _CUBE_FIRST + 36 * red + 6 * green + blue)
