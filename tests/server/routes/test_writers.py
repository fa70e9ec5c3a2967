"""That somebody writes, over HTTP: what the host says it can, the limit of it, and the way to the others' sockets."""

import asyncio
import json
from pathlib import Path
from urllib.parse import urlencode

import httpx
from websockets.asyncio.client import ClientConnection, connect

from imagechat_tui.protocol import paths
from imagechat_tui.server.settings import Limits, Rate
from tests.support.people import make_board
from tests.support.servers import PATIENCE, InProcess, TenantKey, in_process


async def _watch(client: httpx.AsyncClient, server: InProcess, url_id: str, **more: str) -> ClientConnection:
    named = (await client.get(paths.image_chats("acme"), params={"urlId": url_id})).json()
    assert named["imagechat"]["typing"] is True
    names = {key: named[key] for key in ("urlIdWS", "userIdWS", "tenantIdWS")}
    query = urlencode({"urlId": names.pop("urlIdWS"), **names, **more})
    return await connect(f"{server.url.replace('http', 'ws', 1)}{paths.LIVE}?{query}")


async def test_the_others_are_told_who_writes_by_the_session_and_where_by_the_text(
    server: InProcess, acme: TenantKey
) -> None:
    """Nothing that the body could say makes it somebody else."""
    place = await make_board(server.url, acme, by="ann")
    async with (
        await acme.client(server.url, "ann") as ann,
        await acme.client(server.url, "bob") as bob,
        await _watch(bob, server, place.url_id, scope="board", batch="1") as socket,
    ):
        body = {"urlId": place.url_id, "userId": "acme:eve", "userName": "Eve"}
        answer = await ann.post(paths.typing("acme"), json=body)
        assert (answer.status_code, answer.json()) == (200, {"status": "success"})
        async with asyncio.timeout(PATIENCE):
            while (frame := json.loads(await socket.recv()))["type"] != "typing":
                pass
        log = (await bob.get(paths.log("acme"), params={"urlId": place.url_id, "after": 0})).json()
    assert frame == {"type": "typing", "who": [{"userId": "acme:ann", "userName": "ann"}]}
    assert not any(event["type"] == "typing" for event in log["events"])


async def test_a_flood_of_it_is_stopped_and_comments_go_on(tmp_path: Path) -> None:
    """It has a bucket of its own."""
    async with in_process(tmp_path, limits=Limits(typing=Rate(per_minute=1, burst=2))) as server:
        acme = await server.tenant("acme")
        place = await make_board(server.url, acme, by="ann")
        async with await acme.client(server.url, "ann") as ann, await acme.client(server.url, "bob") as bob:
            body = {"urlId": place.url_id}
            said = [(await ann.post(paths.typing("acme"), json=body)).status_code for _ in range(4)]
            assert said == [200, 200, 429, 429]
            assert (await bob.post(paths.typing("acme"), json=body)).status_code == 200
            marker = {"urlId": place.url_id, "x": 1, "y": 1, "comment": "c", "broadcastId": "b"}
            assert (await ann.post(paths.markers("acme"), json=marker)).status_code == 200


async def test_bad_bodies_are_refused(server: InProcess, acme: TenantKey) -> None:
    """With a word, never with an error of the server."""
    async with await acme.client(server.url, "ann") as ann:
        for body in (b"", b"[]", b"{}", b'{"urlId":1}', b'{"urlId":"x","chatId":[]}', b'{"urlId":"x","ended":"yes"}'):
            answer = await ann.post(paths.typing("acme"), content=body)
            assert answer.status_code == 400, body
