"""Becoming somebody at a server: signed payloads, invitations, sessions, and every way in which a server says no."""

import base64
from pathlib import Path

import msgspec
import pytest

from imagechat_tui.client import signin
from imagechat_tui.errors import (
    NotFoundError,
    UserError,
)
from imagechat_tui.protocol.sso import sign
from imagechat_tui.server.auth import sso

NOW = 1_700_000_000_000
USER = {"id": "123", "email": "test@example.com", "username": "tester"}


def payload_file(folder: Path, contents: object) -> Path:
    """A sign-in file."""
    path = folder / "sso.json"
    path.write_bytes(msgspec.json.encode(contents))
    return path


def test_a_signed_payload_is_one_that_the_server_accepts() -> None:
    """Both ends agree on what is signed."""
    payload = sign(USER, secret="test-api-secret", now_ms=NOW)
    user = sso.read(payload, tenant="acme", secret="test-api-secret", simple_allowed=False, now_ms=NOW)
    assert user is not None
    assert (user.id, user.username, user.email) == ("123", "tester", "test@example.com")


def test_the_signature_is_the_published_one() -> None:
    """The public test vector of an official client."""
    payload = msgspec.json.decode(sign(USER, secret="test-api-secret", now_ms=NOW))
    spaced = '{"id": "123", "email": "test@example.com", "username": "tester"}'
    compact = '{"id":"123","email":"test@example.com","username":"tester"}'

    assert base64.b64decode(payload["userDataJSONBase64"]).decode() in {spaced, compact}
    assert payload["verificationHash"] == "f7e13d510e7f0cb11f027ce8161b8dc0f380df4aa85213ed15a973e34cb9dc2f"


def test_a_file_may_hold_a_ready_payload(tmp_path: Path) -> None:
    """As a backend signs it; what else it says goes no further."""
    ready = msgspec.json.decode(sign(USER, secret="k", now_ms=NOW))
    found = signin.read_sso_file(payload_file(tmp_path, {**ready, "tenantId": "acme", "note": "x"}))
    assert found.tenant == "acme"
    assert msgspec.json.decode(found.payload) == ready


def test_a_file_may_hold_a_secret_and_a_user(tmp_path: Path) -> None:
    """Signed at the moment of use."""
    path = payload_file(tmp_path, {"tenant": "acme", "secret": "k", "user": USER})
    found = signin.read_sso_file(path, now_ms=NOW)
    assert found == signin.SsoFile(payload=sign(USER, secret="k", now_ms=NOW), tenant="acme")


@pytest.mark.parametrize(
    "contents",
    [{}, [], {"secret": "s3cret"}, {"user": USER}, {"userDataJSONBase64": "x", "verificationHash": "s3cret"}, 7],
)
def test_any_other_file_is_refused_in_one_sentence(tmp_path: Path, contents: object) -> None:
    """It repeats nothing of the contents."""
    with pytest.raises(UserError) as refusal:
        signin.read_sso_file(payload_file(tmp_path, contents))
    assert "s3cret" not in str(refusal.value)
    with pytest.raises(NotFoundError):
        signin.read_sso_file(tmp_path / "missing")
    with pytest.raises(UserError):
        signin.read_sso_file(tmp_path)


def test_the_person_at_this_machine_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even under a number that no account has, and never one that looks like an e-mail address."""
    monkeypatch.setenv("LOGNAME", "ana@corp")
    assert signin.this_user() == {"id": "ana-corp", "username": "ana-corp", "email": "ana-corp@localhost"}

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert str(signin.this_user()["id"]).startswith("user-")
