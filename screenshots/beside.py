"""One mockup three times: as it is, by rich-pixels, and by imagechat, each in the same 100 x 34 cells.

``python -m screenshots.beside`` writes ``screenshots/beside.png``. What is shown are the bytes that a terminal gets,
painted with the exact shapes of the glyphs.
"""

import io
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich_pixels import Pixels

from imagechat_tui.render.depth import GlyphLevel
from imagechat_tui.render.frame import Look, draw
from imagechat_tui.render.geometry import Size, fit
from imagechat_tui.render.scale import Pyramid
from tests.benchmarks.mockups import interfaces
from tests.render.paint import paint

FILE: Final = Path(__file__).parent / "beside.png"
COLUMNS, ROWS = 100, 34
_MARGIN: Final = 16
_TITLE: Final = 40


def make() -> Path:
    """Draw, paint, and put them side by side."""
    source = interfaces()["dashboard"]
    shown = {
        "the picture": source.resize((COLUMNS * 8, ROWS * 16), Image.Resampling.LANCZOS),
        "rich-pixels": _painted(_rich_pixels(source)),
        "imagechat, quadrants (every terminal)": _painted(_ours(source, GlyphLevel.QUADRANT)),
        "imagechat, octants and lines (kitty, ghostty, foot, VTE)": _painted(_ours(source, GlyphLevel.OCTANT)),
    }
    width, height = COLUMNS * 8 + _MARGIN, ROWS * 16 + _TITLE
    sheet = Image.new("RGB", (2 * width + _MARGIN, 2 * height + _MARGIN), "#0e1119")
    pen = ImageDraw.Draw(sheet)
    for place, (title, picture) in enumerate(shown.items()):
        x, y = _MARGIN + place % 2 * width, place // 2 * height
        pen.text((x, y + 10), title, fill="#d5daea", font=ImageFont.load_default(20))
        sheet.paste(picture, (x, y + _TITLE))
    sheet.save(FILE, optimize=True)
    return FILE


def _painted(lines: list[str]) -> Image.Image:
    return Image.fromarray(np.asarray(paint(lines, COLUMNS)))


def _ours(source: Image.Image, glyphs: GlyphLevel) -> list[str]:
    viewport = fit(Size(*source.size), Size(COLUMNS, ROWS))
    cells = draw(Pyramid(source), viewport, Look(glyphs=glyphs))
    return [cells.ansi(row) for row in range(cells.rows)]


def _rich_pixels(source: Image.Image) -> list[str]:
    buffer = io.StringIO()
    console = Console(file=buffer, force_terminal=True, color_system="truecolor", width=COLUMNS, legacy_windows=False)
    console.print(Pixels.from_image(source, resize=(COLUMNS, ROWS * 2)))
    return buffer.getvalue().split("\n")[:ROWS]


if __name__ == "__main__":
    print(make())
