"""Words out of HTML: readable, and never an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.core.text import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain words", "plain words"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<b>bold</b> and <i>italic</i>", "bold and italic"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ('<a href="https://x.org">https://x.org</a>', "https://x.org"),
        ('<a href="https://x.org">here</a>', "here (https://x.org)"),
        ('<img src="https://x.org/a.png">', "https://x.org/a.png"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<script>alert(1)</script>safe", "safe"),
        ("", ""),
    ],
)
def test_tags_go_and_words_stay(html: str, text: str) -> None:
    """Line breaks, list dots and addresses stay readable."""
    assert plain_text(html) == text


@given(st.text())
def test_any_text_at_all_gives_a_text(html: str) -> None:
    """Whatever the HTML is, nothing is raised."""
    assert isinstance(plain_text(html), str)


@given(st.text(alphabet=st.characters(exclude_characters="<&", exclude_categories=["Cs"])))
def test_text_without_markup_stays_as_it_is(text: str) -> None:
    """Apart from the space around it."""
    assert plain_text(text) == text.strip()
