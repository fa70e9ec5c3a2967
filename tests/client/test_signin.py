"""Becoming somebody at a server: signed payloads, invitations, sessions, and every way in which a server says no."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from imagechat_tui.client import accounts, signin
from imagechat_tui.client.credentials import Credentials, Kept
from imagechat_tui.client.exchange import Exchange, Identity
from imagechat_tui.client.server import server_at
from imagechat_tui.errors import (
    ForeignServerError,
    NotAllowedError,
    NotFoundError,
    ServerError,
    UnreachableError,
    UsageError,
    UserError,
)
from imagechat_tui.server.auth import sso
from tests.client.hosts import Host, Said, http_host, said

NOW = 1_700_000_000_000
USER = {"id": "123", "email": "test@example.com", "username": "tester"}
OPENED = {
    "status": "success",
    "token": "t-1",
    "tenantId": "acme",
    "user": {"id": "acme:123", "username": "tester", "displayName": "Tess"},
}
KEPT_NAME = "Tess"
SESSION = "/imagechat/v1/session"
INVITE = "/imagechat/v1/invite"


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    """A host that knows nobody until told otherwise."""
    async with http_host() as host:
        yield host


def payload_file(folder: Path, contents: object) -> Path:
    """A sign-in file."""
    path = folder / "sso.json"
    path.write_bytes(msgspec.json.encode(contents))
    return path


def test_a_signed_payload_is_one_that_the_server_accepts() -> None:
    """Both ends agree on what is signed."""
    payload = signin.sign(USER, secret="test-api-secret", now_ms=NOW)
    user = sso.read(payload, tenant="acme", secret="test-api-secret", simple_allowed=False, now_ms=NOW)
    assert user is not None
    assert (user.id, user.username, user.email) == ("123", "tester", "test@example.com")


def test_the_signature_is_the_published_one() -> None:
    """The public test vector of an official client."""
    payload = msgspec.json.decode(signin.sign(USER, secret="test-api-secret", now_ms=NOW))
    spaced = '{"id": "123", "email": "test@example.com", "username": "tester"}'
    compact = '{"id":"123","email":"test@example.com","username":"tester"}'

    assert base64.b64decode(payload["userDataJSONBase64"]).decode() in {spaced, compact}
    assert payload["verificationHash"] == "f7e13d510e7f0cb11f027ce8161b8dc0f380df4aa85213ed15a973e34cb9dc2f"


def test_a_file_may_hold_a_ready_payload(tmp_path: Path) -> None:
    """As a backend signs it; what else it says goes no further."""
    ready = msgspec.json.decode(signin.sign(USER, secret="k", now_ms=NOW))
    found = signin.read_sso_file(payload_file(tmp_path, {**ready, "tenantId": "acme", "note": "x"}))
    assert found.tenant == "acme"
    assert msgspec.json.decode(found.payload) == ready


def test_a_file_may_hold_a_secret_and_a_user(tmp_path: Path) -> None:
    """Signed at the moment of use."""
    path = payload_file(tmp_path, {"tenant": "acme", "secret": "k", "user": USER})
    found = signin.read_sso_file(path, now_ms=NOW)
    assert found == signin.SsoFile(payload=signin.sign(USER, secret="k", now_ms=NOW), tenant="acme")


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


async def test_an_invitation_becomes_a_kept_session(host: Host, tmp_path: Path) -> None:
    """Its secret travels in the body only."""
    host.answers[INVITE] = said(OPENED)
    kept = await accounts.login(f"{host.url}{INVITE}#s3cret", state=tmp_path)
    assert kept == Kept(server=host.url, tenant="acme", token="t-1", name=KEPT_NAME, user_id="acme:123")
    assert Credentials(tmp_path).all() == [kept]
    (seen,) = host.seen
    assert (seen.method, seen.json) == ("POST", {"secret": "s3cret"})
    assert "s3cret" not in seen.target


@pytest.mark.parametrize("link", ["https://pins.example", "hello", "", "https://pins.example/imagechat/v1/invite"])
async def test_what_is_no_invitation_is_refused(link: str, tmp_path: Path) -> None:
    """Before anything is sent."""
    with pytest.raises(UsageError):
        await accounts.login(link, state=tmp_path)


async def test_an_invitation_is_not_sent_without_encryption(tmp_path: Path) -> None:
    """Anybody on the way could sign in with it."""
    with pytest.raises(UsageError, match="insecure-transport"):
        await accounts.login(f"http://pins.example{INVITE}#s3cret", state=tmp_path)


async def test_a_used_invitation_is_said_so(host: Host, tmp_path: Path) -> None:
    """And nothing is kept."""
    host.answers[INVITE] = said({"status": "failed", "reason": "no", "code": "unauthorized"}, status=401)
    with pytest.raises(NotAllowedError, match="new one"):
        await accounts.login(f"{host.url}{INVITE}#s3cret", state=tmp_path)
    assert Credentials(tmp_path).all() == []


async def test_a_payload_is_exchanged_once(host: Host, tmp_path: Path) -> None:
    """From then on the token is enough."""
    host.answers[SESSION] = said(OPENED)
    path = payload_file(tmp_path, {"tenant": "acme", "secret": "k", "user": USER})
    kept = await accounts.login_with_file(server_at(host.url), path, tenant=None, state=tmp_path)
    assert kept.token == "t-1"
    assert kept.sso is None
    body = host.seen[0].json
    assert isinstance(body, dict)
    assert body["tenantId"] == "acme"
    assert "secret" not in body["sso"]


async def test_a_payload_without_a_tenant_asks_for_one(host: Host, tmp_path: Path) -> None:
    """Nothing is guessed."""
    path = payload_file(tmp_path, {"secret": "k", "user": USER})
    with pytest.raises(UsageError, match="--tenant"):
        await accounts.login_with_file(server_at(host.url), path, tenant=None, state=tmp_path)


async def test_a_payload_that_names_nobody_is_no_sign_in(host: Host, tmp_path: Path) -> None:
    """The server gave an anonymous session: it is ended, not kept."""
    host.answers[SESSION] = said({**OPENED, "user": {"id": "anon:1", "isAnonSession": True}})
    path = payload_file(tmp_path, {"tenant": "acme", "secret": "k", "user": {"loginURL": "x"}})
    with pytest.raises(NotAllowedError, match="nobody"):
        await accounts.login_with_file(server_at(host.url), path, tenant=None, state=tmp_path)
    assert [seen.method for seen in host.seen] == ["POST", "DELETE"]
    assert Credentials(tmp_path).all() == []


async def test_a_plain_host_is_given_the_payload_itself_later(host: Host, tmp_path: Path) -> None:
    """It opens no sessions, but speaks the contract."""
    host.answers["/comment-image-chats/acme"] = said(
        {
            "status": "success",
            "user": None,
            "conversations": [],
            "urlIdClean": "imagechat",
            "isSiteAdmin": False,
            "tenantIdWS": "acme",
            "urlIdWS": "x",
            "userIdWS": "w",
        }
    )
    path = payload_file(tmp_path, {"tenant": "acme", "secret": "k", "user": USER})
    kept = await accounts.login_with_file(server_at(host.url), path, tenant=None, state=tmp_path)
    assert kept.token is None
    assert signin.identity_of(kept).sso == kept.sso is not None


async def test_signing_out_ends_the_session_and_forgets_it(host: Host, tmp_path: Path) -> None:
    """The latest one with a name, unless a server is named."""
    host.answers[SESSION] = said({"status": "success"})
    named = Kept(server=host.url, tenant="acme", token="t-1", user_id="acme:1")
    Credentials(tmp_path).keep(named)
    Credentials(tmp_path).keep(Kept(server=host.url, tenant="beta", token="t-2", user_id="anon:1"))
    assert await accounts.logout(state=tmp_path) == named
    assert host.seen[0].method == "DELETE"
    assert host.seen[0].headers["authorization"] == "Bearer t-1"
    assert Credentials(tmp_path).of(host.url, "acme") is None
    assert await accounts.logout(state=tmp_path) is None


async def test_a_session_is_forgotten_even_if_its_server_is_gone(tmp_path: Path) -> None:
    """The person is told that it may still be open there."""
    async with http_host() as gone:
        url = gone.url
    Credentials(tmp_path).keep(Kept(server=url, tenant="acme", token="t-1", user_id="acme:1"))
    with pytest.raises(UnreachableError):
        await accounts.logout(state=tmp_path)
    assert Credentials(tmp_path).all() == []


async def test_a_session_says_whose_it_is(host: Host, tmp_path: Path) -> None:
    """As the server says now; one that is over belongs to nobody."""
    assert await accounts.whoami(state=tmp_path) is None
    Credentials(tmp_path).keep(Kept(server=host.url, tenant="acme", token="t-1", user_id="acme:1"))
    host.answers[SESSION] = said({"status": "success", "tenantId": "acme", "user": None, "isSiteAdmin": True})
    account = await accounts.whoami(state=tmp_path)
    assert account is not None
    assert account.who is not None
    assert account.who.is_site_admin
    host.answers[SESSION] = said({"status": "failed", "reason": "over", "code": "unauthorized"}, status=401)
    account = await accounts.whoami(state=tmp_path)
    assert account is not None
    assert account.who is None


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


def test_the_person_at_this_machine_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even under a number that no account has, and never one that looks like an e-mail address."""
    monkeypatch.setenv("LOGNAME", "ana@corp")
    assert signin.this_user() == {"id": "ana-corp", "username": "ana-corp", "email": "ana-corp@localhost"}

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert str(signin.this_user()["id"]).startswith("user-")
