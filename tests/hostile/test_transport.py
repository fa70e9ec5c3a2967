"""What carries the words: every route under a foreign Host or Origin, no redirects, what protects a browser."""

from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from imagechat_tui.protocol import paths
from imagechat_tui.server.auth.sessions import COOKIE
from imagechat_tui.server.routes.table import entries
from tests.support.servers import in_process

_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_EVIL = "https://evil.example"
ROUTES = [
    (one.method, one.path.replace("{tenant}", "acme").replace("{", "").replace("}", ""))
    for one in entries()
]  # fmt: skip


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8787", ""])
async def test_no_route_answers_to_a_foreign_name(tmp_path: Path, host: str) -> None:
    """A page that had its own name point at this machine (DNS rebinding) learns nothing and changes nothing."""
    async with in_process(tmp_path) as server:
        token = await (await server.tenant()).sign_in(server.url, isAdmin=True)
        headers = {"Host": host, "Cookie": f"{COOKIE}={token}", "Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
            for method, path in ROUTES:
                answer = await client.request(method, path, params={"tenantId": "acme", "urlId": "p"})
                assert answer.status_code == 421, (method, path, answer.text)
                assert "access-control-allow-origin" not in answer.headers


async def test_no_page_of_elsewhere_writes_with_a_visitors_cookie(tmp_path: Path) -> None:
    """Nor signs them in or out; and it may read no answer."""
    async with in_process(tmp_path) as server:
        token = await (await server.tenant()).sign_in(server.url, isAdmin=True)
        for origin in (_EVIL, "null", server.url.replace("127.0.0.1", "localhost"), "http://127.0.0.1:1"):
            headers = {"Cookie": f"{COOKIE}={token}", "Origin": origin}
            async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
                for method, path in ROUTES:
                    answer = await client.request(method, path, params={"tenantId": "acme", "urlId": "p"})
                    assert "access-control-allow-origin" not in answer.headers, (method, path)
                    if method in _WRITES:
                        assert answer.status_code == 403, (method, path, origin, answer.text)


async def test_no_path_redirects_and_every_answer_protects_a_browser(tmp_path: Path) -> None:
    """With and without a slash at the end, doubled ones, errors included."""
    async with in_process(tmp_path) as server:
        await server.tenant()
        async with httpx.AsyncClient(base_url=server.url) as client:
            for method, path in [*ROUTES, ("GET", "/"), ("GET", "/nowhere"), ("GET", "//evil.example/")]:
                for form in (path, path + "/", path.replace("/", "//", 1)):
                    address = f"{server.url}{form}"
                    answer = await client.request(method, address, params={"tenantId": "acme", "urlId": "p"})
                    said = (method, form, answer.status_code, answer.headers)
                    assert not answer.is_redirect, said
                    assert "location" not in answer.headers, said
                    assert answer.headers.get("x-content-type-options") == "nosniff", said
                    assert answer.headers.get("referrer-policy") == "no-referrer", said
                    assert "cache-control" in answer.headers, said
                    assert "server" not in answer.headers, said
                    if "text/html" in answer.headers.get("content-type", ""):
                        assert "default-src 'none'" in answer.headers["content-security-policy"], said
                        assert answer.headers["x-frame-options"] == "DENY", said


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [("evil.example", None, 421), ("127.0.0.1", _EVIL, 403), ("127.0.0.1", "null", 403)],
)
async def test_no_live_socket_for_a_foreign_page_or_name(
    tmp_path: Path, host: str, origin: str | None, status: int
) -> None:
    """Whatever pass it shows."""
    async with in_process(tmp_path) as server:
        acme = await server.tenant()
        async with await acme.client(server.url) as ann:
            chats = (await ann.get(paths.image_chats("acme"), params={"urlId": "p"})).json()
        query = f"?urlId={chats['urlIdWS']}&userIdWS={chats['userIdWS']}&tenantIdWS=acme"
        live = server.url.replace("http", "ws") + paths.LIVE + query
        async with connect(live):
            pass
        port, address = int(server.url.rpartition(":")[2]), live.replace("127.0.0.1", host)
        page = None if origin is None else Origin(origin)
        with pytest.raises(InvalidStatus) as refusal:
            await connect(address, origin=page, host="127.0.0.1", port=port)
        assert refusal.value.response.status_code == status


async def test_a_token_that_was_planted_is_of_no_use_after_the_sign_in(tmp_path: Path) -> None:
    """Session fixation by cookie: the visitor's session is a new one, and the planted one is over."""
    async with in_process(tmp_path) as server:
        acme = await server.tenant()
        async with httpx.AsyncClient(base_url=server.url) as attacker:
            planted = (await attacker.post(paths.SESSIONS, json={"tenantId": "acme"})).json()["token"]
        headers = {"Cookie": f"{COOKIE}={planted}", "Origin": server.url}
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as visitor:
            opened = await visitor.post(paths.SESSIONS, json={"tenantId": "acme", "sso": acme.sso("ann")})
        assert opened.json()["token"] != planted
        async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {planted}"}) as attacker:
            assert (await attacker.get(paths.SESSIONS)).status_code == 401


async def test_a_payload_of_one_tenant_is_nothing_to_another_and_old_ones_are_over(tmp_path: Path) -> None:
    """Replayed elsewhere, after the key was rotated, or with one character changed."""
    async with in_process(tmp_path) as server:
        acme = await server.tenant("acme")
        await server.tenant("zeta")
        payload = acme.sso("ann", isAdmin=True)
        async with httpx.AsyncClient(base_url=server.url) as client:
            for tenant, text in (("zeta", payload), ("acme", payload.replace('"timestamp":1', '"timestamp":2'))):
                answer = await client.post(paths.SESSIONS, json={"tenantId": tenant, "sso": text})
                assert answer.status_code == 401, answer.text
