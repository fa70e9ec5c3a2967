"""Behind a trusted proxy every caller has limits of their own; nobody else can choose an address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from imagechat_tui.protocol import paths
from imagechat_tui.server.auth.sessions import COOKIE
from imagechat_tui.server.settings import Limits, Rate
from tests.cli.commands import imagechat
from tests.support.people import picture
from tests.support.servers import InProcess, in_process

_FEW = Limits(sign_ins=Rate(per_minute=1, burst=2), sockets_per_address=2)


@asynccontextmanager
async def _served(data: Path, *, trusted: tuple[str, ...]) -> AsyncIterator[InProcess]:
    async with in_process(data, limits=_FEW, trusted_proxies=trusted) as server:
        await server.tenant()
        yield server


async def _sign_in(server: InProcess, forwarded: str) -> int:
    async with httpx.AsyncClient(base_url=server.url, headers={"X-Forwarded-For": forwarded}) as client:
        return (await client.post(paths.SESSIONS, json={"tenantId": "acme"})).status_code


@pytest.mark.parametrize(
    ("trusted", "statuses"), [(("127.0.0.1",), [200, 200, 429, 200]), ((), [200, 200, 429, 429]), (("10.0.0.1",), None)]
)
async def test_buckets_by_address_are_the_callers(
    tmp_path: Path, trusted: tuple[str, ...], statuses: list[int] | None
) -> None:
    """The third sign-in of one caller is too many; another caller is another one only if the proxy is believed."""
    callers = ["203.0.113.1", "203.0.113.66, 203.0.113.1", "203.0.113.67, 203.0.113.1", "203.0.113.2"]
    async with _served(tmp_path, trusted=trusted) as server:
        assert [await _sign_in(server, one) for one in callers] == (statuses or [200, 200, 429, 429])


async def test_sockets_by_address_are_the_callers(tmp_path: Path) -> None:
    """The third socket of one caller is refused, and has a place again when one has left."""
    async with _served(tmp_path, trusted=("127.0.0.0/8",)) as server:
        async with httpx.AsyncClient(base_url=server.url) as client:
            chats = (await client.get(paths.image_chats("acme"), params={"urlId": "p"})).json()
        query = f"?urlId={chats['urlIdWS']}&userIdWS={chats['userIdWS']}&tenantIdWS=acme"
        live = server.url.replace("http", "ws") + paths.LIVE + query

        def knock(caller: str) -> Any:
            return connect(live, additional_headers={"X-Forwarded-For": f"198.51.100.1, {caller}"})

        async with knock("203.0.113.1"), knock("203.0.113.2"):
            async with knock("203.0.113.1"):
                with pytest.raises(InvalidStatus) as refusal:
                    await knock("203.0.113.1")
                assert refusal.value.response.status_code == 429
            async with asyncio.timeout(20):
                while True:
                    try:
                        async with knock("203.0.113.1"):
                            break
                    except InvalidStatus:
                        await asyncio.sleep(0.02)


@pytest.mark.parametrize("trusted", [("127.0.0.1",), ()])
async def test_tls_of_a_trusted_proxy_is_tls(tmp_path: Path, trusted: tuple[str, ...]) -> None:
    """For the session's cookie, and in the addresses of pictures."""
    async with in_process(tmp_path, trusted_proxies=trusted) as server:
        acme = await server.tenant()
        headers = {"X-Forwarded-Proto": "https", "Origin": server.url}
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
            opened = await client.post(paths.SESSIONS, json={"tenantId": "acme", "sso": acme.sso()})
            cookie = opened.headers["set-cookie"]
            assert cookie.startswith(f"{COOKIE}=")
            assert ("Secure" in cookie) is bool(trusted)
            files = {"file": ("x.png", picture(width=20, height=20), "image/png")}
            stored = await client.post(paths.upload_image("acme"), files=files, params={"urlId": "p"})
            assert stored.json()["url"].startswith("https://" if trusted else "http://")


def test_a_wrong_network_is_wrong_use(tmp_path: Path) -> None:
    """Said with the flag's name."""
    ended = imagechat(tmp_path, "serve", "--trusted-proxies", "10.0.0.0/8,proxy.example", "--data", str(tmp_path / "d"))
    assert ended.code == 2
    assert "--trusted-proxies" in ended.err
