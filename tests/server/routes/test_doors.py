"""Host, Origin and CORS: which names and pages get in, before anybody asks who they are."""

import asyncio
import http.client
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from imagechat_tui.protocol import paths
from imagechat_tui.server.auth.origins import host_rule, same_origin
from imagechat_tui.server.routes.doors import tenant_of
from imagechat_tui.server.settings import Settings
from tests.support.servers import InProcess, in_process

SITE = "https://shop.example"
FOREIGN = "https://evil.example"
PREFLIGHT = {"access-control-request-method": "GET", "access-control-request-headers": "content-type"}


@pytest.fixture
async def listing(server: InProcess) -> InProcess:
    """The server, whose tenant lists one origin."""
    await server.tenant("shop", origins=[SITE])
    await server.tenant("other")
    return server


def _cors(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize("path", ["/event-log/shop", "/event-log/shop/", "/comments/shop", "/comments/shop/x/vote/y"])
async def test_a_listed_page_is_answered_before_it_asks(listing: InProcess, path: str) -> None:
    """Preflight, on both slash forms, without a redirect."""
    async with httpx.AsyncClient(base_url=listing.url) as browser:
        answer = await browser.options(path, headers={"origin": SITE, **PREFLIGHT})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "origin"
    assert {"content-type", "accept"} <= set(answer.headers["access-control-allow-headers"].split(", "))
    allowed = set(answer.headers["access-control-allow-methods"].split(", "))
    assert allowed == {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


async def test_a_listed_page_can_read_errors_too(listing: InProcess) -> None:
    """Also those of paths that do not exist."""
    async with httpx.AsyncClient(base_url=listing.url, headers={"origin": SITE}) as browser:
        for path, status in (("/comments/shop", 422), ("/comments/shop/a/b/c/d", 404), ("/comments/shop?urlId=x", 200)):
            answer = await browser.get(path)
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == SITE
            assert answer.headers["access-control-expose-headers"] == "retry-after"


@pytest.mark.parametrize(
    ("origin", "path"),
    [
        (FOREIGN, "/comments/shop?urlId=x"),
        (SITE, "/comments/other?urlId=x"),
        ("null", "/comments/shop?urlId=x"),
        (SITE.upper(), "/comments/shop?urlId=x"),
        (SITE, "/api/v1/tenant-daily-usage?tenantId=shop"),
        (SITE, "/healthz"),
    ],
)
async def test_other_pages_get_no_permission(listing: InProcess, origin: str, path: str) -> None:
    """Another origin, another tenant, the server-side API: no header at all, asked or not."""
    async with httpx.AsyncClient(base_url=listing.url, headers={"origin": origin}) as browser:
        assert _cors(await browser.get(path)) == {}
        assert _cors(await browser.options(path, headers=PREFLIGHT)) == {}


async def test_a_foreign_page_cannot_write_with_the_cookie_of_a_visitor(listing: InProcess) -> None:
    """403, whatever the path; the listed page and the server's own may."""
    body = {"commenterName": "A", "comment": "hi", "url": "u", "urlId": "w"}
    query = {"urlId": "w", "broadcastId": "1"}
    cookie = {"fastcomments.sid": "whatever"}
    async with httpx.AsyncClient(base_url=listing.url, cookies=cookie) as browser:
        for origin, status in ((FOREIGN, 403), ("null", 403), (SITE, 200), (listing.url, 200)):
            answer = await browser.post("/comments/shop", params=query, json=body, headers={"origin": origin})
            assert answer.status_code == status, (origin, answer.text)
            query["broadcastId"] += "1"


async def test_a_foreign_page_cannot_sign_a_visitor_in(listing: InProcess) -> None:
    """No session of somebody else's choice in a visitor's browser, even without a cookie yet."""
    async with httpx.AsyncClient(base_url=listing.url, headers={"origin": FOREIGN}) as browser:
        answer = await browser.post(paths.SESSIONS, json={"tenantId": "shop"})
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def _status_for_host(url: str, host: str | None) -> int:
    """Asks with exactly this ``Host``, which httpx would not send."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.putrequest("GET", "/comments/shop?urlId=x", skip_host=True)
    if host is not None:
        connection.putheader("Host", host)
    connection.endheaders()
    try:
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("host", "answers"),
    [
        ("localhost", True),
        ("LOCALHOST:1", True),
        ("127.0.0.1:8787", True),
        ("[::1]:8787", True),
        ("evil.example", False),
        ("evil.example:8787", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("", False),
        ("::1", False),
    ],
)
def test_a_loopback_server_answers_to_loopback_names(host: str, *, answers: bool) -> None:
    """Whatever a page's name resolves to."""
    assert host_rule(Settings(data=Path("x")))(host) is answers


def test_a_public_server_answers_to_every_name_unless_told() -> None:
    """Its operator may say which."""
    public = Settings(data=Path("x"), host="0.0.0.0")  # noqa: S104 - not listened on
    assert host_rule(public)("any.example")
    named = Settings(data=Path("x"), host="0.0.0.0", allowed_hosts=("chat.example",))  # noqa: S104 - the same
    assert host_rule(named)("chat.example:443")
    assert not host_rule(named)("any.example")


async def test_a_rebound_name_is_refused_over_the_wire(listing: InProcess) -> None:
    """421, with the shape of every error."""
    for host, status in (("localhost", 200), ("evil.example", 421), (None, 421)):
        assert await asyncio.to_thread(_status_for_host, listing.url, host) == status


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://a.example", "a.example", True),
        ("http://a.example:80", "a.example", True),
        ("https://A.example", "a.example:443", True),
        ("http://a.example:81", "a.example", False),
        ("http://b.example", "a.example", False),
        ("null", "null", False),
        ("file://a.example", "a.example", False),
        ("http://[", "a.example", False),
    ],
)
def test_the_servers_own_pages(origin: str, host: str, *, same: bool) -> None:
    """By host and port, as browsers write them."""
    assert same_origin(origin, host) is same


