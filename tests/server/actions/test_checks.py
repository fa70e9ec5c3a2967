"""What is let in: texts that fit, places on the picture; and no text keeps the server busy."""

import math

import pytest

from imagechat_tui.protocol.limits import COMMENT_CHARACTERS, URL_ID_CHARACTERS
from imagechat_tui.server.actions import checks
from imagechat_tui.server.actions.refusals import Refusal


@pytest.mark.parametrize("value", [0, 100, 63.7, 1e-9])
def test_a_place_on_the_picture_is_let_in(value: float) -> None:
    """Both edges included."""
    assert checks.coordinate(value, "x") == value


@pytest.mark.parametrize("value", [-0.1, 100.1, math.nan, math.inf, -math.inf])
def test_a_place_beside_the_picture_is_refused(value: float) -> None:
    """With the name of the field."""
    with pytest.raises(Refusal, match="x must be"):
        checks.coordinate(value, "x")


@pytest.mark.parametrize("value", ["", "a\0b", "a" * (URL_ID_CHARACTERS + 1)])
def test_a_key_that_no_column_holds_is_refused(value: str) -> None:
    """Empty, with NUL, too long."""
    with pytest.raises(Refusal):
        checks.url_id(value)


@pytest.mark.parametrize(
    "picture",
    [
        "[img]https://e.org/{long}.png[/img]",
        "[IMG] https://e.org/{long}.png [/IMG]",
        "![](https://e.org/{long}.png)",
    ],
)
def test_addresses_of_pictures_do_not_count(picture: str) -> None:
    """Everything else does."""
    text = "x" * COMMENT_CHARACTERS + picture.format(long="y" * 500)
    assert checks.comment(text) == text
    with pytest.raises(Refusal):
        checks.comment(f"x{text}")


@pytest.mark.parametrize("start", ["![{many}](https://e.org/a.png)", "[img]{many}[/img]", "![]({many})"])
def test_what_stands_between_the_signs_of_a_picture_counts(start: str) -> None:
    """Only an address is no text: a caption is, and so is anything that no picture can be."""
    with pytest.raises(Refusal):
        checks.comment(start.format(many="`a" * COMMENT_CHARACTERS))


@pytest.mark.parametrize("sign", ["[img]", "![", "![](", "[img]https://e.org/", "![](https://e.org/"])
def test_pictures_that_never_close_count(sign: str) -> None:
    """As what they are: text."""
    with pytest.raises(Refusal):
        checks.comment(sign * (COMMENT_CHARACTERS // len(sign) + 1))


@pytest.mark.parametrize("value", ["", "  ", "\0"])
def test_an_empty_comment_is_refused(value: str) -> None:
    """White space is nothing."""
    with pytest.raises(Refusal, match="empty"):
        checks.comment(value)


def test_a_name_is_one_line_and_no_mail_address() -> None:
    """White space runs together."""
    assert checks.name("  Ana\n  B ") == "Ana B"
    for value in ("", " ", "a@b.example"):
        with pytest.raises(Refusal):
            checks.name(value)
