"""Rows of cells as strips: any cut of them is the same as the cut of the whole."""

from rich.console import Console
from rich.style import Style
from textual.color import Color
from textual.filter import Monochrome
from textual.strip import Strip

from imagechat_tui.render.frame import Look
from imagechat_tui.render.geometry import Size, fit
from imagechat_tui.tui import painter
from imagechat_tui.tui.widgets.cell_strip import CellStrip
from tests.tui.stage import picture

WIDTH = 40


def strip() -> CellStrip:
    """A row through the middle of the sample."""
    pyramid, _notes = painter.read(picture())
    return CellStrip(painter.paint(pyramid, fit(pyramid.size, Size(WIDTH, 12)), Look()).cells, 6)


def test_it_is_as_wide_as_its_cells() -> None:
    """In cells and in characters."""
    row = strip()
    assert row.cell_length == row.cell_count == len(row.text) == WIDTH
    assert row
    assert not row.crop(3, 3)


def test_a_crop_shows_its_part() -> None:
    """Also a crop of a crop, and one beyond the end."""
    row = strip()
    assert row.crop(5, 20).text == row.text[5:20]
    assert row.crop(5, 20).crop(2, 4).text == row.text[7:9]
    assert row.crop(30, 99).text == row.text[30:]
    assert row.crop(0, WIDTH) is row


def test_the_parts_of_a_division_are_the_whole() -> None:
    """As the compositor cuts."""
    row = strip()
    parts = row.divide([4, 9, WIDTH])
    assert [part.cell_length for part in parts] == [4, 5, WIDTH - 9]
    assert "".join(part.text for part in parts) == row.text
    assert Strip.join(parts).text == row.text


def test_the_bytes_show_the_same_glyphs() -> None:
    """And end with a reset, so that nothing leaks into the neighbour."""
    row = strip()
    written = row.render(Console())
    assert written.endswith("\x1b[0m")
    assert row.render(Console()) is written


def test_filters_leave_it_alone_and_styles_make_segments() -> None:
    """The cells are in the terminal's colors already."""
    row = strip()
    assert row.apply_filter(Monochrome(), Color(0, 0, 0)) is row
    assert row.apply_style(Style(bold=True)).text == row.text
    assert row.link_ids == set()
    assert row != strip()
