"""How long an invitation lasts, and to which address it leads."""

from pathlib import Path

import pytest

from imagechat_tui.cli import invite
from imagechat_tui.config import Config, Serve
from imagechat_tui.errors import UsageError


@pytest.mark.parametrize(("text", "minutes"), [("30m", 30), ("12h", 720), ("7d", 10_080), ("365d", 525_600)])
def test_an_age_is_a_number_and_a_unit(text: str, minutes: int) -> None:
    """In milliseconds."""
    assert invite._age_ms(text) == minutes * 60_000


@pytest.mark.parametrize("text", ["", "0d", "-1d", "7", "d", "7 d", "1w", "366d", "99999d", "٣d"])
def test_any_other_age_is_wrong_use(text: str) -> None:
    """With the flag's name."""
    with pytest.raises(UsageError, match="--expires"):
        invite._age_ms(text)


@pytest.mark.parametrize(
    ("config", "origin"),
    [
        (Config(server="https://pins.example/"), "https://pins.example"),
        (Config(), "http://127.0.0.1:8787"),
        (Config(serve=Serve(host="::1", port=1)), "http://[::1]:1"),
        (Config(serve=Serve(tls_cert=Path("c.pem"))), "https://127.0.0.1:8787"),
    ],
)
def test_the_link_leads_to_the_server(config: Config, origin: str) -> None:
    """As people reach it, else as it is configured here."""
    assert invite._origin(config) == origin
