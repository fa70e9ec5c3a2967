"""Somebody who was sent away gets nothing: no session, no socket, no old payload, invitation or pass is of use."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from imagechat_tui.protocol import paths
from tests.cli.commands import Ended, imagechat
from tests.support.people import make_board
from tests.support.servers import ServerProcess, process


def _tenant(home: Path, *words: str) -> Ended:
    return imagechat(home, "tenant", *words, "--data", str(home / "data"))


async def _command(home: Path, *words: str) -> Ended:
    ended = await asyncio.to_thread(_tenant, home, *words)
    assert ended.code == 0, ended.err
    return ended


async def _until_refused(client: httpx.AsyncClient, path: str, query: dict[str, str]) -> httpx.Response:
    async with asyncio.timeout(5):
        while True:
            answer = await client.get(path, params=query)
            if answer.status_code != 200:
                return answer
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("named", ["ann", "acme:ann"])
async def test_a_removed_user_gets_nothing_and_others_go_on(tmp_path: Path, named: str) -> None:
    """Within five seconds, by a command beside the running server."""
    async with process(tmp_path / "data") as server:
        acme = await server.tenant()
        place = await make_board(server.url, acme, by="bob", visibility="tenant")
        payload = acme.sso("ann", isAdmin=True)
        invited = await asyncio.to_thread(
            imagechat, tmp_path, "invite", "ann", "--tenant", "acme", "--data", str(tmp_path / "data")
        )
        page = {"urlId": place.url_id}
        async with (
            await acme.client(server.url, "ann", isAdmin=True) as ann,
            await acme.client(server.url, "bob") as bob,
            httpx.AsyncClient(base_url=server.url) as nobody,
        ):
            chats = (await ann.get(paths.image_chats("acme"), params=page)).json()
            query = f"?urlId={chats['urlIdWS']}&userIdWS={chats['userIdWS']}&tenantIdWS=acme"
            async with connect(server.url.replace("http", "ws") + paths.LIVE + query) as socket:
                listed = json.loads((await _command(tmp_path, "users", "acme", "--json")).out)
                assert {one["id"]: one["role"] for one in listed} == {"acme:ann": "admin", "acme:bob": "member"}
                await _command(tmp_path, "remove-user", "acme", named)
                async with asyncio.timeout(5):
                    await socket.wait_closed()
            assert (await _until_refused(ann, paths.boards("acme"), page)).status_code == 401
            for answer in (
                await nobody.get(paths.boards("acme"), params={**page, "sso": payload}),
                await nobody.post(paths.SESSIONS, json={"tenantId": "acme", "sso": payload}),
                await nobody.post(paths.INVITE, json={"secret": invited.out.strip().rpartition("#")[2]}),
                await nobody.get(
                    paths.event_log("acme"), params={**page, "userIdWS": chats["userIdWS"], "startTime": "0"}
                ),
            ):
                assert answer.status_code in {401, 403}, answer.text
            with pytest.raises(InvalidStatus):
                await connect(server.url.replace("http", "ws") + paths.LIVE + query)
            assert (await bob.get(paths.boards("acme"), params=page)).status_code == 200
            users = (await _command(tmp_path, "users", "acme")).out
            assert "acme:bob" in users
            assert "acme:ann" not in users
            back = await nobody.post(paths.SESSIONS, json={"tenantId": "acme", "sso": acme.sso("ann")})
            assert back.status_code == 200, "the tenant's own site decides who signs in from now on"
            assert (await _who(server, back.json()["token"]))["isSiteAdmin"] is False


async def _who(server: ServerProcess, token: str) -> dict[str, object]:
    async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}) as client:
        found: dict[str, object] = (await client.get(paths.SESSIONS)).json()
        return found


async def test_an_anonymous_session_can_be_sent_away_as_well(tmp_path: Path) -> None:
    """By the id that its comments show."""
    async with process(tmp_path / "data") as server:
        await server.tenant()
        async with httpx.AsyncClient(base_url=server.url) as client:
            opened = (await client.post(paths.SESSIONS, json={"tenantId": "acme"})).json()
            client.headers["Authorization"] = f"Bearer {opened['token']}"
            await _command(tmp_path, "remove-user", "acme", opened["user"]["id"])
            assert (await _until_refused(client, paths.SESSIONS, {})).status_code == 401
