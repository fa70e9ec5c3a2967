"""Keys are composed one way by every client, and survive whatever an official client does to an address."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.protocol import ids


@pytest.mark.parametrize(
    ("value", "text"),
    [(25, "25"), (25.0, "25"), (25.5, "25.5"), (0, "0"), (-0.0, "0"), (100, "100"), (1e-7, "0"), (0.0001, "0.0001")],
)
def test_numbers_are_written_as_javascript_writes_them(value: float, text: str) -> None:
    """No trailing .0, no exponent, at most four decimals."""
    assert ids.js_number(value) == text


@given(st.floats(0, 100))
def test_a_written_number_reads_back_within_its_decimals(value: float) -> None:
    """Rounding is to four decimals, never to something shorter."""
    assert abs(float(ids.js_number(value)) - value) <= 0.00005 + 1e-9


def test_a_window_key_names_page_picture_and_point() -> None:
    """The documented form."""
    assert ids.window_url_id("my-page", "/images/photo.jpg", x=25.5, y=30.2) == "my-page:/images/photo.jpg:25.5:30.2"


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://a.example/p?utm_source=x&id=3#part", "https://a.example/p?id=3#part"),
        ("https://a.example/p?fbclid=1", "https://a.example/p"),
        ("https://a.example/p?q=a%20b", "https://a.example/p?q=a%20b"),
        ("my:custom?utm_source=x", "my:custom?utm_source=x"),
        ("https://[broken?utm_source=x", "https://[broken?utm_source=x"),
    ],
)
def test_tracking_leaves_a_page_address_and_nothing_else_does(address: str, clean: str) -> None:
    """A custom key is used as given; a fragment is part of the key."""
    assert ids.clean_url_id(address) == clean


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable()))
def test_a_live_name_is_found_raw_encoded_and_encoded_twice(url_id: str) -> None:
    """Swift sends it raw, JS encodes it again, Java sends the plain key: all mean the same board."""
    token = ids.url_id_ws(url_id)
    assert token.isascii()
    for sent in (token, quote(token, safe=""), url_id, quote(url_id, safe="")):
        assert url_id in ids.url_id_candidates(sent)


def test_a_key_that_looks_like_a_token_gets_a_token_of_its_own() -> None:
    """Otherwise one board's name could be read as another's."""
    odd = ids.url_id_ws("a b")
    assert ids.url_id_candidates(ids.url_id_ws(odd)) == [odd]


def test_a_broken_token_means_nothing() -> None:
    """It is not an error, it just names no board."""
    assert ids.url_id_candidates("~b64.%%%") == []
    assert ids.url_id_candidates("~b64._w") == []
