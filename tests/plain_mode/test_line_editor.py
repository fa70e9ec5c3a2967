"""A line being typed."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.plain_mode.line_editor import LineEditor


def test_keys_are_echoed_and_enter_ends_the_line() -> None:
    """The line comes out once; what follows begins the next one."""
    editor = LineEditor()
    typed = editor.feed(b"list\nre")
    assert (typed.echo, typed.lines, typed.ended) == ("list\nre", ["list"], False)
    assert editor.text == "re"


def test_erasing_takes_back_whole_characters_by_their_width() -> None:
    """A letter, a wide character, a word, everything."""
    editor = LineEditor()
    editor.feed("aé語".encode())
    assert editor.feed(b"\x7f").echo == "\b \b" * 2
    assert editor.text == "aé"
    assert editor.feed(b"\x7f\x7f\x7f").echo == "\b \b" * 2
    editor.feed(b"one two  ")
    editor.feed(b"\x17")
    assert editor.text == "one "
    editor.feed(b"\x15")
    assert editor.text == ""


def test_a_character_may_come_in_parts() -> None:
    """As slow lines send it."""
    editor = LineEditor()
    whole = "š".encode()
    assert editor.feed(whole[:1]).echo == ""
    assert editor.feed(whole[1:]).echo == "š"


def test_arrows_and_function_keys_are_no_text() -> None:
    """Nor do they reach the terminal as an echo; also when they come in parts."""
    editor = LineEditor()
    assert editor.feed(b"a\x1b[A\x1bOP\x1b[1;5Cb").echo == "ab"
    assert editor.feed(b"\x1b[").echo == ""
    assert editor.feed(b"Dc").echo == "c"
    assert editor.text == "abc"


def test_the_end_counts_on_an_empty_line_only() -> None:
    """As every shell has it."""
    editor = LineEditor()
    assert not editor.feed(b"a\x04").ended
    assert editor.feed(b"\n\x04").ended


@given(st.lists(st.binary(max_size=12), max_size=12))
def test_nothing_that_moves_a_cursor_is_echoed(keys: list[bytes]) -> None:
    """Whatever is typed."""
    editor = LineEditor()
    for data in keys:
        echo = editor.feed(data).echo.replace("\b \b", "").replace("\n", "")
        assert all(char.isprintable() or char in "\u200d\ufe0f" for char in echo)
