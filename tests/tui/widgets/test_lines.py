"""Lines of exactly one width, with strings of the whole world."""

import pytest
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from imagechat_tui.tui.widgets import lines

WORLD = [
    "plain",
    "ラベルが長すぎるので短くしてください",
    "👩\u200d👩\u200d👧 family ❤\ufe0f",
    "שלום עולם",
    "e\u0301a\u0308 combining",
    "क्षत्रिय",
    "",
]


@pytest.mark.parametrize("text", WORLD)
@pytest.mark.parametrize("width", [1, 2, 5, 12, 40])
def test_a_line_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    """Columns hold."""
    steady = lines.steady(text)
    assert lines.fitted(Text(steady), width).cell_len == width
    assert lines.strip(Text(steady), width, Style()).cell_length == width
    assert lines.sides(Text(steady), Text("12"), max(width, 4)).cell_len == max(width, 4)


@pytest.mark.parametrize("text", WORLD)
def test_wrapped_words_are_all_there(text: str) -> None:
    """No line is wider than asked."""
    broken = lines.wrapped(Text(text), 7)
    assert all(cell_len(line.plain) <= 7 for line in broken)
    assert "".join("".join(line.plain for line in broken).split()) == "".join(text.split())


def test_emoji_stand_one_by_one() -> None:
    """Joiners between letters stay: scripts need them."""
    assert lines.steady("👩\u200d👧") == "👩👧"
    assert lines.steady("क\u200dष") == "क\u200dष"


def test_a_sentence_stands_in_the_middle_of_an_area() -> None:
    """Broken where it has to be, never beyond the area."""
    rows = [row.text for row in lines.centred("A sentence that says why", (20, 7), Style())]
    assert [len(row) for row in rows] == [20] * 7
    assert " ".join("".join(rows).split()) == "A sentence that says why"
    assert not rows[0].strip()
    assert len(lines.centred("word " * 50, (10, 3), Style())) == 3
