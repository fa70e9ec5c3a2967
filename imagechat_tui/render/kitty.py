"""Pictures by the kitty graphics protocol, shown wherever the terminal meets placeholder characters.

Commands and placeholder cells as text, nothing else: what is sent and when is decided elsewhere. Every command forbids
the terminal to answer, because an answer would arrive among the keys.
"""

import base64
import zlib
from itertools import chain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from imagechat_tui.render.geometry import Size
    from imagechat_tui.render.palette import Colors

PLACEHOLDER: Final = "\U0010eeee"
"""The terminal shows a part of a picture in its place; combining characters after it say which row and column."""

_RANGES: Final = """
0305 030D-030E 0310 0312 033D-033F 0346 034A-034C 0350-0352 0357 035B 0363-036F 0483-0487 0592-0595 0597-0599 059C-05A1
05A8-05A9 05AB-05AC 05AF 05C4 0610-0617 0657-065B 065D-065E 06D6-06DC 06DF-06E2 06E4 06E7-06E8 06EB-06EC 0730 0732-0733
0735-0736 073A 073D 073F-0741 0743 0745 0747 0749-074A 07EB-07F1 07F3 0816-0819 081B-0823 0825-0827 0829-082D 0951
0953-0954 0F82-0F83 0F86-0F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B 1B6D-1B73 1CD0-1CD2 1CDA-1CDB 1CE0 1DC0-1DC1
1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC 20E1 20E7 20E9 20F0 2CEF-2CF1 2DE0-2DFF A66F A67C-A67D
A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3 AAB7-AAB8 AABE-AABF AAC1 FE20-FE26 10A0F 10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244
"""


def _range(words: str) -> range:
    first, _dash, last = words.partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


NUMERALS: Final = "".join(map(chr, chain.from_iterable(map(_range, _RANGES.split()))))
"""The combining characters that stand for 0, 1, 2, …, as the protocol lists them."""

MOST_CELLS: Final = len(NUMERALS)
"""Rows, or columns, that a placed picture can have."""

IDS: Final = range(1, 1 << 24)
"""Numbers of pictures: a placeholder names its picture by its foreground color."""

_CHUNK: Final = 4096
"""Characters of base64 that one command may carry."""


def transmit(image: int, pixels: "Colors", cells: "Size") -> str:
    """Hand over a picture and say how many cells it fills; nothing is seen before its placeholders are printed.

    Args:
        image: its number, one of ``IDS``; a picture with the same number is replaced.
        pixels: RGB, shape (height, width, 3); the terminal keeps the ratio of the sides.
        cells: columns and rows, ``MOST_CELLS`` at most.
    """
    height, width, _channels = pixels.shape
    data = base64.b64encode(zlib.compress(pixels.tobytes())).decode("ascii")
    pieces = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    keys = f"a=T,U=1,C=1,q=2,i={image},f=24,o=z,s={width},v={height},c={cells.width},r={cells.height}"
    commands = []
    for left, piece in zip(range(len(pieces) - 1, -1, -1), pieces, strict=True):
        commands.append(f"\x1b_G{keys},m={1 if left else 0};{piece}\x1b\\")
        keys = "q=2"
    return "".join(commands)


def free(image: int) -> str:
    """Forget a picture and all of its places."""
    return f"\x1b_Ga=d,d=I,q=2,i={image}\x1b\\"


def placeholders(image: int, row: int, columns: range) -> str:
    """The cells of a part of one of its rows, with the color that names the picture, and a reset.

    Each says its row and column itself, so that any of them can be written over and the others stay right.
    """
    start = PLACEHOLDER + NUMERALS[row]
    cells = start + start.join(NUMERALS[columns.start : columns.stop])
    return f"\x1b[0;38;2;{image >> 16};{image >> 8 & 255};{image & 255}m{cells}\x1b[0m"
