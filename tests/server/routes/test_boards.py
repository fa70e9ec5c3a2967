"""Boards of ours: pictures at full size, links, visibility, the snapshot and the log."""

import hashlib
import uuid
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from imagechat_tui.protocol import paths
from tests.support.servers import InProcess, TenantKey


def _id() -> str:
    return str(uuid.uuid4())


def _jpeg(width: int = 40, height: int = 30) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, "JPEG", comment=b"taken at home")
    return file.getvalue()


async def _board(client: httpx.AsyncClient, **more: object) -> dict[str, Any]:
    stored = (await client.post(paths.pictures("acme"), files={"file": ("a.jpg", _jpeg())})).json()
    body = {"title": "Checkout", "src": stored["src"], "broadcastId": _id(), **more}
    answer = await client.put(paths.boards("acme"), json=body)
    assert answer.status_code == 200, answer.text
    return {**answer.json(), "src": stored["src"]}


async def test_a_picture_keeps_its_size_and_loses_everything_else(server: InProcess, acme: TenantKey) -> None:
    """The stored bytes are only pixels; the hash is that of the file as it was sent."""
    async with await acme.client(server.url) as ann, await acme.client(server.url, None) as guest:
        stored = (await ann.post(paths.pictures("acme"), files={"file": ("a.jpg", _jpeg())})).json()
        assert (stored["width"], stored["height"]) == (40, 30)
        assert stored["sha256"] == hashlib.sha256(_jpeg()).hexdigest()
        assert stored["src"].startswith(f"{paths.PICTURE_FILES}/acme/")
        got = await guest.get(stored["src"])
        assert got.headers["content-type"] == "image/png"
        assert "sandbox" in got.headers["content-security-policy"]
        assert b"taken at home" not in got.content
        assert Image.open(BytesIO(got.content)).size == (40, 30)
        head = await guest.head(stored["src"])
        assert head.headers["content-length"] == str(len(got.content))


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"just text", 400),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400),
        (_jpeg()[:200], 400),
        (b"%PDF-1.4", 400),
        (b"x" * (25 * 1024 * 1024 + 1), 413),
    ],
)
async def test_what_is_no_picture_is_refused(server: InProcess, acme: TenantKey, content: bytes, status: int) -> None:
    """With a sentence, and nothing is stored."""
    async with await acme.client(server.url) as ann:
        answer = await ann.post(paths.pictures("acme"), files={"file": ("a.png", content)})
    assert answer.status_code == status, answer.text
    assert len(answer.json()["reason"]) > 10


async def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(server: InProcess, acme: TenantKey) -> None:
    """A small file that would be 90 megapixels."""
    file = BytesIO()
    Image.new("1", (10_000, 9_000)).save(file, "PNG")
    async with await acme.client(server.url) as ann:
        answer = await ann.post(paths.pictures("acme"), files={"file": ("a.png", file.getvalue())})
    assert answer.status_code == 400
    assert "megapixels" in answer.json()["reason"]


@pytest.mark.parametrize("body", [b"", b"--x--", b"--x\r\n\r\n", b"\xff" * 100])
async def test_a_broken_multipart_body_is_refused(server: InProcess, acme: TenantKey, body: bytes) -> None:
    """400, whatever it is."""
    async with await acme.client(server.url) as ann:
        for kind in ("multipart/form-data; boundary=x", "multipart/form-data"):
            answer = await ann.post(paths.pictures("acme"), content=body, headers={"content-type": kind})
            assert answer.status_code == 400, answer.text


async def test_only_signed_in_people_upload_pictures(server: InProcess, acme: TenantKey) -> None:
    """Guests are told to sign in before anything is read."""
    async with await acme.client(server.url, None) as guest:
        answer = await guest.post(paths.pictures("acme"), files={"file": ("a.jpg", _jpeg())})
        assert answer.status_code == 401


