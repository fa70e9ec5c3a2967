"""Every published operation, asked for and judged by the published schema; errors have their shape as well."""

import json
import uuid
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.support import published, subset
from tests.support.servers import InProcess, TenantKey

PAGE = "https://shop.example/a?b=1#c d%&"
WINDOW = f"{PAGE}:/img/a.png:0:100"


def new_id() -> str:
    """A broadcastId."""
    return str(uuid.uuid4())


def data(text: str = "Too **blue**, 100%", **more: object) -> dict[str, object]:
    """A CommentData."""
    return {"commenterName": "Ann", "comment": text, "url": PAGE, "urlId": WINDOW, **more}


def chat(comment_id: str = "", /, **more: object) -> dict[str, object]:
    """A body of POST /comment-image-chats."""
    return {
        "urlId": PAGE,
        "windowUrlId": WINDOW,
        "pageTitle": "Checkout",
        "src": "/img/a.png",
        "x": 0,
        "y": 100,
        "createdFromCommentId": comment_id,
        "broadcastId": new_id(),
        **more,
    }


def png(width: int = 8, height: int = 6) -> bytes:
    """A small picture."""
    file = BytesIO()
    Image.new("RGB", (width, height), "red").save(file, "PNG")
    return file.getvalue()


def good(answer: httpx.Response) -> Any:
    """The body of a success that is exactly as published."""
    assert answer.status_code == 200, answer.text
    assert published.problems(answer) == []
    return answer.json()


async def write_comment(client: httpx.AsyncClient, text: str = "Too **blue**, 100%", **more: object) -> dict[str, Any]:
    """A new comment in the window."""
    query = {"urlId": WINDOW, "broadcastId": new_id()}
    said: dict[str, Any] = good(await client.post("/comments/acme", params=query, json=data(text, **more)))["comment"]
    return said


async def test_every_published_operation_answers_as_published(server: InProcess, acme: TenantKey) -> None:
    """One walk through all of them; at the end none is left out."""
    seen: set[tuple[str, str]] = set()

    async def note(answer: httpx.Response) -> None:
        seen.update(
            (method, path)
            for method, path in subset.operations()
            if method == answer.request.method and subset.fits(path, answer.request.url.path)
        )

    async with await acme.client(server.url) as ann, await acme.client(server.url, "mod", isModerator=True) as mod:
        for client in (ann, mod):
            client.event_hooks["response"].append(note)
        comment = (await write_comment(ann))["_id"]
        await _walk_comment(ann, mod, comment)
        await _walk_page(ann, server)
        key = {"x-api-key": acme.secret}
        rows = good(await ann.get("/api/v1/tenant-daily-usage", params={"tenantId": "acme"}, headers=key))
        assert rows["tenantDailyUsages"][0]["commentCreateCount"] >= 1
        good(await ann.delete(f"/comments/acme/{comment}", params={"broadcastId": new_id()}))
    assert seen == set(subset.operations())


