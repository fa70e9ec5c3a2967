"""Every role x action x tenant x visibility, asked of a real server: what the table forbids is refused on the wire.

``tests/server/auth/test_permissions.py`` proves the table; this proves that no route forgets to ask it. What is
expected is said here once more, without the table. Run with ``-s`` it prints how many cells there are.
"""

import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct

from imagechat_tui.protocol import paths
from imagechat_tui.server.auth.actors import Role
from imagechat_tui.server.auth.permissions import Action
from imagechat_tui.server.settings import Limits, Rate
from tests.support.people import Place, make_board
from tests.support.servers import InProcess, in_process

_MUCH = Rate(per_minute=1e9, burst=1e9)
_LIMITS = Limits(comments=_MUCH, typing=_MUCH, tenant=_MUCH, reads=_MUCH, uploads=_MUCH, sign_ins=_MUCH)
_REFUSED = {401, 403, 404}
_FLAGS: dict[Role, dict[str, object]] = {
    Role.MEMBER: {},
    Role.MODERATOR: {"isModerator": True},
    Role.ADMIN: {"isAdmin": True},
}
PAGES = ("link", "tenant", "groups, in one", "groups, in none")
TENANTS = ("acme", "zeta")

# The law in other words than those of the table.
ANYBODY = {Action.READ, Action.READ_TEXT, Action.UPLOAD_IMAGE}
WITH_A_SESSION = {Action.CREATE_MARKER, Action.TELL_TYPING, Action.FLAG, Action.BLOCK}
SESSION_IS_GIVEN = {Action.CREATE_COMMENT, Action.VOTE}
SIGNED_IN = {Action.RESOLVE_MARKER, Action.UPLOAD_PICTURE, Action.CREATE_BOARD}
AUTHOR_OR_MODERATOR = {
    *(Action.MOVE_MARKER, Action.DELETE_MARKER, Action.EDIT_COMMENT, Action.DELETE_COMMENT, Action.CHANGE_BOARD)
}
AUTHOR = {Action.DELETE_VOTE}
MODERATOR = {Action.PIN, Action.LOCK}
ADMIN = {Action.READ_USAGE}
ON_NO_PAGE = {Action.UPLOAD_IMAGE, Action.UPLOAD_PICTURE, Action.CREATE_BOARD, Action.READ_USAGE}


class Target(Struct, frozen=True, kw_only=True):
    """A marker, its thread, its first comment and a vote, of one maker."""

    place: Place
    chat: str
    window: str
    comment: str
    vote: str


def _expected(role: Role, action: Action, *, own_tenant: bool, sees: bool, mine: bool) -> bool:
    signed_in, moderates = role in _FLAGS, role in {Role.MODERATOR, Role.ADMIN}
    if not own_tenant or not (sees or action in ON_NO_PAGE):
        return False
    return (
        action in ANYBODY | SESSION_IS_GIVEN
        or (action in WITH_A_SESSION and role is not Role.GUEST)
        or (action in SIGNED_IN and signed_in)
        or (action in AUTHOR_OR_MODERATOR and (mine or moderates))
        or (action in AUTHOR and mine)
        or (action in MODERATOR and moderates)
        or (action in ADMIN and role is Role.ADMIN)
    )


_numbers = itertools.count()


def _id() -> str:
    return f"matrix-{next(_numbers)}"


Ask = Callable[[httpx.AsyncClient, Target], Awaitable[httpx.Response]]
_BROKEN = {"file": ("x.png", b"no picture", "image/png")}


def _said(url_id: str) -> dict[str, Any]:
    return {"commenterName": "m", "comment": "said", "url": "u", "urlId": url_id}


def _on(path: str, method: str = "POST", *, json: Any = None) -> Ask:
    """A request on the comment of a target."""

    async def ask(client: httpx.AsyncClient, at: Target) -> httpx.Response:
        where = {"urlId": at.window, "broadcastId": _id(), "tenantId": "acme", "isFlagged": "true"}
        address = path.format(comment=at.comment, vote=at.vote)
        return await client.request(method, address, params=where, json=json)

    return ask