async def test_a_board_and_its_link(server: InProcess, acme: TenantKey) -> None:
    """A program gets facts, a browser gets a line to type; a guess gets nothing."""
    async with await acme.client(server.url) as ann, await acme.client(server.url, None) as guest:
        board = await _board(ann, title='Check <b>"out"</b>\x1b[31m')
        assert len(board["urlId"]) >= 22
        info = (await guest.get(board["link"])).json()
        assert (info["tenantId"], info["urlId"], info["image"]["width"]) == ("acme", board["urlId"], 40)
        page = await guest.get(board["link"], headers={"accept": "text/html,*/*"})
        assert page.headers["content-type"].startswith("text/html")
        assert f"imagechat open {server.url}{board['link']}" in page.text
        assert "&lt;b&gt;" in page.text
        assert "\x1b" not in page.text
        assert (await guest.get(paths.board_link("acme", "guess"))).status_code == 404
        assert (await guest.get(paths.board_link("other", "guess"))).status_code == 404


async def test_a_private_board_is_nothing_to_others(server: InProcess, acme: TenantKey) -> None:
    """Its snapshot, log, threads, presence, link, picture and events: for its groups only."""
    async with (
        await acme.client(server.url, "ann", groupIds=["design"]) as ann,
        await acme.client(server.url, "bob", groupIds=["sales"]) as bob,
        await acme.client(server.url, None) as guest,
    ):
        board = await _board(ann, visibility="groups", groups=["design"])
        key = {"urlId": board["urlId"]}
        body = {**key, "x": 1, "y": 2, "comment": "secret plan", "broadcastId": _id()}
        marker = (await ann.post(paths.markers("acme"), json=body)).json()["marker"]
        window = {"urlId": marker["urlId"]}
        reads: list[tuple[str, dict[str, str]]] = [
            (paths.boards("acme"), key),
            (paths.log("acme"), {**key, "after": "0"}),
            (paths.image_chats("acme"), key),
            (paths.comments("acme"), window),
            (paths.users("acme", "online"), key),
            (paths.users("acme", "offline"), window),
            (paths.PRESENCE_STATUS, {"tenantId": "acme", "urlIdWS": board["urlId"], "userIds": "acme:ann"}),
            (paths.event_log("acme"), {**window, "userIdWS": "made-up", "startTime": "0"}),
            (board["link"], {}),
            (board["src"], {}),
        ]
        for path, query in reads:
            if "event-log" not in path:
                assert (await ann.get(path, params=query)).status_code == 200, path
            for client in (guest, bob):
                answer = await client.get(path, params=query)
                assert answer.status_code in {401, 403}, (path, answer.text)
                assert "secret plan" not in answer.text
        writes = [
            bob.post(paths.markers("acme"), json={**body, "broadcastId": _id()}),
            bob.patch(paths.marker("acme", marker["_id"]), json={"resolved": True, "broadcastId": _id()}),
            bob.put(paths.boards("acme"), json={**key, "title": "x", "src": board["src"], "broadcastId": _id()}),
        ]
        for write in writes:
            assert (await write).status_code == 403


async def test_the_snapshot_and_the_log_meet(server: InProcess, acme: TenantKey) -> None:
    """What the snapshot shows at a position, the log explains up to that position."""
    async with await acme.client(server.url) as ann:
        board = await _board(ann)
        key = {"urlId": board["urlId"]}
        body = {**key, "x": 12.5, "y": 50, "comment": "Hm", "broadcastId": _id()}
        first = await ann.post(paths.markers("acme"), json=body)
        again = await ann.post(paths.markers("acme"), json=body)
        assert first.status_code == 200
        assert again.json() == first.json()
        reused = await ann.post(paths.markers("acme"), json={**body, "comment": "Else"})
        assert (reused.status_code, reused.json()["code"]) == (409, "broadcast-id-reused")
        chat = first.json()["marker"]["_id"]
        change = {"resolved": True, "broadcastId": _id()}
        assert (await ann.patch(paths.marker("acme", chat), json=change)).status_code == 200
        seen = (await ann.get(paths.boards("acme"), params=key)).json()
        assert [marker["_id"] for marker in seen["markers"]] == [chat]
        assert seen["markers"][0]["resolvedAt"]
        log = (await ann.get(paths.log("acme"), params={**key, "after": "0"})).json()
        assert log["head"] == seen["seq"]
        assert [event["seq"] for event in log["events"]] == list(range(1, log["head"] + 1))
        beyond = await ann.get(paths.log("acme"), params={**key, "after": str(log["head"] + 1)})
        assert (beyond.status_code, beyond.json()["code"]) == (410, "log-too-old")
