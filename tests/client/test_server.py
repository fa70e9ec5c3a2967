"""The transport rule: nothing goes unencrypted to another machine unless the person said so."""

from pathlib import Path

import pytest

from imagechat_tui.client.server import Server, is_loopback, local_server, query, server_at
from imagechat_tui.errors import UsageError
from tests.client.certificates import make


@pytest.mark.parametrize(
    "url",
    [
        "http://pins.example",
        "http://10.0.0.1:8787",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://[2001:db8::1]",
        "http://0.0.0.0:8787",
    ],
)
def test_plain_http_to_another_machine_needs_a_word(url: str) -> None:
    """A name that only looks like this machine is another one."""
    with pytest.raises(UsageError, match="--insecure-transport"):
        server_at(url)
    assert server_at(url, insecure_transport=True).live_url.startswith("ws://")


@pytest.mark.parametrize(
    ("url", "origin", "live"),
    [
        ("https://pins.example", "https://pins.example", "wss://pins.example"),
        ("https://pins.example/", "https://pins.example", "wss://pins.example"),
        ("HTTPS://Pins.Example:443", "https://pins.example", "wss://pins.example"),
        ("https://pins.example:8443", "https://pins.example:8443", "wss://pins.example:8443"),
        (" http://localhost:8787 ", "http://localhost:8787", "ws://localhost:8787"),
        ("http://127.0.0.1:80", "http://127.0.0.1", "ws://127.0.0.1"),
        ("http://[::1]:8787", "http://[::1]:8787", "ws://[::1]:8787"),
    ],
)
def test_an_origin_has_one_spelling(url: str, origin: str, live: str) -> None:
    """Sessions are filed under it; the live socket is encrypted exactly when the rest is."""
    server = server_at(url)
    assert (server.base_url, server.live_url) == (origin, live)


@pytest.mark.parametrize(
    "url",
    [
        "pins.example",
        "ftp://pins.example",
        "https://",
        "https://user:password@pins.example",
        "https://pins.example/path",
        "https://pins.example?x=1",
        "https://pins.example:99999",
        "https://[broken",
        "",
    ],
)
def test_what_is_no_server_is_refused_in_one_sentence(url: str) -> None:
    """And a password never becomes part of an address."""
    with pytest.raises(UsageError) as refusal:
        server_at(url)
    assert "\n" not in str(refusal.value)
    assert "password@" not in str(refusal.value)


def test_the_rule_holds_however_a_server_is_made() -> None:
    """There is no way around it."""
    with pytest.raises(UsageError):
        Server(base_url="http://pins.example")


def test_escape_sequences_of_an_address_do_not_reach_the_screen() -> None:
    """A link is foreign text."""
    with pytest.raises(UsageError) as refusal:
        server_at("http://\x1b[31mpins.example")
    assert "\x1b" not in str(refusal.value)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine_by_name(host: str) -> None:
    """By its very name, without asking a name server."""
    assert is_loopback(host)


def test_the_local_server_needs_no_encryption() -> None:
    """Its socket lies in a folder of this user's."""
    server = local_server(Path("/run/x"))
    assert server.loopback
    assert server.tls() is None
    assert server.key == "unix:/run/x"


def test_a_ca_that_is_none_is_said_so(tmp_path: Path) -> None:
    """Before anything is sent."""
    (tmp_path / "ca.pem").write_text("no certificate")
    for path in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        with pytest.raises(UsageError, match="--ca"):
            server_at("https://pins.example", ca=path).tls()


def test_a_ca_is_trusted_beside_the_others(tmp_path: Path) -> None:
    """Naming one does not take the rest away."""
    ca, _ = make(tmp_path)
    plain = server_at("https://pins.example").tls()
    more = server_at("https://pins.example", ca=ca).tls()
    assert plain is not None
    assert more is not None
    assert len(more.get_ca_certs()) == len(plain.get_ca_certs()) + 1


def test_a_query_quotes_everything() -> None:
    """Keys hold addresses, which hold every sign there is."""
    assert query(a="x&y=z#%é /", b=None, c=0) == "?a=x%26y%3Dz%23%25%C3%A9%20%2F&c=0"
    assert query(a=None) == ""
