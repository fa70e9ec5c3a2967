"""A terminal's answers are read in any order, whole, cut, garbled, and mixed with keys."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.render.replies import QUESTIONS, complete, parse

VERSION = b"\x1bP>|kitty(0.40.1)\x1b\\"
BACKGROUND = b"\x1b]11;rgb:1e1e/8080/ffff\x1b\\"
CELL = b"\x1b[6;20;10t"
GRAPHICS = b"\x1b_Gi=31;OK\x1b\\"
SYNCHRONISED = b"\x1b[?2026;2$y"
FENCE = b"\x1b[?62;4;22c"
ALL = (VERSION, BACKGROUND, CELL, GRAPHICS, SYNCHRONISED, FENCE)


@given(st.permutations(ALL), st.lists(st.sampled_from([b"", b"q", b"\x1b[A", b"hello", b"\r"]), min_size=6, max_size=6))
def test_answers_are_found_in_any_order_and_keys_are_kept(order: list[bytes], keys: list[bytes]) -> None:
    """What was typed meanwhile is handed back, in order."""
    replies = parse(b"".join(answer + key for answer, key in zip(order, keys, strict=True)))
    assert replies.complete
    assert replies.version == "kitty(0.40.1)"
    assert replies.background == (30, 128, 255)
    assert replies.cell == (10, 20)
    assert replies.graphics
    assert replies.synchronised
    assert replies.sixel
    assert replies.typed == b"".join(keys)


@given(st.permutations(ALL), st.integers(0, 120))
def test_a_cut_answer_leaves_no_key(order: list[bytes], length: int) -> None:
    """Half a sequence is no letter that the person typed."""
    cut = b"".join(order)[:length]
    assert parse(cut).typed in (b"", b"\x1b")


@given(st.binary(max_size=200))
def test_garbage_is_never_an_error(data: bytes) -> None:
    """The other end may send anything."""
    parse(data)
    complete(data)


def test_silence_is_an_answer_too() -> None:
    """Nothing known, nothing typed."""
    replies = parse(b"")
    assert not replies.complete
    assert (replies.version, replies.cell, replies.background, replies.typed) == (None, None, None, b"")


def test_a_refused_picture_is_no_picture() -> None:
    """Terminals that know the protocol but not the question answer with an error."""
    assert not parse(b"\x1b_Gi=31;ENOTSUPPORTED:no\x1b\\" + FENCE).graphics


def test_modes_that_are_not_known_are_not_used() -> None:
    """DECRQM answers 0 for unknown and 4 for never."""
    assert not parse(b"\x1b[?2026;0$y").synchronised
    assert not parse(b"\x1b[?2026;4$y").synchronised


def test_sixel_is_a_parameter_of_its_own() -> None:
    """Neither 64 nor the terminal class 4."""
    assert not parse(b"\x1b[?64;1;2c").sixel
    assert not parse(b"\x1b[?4;6c").sixel


def test_short_colors_and_bell_endings_are_understood() -> None:
    """X11 allows one to four digits; older terminals end with a bell."""
    assert parse(b"\x1b]11;rgb:f/0/8\x07").background == (255, 0, 136)
    assert parse(b"\x1b]11;rgba:ffff/0000/0000/8000\x07").background == (255, 0, 0)


def test_an_impossible_cell_size_is_no_size() -> None:
    """Nothing is divided by zero later."""
    assert parse(b"\x1b[6;0;8t").cell is None
    assert parse(b"\x1b[6;9999;9999t").cell is None


def test_the_fence_is_the_last_question() -> None:
    """Everything that comes after its answer is typed."""
    assert QUESTIONS.endswith(b"\x1b[c")
    assert complete(FENCE)
    assert not complete(VERSION)
