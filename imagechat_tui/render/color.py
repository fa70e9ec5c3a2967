"""Colors as numbers: how they are written, and the contrast between two. Loads nothing."""

from typing import Final, TypeAlias

RGB: TypeAlias = tuple[int, int, int]

BLACK: Final[RGB] = (0, 0, 0)
WHITE: Final[RGB] = (255, 255, 255)


def hexadecimal(rgb: RGB) -> str:
    """``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def relative_luminance(rgb: RGB) -> float:
    """Relative luminance, 0 to 1, by WCAG 2.2."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - the formula's own constants
        for c in (channel / 255 for channel in rgb)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_ratio(one: RGB, other: RGB) -> float:
    """Contrast ratio by WCAG 2.2, 1 to 21, whichever of the two is brighter."""
    darker, brighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)
