"""Which names this server answers to, and which pages are its own."""

from pathlib import Path

import pytest

from imagechat_tui.server.auth.origins import host_rule, same_origin
from imagechat_tui.server.settings import Settings


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8787", "127.0.0.1:1", "[::1]", "[::1]:8787"])
def test_a_server_on_loopback_answers_to_names_of_loopback(tmp_path: Path, host: str) -> None:
    """With any port."""
    assert host_rule(Settings(data=tmp_path))(host)


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "localhost.evil.example", "evil.example:127.0.0.1", "127.0.0.1:1:2", "localhost:x", ":80"],
)
def test_a_page_of_the_web_reaches_no_server_on_loopback(tmp_path: Path, host: str) -> None:
    """Under whichever name its own server gave this address."""
    assert not host_rule(Settings(data=tmp_path))(host)


def test_named_hosts_are_the_only_ones(tmp_path: Path) -> None:
    """Beside loopback, from where proxies and probes ask."""
    answers = host_rule(Settings(data=tmp_path, host="0.0.0.0", allowed_hosts=("Pins.example",)))  # noqa: S104 - not bound
    assert answers("pins.example:8787")
    assert answers("localhost")
    assert not answers("other.example")


def test_a_server_for_others_without_named_hosts_answers_to_all(tmp_path: Path) -> None:
    """It does not know what it is called."""
    assert host_rule(Settings(data=tmp_path, host="0.0.0.0"))("any.example")  # noqa: S104 - not bound


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("null", "localhost"),
        ("", ""),
        ("https://[", "["),
        ("file://localhost", "localhost"),
        ("https://a.example.evil", "a.example"),
        ("https://user@a.example", "a.example"),
        ("https://a.example:8443", "a.example"),
    ],
)
def test_a_page_of_elsewhere_is_not_ours(origin: str, host: str) -> None:
    """However similar its name is."""
    assert not same_origin(origin, host)
