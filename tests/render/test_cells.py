"""Cells come out as escape sequences and as Rich segments, whole rows or parts of them."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment, Segments

from imagechat_tui.render.cells import Cells, blank
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.palette import nearest
from tests.render.paint import paint

GLYPHS = np.array([ord(c) for c in " █▀▌▖🬀\U0001cd00@"], np.uint32)
DEPTHS = st.sampled_from([ColorDepth.TRUECOLOR, ColorDepth.COLORS_256, ColorDepth.COLORS_16])


@st.composite
def grids(draw: st.DrawFn) -> Cells:
    """Random cells with many equal neighbours."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 40))
    depth = draw(DEPTHS)
    few = nearest(rng.integers(0, 256, (4, 3), dtype=np.uint8), depth)
    return Cells(
        glyphs=rng.choice(GLYPHS, (rows, columns)),
        foreground=few[rng.integers(0, 4, (rows, columns))],
        background=few[rng.integers(0, 4, (rows, columns))],
        depth=depth,
    )


def naive(cells: Cells) -> list[str]:
    """Every color written out for every cell."""
    return [
        "".join(
            f"\x1b[38;2;{';'.join(map(str, front))};48;2;{';'.join(map(str, back))}m{chr(glyph)}"
            for glyph, front, back in zip(
                cells.glyphs[row].tolist(),
                cells.foreground[row].tolist(),
                cells.background[row].tolist(),
                strict=True,
            )
        )
        for row in range(cells.rows)
    ]


@settings(deadline=None)
@given(grids())
def test_differential_output_shows_the_same_as_writing_everything(cells: Cells) -> None:
    """What is left out was not visible."""
    shown = paint([cells.ansi(row) for row in range(cells.rows)], cells.columns)
    np.testing.assert_array_equal(shown, paint(naive(cells), cells.columns))


@settings(deadline=None)
@given(grids(), st.data())
def test_a_part_of_a_row_stands_on_its_own(cells: Cells, data: st.DataObject) -> None:
    """A marker over the picture cuts a row in pieces, which are written in any order."""
    row = data.draw(st.integers(0, cells.rows - 1))
    start = data.draw(st.integers(0, cells.columns))
    end = data.draw(st.integers(start, cells.columns))
    piece = cells.ansi(row, start, end)
    if start == end:
        assert piece == ""
        return
    assert piece.endswith("\x1b[0m")
    np.testing.assert_array_equal(
        paint([piece], end - start), paint([naive(cells)[row]], cells.columns)[:, start * 8 : end * 8]
    )


@settings(deadline=None)
@given(grids())
def test_segments_show_the_same(cells: Cells) -> None:
    """Rich prints what we print."""
    system = {24: "truecolor", 8: "256", 4: "standard"}[int(cells.depth)]
    buffer = io.StringIO()
    console = Console(file=buffer, force_terminal=True, color_system=system, width=99, legacy_windows=False)  # type: ignore[arg-type] # one of the literals
    for row in range(cells.rows):
        console.print(Segments([*cells.segments(row), Segment.line()]), end="")
    shown = paint(buffer.getvalue().split("\n")[: cells.rows], cells.columns)
    np.testing.assert_array_equal(shown, paint(naive(cells), cells.columns))


def test_equal_cells_are_one_segment_and_one_sequence() -> None:
    """A panel costs one color."""
    row = blank(50, 1, color=(1, 2, 3))
    assert len(row.segments(0)) == 1
    assert row.ansi(0).count("\x1b") == 2


def test_parts_of_segments_fit_together() -> None:
    """Cropping loses and doubles nothing."""
    cells = replace(blank(5, 1, color=(0, 0, 0)), glyphs=np.array([[ord(c) for c in "▀▄▌▐█"]], np.uint32))
    assert "".join(s.text for s in (*cells.segments(0, 0, 2), *cells.segments(0, 2))) == "▀▄▌▐█"
    assert cells.segments(0, 3, 3) == []
    assert cells.text(0, 1, 3) == "▄▌"


def test_cutting_keeps_what_is_inside() -> None:
    """A region is a picture too."""
    cells = replace(blank(4, 3, color=(9, 9, 9)), glyphs=np.arange(65, 77, dtype=np.uint32).reshape(3, 4))
    part = cells.cut(1, 1, (2, 2))
    assert [part.text(row) for row in range(part.rows)] == ["FG", "JK"]


def test_without_colors_only_reversal_is_written() -> None:
    """A terminal without colors understands nothing else; a cell in one bright color is lit, whatever its glyph."""
    lit, dark = [255] * 3, [0] * 3
    cells = Cells(
        glyphs=np.array([[ord(glyph) for glyph in "▁▁ ▁"]], np.uint32),
        foreground=np.array([[lit, dark, dark, lit]], np.uint8),
        background=np.array([[dark, lit, lit, lit]], np.uint8),
        depth=ColorDepth.MONO,
    )
    assert cells.ansi(0) == "▁\x1b[7m▁  \x1b[0m"
    assert [bool(s.style and s.style.reverse) for s in cells.segments(0)][:2] == [False, True]


@pytest.mark.parametrize("depth", [ColorDepth.COLORS_256, ColorDepth.COLORS_16])
def test_lower_depths_never_write_24_bits(depth: ColorDepth) -> None:
    """The terminal would not understand them."""
    cells = replace(blank(3, 1, color=(255, 0, 0)), depth=depth)
    assert re.fullmatch(r"\x1b\[(38;5;\d+;48;5;\d+|\d{2,3};\d{2,3})m   \x1b\[0m", cells.ansi(0))
