"""``imagechat show``: the picture as lines, markers over it, and markers as words."""

import io
import re
import struct
from pathlib import Path

from PIL import Image

from imagechat_tui.cli import printing
from imagechat_tui.core.views import MarkerView
from imagechat_tui.demo import mockup
from imagechat_tui.render.depth import ColorDepth, GlyphLevel
from imagechat_tui.render.frame import Look
from imagechat_tui.render.geometry import Size
from tests.cli.commands import imagechat

SEQUENCES = re.compile(r"\x1b\[[0-9;]*m")


def marker(number: int, **more: object) -> MarkerView:
    """A marker in the middle."""
    facts: dict[str, object] = {
        "id": f"m{number}",
        "number": number,
        "x": 50.0,
        "y": 50.0,
        "title": "Too pale",
        "author_id": "a",
        "author_name": "Ana",
        "created_at": 0,
        "comment_count": 1,
    }
    return MarkerView(**{**facts, **more})  # type: ignore[arg-type] # builders take what a test wants to say


def drawn(*markers: MarkerView, look: Look | None = None) -> list[str]:
    """The lines without their colors."""
    shown = printing.lines(
        mockup.FILE.read_bytes(), Size(60, 30), look=look or Look(), markers=markers, square_percent=5
    )
    return [SEQUENCES.sub("", line) for line in shown]


def test_every_line_is_as_long_as_the_picture_is_wide() -> None:
    """1440 x 960 in 60 columns of cells twice as high as wide: 20 rows."""
    lines = drawn()
    assert len(lines) == 20
    assert {len(line) for line in lines} == {60}


def test_a_marker_stands_in_its_place_with_its_number() -> None:
    """The label in the middle of the middle row."""
    lines = drawn(marker(7))
    row = next(index for index, line in enumerate(lines) if "[7]" in line)
    assert row in {9, 10}
    assert 28 <= lines[row].index("[7]") <= 31


def test_a_resolved_marker_looks_different_without_color() -> None:
    """Shape, not color alone."""
    lines = drawn(marker(7, resolved=True), look=Look(colors=ColorDepth.MONO, glyphs=GlyphLevel.QUADRANT))
    assert any("7✓" in line for line in lines)


def test_words_of_others_cannot_move_the_cursor() -> None:
    """Names and comments are data."""
    (sentence,) = printing.sentences([marker(3, title="a\x1b[2J\nb", author_name="E\u202eve", comment_count=3)])
    assert sentence == "3 open, at 50.0 50.0, 2 replies: Eve: a b"


def test_a_library_that_warns_does_not_reach_the_terminal(tmp_path: Path) -> None:
    """Python would write it raw to stderr where no log is set up."""
    out = io.BytesIO()
    Image.new("RGB", (20, 20), 7).save(out, "TIFF")
    # Tag 277, samples per pixel, of one short: Pillow warns about the number.
    damaged = out.getvalue().replace(struct.pack("<HHIH", 277, 3, 1, 3), struct.pack("<HHIH", 277, 3, 1, 41_492))
    assert damaged != out.getvalue()
    (tmp_path / "damaged.tif").write_bytes(damaged)
    ended = imagechat(tmp_path, "show", "damaged.tif")
    assert ended.code == 1
    assert "samples per pixel" not in ended.err
    assert "damaged" in ended.err
