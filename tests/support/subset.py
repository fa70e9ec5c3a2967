"""The published file as it lies in ``tests/openapi-subset.json``: its operations, its words, the shape of a value.

Knows nothing of right and wrong and imports no validator, so that a watched server stays light.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

FILE: Final = Path(__file__).parents[1] / "openapi-subset.json"
IMAGE_CHAT_TYPES: Final = ("new-image-chat", "image-chat-updated", "deleted-image-chat")
"""Documented by name and not part of the published list of types."""
EVENT_LOG: Final = "/event-log/{tenantId}"
"""Its answer carries live events as text."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Operation(NamedTuple):
    """What can be asked for."""

    method: str
    template: str
    """The path, with ``{name}`` for its variable parts."""


@cache
def raw() -> dict[str, Any]:
    """The file, with the types of image chat events added."""
    spec: dict[str, Any] = json.loads(FILE.read_text())
    spec["components"]["schemas"]["LiveEventType"]["enum"] += IMAGE_CHAT_TYPES
    return spec


@cache
def operations() -> tuple[Operation, ...]:
    """Every published operation."""
    return tuple(Operation(method.upper(), path) for path, methods in raw()["paths"].items() for method in methods)


def operation(method: str, path: str) -> Operation | None:
    """The operation that a request is for; of two that fit, the one with fewer variable parts."""
    fitting = [one for one in operations() if one.method == method and fits(one.template, path)]
    return min(fitting, key=lambda one: one.template.count("{"), default=None)


def fits(template: str, path: str) -> bool:
    """Whether a path is one of a template's, with or without a slash at its end."""
    return _pattern(template).fullmatch(path) is not None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template)) + "/?")


def is_moment(text: str) -> bool:
    """Whether it is a ``date-time`` as this contract writes it: UTC, with milliseconds."""
    return _MOMENT.fullmatch(text) is not None


def shape(value: Any) -> object:
    """What the schemas can tell about a value, hashable: two values of one shape are both right or both wrong.

    Texts that no enumeration of the file has are alike, except moments. A number is its type: the file enumerates
    numbers in the configuration of a widget only, which is never sent.
    """
    if isinstance(value, dict):
        return frozenset([(key, shape(inside)) for key, inside in value.items()])
    if isinstance(value, list):
        return (list, frozenset(map(shape, value)))
    if isinstance(value, str):
        return value if value in _words() else is_moment(value)
    return type(value) if isinstance(value, int | float) and not isinstance(value, bool) else (value,)


@cache
def _words() -> frozenset[str]:
    """Every text that an enumeration of the file allows."""
    found = (node.get("enum") for node in _nodes(raw()))
    return frozenset(word for words in found if isinstance(words, list) for word in words if isinstance(word, str))


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for inside in node.values():
            yield from _nodes(inside)
    elif isinstance(node, list):
        for inside in node:
            yield from _nodes(inside)
