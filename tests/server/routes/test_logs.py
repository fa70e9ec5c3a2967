"""What a server writes about its requests: useful, and without anything that opens a door."""

import asyncio
import uuid
from pathlib import Path

import websockets

from imagechat_tui.protocol import paths
from tests.support.servers import process


async def test_no_secret_is_ever_written(tmp_path: Path) -> None:
    """Tokens, payloads, passes, keys, link tokens: none of them, whether the request succeeds or fails."""
    async with process(tmp_path) as server:
        acme = await server.tenant("acme")
        payload = acme.sso("ann")
        async with await acme.client(server.url) as ann, await acme.client(server.url, None) as guest:
            query = {"urlId": "w", "broadcastId": str(uuid.uuid4()), "sso": payload}
            body = {"commenterName": "G", "comment": "hello-from-a-guest", "url": "u", "urlId": "w"}
            said = (await guest.post("/comments/acme", params={**query, "sso": ""}, json=body)).json()
            chats = (await ann.get("/comment-image-chats/acme", params={"urlId": "page"})).json()
            secrets = [
                acme.secret,
                payload,
                ann.headers["authorization"].removeprefix("Bearer "),
                said["user"]["sessionId"],
                said["comment"]["editKey"],
                said["userIdWS"],
                chats["userIdWS"],
                "a-link-token",
                "an-invitation",
            ]
            for again in (
                guest.get("/comments/acme", params=query),
                guest.get("/comments/acme", params={**query, "sso": payload[:-3]}),
                guest.get("/comments/acme", params={"urlId": "w", "sessionId": said["user"]["sessionId"]}),
                guest.get("/event-log/acme", params={"urlId": "w", "userIdWS": said["userIdWS"], "startTime": "0"}),
                guest.get(paths.USAGE, params={"tenantId": "acme", "API_KEY": acme.secret}),
                guest.get(paths.board_link("acme", "a-link-token")),
                guest.post(paths.INVITE, json={"secret": "an-invitation"}),
                guest.delete("/comments/acme/x", params={"broadcastId": "1", "editKey": said["comment"]["editKey"]}),
                guest.get("/nowhere", params={"token": ann.headers["authorization"].removeprefix("Bearer ")}),
            ):
                await again
            live = f"{paths.LIVE}?urlId=page&tenantIdWS=acme&userIdWS={chats['userIdWS']}"
            async with websockets.connect(server.url.replace("http", "ws") + live):
                pass
        assert await server.terminate() == 0
        written = await asyncio.to_thread(server.log.read_text)
    assert "GET /comments/{tenant} 200" in written
    assert "tenant=acme" in written
    for secret in [*secrets, "hello-from-a-guest", "127.0.0.1 -"]:
        assert secret not in written