def _marker(**change: Any) -> Ask:
    async def ask(client: httpx.AsyncClient, at: Target) -> httpx.Response:
        return await client.patch(paths.marker("acme", at.chat), json={**change, "broadcastId": _id()})

    return ask


def _board(*, known: bool) -> Ask:
    async def ask(client: httpx.AsyncClient, at: Target) -> httpx.Response:
        body = {"title": "t", "src": at.place.src if known else "none", "broadcastId": _id()}
        return await client.put(paths.boards("acme"), json=body | ({"urlId": at.place.url_id} if known else {}))

    return ask


async def _read(client: httpx.AsyncClient, at: Target) -> httpx.Response:
    return await client.get(paths.boards("acme"), params={"urlId": at.place.url_id})


async def _create_marker(client: httpx.AsyncClient, at: Target) -> httpx.Response:
    body = {"urlId": at.place.url_id, "x": 7, "y": 7, "comment": "c", "broadcastId": _id()}
    return await client.post(paths.markers("acme"), json=body)


async def _delete_marker(client: httpx.AsyncClient, at: Target) -> httpx.Response:
    return await client.delete(paths.image_chat("acme", at.chat), params={"broadcastId": _id()})


async def _create_comment(client: httpx.AsyncClient, at: Target) -> httpx.Response:
    where = {"urlId": at.window, "broadcastId": _id()}
    return await client.post(paths.comments("acme"), params=where, json=_said(at.window))


async def _tell_typing(client: httpx.AsyncClient, at: Target) -> httpx.Response:
    return await client.post(paths.typing("acme"), json={"urlId": at.place.url_id, "chatId": at.chat})


