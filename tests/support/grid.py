"""A screen as text: what a person would read in each cell, one line of text per row.

The cells of the picture say how it is drawn, which is not what a test of a screen is about: they are masked.
"""

from typing import Any

from textual.app import App
from textual.command import CommandPalette
from textual.geometry import Region

from imagechat_tui.tui.widgets.picture_view import PictureView

_PICTURE_RANGES = ((0x2580, 0x259F), (0x1FB00, 0x1FBFF), (0x1CC00, 0x1CEBF), (0x2800, 0x28FF))


def grid(app: App[Any]) -> str:
    """The app's screen as the compositor paints it, trailing blanks of each row taken off."""
    return _joined(_cells(app))


def masked(app: App[Any]) -> str:
    """The grid, every cell that shows nothing but picture replaced by ``░``; under a dialog only the dialog."""
    rows = _cells(app)
    if isinstance(app.screen, CommandPalette):
        return _joined([row for row in rows[4:-2] if "▔" not in row and "▁" not in row])
    if app.screen.is_modal:
        return _joined(_only(rows, app.screen.query_one("#dialog").region))
    for view in app.screen.query(PictureView):
        region = view.region if view.display else Region()
        for y in range(region.y, min(region.bottom, len(rows))):
            row = rows[y]
            for x in range(region.x, min(region.right, len(row))):
                if row[x] == " " or _is_picture(row[x]):
                    row[x] = "░"
    return _joined(rows)


def _only(rows: list[list[str]], region: Region) -> list[list[str]]:
    """Blank everything outside of the region."""
    return [[cell if region.contains(x, y) else " " for x, cell in enumerate(row)] for y, row in enumerate(rows)]


def _cells(app: App[Any]) -> list[list[str]]:
    """One entry per cell; the second cell of a wide character is empty."""
    rows = []
    for strip in app.screen._compositor.render_strips():
        row: list[str] = []
        for segment in strip:
            for char in segment.text:
                width = type(segment)(char).cell_length
                if width == 0 and row:
                    row[-1] += char
                else:
                    row += [char, *[""] * (width - 1)]
        rows.append(row)
    return rows


def _joined(rows: list[list[str]]) -> str:
    return "\n".join("".join(row).rstrip() for row in rows) + "\n"


def _is_picture(char: str) -> bool:
    return len(char) == 1 and any(low <= ord(char) <= high for low, high in _PICTURE_RANGES)
