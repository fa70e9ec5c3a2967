"""Query strings: every type as published clients write it, and a clear no for the rest."""

from urllib.parse import quote

import pytest

from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.routes.asking import session_cookie
from imagechat_tui.server.routes.query import MOST_CHARACTERS, Query


@pytest.mark.parametrize(
    ("raw", "value"), [(b"n=7", 7), (b"n=2026.0", 2026), (b"n=-1", -1), (b"n=0.000", 0), (b"", None), (b"n=", None)]
)
def test_whole_numbers_also_as_doubles_write_them(raw: bytes, value: int | None) -> None:
    """Python clients send every number as a double."""
    assert Query(raw).number("n") == value


@pytest.mark.parametrize(
    "text", ["x", "1.5", "1e3", "--1", "1.", ".0", "0x10", "1_000", "٣", "9" * 40, "NaN", "inf", " 1"]
)
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    """400, and the parameter's name."""
    with pytest.raises(Refusal, match="n has to be") as refused:
        Query(f"n={quote(text)}".encode()).number("n")
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("raw", "value"),
    [(b"f=true", True), (b"f=false", False), (b"f=1", True), (b"f=0", False), (b"f=True", True), (b"", None)],
)
def test_flags(raw: bytes, *, value: bool | None) -> None:
    """As text."""
    assert Query(raw).flag("f") is value


@pytest.mark.parametrize("text", [b"yes", b"wahr", b"2", b"tru"])
def test_what_is_no_flag_is_refused(text: bytes) -> None:
    """Nothing is guessed."""
    with pytest.raises(Refusal):
        Query(b"f=" + text).flag("f")


def test_what_is_required_and_missing_is_told_apart_from_what_does_not_fit() -> None:
    """422 against 400."""
    for ask in (Query(b"").needed_number, Query(b"").needed_flag, Query(b"").needed):
        with pytest.raises(Refusal) as refused:
            ask("x")
        assert refused.value.status == 422
    with pytest.raises(Refusal) as refused:
        Query(b"").needed("urlId")
    assert refused.value.code == "missing-url-id"


def test_odd_keys_arrive_as_they_were_meant() -> None:
    """Colons, spaces, hashes, ampersands, per cent signs, other scripts."""
    raw = b"urlId=https%3A%2F%2Fa.example%2F%3Fb%3D1%26c%3D2%23d+e%20f%25%C5%BE"
    assert Query(raw).needed("urlId") == "https://a.example/?b=1&c=2#d e f%ž"


def test_lists() -> None:
    """Repeated names and comma lists, without blanks and doubles."""
    assert Query(b"t=a&t=b&t=").texts("t") == ["a", "b"]
    assert Query(b"ids=a,b,%20a%20,,c").listed("ids", most=3) == ["a", "b", "c"]
    with pytest.raises(Refusal):
        Query(b"ids=a,b").listed("ids", most=1)


@pytest.mark.parametrize(
    "raw", [b"a=%ff", b"a=\xff", b"a=b%00c", b"a=1&" * 300, b"a=" + b"x" * MOST_CHARACTERS, b"a=%ed%a0%80"]
)
def test_what_is_no_query_is_refused(raw: bytes) -> None:
    """Broken, endless, or with a character that no text may hold."""
    with pytest.raises(Refusal):
        Query(raw)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (None, None),
        ("", None),
        ("fastcomments.sid=abc", "abc"),
        ('a=1; fastcomments.sid="abc" ; b=2', "abc"),
        ("xfastcomments.sid=abc", None),
        ("fastcomments.sid=", None),
        ("a; ;;=; fastcomments.sid=abc", "abc"),
    ],
)
def test_the_cookie_among_others(header: str | None, token: str | None) -> None:
    """Whatever stands beside it."""
    assert session_cookie(header) == token
