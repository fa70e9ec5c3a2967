"""Comment HTML: the contract's subset of Markdown, and nothing that could run or load unasked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.server.actions import html

TAGS = {"b", "em", "u", "i", "strike", "pre", "span", "code", "img", "a", "strong", "ul", "ol", "li", "br"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("**b** _e_ ~~s~~ `c`", "<strong>b</strong> <em>e</em> <strike>s</strike> <code>c</code>"),
        ("one\ntwo", "one<br>two"),
        ("one\n\n\n\n\ntwo", "one<br><br>two"),
        ("# no heading", "# no heading"),
        ("> no quote", "&gt; no quote"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("[img]https://e.org/a.png[/img]", '<img src="https://e.org/a.png" alt="">'),
        (
            "see https://e.org/x now",
            'see <a href="https://e.org/x" rel="nofollow noopener noreferrer">https://e.org/x</a> now',
        ),
        ("a < b & c", "a &lt; b &amp; c"),
        ("```\n<i>\n```", "<pre><code>&lt;i&gt;\n</code></pre>"),
    ],
)
def test_what_the_contract_knows(text: str, expected: str) -> None:
    """Markdown, line breaks, pictures, bare links."""
    assert html.render(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](javascript:alert(1))",
        "[img]javascript:alert(1)[/img]",
        '[img]https://e.org/" onerror="alert(1)[/img]',
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](<javascript:alert(1)>)",
        "[x](vbscript:x)",
        "<a href='x' onclick='y'>z</a>",
        "<style>*{}</style><iframe src=//e.org></iframe>",
    ],
)
def test_nothing_runs(text: str) -> None:
    """No script, handler or strange scheme survives as markup."""
    found = html.render(text)
    for tag in re.findall(r"<[^>]*>", found):
        assert not re.search(r"script|onerror|onclick|style|iframe|data:", tag, re.IGNORECASE)


@given(st.text(alphabet=st.sampled_from("<>\"'&*_~`[]()!#-1. \n\\abcjs:/imgIMG="), max_size=80))
def test_only_the_contracts_tags(text: str) -> None:
    """Whatever is written, the tags are on the list and attributes are few."""
    for name, attributes in re.findall(r"</?([a-zA-Z0-9]+)([^>]*)>", html.render(text)):
        assert name in TAGS
        assert not re.search(r"\bon\w+=|javascript:", re.sub(r'="[^"]*"', "=", attributes))
