"""The shapes of block characters, read from their Unicode names, independent of the tables that drawing uses.

A shape is a coverage of the cell, 16 rows by 8 columns, 1 where the character shows its foreground.
"""

import re
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from imagechat_tui.render.modes.ascii import RAMP

WIDTH, HEIGHT = 8, 16

_OCTANT_FIRST = 0x1CD00
_OCTANT_PARTS = [
    "3",
    "23",
    "123",
    "4",
    "14",
    "124",
    "34",
    "134",
    "234",
    "5",
    "15",
    "25",
    "125",
    "135",
    "235",
    "1235",
    "45",
    "145",
    "245",
    "1245",
    "345",
    "1345",
    "2345",
    "12345",
    "6",
    "16",
    "26",
    "126",
    "36",
    "136",
    "236",
    "1236",
    "146",
    "246",
    "1246",
    "346",
    "1346",
    "2346",
    "12346",
    "56",
    "156",
    "256",
    "1256",
    "356",
    "1356",
    "2356",
    "12356",
    "456",
    "1456",
    "2456",
    "12456",
    "3456",
    "13456",
    "23456",
    "17",
    "27",
    "127",
    "37",
    "137",
    "237",
    "1237",
    "47",
    "147",
    "247",
    "1247",
    "347",
    "1347",
    "2347",
    "12347",
    "157",
    "257",
    "1257",
    "357",
    "2357",
    "12357",
    "457",
    "1457",
    "12457",
    "3457",
    "13457",
    "23457",
    "67",
    "167",
    "267",
    "1267",
    "367",
    "1367",
    "2367",
    "12367",
    "467",
    "1467",
    "2467",
    "12467",
    "3467",
    "13467",
    "23467",
    "123467",
    "567",
    "1567",
    "2567",
    "12567",
    "3567",
    "13567",
    "23567",
    "123567",
    "4567",
    "14567",
    "24567",
    "124567",
    "34567",
    "134567",
    "234567",
    "1234567",
    "18",
    "28",
    "128",
    "38",
    "138",
    "238",
    "1238",
    "48",
    "148",
    "248",
    "1248",
    "348",
    "1348",
    "2348",
    "12348",
    "58",
    "158",
    "258",
    "1258",
    "358",
    "1358",
    "2358",
    "12358",
    "458",
    "1458",
    "2458",
    "12458",
    "3458",
    "13458",
    "23458",
    "123458",
    "168",
    "268",
    "1268",
    "368",
    "2368",
    "12368",
    "468",
    "1468",
    "12468",
    "3468",
    "13468",
    "23468",
    "568",
    "1568",
    "2568",
    "12568",
    "3568",
    "13568",
    "23568",
    "123568",
    "4568",
    "14568",
    "24568",
    "124568",
    "34568",
    "134568",
    "234568",
    "1234568",
    "178",
    "278",
    "1278",
    "378",
    "1378",
    "2378",
    "12378",
    "478",
    "1478",
    "2478",
    "12478",
    "3478",
    "13478",
    "23478",
    "123478",
    "578",
    "1578",
    "2578",
    "12578",
    "3578",
    "13578",
    "23578",
    "123578",
    "4578",
    "14578",
    "24578",
    "124578",
    "34578",
    "134578",
    "234578",
    "1234578",
    "678",
    "1678",
    "2678",
    "12678",
    "3678",
    "13678",
    "23678",
    "123678",
    "4678",
    "14678",
    "24678",
    "124678",
    "34678",
    "134678",
    "234678",
    "1234678",
    "15678",
    "25678",
    "125678",
    "35678",
    "235678",
    "1235678",
    "45678",
    "145678",
    "1245678",
    "1345678",
    "2345678",
]
"""BLOCK OCTANT-n of Unicode 16 in order of their code points; the Python in use may know an older Unicode."""

_NEWER_NAMES = {
    0x1FBE6: "MIDDLE LEFT ONE QUARTER BLOCK",
    0x1FBE7: "MIDDLE RIGHT ONE QUARTER BLOCK",
    0x1CEA8: "LEFT HALF UPPER ONE QUARTER BLOCK",
    0x1CEAB: "RIGHT HALF UPPER ONE QUARTER BLOCK",
    0x1CEA3: "LEFT HALF LOWER ONE QUARTER BLOCK",
    0x1CEA0: "RIGHT HALF LOWER ONE QUARTER BLOCK",
}
_AMOUNTS = {
    "ONE EIGHTH": 1,
    "ONE QUARTER": 2,
    "THREE EIGHTHS": 3,
    "HALF": 4,
    "FIVE EIGHTHS": 5,
    "THREE QUARTERS": 6,
    "SEVEN EIGHTHS": 7,
}
_EDGE = re.compile(r"(UPPER|LOWER|LEFT|RIGHT) (.+) BLOCK")
_LINE = re.compile(r"(HORIZONTAL|VERTICAL) ONE EIGHTH BLOCK-([2-7])")
_CORNER = re.compile(r"(LEFT|RIGHT) HALF (UPPER|LOWER) ONE QUARTER BLOCK")
_BRAILLE_PLACES = {1: (0, 0), 2: (1, 0), 3: (2, 0), 7: (3, 0), 4: (0, 1), 5: (1, 1), 6: (2, 1), 8: (3, 1)}

