"""Whose word about addresses is believed, and how far."""

import pytest

from imagechat_tui.errors import UserError
from imagechat_tui.server.auth.proxies import counted_as, limited_as, proxies

PROXY, SECOND, CALLER, LIE = "10.0.0.7", "10.1.2.3", "203.0.113.9", "198.51.100.66"
TRUSTED = proxies(("10.0.0.7", "10.1.0.0/16", "fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        (CALLER, [LIE], CALLER),
        (CALLER, [], CALLER),
        (None, [LIE], None),
        (PROXY, [], PROXY),
        (PROXY, [CALLER], CALLER),
        (PROXY, [f"{LIE}, {CALLER}"], CALLER),
        (PROXY, [LIE, CALLER], CALLER),
        (PROXY, [f"{LIE}, {CALLER}, {SECOND}"], CALLER),
        (PROXY, [f"{CALLER}, nonsense"], PROXY),
        (PROXY, [f"{CALLER}, nonsense, {SECOND}"], SECOND),
        (PROXY, [SECOND], SECOND),
        (PROXY, [f"{CALLER}:4711"], CALLER),
        (PROXY, ["[2001:db8::1]:4711"], "2001:db8::1"),
        (PROXY, [f"::ffff:{CALLER}"], CALLER),
        (f"::ffff:{PROXY}", [CALLER], CALLER),
        ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
        (PROXY, ["", " , "], PROXY),
        (PROXY, ["x" * 100_000 + f",{CALLER}"], CALLER),
    ],
)
def test_the_last_address_that_no_proxy_has_is_the_callers(
    peer: str | None, forwarded: list[str], caller: str | None
) -> None:
    """What stands further left is the caller's own invention."""
    assert TRUSTED.caller(peer, forwarded) == caller


def test_without_trust_nobody_is_believed() -> None:
    """The default."""
    assert proxies(()).caller("127.0.0.1", [CALLER]) == "127.0.0.1"


def test_one_network_of_ipv6_is_one_caller_and_this_machine_is_not_counted() -> None:
    """A subscriber has as many addresses of it as they like."""
    assert limited_as("2001:db8:0:1::1") == limited_as("2001:db8:0:1:ffff::2") != limited_as("2001:db8:0:2::1")
    assert limited_as(CALLER) == limited_as(f"::ffff:{CALLER}") == CALLER
    assert counted_as("2001:db8:0:1::1") == "2001:db8:0:1::/64"
    assert counted_as("127.0.0.1") is counted_as("::1") is counted_as(None) is None


@pytest.mark.parametrize("wrong", ["x", "10.0.0.0/99", "10.0.0", "*"])
def test_what_is_no_network_is_said(wrong: str) -> None:
    """Before the server starts."""
    with pytest.raises(UserError, match=r"such as 10\.0\.0\.7"):
        proxies((wrong,))
