"""A row that shows pixels where nothing is written over them, however it is cut."""

import pytest
from rich.console import Console

from imagechat_tui.render.frame import Look
from imagechat_tui.render.geometry import Size, fit
from imagechat_tui.tui import painter
from imagechat_tui.tui.projector import Projector
from imagechat_tui.tui.widgets.pixel_strip import PixelStrip
from tests.support.kitty import KittyTerminal
from tests.tui.stage import picture

WIDTH, ROW = 40, 6
RUNS = [(2, 10), (11, 38)]


def strip() -> PixelStrip:
    """A row with a margin of two columns at either side, and something written into column 10."""
    pyramid, _notes = painter.read(picture())
    view = fit(pyramid.size, Size(WIDTH, 12))
    slide = Projector(write=print, cell=(8, 16)).slide(pyramid, view, (0, 0, 0))
    assert slide is not None
    return PixelStrip((painter.paint(pyramid, view, Look()).cells, ROW), (slide, view, ROW), RUNS)


def columns(*strips: PixelStrip) -> dict[int, int]:
    """What a terminal makes of them: the picture's column by that of the screen."""
    terminal = KittyTerminal(WIDTH, 1)
    terminal.feed("".join(each.render(Console()) for each in strips).encode())
    assert {cell.row for cell in terminal.cells().values()} <= {ROW}
    return {x: cell.column for (_y, x), cell in terminal.cells().items()}


def test_pixels_are_shown_in_the_runs_and_cells_elsewhere() -> None:
    """Each column by its own number."""
    shown = columns(strip())
    assert sorted(shown) == [*range(2, 10), *range(11, 38)]
    first = shown[2]
    assert all(column - x == first - 2 for x, column in shown.items())


@pytest.mark.parametrize("cuts", [[1, 40], [5, 10, 11, 40], [10, 20, 39, 40]])
def test_the_parts_of_a_division_are_the_whole(cuts: list[int]) -> None:
    """As the compositor cuts where something lies over the picture."""
    whole, parts = strip(), strip().divide(cuts)
    assert all(isinstance(part, PixelStrip) for part in parts)
    assert columns(*[part for part in parts if isinstance(part, PixelStrip)]) == columns(whole)


def test_whoever_asks_for_segments_gets_glyphs() -> None:
    """Screenshots, dimmed backgrounds, text."""
    row = strip()
    assert "\U0010eeee" not in row.text
    assert row.cell_length == len(row.text) == WIDTH
    assert row.render(Console()) is row.render(Console())
