"""A screen as text: what a person would read in each cell, one line of text per row.

Cells made of block glyphs are the picture; they are told apart from words by :func:`masked`, so that a snapshot says
where the picture is and not how it is drawn.
"""

from typing import Any

from textual.app import App

_PICTURE_RANGES = ((0x2580, 0x259F), (0x1FB00, 0x1FBFF), (0x1CC00, 0x1CEBF), (0x2800, 0x28FF))


def grid(app: App[Any]) -> str:
    """The app's screen as the compositor paints it, trailing blanks of each row taken off."""
    rows = app.screen._compositor.render_strips()
    lines = ["".join(segment.text for segment in strip).rstrip() for strip in rows]
    return "\n".join(lines) + "\n"


def masked(text: str) -> str:
    """The grid with every picture glyph replaced by ``░``."""
    return "".join("░" if _is_picture(char) else char for char in text)


def _is_picture(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in _PICTURE_RANGES)