async def _walk_comment(ann: httpx.AsyncClient, mod: httpx.AsyncClient, comment: str) -> None:
    good(await ann.get("/comments/acme", params={"urlId": WINDOW, "asTree": "true", "countChildren": "true"}))
    assert good(await ann.get(f"/comments/acme/{comment}/text"))["commentText"] == "Too **blue**, 100%"
    changed = {"comment": "Greener"}
    by_id = {"broadcastId": new_id()}
    good(await ann.post(f"/comments/acme/{comment}/update-text", params=by_id, json=changed))
    # Claimed by a marker, so that a moderator and others may act on it as well.
    (await ann.post("/comment-image-chats/acme", json=chat(comment))).raise_for_status()
    body = {"voteDir": "up", "commenterName": None, "commenterEmail": None, "url": None}
    query = {"urlId": WINDOW, "broadcastId": new_id()}
    vote = good(await mod.post(f"/comments/acme/{comment}/vote", params=query, json=body))["voteId"]
    assert good(await ann.get(f"/comments/acme/{comment}/votes", params={"dir": "1.0"}))["voteUserNames"] == ["mod"]
    query = {"urlId": WINDOW, "broadcastId": new_id()}
    good(await mod.delete(f"/comments/acme/{comment}/vote/{vote}", params=query))
    for action in ("pin", "unpin", "lock", "unlock"):
        good(await mod.post(f"/comments/acme/{comment}/{action}", params={"broadcastId": new_id()}))
    good(await mod.post(f"/flag-comment/{comment}", params={"tenantId": "acme", "isFlagged": "true"}))
    ids = {"commentIds": [comment]}
    assert good(await mod.post(f"/block-from-comment/{comment}", params={"tenantId": "acme"}, json=ids))
    checked = good(await mod.get("/check-blocked-comments", params={"tenantId": "acme", "commentIds": comment}))
    assert checked["commentStatuses"] == {comment: True}
    request = mod.build_request("DELETE", f"/block-from-comment/{comment}", params={"tenantId": "acme"}, json=ids)
    assert good(await mod.send(request))["commentStatuses"] == {comment: False}


async def _walk_page(ann: httpx.AsyncClient, server: InProcess) -> None:
    listed = good(await ann.get("/comments/acme", params={"urlId": WINDOW}))
    query = {"urlId": WINDOW, "userIdWS": listed["userIdWS"], "startTime": "0", "endTime": "9" * 15}
    for path in ("/event-log/acme", "/event-log/acme/"):
        for entry in good(await ann.get(path, params=query))["events"]:
            assert published.event_problems(json.loads(entry["data"])) == []
    assert good(await ann.get("/pages/acme/users/online", params={"urlId": PAGE}))["totalCount"] == 0
    good(await ann.get("/pages/acme/users/offline", params={"urlId": PAGE}))
    info = good(await ann.get("/pages/acme/users/info", params={"ids": "acme:ann,acme:nobody"}))
    assert [user["displayName"] for user in info["users"]] == ["ann"]
    asked = {"tenantId": "acme", "urlIdWS": listed["urlIdWS"], "userIds": "acme:ann,x"}
    online = good(await ann.get("/user-presence-status", params=asked))
    assert online["userIdsOnline"] == {"acme:ann": False, "x": False}
    files = {"file": ("blob", png(2000, 10))}
    url = good(await ann.post("/upload-image/acme", files=files))["url"]
    assert url.startswith(server.url)
    picture = await ann.get(url)
    assert Image.open(BytesIO(picture.content)).size == (1000, 5)
    media = good(await ann.post("/upload-image/acme", params={"sizePreset": "CrossPlatform"}, files=files))["media"]
    assert [asset["w"] for asset in media] == [1000, 640, 320]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/comments/acme", 422, "missing-url-id"),
        ("GET", "/comments/nobody?urlId=x", 404, "invalid-tenant"),
        ("GET", "/comments/acme?urlId=x&limit=ten", 400, "invalid-input"),
        ("GET", "/comments/acme?urlId=x&asTree=maybe", 400, "invalid-input"),
        ("GET", "/comments/acme?urlId=x&sso=nonsense", 401, "malformed-sso"),
        ("POST", "/comments/acme?urlId=x", 422, "unexpected-param"),
        ("DELETE", "/comments/acme/nope?broadcastId=1", 401, "unauthorized"),
        ("GET", "/comments/acme/nope/text", 404, "not-found"),
        ("GET", "/comments/acme/nope/votes?dir=2", 400, "invalid-input"),
        ("GET", "/event-log/acme?urlId=x&userIdWS=u", 422, "unexpected-param"),
        ("GET", "/event-log/acme/?urlId=x&startTime=0", 422, "unexpected-param"),
        ("GET", "/pages/acme/users/online", 422, "missing-url-id"),
        ("GET", "/user-presence-status?tenantId=acme&urlIdWS=x", 422, "unexpected-param"),
        ("GET", "/user-presence-status?urlIdWS=x&userIds=a", 422, "missing-tenant-id"),
        ("POST", "/flag-comment/nope?tenantId=acme&isFlagged=perhaps", 400, "invalid-input"),
        ("POST", "/upload-image/acme", 415, "invalid-input"),
        ("POST", "/upload-image/acme?sizePreset=Huge", 400, "invalid-input"),
        ("GET", "/api/v1/tenant-daily-usage?tenantId=acme", 401, "missing-api-key"),
        ("GET", "/api/v1/tenant-daily-usage?tenantId=acme&API_KEY=wrong", 401, "invalid-api-key"),
        ("GET", "/api/v1/tenant-daily-usage?tenantId=nobody&API_KEY=wrong", 401, "invalid-api-key"),
        ("GET", "/comments/acme?urlId=%ff", 400, "invalid-input"),
        ("GET", "/comments/acme?urlId=a%00b", 400, "invalid-input"),
    ],
)
async def test_errors_are_never_a_success_and_have_the_published_shape(
    server: InProcess, acme: TenantKey, method: str, path: str, status: int, code: str
) -> None:
    """Non-2xx, JSON, ``failed``, a reason and a code."""
    async with await acme.client(server.url, None) as guest:
        answer = await guest.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["status"] == "failed"
    assert published.problems(answer) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"x": 100.0001}, 400),
        ({"y": -1}, 400),
        ({"x": "25"}, 400),
        ({"x": True}, 400),
        ({"windowUrlId": None}, 400),
        ({"broadcastId": ""}, 400),
        ({"src": "x" * 3000}, 400),
        ({"urlId": ""}, 400),
    ],
)
async def test_image_chat_errors_have_both_shapes_in_one(
    server: InProcess, acme: TenantKey, changes: dict[str, object], status: int
) -> None:
    """What the guide says and what the SDK tests for, in one body."""
    async with await acme.client(server.url) as ann:
        answer = await ann.post("/comment-image-chats/acme", json=chat(**changes))
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["status"] == "error"
    assert body["message"] == body["reason"]
    assert body["code"]


