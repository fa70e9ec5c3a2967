"""The published schema as a judge: whether an answer or a live event is what official clients expect.

The file closes schemas inside ``allOf``, so that no answer at all could satisfy it. Here the parts of an ``allOf`` are
one shape, and every shape is closed around all of its keys: what is not published has to stand in ``OURS``, with its
reason. Everything else is taken at its word: types, required keys, what may be null, which statuses there are.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final, NamedTuple

import httpx
import msgspec
from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.protocols import Validator

from tests.support import subset
from tests.support.subset import Operation


class Extra(NamedTuple):
    """A key that only we send."""

    schema: dict[str, Any]
    why: str


_SEQ: Final = Extra({"type": "integer"}, "the board's position, by which our client knows whether it missed anything")
_EDITED: Final = Extra({"type": "string", "format": "date-time"}, "our client marks what was changed afterwards")
_COUNTED: Final = Extra({"type": "integer"}, "the guide names it as a figure of the day, and gives it no other place")
_CHAT: Final = {"_id": "string", "urlId": "string", "x": "number", "y": "number"}
_ABOUT_CHAT: Final = {
    "src": "string", "pageTitle": "string", "userId": "string", "userName": "string", "number": "integer",
    "createdFromCommentId": "string", "createdAt": "string", "commentCount": "integer",
    "resolvedAt": "string", "resolvedBy": "string",
}  # fmt: skip
_CONVERSATION: Final = Extra(
    {
        "type": "object",
        "properties": {key: {"type": kind} for key, kind in (_CHAT | _ABOUT_CHAT).items()},
        "required": list(_CHAT),
        "additionalProperties": False,
    },
    "the same: the marker as the documented list has it, and what our client shows beside it",
)
OURS: Final[dict[str, dict[str, Extra]]] = {
    "LiveEvent": {
        "chatId": Extra({"type": "string"}, "image chat events are documented by name only: which marker it is"),
        "conversation": _CONVERSATION,
    },
    "PublicComment": {
        "comment": Extra({"type": "string"}, "the raw text, to who has just written it, and to who asks with raw=1"),
        "editedAt": _EDITED,
    },
    "PubSubComment": {"editedAt": _EDITED},
    "APITenantDailyUsage": {"pubSubMessageCount": _COUNTED, "pubSubBandwidth": _COUNTED},
    "GetCommentsResponseWithPresence_PublicComment_": {"seq": _SEQ},
    "SaveCommentsResponseWithPresence": {"seq": _SEQ},
    "PublicAPISetCommentTextResponse": {"seq": _SEQ},
    "PublicAPIDeleteCommentResponse": {"seq": _SEQ},
    "VoteResponse": {"seq": _SEQ},
    "VoteDeleteResponse": {"seq": _SEQ},
    "ChangeCommentPinStatusResponse": {"seq": _SEQ},
    "APIEmptyResponse": {"seq": _SEQ},
}
"""Keys that the file does not have, by schema. Clients of the contract ignore them, which is why they may be there."""
REFUSALS: Final[dict[int, str]] = {
    400: "what is asked cannot be understood",
    401: "who asks is not known",
    403: "who asks may not",
    404: "there is no such tenant, comment or page",
    409: "the comment is locked, the broadcastId belongs to another change, others were quicker",
    415: "an upload is no multipart body",
    421: "this server has another name",
    422: "a parameter is missing",
    429: "too often",
    503: "the database or the store of pictures is away",
}
"""Statuses of errors that the file does not name everywhere. Official clients need one that is no 2xx."""

_ERROR: Final = "#/components/schemas/APIError"
_EVENT: Final = "#/components/schemas/LiveEvent"
_JSON: Final = "application/json"
_OK: Final = 200


@cache
def document() -> dict[str, Any]:
    """The file, as JSON Schema understands it."""
    schemas = subset.raw()["components"]["schemas"]
    spec: dict[str, Any] = _read(subset.raw(), schemas)
    for name, keys in OURS.items():
        spec["components"]["schemas"][name]["properties"] |= {key: extra.schema for key, extra in keys.items()}
    return spec


def problems(answer: httpx.Response) -> list[str]:
    """What is wrong with an answer, by the operation that its request was for; empty when nothing is."""
    method, path = answer.request.method, answer.request.url.path
    operation = subset.operation(method, path)
    if operation is None:
        return [f"{method} {path} is not published"]
    return answer_problems(operation, answer.status_code, answer.headers.get("content-type", ""), answer.content)


def answer_problems(operation: Operation, status: int, media_type: str, body: bytes) -> list[str]:
    """The same, of an answer in its parts."""
    if media_type.partition(";")[0] != _JSON:
        return [f"it is {media_type or 'of no type'}"]
    responses = document()["paths"][operation.template][operation.method.lower()]["responses"]
    known = {int(one) for one in responses} | REFUSALS.keys()
    found = [] if status in known else [f"the status {status} is not documented"]
    return found + _against(_ERROR if status != _OK else _success(operation), body)


def event_problems(event: object) -> list[str]:
    """What is wrong with one live event, from a frame or from the log."""
    return _told(_validator(_EVENT).iter_errors(event))


def frame_problems(text: bytes) -> list[str]:
    """What is wrong with a live text frame; some clients percent-decode it first."""
    return (["it has a bare %"] if b"%" in text else []) + _against(_EVENT, text)


def stored_problems(text: bytes) -> list[str]:
    """What is wrong with the text of an event in the log."""
    return _against(_EVENT, text)


def _against(reference: str, body: bytes) -> list[str]:
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError as problem:
        return [f"it is no JSON: {problem}"]
    return _told(_validator(reference).iter_errors(value))


def _told(errors: Iterable[Any]) -> list[str]:
    return [f"{'/'.join(map(str, error.absolute_path)) or 'the whole'}: {error.message[:300]}" for error in errors]


@cache
def _success(operation: Operation) -> str:
    """Where the schema of an operation's success stands; an error is never one."""
    responses = document()["paths"][operation.template][operation.method.lower()]["responses"]
    schema = responses["200"]["content"][_JSON]["schema"]
    (choice,) = (one["$ref"] for one in schema.get("anyOf", [schema]) if one["$ref"] != _ERROR)
    return str(choice)


