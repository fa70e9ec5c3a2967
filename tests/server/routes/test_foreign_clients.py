"""Habits of clients that others wrote: how they name a page, which nulls they send, what their HTTP stack drops."""

import json
import time
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.server.routes.test_contract import chat, data, good, new_id
from tests.server.routes.test_live_contract import frames
from tests.support import published
from tests.support.servers import InProcess, TenantKey

SHARED = "https://shop.example/a?b=1&utm_source=mail#c d%&"
"""A page as somebody was sent to it; what it is called without the campaign is ``urlIdClean``."""
WINDOW = f"{SHARED}:/img/a.png:25.5:30.2"


async def _marker(client: httpx.AsyncClient, sso: str, window: str = WINDOW) -> str:
    body = chat("", urlId=SHARED, windowUrlId=window)
    answer = await client.post("/comment-image-chats/acme", params={"sso": sso}, json=body)
    answer.raise_for_status()
    made: str = answer.json()["createdChatId"]
    return made


async def _say(client: httpx.AsyncClient, text: str, **query: str) -> httpx.Response:
    return await client.post(
        "/comments/acme", params={"urlId": WINDOW, "broadcastId": new_id(), **query}, json=data(text)
    )


async def test_a_page_is_meant_by_every_name_it_has(server: InProcess, acme: TenantKey) -> None:
    """Token, plain, with its campaign, encoded once and twice: live, in the log, and in all answers about presence."""
    sso = acme.sso("ann")
    async with await acme.client(server.url, None) as client:
        await _marker(client, sso)
        named = (await client.get("/comment-image-chats/acme", params={"urlId": SHARED})).json()
        clean = named["urlIdClean"]
        assert clean == "https://shop.example/a?b=1#c d%&"
        names = [named["urlIdWS"], quote(named["urlIdWS"], safe="")]
        for page in (clean, SHARED):
            names += [quote(page, safe=""), quote(quote(page, safe=""), safe="")]
        live = server.url.replace("http", "ws", 1) + "/sub?tenantIdWS=acme&userIdWS=an-invented-one&urlId="
        sockets = [await connect(live + name) for name in names]
        try:
            other = f"{SHARED}:/img/a.png:1:2"
            made = await _marker(client, sso, other)
            for socket in sockets:
                seen = await frames(socket, lambda found: any("chatId" in event for event in found))
                assert seen[-1]["chatId"] == made
            for name in names:
                asked = {"tenantId": "acme", "urlIdWS": name, "userIds": "acme:ann"}
                assert good(await client.get("/user-presence-status", params=asked))["userIdsOnline"]
            for page in (clean, SHARED):
                online = good(await client.get("/pages/acme/users/online", params={"urlId": page}))
                assert online["anonCount"] == len(sockets)
                query = {"urlId": page, "userIdWS": named["userIdWS"], "startTime": "0.0"}
                log = good(await client.get("/event-log/acme/", params=query))
                assert [json.loads(entry["data"])["chatId"] for entry in log["events"]][-1] == made
        finally:
            for socket in sockets:
                await socket.close()


async def test_a_thread_is_never_taken_for_its_page(server: InProcess, acme: TenantKey) -> None:
    """Its key ends inside what looks like a campaign's parameter, and nobody has written in it yet."""
    page = "https://shop.example/b?utm_source=mail"
    async with await acme.client(server.url) as ann:
        body = chat("", urlId=page, windowUrlId="w")
        (await ann.post("/comment-image-chats/acme", json=body)).raise_for_status()
        query = {"urlId": f"{page}:/img/a.png:1:2", "userIdWS": "x", "startTime": "0"}
        assert good(await ann.get("/event-log/acme", params=query))["events"] == []


@pytest.mark.parametrize(
    "habit",
    [
        dict.fromkeys(("mentions", "hashTags", "date", "productId", "parentId", "commenterEmail", "pageTitle", "meta")),
        {"date": 1_700_000_000_000.0, "productId": 2.0},
        {"date": 1_700_000_000_000, "productId": 2, "mentions": [{"id": "a", "tag": "@x"}], "hashTags": [{"id": "t"}]},
    ],
)
async def test_what_nobody_said_may_be_null_and_numbers_may_be_doubles(
    server: InProcess, acme: TenantKey, habit: dict[str, Any]
) -> None:
    """Generated clients differ in what they leave out."""
    async with await acme.client(server.url) as ann:
        query = {"urlId": WINDOW, "broadcastId": new_id()}
        said = good(await ann.post("/comments/acme", params=query, json=data(**habit)))
        path = f"/comments/acme/{said['comment']['_id']}/update-text"
        body = {"comment": "x", "mentions": None, "hashTags": None}
        good(await ann.post(path, params={"broadcastId": new_id()}, json=body))
        # Python writes the truth with a capital.
        good(await ann.get("/comments/acme", params={"urlId": WINDOW, "asTree": "True", "countAll": "False"}))