@pytest.mark.parametrize(
    ("path", "query", "tenant"),
    [
        ("/comments/acme", b"", "acme"),
        ("/event-log/acme/", b"", "acme"),
        ("/pages/acme/users/online", b"", "acme"),
        ("/imagechat/v1/markers/acme/m", b"", "acme"),
        ("/user-presence-status", b"tenantId=acme&x=1", "acme"),
        ("/user-presence-status", b"tenantId=\xff", None),
        ("/api/v1/tenant-daily-usage", b"tenantId=acme", None),
        ("/comments/", b"", None),
        ("/healthz", b"", None),
    ],
)
def test_the_tenant_of_an_address(path: str, query: bytes, tenant: str | None) -> None:
    """By the path where it has one, else by the query."""
    assert tenant_of(path, query) == tenant


async def test_the_cookie_of_a_browser_is_out_of_reach_of_scripts(tmp_path: Path) -> None:
    """HttpOnly and SameSite; Secure where the connection is."""
    async with in_process(tmp_path / "plain") as server:
        await server.tenant("shop")
        async with httpx.AsyncClient(base_url=server.url, headers={"origin": server.url}) as browser:
            cookie = (await browser.post(paths.SESSIONS, json={"tenantId": "shop"})).headers["set-cookie"]
    assert cookie.startswith("fastcomments.sid=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


async def test_the_cookie_goes_back_from_a_listed_page_over_tls_only(tmp_path: Path) -> None:
    """A widget in another site's page needs ``SameSite=None``, and that needs ``Secure``."""
    async with in_process(tmp_path, dev_cert=True) as server:
        await server.tenant("shop", origins=[SITE])
        trusting = ssl.create_default_context(cafile=str(server.running.ca))
        body = {"commenterName": "A", "comment": "hi", "url": "u", "urlId": "w"}
        for origin, same_site in ((SITE, "SameSite=None"), (server.url, "SameSite=Lax")):
            async with httpx.AsyncClient(base_url=server.url, verify=trusting, headers={"origin": origin}) as browser:
                query = {"urlId": "w", "broadcastId": origin}
                cookie = (await browser.post("/comments/shop", params=query, json=body)).headers["set-cookie"]
            assert {"HttpOnly", "Secure", same_site} <= {part.strip() for part in cookie.split(";")}
