"""Odd requests to every route: always an answer, never a server error, and nothing is broken afterwards."""

import json
import random
from typing import Any
from urllib.parse import urlencode

import httpx

from imagechat_tui.server.routes.table import entries
from imagechat_tui.server.settings import Limits, Rate
from tests.support.servers import in_process

SEED = 20_300_101
REQUESTS = 600
ODD_TEXTS = (
    "",
    "x",
    "acme",
    "../..",
    "%",
    "é",
    "\x1b[31m",
    "null",
    "0",
    "-1",
    "9" * 30,
    "a" * 5_000,
    "\u202e",
    "a:b:1:2",
)
ODD_VALUES: tuple[Any, ...] = (*ODD_TEXTS, None, True, 0, -1, 1.5, 1e300, [], {}, ["x"], {"a": {"b": []}}, [[[[]]]])
NAMES = (
    *("urlId", "broadcastId", "sso", "sessionId", "editKey", "page", "limit", "skip", "direction", "asTree", "dir"),
    *("userIdWS", "startTime", "endTime", "after", "ids", "userIds", "urlIdWS", "tenantId", "isFlagged", "commentIds"),
    *("sizePreset", "yearNumber", "API_KEY", "afterName", "parentId", "searchText", "maxTreeDepth", "raw", "hashTags"),
)
KEYS = (
    *("urlId", "windowUrlId", "pageTitle", "src", "x", "y", "createdFromCommentId", "broadcastId", "comment"),
    *("commenterName", "url", "voteDir", "commenterEmail", "commentIds", "title", "visibility", "groups", "resolved"),
    *("tenantId", "sso", "secret", "parentId", "date", "mentions", "hashTags"),
)


def _path(chance: random.Random, pattern: str) -> str:
    parts = []
    for part in pattern.split("/"):
        if part == "{tenant}":
            parts.append(chance.choice(("acme", "acme", "acme", "nobody", "%00", "a%2Fb")))
        elif part.startswith("{"):
            parts.append(chance.choice(("x", "%00", "%ff", "a" * 3_000, "..", "'", "%F0%9F%98%80")))
        else:
            parts.append(part)
    return "/".join(parts)


def _body(chance: random.Random) -> bytes:
    kind = chance.randrange(4)
    if kind == 0:
        return chance.randbytes(chance.randrange(200))
    body = {key: chance.choice(ODD_VALUES) for key in chance.sample(KEYS, chance.randrange(len(KEYS)))}
    return json.dumps(chance.choice(ODD_VALUES) if kind == 1 else body).encode()


async def test_nothing_odd_is_a_server_error(tmp_path: Any) -> None:
    """Every route, with parameters, bodies and identities of all kinds; a failure shows its request."""
    chance = random.Random(SEED)
    much = Rate(per_minute=1e9, burst=1e9)
    limits = Limits(comments=much, tenant=much, reads=much, uploads=much, sign_ins=much)
    routes = entries()
    async with in_process(tmp_path, limits=limits) as server:
        acme = await server.tenant("acme")
        async with await acme.client(server.url) as ann, await acme.client(server.url, None) as guest:
            for number in range(REQUESTS):
                route = routes[number % len(routes)]
                query = urlencode(
                    [(chance.choice(NAMES), chance.choice(ODD_TEXTS)) for _ in range(chance.randrange(8))]
                )
                kind = chance.choice(
                    ("application/json", "application/json", "text/plain", "multipart/form-data; boundary=x")
                )
                request = guest.build_request(
                    chance.choice((route.method, route.method, "DELETE", "PUT")),
                    _path(chance, route.path),
                    params=query,
                    content=_body(chance) if chance.random() < 0.7 else None,
                    headers={"content-type": kind},
                )
                await _asked(chance.choice((ann, guest)), request)
            assert (await guest.get("/readyz")).status_code == 200


async def _asked(client: httpx.AsyncClient, request: httpx.Request) -> None:
    request.headers.update({name: value for name, value in client.headers.items() if name == "authorization"})
    answer = await client.send(request)
    assert answer.status_code < 500, (request.method, str(request.url)[:300], request.content[:300], answer.text)
    assert not answer.is_redirect
    if answer.status_code >= 400:
        assert answer.json()["status"] in {"failed", "error"}
