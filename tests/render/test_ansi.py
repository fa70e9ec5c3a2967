"""Sequences are as short as they can be."""

import numpy as np
import pytest

from imagechat_tui.render.ansi import RESET, encode
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.render.palette import palette


def written(text: str, front: list[int], back: list[int], depth: ColorDepth = ColorDepth.TRUECOLOR) -> str:
    """One row; colors are gray levels, or palette indices below true color."""
    glyphs = np.array([[ord(character) for character in text]], np.uint32)
    colors = [
        np.array([[[level] * 3 for level in levels]], np.uint8)
        if depth is ColorDepth.TRUECOLOR
        else palette(depth)[np.array([levels])]
        for levels in (front, back)
    ]
    return encode(glyphs, colors[0], colors[1], depth=depth).span(0, 0, len(text)).removesuffix(RESET)


def test_equal_neighbours_share_their_colors() -> None:
    """Three cells, one sequence."""
    assert written("▀▄▀", [1, 1, 1], [2, 2, 2]) == "\x1b[38;2;1;1;1;48;2;2;2;2m▀▄▀"


def test_only_what_changes_is_written() -> None:
    """The background stays in force."""
    assert written("▀▀", [1, 3], [2, 2]).endswith("▀\x1b[38;2;3;3;3m▀")
    assert written("▀▀", [1, 1], [2, 100]).endswith("▀\x1b[48;2;100;100;100m▀")


def test_a_space_has_no_foreground_and_a_full_block_no_background() -> None:
    """Their hidden colors are never written, and what was in force before them still is."""
    assert written("▀ ▀", [1, 7, 1], [2, 2, 2]).endswith("m▀ ▀")
    assert written("▀█▀", [1, 1, 1], [2, 7, 2]).endswith("m▀█▀")


def test_a_glyph_in_one_color_is_written_as_a_space() -> None:
    """Nobody sees which glyph it was."""
    assert written("▀", [5], [5]).endswith("m ")


@pytest.mark.parametrize(
    ("depth", "start"),
    [
        (ColorDepth.COLORS_256, "\x1b[38;5;196;48;5;232m"),
        (ColorDepth.COLORS_16, "\x1b[91;40m"),
    ],
)
def test_palettes_are_written_by_index(depth: ColorDepth, start: str) -> None:
    """Shorter than 24 bits, and understood by older terminals."""
    front, back = ([196], [232]) if depth is ColorDepth.COLORS_256 else ([9], [0])
    assert written("▀", front, back, depth) == start + "▀"


def test_the_named_colors_have_their_own_numbers() -> None:
    """Eight dark ones and eight bright ones."""
    for index in range(16):
        text = written("▀", [index], [(index + 1) % 16], ColorDepth.COLORS_16)
        front = 30 + index if index < 8 else 82 + index
        assert text.startswith(f"\x1b[{front};")


def test_glyphs_of_every_length_are_written_whole() -> None:
    """One to four bytes of UTF-8, found again when a part is cut out."""
    text = "aé▀\U0001cd00b"
    glyphs = np.array([[ord(character) for character in text]], np.uint32)
    white, black = np.full((1, 5, 3), 255, np.uint8), np.zeros((1, 5, 3), np.uint8)
    rows = encode(glyphs, white, black, depth=ColorDepth.TRUECOLOR)
    for start in range(5):
        for end in range(start + 1, 6):
            assert rows.span(0, start, end).removesuffix(RESET).split("m")[-1] == text[start:end]


def test_rows_do_not_depend_on_each_other() -> None:
    """Any row can be written alone."""
    glyphs = np.full((2, 1), ord("▀"), np.uint32)
    colors = np.full((2, 1, 3), 9, np.uint8)
    rows = encode(glyphs, colors, colors + 1, depth=ColorDepth.TRUECOLOR)
    assert rows.span(0, 0, 1) == rows.span(1, 0, 1)
