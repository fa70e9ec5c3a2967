"""Every route and every socket, asked for what belongs to somebody else: another tenant, a stranger, a guest.

What is private is marked by words that must not come back in any answer, and is compared before and after.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from imagechat_tui.core.inputs import AddComment, OpenThread
from imagechat_tui.errors import PictureError
from imagechat_tui.protocol import paths
from imagechat_tui.server.auth.sessions import COOKIE
from imagechat_tui.server.routes.table import entries
from imagechat_tui.server.settings import DATABASE_FILE, Limits, Rate
from imagechat_tui.server.store import tenants
from imagechat_tui.server.store.database import Database
from tests.client.hosts import http_host
from tests.support.people import Place, make_board, person, picture, seat
from tests.support.servers import InProcess, TenantKey, in_process

_WORDS = "CANARY"
_MUCH = Rate(per_minute=1e9, burst=1e9)
_LIMITS = Limits(comments=_MUCH, tenant=_MUCH, reads=_MUCH, uploads=_MUCH, sign_ins=_MUCH)


class Owned(Struct, frozen=True, kw_only=True):
    """A private board of one tenant, and every name by which its parts are known."""

    tenant: TenantKey
    place: Place
    names: dict[str, Any]
    """By the names that paths, queries and bodies give them."""


@asynccontextmanager
async def _owned(server: InProcess) -> AsyncIterator[tuple[Owned, httpx.AsyncClient]]:
    """The board, and its owner asking."""
    acme = await server.tenant("acme")
    place = await make_board(
        server.url, acme, by="owner", title=f"{_WORDS} title", visibility="groups", groups=["design"],
        groupIds=["design"],
    )  # fmt: skip
    async with await acme.client(server.url, "owner", groupIds=["design"]) as owner:
        body = {"urlId": place.url_id, "x": 5, "y": 5, "comment": f"{_WORDS} first", "broadcastId": "b1"}
        made = (await owner.post(paths.markers("acme"), json=body)).json()
        window, comment = made["marker"]["urlId"], made["comment"]["_id"]
        voter = await acme.client(server.url, "voter", groupIds=["design"])
        vote = await voter.post(
            paths.comment("acme", comment, "vote"),
            params={"urlId": window, "broadcastId": "b2"},
            json={"voteDir": "up", "commenterName": None, "commenterEmail": None, "url": None},
        )
        await voter.aclose()
        chats = (await owner.get(paths.image_chats("acme"), params={"urlId": place.url_id})).json()
        names = {
            "urlId": place.url_id, "windowUrlId": window, "comment": comment, "chat": made["marker"]["_id"],
            "vote": vote.json()["voteId"], "token": place.link.rpartition("/")[2],
            "picture": place.src.rpartition("/")[2],
            "src": place.src, "userIdWS": chats["userIdWS"], "urlIdWS": chats["urlIdWS"],
        }  # fmt: skip
        yield Owned(tenant=acme, place=place, names=names), owner


def _requests(owned: Owned, tenant: str) -> list[tuple[str, str, dict[str, str], dict[str, Any]]]:
    """Every route with the owner's names in path, query and body: for the base key and for the thread's."""
    names, found = owned.names, []
    # A pass is its holder's eyes at its own tenant; anywhere else, or touched, it is nothing.
    viewing = names["userIdWS"] if tenant != "acme" else names["userIdWS"][:-2] + "AA"
    query = {
        "broadcastId": "attack", "tenantId": tenant, "userIdWS": viewing, "urlIdWS": names["urlIdWS"],
        "startTime": "0", "after": "0", "ids": "acme:owner", "userIds": "acme:owner", "commentIds": names["comment"],
        "isFlagged": "true", "dir": "1", "chatId": names["chat"], "parentId": names["comment"], "editKey": "guess",
        "sessionId": "guess", "API_KEY": "guess", "yearNumber": "2026",
    }  # fmt: skip
    body = {
        "src": names["src"], "title": "taken", "visibility": "link", "broadcastId": "attack", "comment": "taken",
        "commenterName": "eve", "url": "u", "parentId": names["comment"], "x": 1, "y": 1, "resolved": True,
        "pageTitle": "t", "createdFromCommentId": names["comment"], "windowUrlId": names["windowUrlId"],
        "voteDir": "up", "commenterEmail": None, "commentIds": [names["comment"]], "tenantId": tenant,
        "secret": "guess",
    }  # fmt: skip
    for entry in entries():
        if entry.path in {paths.SESSIONS, paths.INVITE}:
            continue
        path = entry.path.replace("{tenant}", tenant)
        for name in ("comment", "chat", "vote", "token", "picture"):
            path = path.replace(f"{{{name}}}", quote(names[name], safe=""))
        keys = (names["urlId"], names["windowUrlId"])
        found += [(entry.method, path, {**query, "urlId": key}, {**body, "urlId": key}) for key in keys]
    return found


async def _state(owned: Owned, owner: httpx.AsyncClient) -> Any:
    board = await owner.get(paths.boards("acme"), params={"urlId": owned.place.url_id})
    thread = await owner.get(
        paths.comments("acme"), params={"urlId": owned.names["windowUrlId"], "direction": "OF", "page": "-1"}
    )
    assert board.status_code == thread.status_code == 200
    comments = thread.json()["comments"]
    return board.json(), [(one["_id"], one["commentHTML"], one.get("votes"), one.get("isPinned")) for one in comments]


async def test_nobody_gets_or_changes_what_is_not_theirs(tmp_path: Path) -> None:
    """Every route x identity x tenant in the address x key."""
    asked = 0
    async with in_process(tmp_path, limits=_LIMITS) as server, _owned(server) as (owned, owner):
        zeta = await server.tenant("zeta")
        before = await _state(owned, owner)
        stranger = await owned.tenant.sign_in(server.url, "eve", groupIds=["sales"])
        boss = await zeta.sign_in(server.url, "boss", isAdmin=True)
        async with await owned.tenant.client(server.url, None) as nobody:
            visitor = (await nobody.post(paths.SESSIONS, json={"tenantId": "acme"})).json()["token"]
        attackers: list[tuple[str, dict[str, str], dict[str, str]]] = [
            ("a stranger of the tenant", {"Authorization": f"Bearer {stranger}"}, {}),
            ("another tenant's administrator", {"Authorization": f"Bearer {boss}"}, {}),
            ("another tenant's administrator, signed", {}, {"sso": zeta.sso("boss", isAdmin=True)}),
            ("another tenant's cookie", {"Cookie": f"{COOKIE}={boss}"}, {}),
            ("another tenant's key", {"X-API-KEY": zeta.secret}, {}),
            ("an anonymous session", {"Authorization": f"Bearer {visitor}"}, {}),
            ("a guest", {}, {}),
        ]
        async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
            for who, headers, more in attackers:
                for tenant in ("acme", "zeta"):
                    for method, path, query, body in _requests(owned, tenant):
                        content = json.dumps(body) if method != "GET" else None
                        kind = {"Content-Type": "application/json"} if content else {}
                        answer = await client.request(
                            method, path, params={**query, **more}, headers={**headers, **kind}, content=content
                        )
                        asked += 1
                        said = f"{who}: {method} {path} in {tenant}: {answer.status_code} {answer.text[:300]}"
                        assert answer.status_code < 500, said
                        assert _WORDS not in answer.text, said
                        assert not answer.content.startswith(b"\x89PNG"), said
        assert await _state(owned, owner) == before
    assert asked >= 7 * 2 * 2 * 30


async def test_no_socket_hears_what_is_not_for_it(tmp_path: Path) -> None:
    """Passes of others, of other pages, guessed and empty ones, at either tenant, for a page and for a whole board."""
    async with in_process(tmp_path, limits=_LIMITS) as server, _owned(server) as (owned, owner):
        zeta, names = await server.tenant("zeta"), owned.names
        passes = ["x" * 40, "", names["userIdWS"][:-2] + "AA"]
        boss, eve = (zeta, "boss", {"isAdmin": True}), (owned.tenant, "eve", {"groupIds": ["sales"]})
        for tenant, who, more in (boss, eve):
            async with await tenant.client(server.url, who, **more) as client:
                open_page = await client.get(paths.image_chats(tenant.name), params={"urlId": "an open page"})
                passes.append(open_page.json()["userIdWS"])
        tries = [
            (value, name, key, wishes)
            for value, name in [*product(passes, ("acme", "zeta")), (names["userIdWS"], "zeta")]
            for key in (names["urlIdWS"], quote(names["windowUrlId"], safe=""))
            for wishes in ("", "&scope=board&batch=1")
        ]
        assert len(tries) == 44
        async with AsyncExitStack() as stack:
            sockets = []
            for value, name, key, wishes in tries:
                query = f"?urlId={key}&userIdWS={value}&tenantIdWS={name}{wishes}"
                sockets += await _opened(server.url, query, stack)
            said = {"commenterName": "o", "comment": f"{_WORDS} said", "url": "u", "urlId": names["windowUrlId"]}
            where = {"urlId": names["windowUrlId"], "broadcastId": "b9"}
            assert (await owner.post(paths.comments("acme"), params=where, json=said)).status_code == 200
            heard: list[str] = []
            for one in sockets:
                # What was sent before the answer to a ping has arrived with it.
                await (await one.ping())
                closing = asyncio.create_task(one.close())
                heard += [str(frame) async for frame in one]
                await closing
            assert _WORDS not in "".join(heard)


async def _opened(url: str, query: str, stack: AsyncExitStack) -> list[ClientConnection]:
    """A socket, if it is let in: an empty room of the other tenant may be."""
    try:
        return [await stack.enter_async_context(connect(url.replace("http", "ws") + paths.LIVE + query))]
    except InvalidStatus as refusal:
        if refusal.response.status_code in {401, 403, 404}:
            return []
        raise


@pytest.mark.parametrize("how", ["rotated key", "removed tenant", "signed out"])
async def test_rights_that_end_close_the_socket_within_five_seconds(tmp_path: Path, how: str) -> None:
    """Taken away by another process, or given back by their owner."""
    async with in_process(tmp_path) as server:
        acme = await server.tenant("acme")
        place = await make_board(server.url, acme, visibility="tenant")
        async with await acme.client(server.url, "ann") as ann:
            chats = (await ann.get(paths.image_chats("acme"), params={"urlId": place.url_id})).json()
            address = f"{paths.LIVE}?urlId={chats['urlIdWS']}&userIdWS={chats['userIdWS']}&tenantIdWS=acme"
            live = server.url.replace("http", "ws") + address
            async with connect(live) as socket:
                if how == "signed out":
                    assert (await ann.delete(paths.SESSIONS)).status_code == 200
                else:
                    await _from_outside(tmp_path, how)
                async with asyncio.timeout(5):
                    await socket.wait_closed()
            with pytest.raises(InvalidStatus):
                await connect(live)
            again = await ann.get(paths.image_chats("acme"), params={"urlId": place.url_id})
            assert again.status_code in {401, 404}
            log = {"urlId": place.url_id, "userIdWS": chats["userIdWS"], "startTime": "0"}
            assert (await ann.get(paths.event_log("acme"), params=log)).status_code in {401, 403, 404}


async def _from_outside(data: Path, how: str) -> None:
    """As a command beside the server does it."""
    database = Database(f"sqlite:///{data / DATABASE_FILE}")
    await database.open()
    if how == "rotated key":
        await database.write(lambda tx: tenants.rotate_key(tx, "acme", secret="another"))
    else:
        await database.write(lambda tx: tenants.remove(tx, "acme"))
    await database.close()


async def test_hostile_addresses_make_nobody_fetch(tmp_path: Path) -> None:
    """As picture of a marker or board, as avatar, as image in a comment: neither server nor app goes there."""
    async with http_host() as trap, in_process(tmp_path) as server:
        acme = await server.tenant()
        place = await make_board(server.url, acme)
        bait = f"{trap.url}/bait.png"
        async with await acme.client(server.url, "mallory", avatar=bait, websiteUrl=bait) as mallory:
            window = f"{place.url_id}:{bait}:5:5"
            comment = {
                "commenterName": "m", "comment": f"![x]({bait}) [img]{bait}[/img] {bait}", "url": bait,
                "urlId": window, "avatarSrc": bait, "commenterLink": bait,
            }  # fmt: skip
            where = {"urlId": window, "broadcastId": "b1"}
            assert (await mallory.post(paths.comments("acme"), params=where, json=comment)).status_code == 200
            claim = {
                "urlId": place.url_id, "windowUrlId": window, "pageTitle": bait, "src": bait, "x": 5, "y": 5,
                "createdFromCommentId": "none", "broadcastId": "b2",
            }  # fmt: skip
            assert (await mallory.post(paths.image_chats("acme"), json=claim)).status_code == 200
            board = {"urlId": "other", "title": "t", "src": bait, "visibility": "link", "broadcastId": "b3"}
            await mallory.put(paths.boards("acme"), json=board)
            upload = {"file": ("x.svg", f'<svg><image href="{bait}"/></svg>'.encode(), "image/svg+xml")}
            assert (await mallory.post(paths.pictures("acme"), files=upload)).status_code == 400
        async with person(place, "ann") as ann, seat(place, "ben") as ben:
            await ann.live()
            await ben.live()
            marker = await ann.until(lambda: next(iter(ann.view.markers()), None), "the hostile marker")
            ann.do(OpenThread(marker_id=marker.id))
            await ann.until(lambda: ann.view.thread(marker.id), "its thread")
            await ann.change(AddComment(marker_id=marker.id, text="seen"))
            await ben.press("n", "enter")
            await ben.shows("bait.png")
            assert (await ann.runner.picture())[:4] == picture()[:4]
        hostile = Place(url=place.url, tenant=acme, url_id=place.url_id, src=bait, link=place.link)
        async with person(hostile, "cid") as cid:
            with pytest.raises(PictureError):
                await cid.runner._api.fetch_picture(bait)
        assert (trap.connections, trap.seen) == (0, [])