async def _upload(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.post(path, params={"urlId": "x"}, files=_BROKEN)


_VOTE = {"voteDir": "up", "commenterName": None, "commenterEmail": None, "url": None}
REQUESTS: dict[Action, Ask] = {
    Action.READ: _read,
    Action.CREATE_MARKER: _create_marker,
    Action.MOVE_MARKER: _marker(x=8, y=8),
    Action.RESOLVE_MARKER: _marker(resolved=True),
    Action.DELETE_MARKER: _delete_marker,
    Action.CREATE_COMMENT: _create_comment,
    Action.TELL_TYPING: _tell_typing,
    Action.EDIT_COMMENT: _on("/comments/acme/{comment}/update-text", json={"comment": "edited"}),
    Action.READ_TEXT: _on("/comments/acme/{comment}/text", "GET"),
    Action.DELETE_COMMENT: _on("/comments/acme/{comment}", "DELETE"),
    Action.VOTE: _on("/comments/acme/{comment}/vote", json=_VOTE),
    Action.DELETE_VOTE: _on("/comments/acme/{comment}/vote/{vote}", "DELETE"),
    Action.FLAG: _on("/flag-comment/{comment}"),
    Action.BLOCK: _on("/block-from-comment/{comment}", json={"commentIds": None}),
    Action.PIN: _on("/comments/acme/{comment}/pin"),
    Action.LOCK: _on("/comments/acme/{comment}/lock"),
    Action.UPLOAD_IMAGE: lambda client, _at: _upload(client, paths.upload_image("acme")),
    Action.UPLOAD_PICTURE: lambda client, _at: _upload(client, paths.pictures("acme")),
    Action.CREATE_BOARD: _board(known=False),
    Action.CHANGE_BOARD: _board(known=True),
    Action.READ_USAGE: lambda client, _at: client.get(paths.USAGE, params={"tenantId": "acme"}),
}
LET_IN: dict[Action, int] = {Action.UPLOAD_IMAGE: 400, Action.UPLOAD_PICTURE: 400, Action.CREATE_BOARD: 400}
"""These are let in with something that is no picture, which is said then."""


class World(Struct, frozen=True, kw_only=True):
    """A server with a page, its owner, and one client for every role and tenant."""

    place: Place
    owner: httpx.AsyncClient
    callers: dict[tuple[str, Role], httpx.AsyncClient]


async def _make(world: World, maker: httpx.AsyncClient) -> Target:
    """Something new of ``maker``; a vote needs a comment of somebody else."""
    made = (await _create_marker(maker, Target(place=world.place, chat="", window="", comment="", vote=""))).json()
    chat, window, comment = made["marker"]["_id"], made["marker"]["urlId"], made["comment"]["_id"]
    at = Target(place=world.place, chat=chat, window=window, comment=comment, vote="")
    voted = await REQUESTS[Action.VOTE](maker, at)
    return Target(place=world.place, chat=chat, window=window, comment=comment, vote=voted.json()["voteId"])


async def _caller(server: InProcess, tenant: Any, role: Role, group: str) -> httpx.AsyncClient:
    if role in _FLAGS:
        named: httpx.AsyncClient = await tenant.client(server.url, role.value, groupIds=[group], **_FLAGS[role])
        return named
    headers = {}
    if role is Role.ANONYMOUS:
        async with httpx.AsyncClient(base_url=server.url) as client:
            opened = await client.post(paths.SESSIONS, json={"tenantId": tenant.name})
        headers["Authorization"] = f"Bearer {opened.json()['token']}"
    return httpx.AsyncClient(base_url=server.url, headers=headers, timeout=20)


@asynccontextmanager
async def _world(data: Path, page: str) -> AsyncIterator[World]:
    visibility, _, which = page.partition(", ")
    more: dict[str, Any] = {"groups": ["design"]} if visibility == "groups" else {}
    async with in_process(data, limits=_LIMITS) as server, AsyncExitStack() as stack:
        tenants = {name: await server.tenant(name) for name in TENANTS}
        place = await make_board(
            server.url, tenants["acme"], by="owner", visibility=visibility, groupIds=["design"], **more
        )
        owner = await stack.enter_async_context(await tenants["acme"].client(server.url, "owner", groupIds=["design"]))
        group = "sales" if which == "in none" else "design"
        callers = {
            (name, role): await stack.enter_async_context(await _caller(server, tenants[name], role, group))
            for name, role in product(TENANTS, Role)
        }
        # Whoever shows a cookie of one request in the next would be somebody else then.
        for client in (owner, *callers.values()):
            client.event_hooks["request"] = [_without_cookies]
        yield World(place=place, owner=owner, callers=callers)


async def _without_cookies(request: httpx.Request) -> None:
    request.headers.pop("cookie", None)


def test_every_action_has_a_request_and_a_rule() -> None:
    """A new action is a cell of the matrix before it lands."""
    rules = (ANYBODY, WITH_A_SESSION, SESSION_IS_GIVEN, SIGNED_IN, AUTHOR_OR_MODERATOR, AUTHOR, MODERATOR, ADMIN)
    assert set(REQUESTS) == set(Action)
    assert sorted(action.value for rule in rules for action in rule) == sorted(action.value for action in Action)


@pytest.mark.parametrize("page", PAGES)
async def test_what_is_not_allowed_is_refused_and_what_is_allowed_is_done(tmp_path: Path, page: str) -> None:
    """Upon what somebody else made, and upon one's own."""
    cells, granted, wrong = 0, 0, []
    async with _world(tmp_path, page) as world:
        for (tenant, role), client in world.callers.items():
            sees = page == "link" or (role in _FLAGS and page != "groups, in none")
            for action, mine in product(Action, (False, True)):
                own_tenant = tenant == "acme" or role is Role.GUEST
                if mine and not (own_tenant and sees and role is not Role.GUEST and action is not Action.CHANGE_BOARD):
                    continue  # Nobody makes anything where they cannot be.
                target = await _make(world, client if mine else world.owner)
                answer = await REQUESTS[action](client, target)
                expected = _expected(role, action, own_tenant=own_tenant, sees=sees, mine=mine)
                if mine and action is Action.VOTE:
                    continue  # The target's maker has voted already.
                fits = answer.status_code == LET_IN.get(action, 200) if expected else answer.status_code in _REFUSED
                cells, granted = cells + 1, granted + expected
                if not fits:
                    wrong.append((tenant, role.value, action.value, mine, answer.status_code, answer.text[:120]))
    print(json.dumps({"page": page, "cells": cells, "granted": granted, "refused": cells - granted}))
    assert not wrong, (len(wrong), wrong[:10])
    assert cells >= len(TENANTS) * len(Role) * len(Action)
