"""Refusals and silences become one sentence with the right blame."""

import pytest

from imagechat_tui.client import signin
from imagechat_tui.client.exchange import Exchange, Identity
from imagechat_tui.client.server import server_at
from imagechat_tui.errors import (
    ForeignServerError,
    NotAllowedError,
    NotFoundError,
    ServerError,
    UnreachableError,
)
from tests.client.hosts import Host, Said, said

SESSION = "/imagechat/v1/session"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (said({"status": "failed", "reason": "x", "code": "invalid-tenant"}, status=404), NotFoundError),
        (said({"status": "failed", "reason": "x", "code": "malformed-sso"}, status=401), NotAllowedError),
        (said({"status": "failed", "reason": "x", "code": "unauthorized"}, status=403), NotAllowedError),
        (said({"status": "failed", "reason": "x", "code": "rate-limited"}, status=429, Retry_After="3"), ServerError),
        (said({"status": "failed", "reason": "x", "code": "internal"}, status=500), ServerError),
        (Said(status=404, body=b"<html>"), ForeignServerError),
        (Said(status=502, body=b"<html>bad gateway"), ForeignServerError),
        (Said(body=b"<html>welcome"), ForeignServerError),
        (Said(raw=b"\x00\x01\x02\r\n\r\n"), ForeignServerError),
        (Said(raw=b""), UnreachableError),
    ],
)
async def test_every_refusal_is_one_sentence(host: Host, answer: Said, error: type[Exception]) -> None:
    """With the right blame, which decides a command's exit code."""
    host.answers[SESSION] = answer
    exchange = Exchange(server_at(host.url))
    with pytest.raises(error) as refusal:
        await signin.open_session(exchange, "acme", sso="{}")
    await exchange.close()
    assert str(refusal.value)
    assert "\n" not in str(refusal.value)


async def test_the_words_of_a_server_are_foreign_text(host: Host) -> None:
    """Escape sequences in a reason do not reach the screen."""
    host.answers[SESSION] = said({"status": "failed", "reason": "\x1b[2Jno", "code": "x"}, status=403)
    exchange = Exchange(server_at(host.url), identity=Identity(token="t"))
    with pytest.raises(NotAllowedError) as refusal:
        await signin.open_session(exchange, "acme")
    await exchange.close()
    assert "\x1b" not in str(refusal.value)
