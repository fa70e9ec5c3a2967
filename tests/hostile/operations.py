"""Requests of the published operations by chance: as they should be, and with parts of them otherwise.

An example begins with a request that has to succeed, about things made for it, so that chance reaches what lies behind
the checks; then it changes up to two things of it. What shrinks, shrinks towards the request as it should be.
"""

import json
import uuid
from typing import Any, Final
from urllib.parse import quote

import httpx
from hypothesis import strategies as st
from msgspec import Struct

from imagechat_tui.protocol import paths
from tests.support import published
from tests.support.people import picture
from tests.support.servers import TenantKey
from tests.support.subset import Operation

_DEEPEST: Final = 3
_SCALARS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "integer": st.integers(-5, 100),
    "number": st.one_of(st.integers(-5, 100), st.floats(-1e6, 1e6)),
    "boolean": st.booleans(),
    "null": st.none(),
}
ODD_TEXT: Final = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "null", "0", "-1", "9" * 30, "1e999", "NaN", "%", "\0", "../..", "\u202e", "a" * 5_000, "{}", "[]"]
    ),
    st.integers(-(2**70), 2**70).map(str),
)
ODD_JSON: Final = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.text(max_size=40)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
_CHANGES: Final = ("a parameter", "a part of the address", "the body", "a part of the body", "nobody asks")


class Request(Struct, kw_only=True):
    """What is about to be asked."""

    path: dict[str, str]
    query: dict[str, str]
    body: Any = None
    """JSON, when the operation has a body."""
    file: bytes | None = None
    signed: bool = True


def fresh(client: httpx.Client, acme: TenantKey, token: str, *, page: str) -> dict[str, str]:
    """True values of every parameter: a new thread of a page, with a comment and a vote that nobody has touched."""
    signed = {"Authorization": f"Bearer {token}"}
    body = {"urlId": page, "x": 5, "y": 5, "comment": "first", "broadcastId": str(uuid.uuid4())}
    made = client.post(paths.markers(acme.name), json=body, headers=signed).json()
    comment, thread = made["comment"]["_id"], made["marker"]["urlId"]
    chats = client.get(paths.image_chats(acme.name), params={"urlId": page}, headers=signed).json()
    query = {"urlId": thread, "broadcastId": str(uuid.uuid4())}
    cast = {"voteDir": "up", "commenterName": None, "commenterEmail": None, "url": None}
    voted = client.post(paths.comment(acme.name, comment, "vote"), params=query, json=cast, headers=signed).json()
    return {
        "tenantId": acme.name, "urlId": thread, "commentId": comment, "commentIds": comment, "voteId": voted["voteId"],
        "userIds": "acme:ann", "ids": "acme:ann", "userIdWS": chats["userIdWS"], "urlIdWS": chats["urlIdWS"],
        "broadcastId": str(uuid.uuid4()), "startTime": "0", "endTime": "9" * 15, "dir": "1", "isFlagged": "true",
        "API_KEY": acme.secret, "sso": acme.sso("bob"), "parentId": comment,
    }  # fmt: skip


def as_it_should_be(operation: Operation, names: dict[str, str]) -> Request:
    """The request with everything that is required, and nothing else."""
    asked = Request(path={}, query={})
    for parameter in _parameters(operation):
        if parameter["in"] == "path":
            asked.path[parameter["name"]] = names[parameter["name"]]
        elif parameter.get("required"):
            asked.query[parameter["name"]] = names[parameter["name"]]
    if operation.template == paths.USAGE:
        asked.query["API_KEY"] = names["API_KEY"]
    bodies: dict[tuple[str, str], Any] = {
        ("comments", ""): {"commenterName": "Ann", "comment": "said", "url": "u", "urlId": names["urlId"]},
        ("comments", "update-text"): {"comment": "changed"},
        ("comments", "vote"): {"voteDir": "down", "commenterName": None, "commenterEmail": None, "url": None},
        ("block-from-comment", ""): {"commentIds": [names["commentId"]]},
    }
    if _json_body(operation) is not None:
        first, *_, last = operation.template.strip("/").split("/")
        asked.body = bodies[first, "" if last.startswith("{") else last]
    elif operation.template.startswith("/upload-image"):
        asked.file = picture(width=8, height=6)
    return asked


