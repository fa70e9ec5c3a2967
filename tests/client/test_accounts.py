"""Signing in and out as commands do it, and what is kept of it."""

from pathlib import Path

import msgspec
import pytest

from imagechat_tui.client import accounts, signin
from imagechat_tui.client.credentials import Credentials, Kept
from imagechat_tui.client.server import server_at
from imagechat_tui.errors import (
    NotAllowedError,
    UnreachableError,
    UsageError,
)
from tests.client.asking import CHATS
from tests.client.hosts import Host, http_host, said

OPENED = {
    "status": "success",
    "token": "t-1",
    "tenantId": "acme",
    "user": {"id": "acme:123", "username": "tester", "displayName": "Tess"},
}


INVITE = "/imagechat/v1/invite"
SESSION = "/imagechat/v1/session"
USER = {"id": "123", "email": "test@example.com", "username": "tester"}


def payload_file(folder: Path, contents: object) -> Path:
    """A sign-in file."""
    path = folder / "sso.json"
    path.write_bytes(msgspec.json.encode(contents))
    return path


async def test_an_invitation_becomes_a_kept_session(host: Host, tmp_path: Path) -> None:
    """Its secret travels in the body only."""
    host.answers[INVITE] = said(OPENED)
    kept = await accounts.login(f"{host.url}{INVITE}#s3cret", state=tmp_path)
    assert kept == Kept(server=host.url, tenant="acme", token="t-1", name="Tess", user_id="acme:123")
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
    host.answers["/comment-image-chats/acme"] = said(CHATS)
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
