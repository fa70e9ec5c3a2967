"""Crosshair and labels lie over the picture, be it of cells or of pixels."""

import pytest
from rich.console import Console
from textual.geometry import Region

from imagechat_tui.render.frame import Look
from imagechat_tui.render.geometry import Point, Size, fit
from imagechat_tui.tui import painter
from imagechat_tui.tui.jump import Label
from imagechat_tui.tui.projector import Projector, Slide
from imagechat_tui.tui.widgets.pixel_strip import PixelStrip
from imagechat_tui.tui.widgets.sheet import Sheet
from tests.support.kitty import KittyTerminal
from tests.tui.stage import picture

SIZE = Size(40, 16)
ALL = Region(0, 0, *SIZE)
RED = (255, 0, 0)


@pytest.fixture
def frame() -> painter.Frame:
    """A drawn picture, with a margin above and below."""
    pyramid, _notes = painter.read(picture())
    made = painter.paint(pyramid, fit(pyramid.size, SIZE), Look())
    assert made.viewport.drawn.y > 0
    return made


@pytest.fixture
def slide(frame: painter.Frame) -> Slide:
    """The same in pixels."""
    pyramid, _notes = painter.read(picture())
    made = Projector(write=print, cell=(8, 16)).slide(pyramid, frame.viewport, (0, 0, 0))
    assert made is not None
    return made


def shown(sheet: Sheet, frame: painter.Frame, slide: Slide | None) -> KittyTerminal:
    """A terminal with all rows."""
    terminal = KittyTerminal(*SIZE)
    for y, strip in enumerate(sheet.rows(frame, ALL, slide=slide)):
        terminal.feed(f"\x1b[{y + 1}H{strip.render(Console())}".encode())
    return terminal


def test_the_crosshair_is_text_and_everything_else_is_pixels(frame: painter.Frame, slide: Slide) -> None:
    """Its arms reach two cells to the sides and one up and down."""
    sheet = Sheet()
    sheet.aim(frame, Point(50, 50), color=RED)
    terminal = shown(sheet, frame, slide)
    column, row = frame.viewport.cell_at(Point(50, 50))
    cross = {(row, x) for x in range(column - 2, column + 3)} | {(row - 1, column), (row + 1, column)}
    region = frame.viewport.drawn
    cells = {
        (y, x) for y in range(region.y, region.y + region.height) for x in range(region.x, region.x + region.width)
    }
    assert set(terminal.cells()) == cells - cross
    assert terminal.screen.buffer[row][column].data == "┼"


def test_labels_are_text(frame: painter.Frame, slide: Slide) -> None:
    """Both letters of each."""
    sheet = Sheet()
    labels = [Label("as", 10, 8), Label("df", 20, 8)]
    sheet.label(frame, labels, front=RED, back=(0, 0, 0))
    terminal = shown(sheet, frame, slide)
    assert [terminal.screen.buffer[8][x].data for x in (10, 11, 20, 21)] == ["a", "s", "d", "f"]
    assert (8, 12) in terminal.cells()
    sheet.clear()
    assert (8, 10) in shown(sheet, frame, slide).cells()


def test_without_a_slide_everything_is_cells(frame: painter.Frame) -> None:
    """Also beside a crosshair that is out of view."""
    sheet = Sheet()
    sheet.aim(frame, Point(50, 50), color=RED)
    zoomed = painter.Frame(viewport=frame.viewport.stepped(6, anchor=Point(0, 0)), cells=frame.cells)
    sheet.aim(zoomed, Point(99, 99), color=RED)
    rows = sheet.rows(frame, Region(3, 2, 10, 4), slide=None)
    assert [row.cell_length for row in rows] == [10] * 4
    assert not any(isinstance(row, PixelStrip) for row in rows)
    assert "".join(row.text for row in rows) == "".join(frame.cells.text(y, 3, 13) for y in range(2, 6))