def changed(data: st.DataObject, operation: Operation, asked: Request, names: dict[str, str]) -> Request:
    """The request with up to two things otherwise."""
    for change in data.draw(st.lists(st.sampled_from(_CHANGES), max_size=2), "changes"):
        if change == "nobody asks":
            asked.signed = False
        elif change == "the body":
            schema = _json_body(operation)
            asked.body = data.draw(ODD_JSON if schema is None else st.one_of(fitting(schema), ODD_JSON))
            asked.file = asked.file and data.draw(st.binary(max_size=200))
        elif change == "a part of the body" and isinstance(asked.body, dict):
            known = (_json_body(operation) or {}).get("properties", {})
            key = data.draw(st.sampled_from(sorted(known) or ["comment"]), "key")
            asked.body[key] = data.draw(st.one_of(fitting(known.get(key, {})), ODD_JSON), "value")
        else:
            place = "path" if change == "a part of the address" else "query"
            _change_one(data, operation, getattr(asked, place), names, place)
    return asked


def _change_one(
    data: st.DataObject, operation: Operation, values: dict[str, str], names: dict[str, str], place: str
) -> None:
    choices = [one for one in _parameters(operation) if one["in"] == place]
    if not choices:
        return
    parameter = data.draw(st.sampled_from(choices), "which")
    name = parameter["name"]
    if place == "query" and name in values and data.draw(st.booleans(), "left out"):
        del values[name]
        return
    fit = fitting(parameter.get("schema", {})).map(lambda value: json.dumps(value).strip('"'))
    values[name] = data.draw(st.one_of(fit, ODD_TEXT, *([st.just(names[name])] if name in names else [])), name)


def send(client: httpx.Client, operation: Operation, asked: Request, token: str) -> httpx.Response:
    """Ask."""
    path = operation.template
    for name, value in asked.path.items():
        path = path.replace(f"{{{name}}}", quote(value or "x", safe="").replace(".", "%2E"))
    headers = {"Authorization": f"Bearer {token}"} if asked.signed else {}
    query = {key: sendable(value) for key, value in asked.query.items()}
    if asked.file is not None:
        files = {"file": ("blob", asked.file)}
        return client.request(operation.method, path, params=query, files=files, headers=headers)
    content = None if asked.body is None else json.dumps(asked.body)
    headers |= {"Content-Type": "application/json"} if content else {}
    return client.request(operation.method, path, params=query, content=content, headers=headers)


def sendable(text: str) -> str:
    """Without what no address and no JSON can hold."""
    return text.encode("utf-8", "replace").decode()


def fitting(schema: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Values as a schema describes them, roughly."""
    schema = _resolved(schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([fitting(one, depth) for one in schema["anyOf"]])
    kind = schema.get("type")
    if isinstance(kind, list):
        return st.one_of([fitting({**schema, "type": one}, depth) for one in kind])
    if kind == "array":
        return st.lists(fitting(schema.get("items", {}), depth + 1), max_size=3)
    if kind == "object" and depth < _DEEPEST:
        needed = set(schema.get("required", ()))
        parts = {key: fitting(one, depth + 1) for key, one in schema.get("properties", {}).items()}
        return st.fixed_dictionaries(
            {key: one for key, one in parts.items() if key in needed},
            optional={key: one for key, one in parts.items() if key not in needed},
        )
    return _SCALARS.get(kind or "", st.text(max_size=30))


def _described(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = published.document()["paths"][operation.template][operation.method.lower()]
    return found


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    return [_resolved(one) for one in _described(operation).get("parameters", ())]


def _json_body(operation: Operation) -> dict[str, Any] | None:
    content = _described(operation).get("requestBody", {}).get("content", {}).get("application/json")
    return None if content is None else _resolved(content["schema"])


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = published.document()["components"]["schemas"][node["$ref"].rpartition("/")[2]]
    return node
