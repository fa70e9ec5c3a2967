"""Foreign text loses what a terminal would obey and keeps what a person would read."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui import plain

ATTACKS = {
    "color": ("\x1b[31mred\x1b[0m", "red"),
    "cursor": ("a\x1b[2J\x1b[1;1Hb", "ab"),
    "c1 csi": ("a\x9b31mb", "ab"),
    "title": ("\x1b]0;owned\x07hello", "hello"),
    "link": ("\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\", "click"),
    "clipboard": ("x\x1b]52;c;ZXZpbA==\x07y", "xy"),
    "device string": ("a\x1bP1$r0m\x1b\\b", "ab"),
    "c1 string": ("a\x9d0;t\x9cb", "ab"),
    "unterminated": ("a\x1b]0;kept", "a0;kept"),
    "reset": ("a\x1bcb", "ab"),
    "charset": ("a\x1b(0b", "ab"),
    "bidi override": ("user\u202egnp.exe", "usergnp.exe"),
    "isolates": ("a\u2066b\u2069c", "abc"),
    "zero width": ("pass\u200bword", "password"),
    "byte order mark": ("\ufeffx", "x"),
    "tags": ("a\U000e0041b", "ab"),
    "bell and backspace": ("a\x07\x08b", "ab"),
    "carriage return": ("safe\rlies", "safe lies"),
    "line separator": ("a\u2028b", "ab"),
    "lone surrogate": ("a\ud800b", "a\ufffdb"),
}


@pytest.mark.parametrize(("attack", "expected"), ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_leaves_only_its_words(attack: str, expected: str) -> None:
    """What remains is what a person would have typed."""
    assert plain.line(attack) == expected


@given(st.text(max_size=300))
def test_nothing_left_can_move_a_cursor(text: str) -> None:
    """No control or format character survives, whatever comes in; newlines only in blocks."""
    for char in plain.block(text):
        category = unicodedata.category(char)
        assert char == "\n" or category not in {"Cc", "Cs"}
        assert char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    assert "\n" not in plain.line(text)


@given(st.text(alphabet="\x1b\x9b\x9d\x07[]0;mHa\\", max_size=200))
def test_pieces_of_sequences_never_join_into_one(text: str) -> None:
    """Taking one sequence out must not make another of what stood around it."""
    once = plain.block(text)
    assert plain.block(once) == once
    assert "\x1b" not in once


def test_marks_of_real_scripts_stay_and_floods_do_not() -> None:
    """Vietnamese, Thai and family emoji are whole; sixty marks on one letter are six."""
    for word in ("Việt", "ภาษาไทย", "👩\u200d👩\u200d👧", "ž", "שלום"):
        assert plain.line(word) == word
    assert len(plain.line("e" + "\u0301" * 60)) == 7


def test_a_long_line_ends_with_an_ellipsis() -> None:
    """The length asked for counts the ellipsis."""
    assert plain.line("a long name indeed", most=8) == "a long…"
    assert plain.line("short", most=8) == "short"


def test_a_block_keeps_its_lines() -> None:
    """Paragraphs stay, a page of blank lines does not; tabs have a width."""
    assert plain.block("a\r\nb\n\n\n\nc\td") == "a\nb\n\nc    d"


def test_a_log_entry_cannot_be_forged() -> None:
    """A newline cannot start another entry, a quote cannot end the field."""
    assert plain.logged('x"\n2026-01-01 ERROR fake') == 'x\\" 2026-01-01 ERROR fake'


def test_a_megabyte_of_introducers_takes_linear_time() -> None:
    """Twice the size is not four times the steps: the pattern cannot backtrack over what it has read."""
    assert plain.block("\x9d" * 1_000_000) == ""
    assert plain.block("\x1b]" * 500_000) == ""


def test_json_for_a_terminal_loses_nothing_and_commands_nothing() -> None:
    """What a terminal could obey is escaped as JSON allows; everything else stays as it is."""
    words = "字 \x9b2J \x7f \u202e \u200b \ufeff \U000e0041 \ud800 e\u0301"
    shown = plain.escaped(json.dumps({"a": words}, ensure_ascii=False))
    assert json.loads(shown) == {"a": words}
    assert plain.escaped("a" + "\u0301" * 8) == "a" + "\u0301" * 6 + "\\u0301" * 2
    assert shown == '{"a":' + r' "字 \u009b2J \u007f \u202e \u200b \ufeff \udb40\udc41 \ud800 e' + '\u0301"}'
