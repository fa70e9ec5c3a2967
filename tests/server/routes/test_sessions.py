"""Signing in, being told who one is, signing out; invitations; and what ends with a rotated key."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete

from imagechat_tui.protocol import paths
from imagechat_tui.server.auth.sessions import token_hash
from imagechat_tui.server.settings import Limits, Rate
from imagechat_tui.server.store import invitations, tables, tenants, users
from imagechat_tui.server.store.invitations import Invitation
from tests.support.servers import InProcess, TenantKey, in_process

DAY_MS = 24 * 3600 * 1000


async def _who(server: InProcess, token: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=server.url) as client:
        return await client.get(paths.SESSIONS, headers={"Authorization": f"Bearer {token}"})


async def _invite(server: InProcess, secret: str, *, expires_ms: int | None = None, role: str = "moderator") -> None:
    deps = server.running.deps
    invitation = Invitation(
        tenant="acme",
        user_id="acme:bob",
        username="bob",
        role=role,
        groups=None,
        expires_ms=deps.clock_ms() + DAY_MS if expires_ms is None else expires_ms,
    )
    hashed = token_hash(secret)
    await deps.database.write(lambda tx: invitations.add(tx, invitation, secret_hash=hashed, now_ms=1))


async def _redeem(server: InProcess, secret: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=server.url) as client:
        return await client.post(paths.INVITE, json={"secret": secret})


async def test_a_payload_is_exchanged_once_for_a_token(server: InProcess, acme: TenantKey) -> None:
    """The token says who one is, until the sign-out."""
    token = await acme.sign_in(server.url, "ann", isAdmin=True, displayName="Ann B.")
    who = await _who(server, token)
    assert who.status_code == 200
    assert who.json()["tenantId"] == "acme"
    assert who.json()["isSiteAdmin"] is True
    assert (who.json()["user"]["id"], who.json()["user"]["displayName"]) == ("acme:ann", "Ann B.")
    async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}) as client:
        assert (await client.delete(paths.SESSIONS)).status_code == 200
    assert (await _who(server, token)).status_code == 401


async def test_without_a_payload_the_session_is_anonymous(server: InProcess, acme: TenantKey) -> None:
    """It may write, and repeats its token as ``sessionId``."""
    async with httpx.AsyncClient(base_url=server.url) as client:
        opened = (await client.post(paths.SESSIONS, json={"tenantId": acme.name})).json()
    assert opened["user"]["isAnonSession"] is True
    assert opened["user"]["sessionId"] == opened["token"]
    assert opened["user"]["id"].startswith("anon:")
    assert (await _who(server, opened["token"])).json()["user"]["id"] == opened["user"]["id"]


async def test_signing_in_again_ends_the_session_before(server: InProcess, acme: TenantKey) -> None:
    """A token that somebody else may know does not survive a sign-in (session fixation)."""
    old = await acme.sign_in(server.url, "ann")
    async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {old}"}) as client:
        answer = await client.post(paths.SESSIONS, json={"tenantId": "acme", "sso": acme.sso("ann")})
    new = answer.json()["token"]
    assert new != old
    assert (await _who(server, old)).status_code == 401
    assert (await _who(server, new)).status_code == 200


@pytest.mark.parametrize("token", ["x", "x" * 5000, "é", "' OR 1=1 --"])
@pytest.mark.usefixtures("acme")
async def test_a_token_that_nobody_was_given_is_refused(server: InProcess, token: str) -> None:
    """401, also where a guest may read: who shows a token means it."""
    headers = {b"authorization": f"Bearer {token}".encode()}
    async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
        assert (await client.get(paths.SESSIONS)).status_code == 401
        assert (await client.get("/comments/acme", params={"urlId": "x"})).status_code == 401


async def test_a_session_of_one_tenant_is_nothing_to_another(server: InProcess, acme: TenantKey) -> None:
    """Tokens do not travel."""
    await server.tenant("other")
    token = await acme.sign_in(server.url, "ann", isAdmin=True)
    async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}) as client:
        assert (await client.get("/comments/other", params={"urlId": "x"})).status_code == 401
        usage = await client.get(paths.USAGE, params={"tenantId": "other"})
        assert usage.status_code == 401
    async with httpx.AsyncClient(base_url=server.url) as client:
        nameless = (await client.post(paths.SESSIONS, json={"tenantId": "acme"})).json()["token"]
        headers = {"Authorization": f"Bearer {nameless}"}
        for tenant, status in (("acme", 200), ("other", 401)):
            answer = await client.get(f"/comments/{tenant}", params={"urlId": "x"}, headers=headers)
            assert answer.status_code == status


async def test_a_rotated_key_ends_sessions_and_voids_payloads(server: InProcess, acme: TenantKey) -> None:
    """Here at once; other processes notice within seconds."""
    token, payload = await acme.sign_in(server.url, "ann"), acme.sso("ann")
    deps = server.running.deps
    await deps.database.write(lambda tx: tenants.rotate_key(tx, "acme", secret="another"))
    deps.directory.forget()
    assert (await _who(server, token)).status_code == 401
    async with httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.get("/comments/acme", params={"urlId": "x", "sso": payload})).status_code == 401


async def test_rights_are_those_of_the_person_now(server: InProcess, acme: TenantKey) -> None:
    """A payload that no longer says administrator takes the right from every session; a removed user has none."""
    token = await acme.sign_in(server.url, "ann", isAdmin=True)
    await acme.sign_in(server.url, "ann", isAdmin=False)
    assert (await _who(server, token)).json()["isSiteAdmin"] is False
    deps = server.running.deps
    await deps.database.write(lambda tx: tx.connection.execute(delete(tables.users)))
    deps.directory.forget()
    assert (await _who(server, token)).status_code == 401


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("roles", [("member", "moderator"), ("moderator", "member")])
async def test_an_invitation_promotes_who_is_known_and_demotes_nobody(
    server: InProcess, roles: tuple[str, str]
) -> None:
    """An operator who invites a colleague as a moderator means it; a link for a second device takes no right away."""
    for number, role in enumerate(roles):
        await _invite(server, f"s3cret{number}", role=role)
        assert (await _redeem(server, f"s3cret{number}")).status_code == 200
    deps = server.running.deps
    known = await deps.database.read(lambda connection: users.find(connection, "acme", "acme:bob"))
    assert known is not None
    assert known.role == "moderator"


@pytest.mark.usefixtures("acme")
async def test_an_invitation_signs_in_once(server: InProcess) -> None:
    """And a preview that opens the link burns nothing."""
    await _invite(server, "s3cret")
    async with httpx.AsyncClient(base_url=server.url) as preview:
        page = await preview.get(paths.INVITE, headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "imagechat login" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    opened = await _redeem(server, "s3cret")
    assert opened.status_code == 200
    assert opened.json()["user"]["id"] == "acme:bob"
    assert (await _who(server, opened.json()["token"])).json()["isSiteAdmin"] is True
    assert (await _redeem(server, "s3cret")).status_code == 401


@pytest.mark.parametrize("secret", ["", "unknown", "x" * 100_000, "s3cret\0"])
@pytest.mark.usefixtures("acme")
async def test_a_guessed_invitation_is_refused(server: InProcess, secret: str) -> None:
    """Whatever it is."""
    await _invite(server, "s3cret")
    assert (await _redeem(server, secret)).status_code == 401


@pytest.mark.usefixtures("acme")
async def test_an_invitation_ends(server: InProcess) -> None:
    """After its time nobody comes in."""
    await _invite(server, "s3cret", expires_ms=1)
    assert (await _redeem(server, "s3cret")).status_code == 401


@pytest.mark.usefixtures("acme")
async def test_trying_secrets_is_slow(tmp_path: Path) -> None:
    """429 with ``Retry-After`` after a burst from one address."""
    async with in_process(tmp_path, limits=Limits(sign_ins=Rate(per_minute=1, burst=3))) as server:
        answers = [await _redeem(server, f"guess-{number}") for number in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.usefixtures("acme")
async def test_a_claimed_name_is_refused_unless_the_tenant_accepts_it(server: InProcess) -> None:
    """Off by default; where it is on, the name belongs to nobody."""
    await server.tenant("open", simple_sso=True)
    claim = '{"email":"ann@x.example","username":"ann","isAdmin":true}'
    async with httpx.AsyncClient(base_url=server.url) as client:
        refused = await client.get("/comments/acme", params={"urlId": "x", "sso": claim})
        assert (refused.status_code, refused.json()["code"]) == (401, "malformed-sso")
        accepted = await client.get("/comments/open", params={"urlId": "x", "sso": claim})
        assert accepted.json()["isSiteAdmin"] is False
        assert accepted.json()["user"]["id"].startswith("open:simple:")