def _is_integer(_checker: object, value: object) -> bool:
    """Strict clients take no ``1.0``."""
    return isinstance(value, int) and not isinstance(value, bool)


@cache
def _validator(reference: str) -> Validator:
    formats = FormatChecker(formats=())
    formats.checks("date-time")(lambda value: not isinstance(value, str) or subset.is_moment(value))
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    strict = validators.extend(Draft202012Validator, type_checker=types)
    return strict({"$ref": reference, "components": document()["components"]}, format_checker=formats)


def _read(node: Any, schemas: dict[str, Any]) -> Any:
    """A part of the file with ``nullable`` as JSON Schema says it, ``allOf`` as one shape, every shape closed."""
    if isinstance(node, list):
        return [_read(one, schemas) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _read(value, schemas) for key, value in _merged(node, schemas).items()}
    if made.pop("nullable", False) is True:
        made["type"] = [made["type"], "null"]
        made |= {"enum": [*made["enum"], None]} if "enum" in made else {}
    if "properties" in made:
        made.setdefault("additionalProperties", False)
    return made


def _merged(node: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A schema with the parts of its ``allOf`` in it."""
    made = {key: value for key, value in node.items() if key != "allOf"}
    for part in node.get("allOf", ()):
        whole = _merged(schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part, schemas)
        whole.pop("additionalProperties", None)
        properties = made.get("properties", {}) | whole.pop("properties", {})
        required = [*made.get("required", ()), *whole.pop("required", ())]
        made |= whole | ({"properties": properties, "required": required} if properties else {})
    return made
