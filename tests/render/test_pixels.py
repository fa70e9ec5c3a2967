"""Our modes as a renderer of rich-pixels."""

import io

import numpy as np
import pytest
from PIL import Image
from rich.console import Console
from rich_pixels import HalfcellRenderer, Pixels

from imagechat_tui.render.pixels import CellRenderer
from tests.render.paint import Raster, paint


def shown(pixels: Pixels, columns: int, rows: int) -> Raster:
    """Printed by Rich and painted."""
    buffer = io.StringIO()
    console = Console(file=buffer, force_terminal=True, color_system="truecolor", width=columns, legacy_windows=False)
    console.print(pixels)
    return paint(buffer.getvalue().split("\n")[:rows], columns)


def test_half_cells_agree_with_the_reference() -> None:
    """Without scaling, rich-pixels' own renderer shows the same pixels."""
    image = Image.effect_noise((20, 12), 90).convert("RGB")
    ours = shown(Pixels.from_image(image, renderer=CellRenderer("half")), 20, 6)
    theirs = shown(Pixels.from_image(image, renderer=HalfcellRenderer()), 20, 6)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(("name", "columns", "rows"), [("half", 10, 10), ("octant", 5, 5), ("braille", 5, 5)])
def test_sizes_are_in_dots(name: str, columns: int, rows: int) -> None:
    """Ten by twenty dots; parts of a cell are made up to a whole one."""
    segments = CellRenderer(name).render(Image.new("RGB", (64, 64), "red"), (10, 20 if name != "half" else 19))
    text = "".join(segment.text for segment in segments)
    assert [len(line) for line in text.splitlines()] == [columns] * rows


def test_scaling_averages() -> None:
    """Where rich-pixels skips pixels, fine stripes become gray."""
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255
    pixels = Pixels.from_image(Image.fromarray(stripes), resize=(8, 8), renderer=CellRenderer("half"))
    assert np.abs(shown(pixels, 8, 4).astype(int) - 127).max() <= 1


def test_an_unknown_mode_is_refused_when_the_renderer_is_made() -> None:
    """Not when the first picture is drawn."""
    with pytest.raises(KeyError):
        CellRenderer("full")
