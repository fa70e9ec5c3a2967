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


def test_a_row_keeps_the_style_of_its_text() -> None:
    """Also where no part of it has one of its own."""
    (words,) = lines.strip(Text("Keys", Style(bold=True)), 4, Style(color="red"))
    assert words.style == Style(bold=True, color="red")


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


@pytest.mark.parametrize(
    ("said", "links"),
    [
        ("see https://a.example/x?y=1#z.", ["https://a.example/x?y=1#z"]),
        ("(http://a.example/b), then <https://c.example/>", ["http://a.example/b", "https://c.example/"]),
        ("javascript:alert(1) file:///etc/passwd https://", []),
        ("https://p\u0430ypal.example", []),
        ('"https://a.example/d"', ["https://a.example/d"]),
    ],
)
def test_an_address_links_to_exactly_what_it_says(said: str, links: list[str]) -> None:
    """Nothing but the web, nothing that looks like another letter, and no end of a sentence."""
    text = lines.linked(Text(said))
    found = [(text.plain[span.start : span.end], span.style) for span in text.spans]
    assert [words for words, _style in found] == links
    assert all(isinstance(style, Style) and style.link == words for words, style in found)


def test_a_link_broken_over_lines_leads_to_the_whole() -> None:
    """The terminal joins the parts."""
    rows = lines.wrapped(lines.linked(Text("https://a.example/" + "x" * 40)), 20)
    assert len(rows) > 2
    assert {span.style.link for row in rows for span in row.spans if isinstance(span.style, Style)} == {
        "https://a.example/" + "x" * 40
    }
