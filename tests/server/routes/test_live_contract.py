"""Every live frame that official clients get, over a real socket, judged by the published schema."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.server.routes.test_contract import PAGE, WINDOW, chat, new_id, write_comment
from tests.support import published
from tests.support.servers import PATIENCE, InProcess, TenantKey

ON_THE_PAGE = {"p-u", "new-image-chat", "image-chat-updated", "deleted-image-chat"}
IN_THE_THREAD = {"p-u", "new-comment", "updated-comment", "deleted-comment", "new-vote", "deleted-vote"}
LIGHT = 1_024
"""Bytes of an image chat frame."""


async def _subscribe(client: httpx.AsyncClient, server: InProcess, path: str, url_id: str) -> ClientConnection:
    """A socket as the published clients open it: three names, nothing else."""
    named = (await client.get(path, params={"urlId": url_id})).json()
    query = urlencode({"urlId": named["urlIdWS"], "userIdWS": named["userIdWS"], "tenantIdWS": named["tenantIdWS"]})
    return await connect(f"{server.url.replace('http', 'ws', 1)}/sub?{query}")


async def frames(socket: ClientConnection, enough: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """Everything that comes until it is enough; each frame is text, one object, and survives percent-decoding."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE):
        while not enough(found):
            frame = await socket.recv()
            assert isinstance(frame, str)
            assert "%" not in frame
            event = json.loads(frame)
            assert isinstance(event, dict)
            assert len(frame.encode()) < LIGHT or "image-chat" not in event["type"]
            found.append(event)
    return found


async def test_every_live_frame_is_as_published(server: InProcess, acme: TenantKey) -> None:
    """All types of both channels; a text ``ping`` is answered with nothing."""
    async with await acme.client(server.url) as ann, await acme.client(server.url, "mod", isModerator=True) as mod:
        comment = (await write_comment(ann, "100% blue"))["_id"]
        page = await _subscribe(ann, server, "/comment-image-chats/acme", PAGE)
        thread = await _subscribe(ann, server, "/comments/acme", WINDOW)
        try:
            for socket in (page, thread):
                await socket.send("ping")
            await _write_everything(ann, mod, comment)
            seen_there = await frames(page, lambda found: {event["type"] for event in found} >= ON_THE_PAGE)
            seen_here = await frames(thread, lambda found: {event["type"] for event in found} >= IN_THE_THREAD)
        finally:
            await page.close()
            await thread.close()
    assert {event["type"] for event in seen_there} == ON_THE_PAGE
    assert {event["type"] for event in seen_here} == IN_THE_THREAD
    for event in seen_there + seen_here:
        assert published.event_problems(event) == [], event
        assert "seq" not in event
        assert ("timestamp" in event) == (event["type"] != "p-u"), event
        assert event["type"] == "p-u" or event["broadcastId"]
    texts = [event["comment"]["comment"] for event in seen_here if event["type"] == "new-comment"]
    assert texts == ["50% red"]
    assert all({"_id", "urlId", "x", "y"} <= set(event["conversation"]) for event in seen_there if "chatId" in event)
    for events in (seen_there, seen_here):
        stamps = [event["timestamp"] for event in events if "timestamp" in event]
        assert stamps == sorted(set(stamps))


async def _write_everything(ann: httpx.AsyncClient, mod: httpx.AsyncClient, comment: str) -> None:
    made = (await ann.post("/comment-image-chats/acme", json=chat(comment))).json()["createdChatId"]
    other = (await write_comment(ann, "50% red"))["_id"]
    by_id = {"broadcastId": new_id()}
    (await ann.post(f"/comments/acme/{other}/update-text", params=by_id, json={"comment": "x"})).raise_for_status()
    body = {"voteDir": "down", "commenterName": None, "commenterEmail": None, "url": None}
    query = {"urlId": WINDOW, "broadcastId": new_id()}
    vote = (await mod.post(f"/comments/acme/{other}/vote", params=query, json=body)).json()["voteId"]
    query = {"urlId": WINDOW, "broadcastId": new_id()}
    (await mod.delete(f"/comments/acme/{other}/vote/{vote}", params=query)).raise_for_status()
    for action in ("pin", "unpin", "lock", "unlock"):
        answer = await mod.post(f"/comments/acme/{other}/{action}", params={"broadcastId": new_id()})
        answer.raise_for_status()
    (await ann.delete(f"/comments/acme/{other}", params={"broadcastId": new_id()})).raise_for_status()
    removal = await ann.delete(f"/comment-image-chats/acme/{made}", params={"broadcastId": new_id()})
    removal.raise_for_status()