async def test_an_anonymous_voter_is_told_the_session_to_repeat(server: InProcess, acme: TenantKey) -> None:
    """By the answer, since no cookie comes back from a native client."""
    async with await acme.client(server.url) as ann, await acme.client(server.url, None) as guest:
        comment = good(await _say(ann, "worth it"))["comment"]["_id"]
        await _marker(ann, acme.sso("ann"))
        path = f"/comments/acme/{comment}/vote"
        body = {"voteDir": "up", "commenterName": "Zoe", "commenterEmail": None, "url": None}
        voted = good(await guest.post(path, params={"urlId": WINDOW, "broadcastId": new_id()}, json=body))
        session = voted["user"]["sessionId"]
        guest.cookies.clear()
        said = good(await _say(guest, "me again", sessionId=session))
        assert said["user"]["sessionId"] == session
        assert "user" not in good(
            await ann.post(path, params={"urlId": WINDOW, "broadcastId": new_id()}, json=body | {"commenterName": None})
        )


async def test_a_page_of_branches_is_found_by_an_answer_in_it(server: InProcess, acme: TenantKey) -> None:
    """``fetchPageForCommentId``, ``afterCommentId`` and ``beforeCommentId`` may name an answer; -1 is everything."""
    async with await acme.client(server.url) as ann:
        tops = [good(await _say(ann, f"{number}"))["comment"]["_id"] for number in range(5)]
        query = {"urlId": WINDOW, "broadcastId": new_id()}
        answer = good(await ann.post("/comments/acme", params=query, json=data("re", parentId=tops[3])))
        reply = answer["comment"]["_id"]

        async def listed(**query: str) -> list[str]:
            asked = {"urlId": WINDOW, "direction": "OF", "asTree": "true", "limit": "2", **query}
            return [one["_id"] for one in good(await ann.get("/comments/acme", params=asked))["comments"]]

        assert await listed(fetchPageForCommentId=reply) == tops[2:4]
        assert await listed(afterCommentId=reply) == tops[4:]
        assert await listed(beforeCommentId=reply) == tops[1:3]
        assert await listed(page="-1") == tops


async def test_a_payload_may_be_encoded_by_the_page_and_by_its_client(server: InProcess, acme: TenantKey) -> None:
    """Twice, that is; the signature is over what lies inside."""
    async with await acme.client(server.url, None) as guest:
        query = {"urlId": WINDOW, "sso": quote(acme.sso("ann"), safe="")}
        assert good(await guest.get("/comments/acme", params=query))["user"]["id"] == "acme:ann"


async def test_a_delete_may_have_lost_its_body(server: InProcess, acme: TenantKey) -> None:
    """Some HTTP stacks send none: unblocking still says how it stands with the comment that was named."""
    async with await acme.client(server.url) as ann, await acme.client(server.url, "ben") as ben:
        comment = good(await _say(ann, "hm"))["comment"]["_id"]
        await _marker(ann, acme.sso("ann"))
        path, query = f"/block-from-comment/{comment}", {"tenantId": "acme"}
        good(await ben.post(path, params=query, json={"commentIds": None}))
        unblocked = await ben.delete(path, params=query)
        assert published.problems(unblocked) == []
        assert unblocked.json()["commentStatuses"] == {comment: False}


async def test_the_log_takes_clocks_that_are_wrong(server: InProcess, acme: TenantKey) -> None:
    """An end within a minute of now is now; what ended earlier is over."""
    async with await acme.client(server.url) as ann:
        named = (await ann.get("/comment-image-chats/acme", params={"urlId": SHARED})).json()
        now = int(time.time() * 1000)
        await _marker(ann, acme.sso("ann"))

        async def events(start: int, end: int) -> int:
            query = {"urlId": named["urlIdClean"], "userIdWS": named["userIdWS"], "startTime": start, "endTime": end}
            return len(good(await ann.get("/event-log/acme/", params=query))["events"])

        assert await events(now - 60_000, now - 40_000) == 1
        assert await events(now + 5_000, now + 50_000) == 0
        assert await events(now - 300_000, now - 200_000) == 0
