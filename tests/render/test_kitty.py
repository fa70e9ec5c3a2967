"""What is written for the kitty protocol, read by a model of it."""

import re
import unicodedata

import numpy as np
import pytest

from imagechat_tui.render.geometry import Size
from imagechat_tui.render.kitty import IDS, MOST_CELLS, NUMERALS, PLACEHOLDER, free, placeholders, transmit
from tests.support.kitty import KittyTerminal, MalformedError, Pixels

CELL = (8, 16)


def noise(columns: int, rows: int) -> Pixels:
    """Pixels for so many cells that nothing can pack."""
    return np.random.default_rng(1).integers(0, 256, (rows * CELL[1], columns * CELL[0], 3), np.uint8)


def terminal() -> KittyTerminal:
    """One with an empty screen."""
    return KittyTerminal(40, 12, cell=CELL)


def test_the_numerals_are_those_of_the_protocol() -> None:
    """Its list has 297; all of them combine above the character before."""
    assert len(set(NUMERALS)) == MOST_CELLS == 297
    assert {unicodedata.combining(numeral) for numeral in NUMERALS} == {230}
    assert [f"{ord(NUMERALS[place]):X}" for place in (0, 1, 2, 42, 296)] == [
        "305", "30D", "30E", "59C", "1D244",
    ]  # fmt: skip


def test_a_picture_is_seen_where_its_placeholders_stand() -> None:
    """Pixel by pixel, and nowhere else."""
    model, pixels = terminal(), noise(30, 10)
    assert model.feed(transmit(0xABCDEF, pixels, Size(30, 10)).encode()) == b""
    for row in range(3):
        model.feed(f"\x1b[{row + 2};6H".encode() + placeholders(0xABCDEF, row + 4, range(20, 30)).encode() + b"text")
    seen, where = model.composed()
    here = slice(16, 64), slice(40, 120)
    assert np.array_equal(seen[here], pixels[64:112, 160:240])
    assert where[here].all()
    assert where.sum() == 48 * 80
    assert "text" in model.screen.display[1]


def test_a_picture_comes_in_parts_that_the_protocol_allows() -> None:
    """The model is strict; the terminal may read them at any boundary."""
    model, command = terminal(), transmit(7, noise(40, 12), Size(40, 12)).encode()
    assert command.count(b"\x1b_G") > 10
    assert max(len(part) for part in re.findall(rb";([^;]*)\x1b\\", command)) == 4096
    for start in range(0, len(command), 1000):
        model.feed(command[start : start + 1000])
    assert np.array_equal(model.images[7], noise(40, 12))
    assert model.places == {7: (40, 12)}


def test_a_placeholder_needs_no_neighbour() -> None:
    """Anything may be written over the cells beside it."""
    model = terminal()
    model.feed(placeholders(IDS[-1], 296, range(290, 297)).encode() + b"\x1b[1;4Hxx")
    assert {column: cell.column for (_row, column), cell in model.cells().items()} == {
        0: 290, 1: 291, 2: 292, 5: 295, 6: 296,
    }  # fmt: skip
    assert {(cell.image, cell.row) for cell in model.cells().values()} == {(IDS[-1], 296)}


def test_a_freed_picture_is_gone() -> None:
    """With its pixels; what its placeholders stood for is empty."""
    model = terminal()
    model.feed(transmit(3, noise(2, 2), Size(2, 2)).encode() + placeholders(3, 0, range(2)).encode())
    assert model.feed(free(3).encode()) == b""
    assert (model.images, model.places) == ({}, {})
    assert not model.composed()[1].any()


@pytest.mark.parametrize(
    "command",
    [
        "a=T,U=1,q=2,i=1,f=24,s=1,v=1,c=1,r=1;AAA=",
        "a=T,U=1,i=1,f=24,s=1,v=1,c=1,r=1;AAAA",
        "a=T,q=2,i=1,f=24,s=1,v=1,c=1,r=1;AAAA",
        "a=T,U=1,q=2,i=1,f=24,s=1,v=1,c=298,r=1;AAAA",
        "a=T,U=1,q=2,i=1,f=24,s=1,v=1,c=1,r=1,m=1;AAA",
        "a=d,d=i,i=1,q=2",
        "a=d,d=I,i=1,q=2",
        "a=T,U=1,q=2,i=1,f=24,s=1000,v=1000,c=1,r=1,m=1;" + "A" * 4100,
    ],
)
def test_the_model_is_strict(command: str) -> None:
    """What the protocol forbids, or the terminal would answer, does not pass."""
    with pytest.raises(MalformedError):
        terminal().feed(f"\x1b_G{command}\x1b\\".encode())


def test_nothing_may_come_between_the_parts_of_a_picture() -> None:
    """Neither characters nor other commands."""
    first = b"\x1b_Ga=T,U=1,q=2,i=1,f=24,s=1,v=1,c=1,r=1,m=1;AAAA\x1b\\"
    for between in (b"x", free(1).encode()):
        with pytest.raises(MalformedError):
            terminal().feed(first + between)


def test_placeholders_are_one_cell_wide_to_whoever_counts() -> None:
    """The base character is a private one, the rest combines."""
    text = placeholders(1, 0, range(5))
    assert text.count(PLACEHOLDER) == 5
    assert text.startswith("\x1b[0;38;2;0;0;1m")
    assert text.endswith("\x1b[0m")