async def test_a_get_that_says_json_and_has_no_body_is_just_a_get(server: InProcess, acme: TenantKey) -> None:
    """The published browser client says so on every call."""
    async with await acme.client(server.url, None) as guest:
        answer = await guest.get("/comments/acme", params={"urlId": "x"}, headers={"content-type": "application/json"})
        good(answer)


async def test_an_anonymous_author_is_given_a_session_and_may_change_what_it_wrote(
    server: InProcess, acme: TenantKey
) -> None:
    """By cookie, by ``sessionId``, or by the comment's edit key alone; nobody else may."""
    query = {"urlId": WINDOW, "broadcastId": new_id()}
    async with await acme.client(server.url, None) as guest:
        said = good(await guest.post("/comments/acme", params=query, json=data("Hello")))
        assert guest.cookies["fastcomments.sid"] == said["user"]["sessionId"]
    comment, key, session = said["comment"]["_id"], said["comment"]["editKey"], said["user"]["sessionId"]
    assert said["user"]["isAnonSession"] is True
    assert said["comment"].get("userId") is None
    assert said["comment"]["anonUserId"] == said["user"]["id"]
    assert said["userIdWS"]
    path = f"/comments/acme/{comment}/update-text"
    async with await acme.client(server.url, None) as other:
        for proof, status in (({}, 401), ({"editKey": "guess"}, 404), ({"sessionId": "guess"}, 401)):
            answer = await other.post(path, params={"broadcastId": new_id(), **proof}, json={"comment": "mine"})
            assert answer.status_code == status, answer.text
        for proof in ({"editKey": key}, {"sessionId": session}):
            good(await other.post(path, params={"broadcastId": new_id(), **proof}, json={"comment": "mine"}))