Shape = NDArray[np.float32]


@cache
def shape(character: str) -> Shape:
    """The coverage of one character; ``ValueError`` when its shape is not known."""
    point = ord(character)
    if _OCTANT_FIRST <= point < _OCTANT_FIRST + len(_OCTANT_PARTS):
        return _parts(_OCTANT_PARTS[point - _OCTANT_FIRST], rows=4)
    if character in RAMP:
        return np.full((HEIGHT, WIDTH), RAMP.index(character) / len(RAMP) * 0.5, np.float32)
    name = _NEWER_NAMES.get(point) or unicodedata.name(character)
    if name.startswith("BLOCK SEXTANT-"):
        return _parts(name.removeprefix("BLOCK SEXTANT-"), rows=3)
    if name.startswith("BRAILLE PATTERN"):
        return _dots(name)
    return _block(name)


def _block(name: str) -> Shape:
    covered = np.zeros((8, 8), np.float32)
    if name == "FULL BLOCK":
        covered[:] = 1
    elif name.startswith("QUADRANT"):
        for down, across in re.findall("(UPPER|LOWER) (LEFT|RIGHT)", name):
            covered[_half(down), _half(across)] = 1
    elif found := _LINE.fullmatch(name):
        line = int(found[2]) - 1
        covered[(line, slice(None)) if found[1] == "HORIZONTAL" else (slice(None), line)] = 1
    elif found := _CORNER.fullmatch(name):
        covered[_side(found[2], 2), _side(found[1], 4)] = 1
    elif name.startswith("BOX DRAWINGS"):
        return _lines(name)
    elif name.startswith("MIDDLE"):
        covered[2:6, _half(name.split()[1])] = 1
    elif found := _EDGE.fullmatch(name):
        part = _side(found[1], _AMOUNTS[found[2]])
        covered[(part, slice(None)) if found[1] in ("UPPER", "LOWER") else (slice(None), part)] = 1
    else:
        raise ValueError(name)
    return np.asarray(covered.repeat(HEIGHT // 8, axis=0).repeat(WIDTH // 8, axis=1), np.float32)


def _lines(name: str) -> Shape:
    """Roughly what fonts draw: thin strokes through the middle, twice as thick when heavy, half of them when dashed."""
    covered = np.zeros((HEIGHT, WIDTH), np.float32)
    thick = 2 if "HEAVY" in name else 1
    ink = 0.6 if "DASH" in name else 1.0
    middle_row, middle_column = (
        slice(HEIGHT // 2 - 1, HEIGHT // 2 - 1 + thick),
        slice(WIDTH // 2 - 1, WIDTH // 2 - 1 + thick),
    )
    if "HORIZONTAL" in name or "LEFT" in name:
        covered[middle_row, : WIDTH // 2] = ink
    if "HORIZONTAL" in name or "RIGHT" in name:
        covered[middle_row, WIDTH // 2 :] = ink
    if "VERTICAL" in name or "UP" in name.split():
        covered[: HEIGHT // 2, middle_column] = ink
    if "VERTICAL" in name or "DOWN" in name:
        covered[HEIGHT // 2 :, middle_column] = ink
    return covered


def _half(name: str) -> slice:
    return _side(name, 4)


def _side(name: str, eighths: int) -> slice:
    return slice(0, eighths) if name in ("UPPER", "LEFT") else slice(8 - eighths, 8)


def _parts(numbers: str, *, rows: int) -> Shape:
    """Parts of two columns, numbered row by row from 1; where a part ends inside a pixel row, that row is shared."""
    fine = np.zeros((rows, 2), np.float32)
    for number in numbers:
        fine[divmod(int(number) - 1, 2)] = 1
    tall = fine.repeat(HEIGHT, axis=0).reshape(HEIGHT, rows, 2).mean(axis=1)
    return np.asarray(tall.repeat(WIDTH // 2, axis=1), np.float32)


def _dots(name: str) -> Shape:
    covered = np.zeros((HEIGHT, WIDTH), np.float32)
    numbers = name.removeprefix("BRAILLE PATTERN DOTS-") if "DOTS" in name else ""
    for number in numbers:
        row, column = _BRAILLE_PLACES[int(number)]
        covered[row * 4 + 1 : row * 4 + 3, column * 4 + 1 : column * 4 + 3] = 1
    return covered
