"""``userIdWS``: made by us, for one page, for one day, for the rights of that moment."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.server.auth import viewing
from imagechat_tui.server.auth.actors import Actor, Role

NOW = 1_700_000_000_000
DAY = 24 * 3600 * 1000
ANN = Actor(tenant="acme", role=Role.MEMBER, user_id="acme:ann", session="s1", groups=("b", "a"))


def _read(value: str, **changes: object) -> viewing.Pass | None:
    asked: dict[str, object] = {"tenant": "acme", "secret": "k", "pages": ["page"], "now_ms": NOW, **changes}
    return viewing.read(value, **asked)  # type: ignore[arg-type] # a test's short hand


def test_it_says_who_and_travels_in_an_address_as_it_is() -> None:
    """Unreserved characters only."""
    value = viewing.sign("k", ANN, "page", now_ms=NOW)
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", value)
    claims = _read(value)
    assert claims is not None
    assert (claims.user_id, claims.session) == ("acme:ann", "s1")


def test_no_two_are_equal() -> None:
    """Also those of guests in the same second."""
    guest = Actor(tenant="acme", role=Role.GUEST)
    assert viewing.sign("k", guest, "page", now_ms=NOW) != viewing.sign("k", guest, "page", now_ms=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"tenant": "other"},
        {"secret": "rotated"},
        {"pages": ["elsewhere"]},
        {"pages": []},
        {"now_ms": NOW + DAY},
    ],
)
def test_elsewhere_or_later_it_says_nothing(changes: dict[str, object]) -> None:
    """Bound to tenant, key, page and day."""
    value = viewing.sign("k", ANN, "page", now_ms=NOW)
    assert _read(value) is not None
    assert _read(value, **changes) is None


@given(st.text(max_size=300))
def test_made_up_values_say_nothing(value: str) -> None:
    """And raise nothing."""
    assert _read(value) is None


@given(st.integers(min_value=0, max_value=400), st.characters(codec="ascii"))
def test_a_touched_one_says_nothing(at: int, letter: str) -> None:
    """Every character counts."""
    value = viewing.sign("k", ANN, "page", now_ms=NOW)
    at %= len(value)
    touched = value[:at] + letter + value[at + 1 :]
    if touched != value:
        assert _read(touched) is None


def test_groups_are_compared_as_sets() -> None:
    """Their order says nothing; none and all are different."""
    assert viewing.groups_digest(["a", "b"]) == viewing.groups_digest(("b", "a"))
    assert len({viewing.groups_digest(groups) for groups in (None, [], ["a"], ["a", "b"], ["ab"])}) == 5
