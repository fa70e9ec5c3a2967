"""The published schema as a judge: whether an answer or a live event is what official clients expect.

The file closes schemas inside ``allOf``, so that no answer at all could satisfy it; those locks are taken off, because
clients ignore unknown keys. Everything else is taken at its word: types, required keys, what may be null.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

FILE = Path(__file__).parents[1] / "openapi-subset.json"
IMAGE_CHAT_TYPES = ("new-image-chat", "image-chat-updated", "deleted-image-chat")
"""Documented by name and not part of the published list of types."""
_ERROR = "#/components/schemas/APIError"
_OK = 200


@cache
def document() -> dict[str, Any]:
    """The file, as JSON Schema understands it."""
    spec: dict[str, Any] = _opened(json.loads(FILE.read_text()))
    spec["components"]["schemas"]["LiveEventType"]["enum"] += IMAGE_CHAT_TYPES
    return spec


def operations() -> list[tuple[str, str]]:
    """Every published operation: method and path template."""
    return [(method.upper(), path) for path, methods in document()["paths"].items() for method in methods]


def problems(answer: httpx.Response) -> list[str]:
    """What is wrong with an answer, by the operation that its request was for; empty when nothing is."""
    method, path = answer.request.method.lower(), answer.request.url.path
    template = next(
        (one for one in document()["paths"] if method in document()["paths"][one] and fits(one, path)), None
    )
    if template is None:
        return [f"{method} {path} is not published"]
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return [f"it is {answer.headers.get('content-type')}"]
    if answer.status_code != _OK:
        return _against({"$ref": _ERROR}, answer.json())
    responses = document()["paths"][template][method]["responses"]
    schema = responses["200"]["content"]["application/json"]["schema"]
    choices = [one for one in schema.get("anyOf", [schema]) if one.get("$ref") != _ERROR]
    return _against({"anyOf": choices} if len(choices) > 1 else choices[0], answer.json())


def event_problems(event: object) -> list[str]:
    """What is wrong with one live event, from a frame or from the log."""
    return _against({"$ref": "#/components/schemas/LiveEvent"}, event)


def _against(schema: dict[str, Any], value: object) -> list[str]:
    judge = Draft202012Validator({**schema, "components": document()["components"]})
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in judge.iter_errors(value)]


def fits(template: str, path: str) -> bool:
    """Whether a path is one of a template's, with or without a slash at its end."""
    pattern = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template))
    return re.fullmatch(pattern + "/?", path) is not None


def _opened(node: Any) -> Any:
    """``nullable`` as JSON Schema says it; no schema closed."""
    if isinstance(node, list):
        return [_opened(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _opened(value) for key, value in node.items() if (key, value) != ("additionalProperties", False)}
    if made.pop("nullable", False) is True:
        return {"anyOf": [made, {"type": "null"}]}
    return made
