"""The last inputs of a session, kept for bug reports; what people wrote is taken out unless asked for.

An entry says when, what and with which values, in the shapes of ``core.inputs``; a report of them can be played again.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from imagechat_tui.core.inputs import Input

# A busy hour of one person; about 1 MB at most.
_MOST: Final = 2_000
# Keys whose values are words, names or addresses of people, or open something. Their length and equality survive.
_PRIVATE: Final = frozenset(
    {
        *("text", "comment", "commentHTML", "commenterName", "userName", "resolvedBy", "pageTitle", "title"),
        *("username", "displayName", "email", "avatarSrc", "commenterLink", "websiteUrl", "displayLabel", "src", "url"),
        *("names", "userIdWS", "sessionId", "editKey", "detail", "reason", "message", "translatedError"),
    }
)


class Entry(Struct, frozen=True, kw_only=True):
    """One input and its moment (monotonic seconds)."""

    at: float
    input: Input


class Trace:
    """A ring of the last inputs."""

    def __init__(self, *, most: int = _MOST) -> None:
        self._entries: deque[Entry] = deque(maxlen=most)
        self.dropped = 0

    def add(self, at: float, happened: Input) -> None:
        """Keep one more, and forget the oldest when the ring is full."""
        if len(self._entries) == self._entries.maxlen:
            self.dropped += 1
        self._entries.append(Entry(at=at, input=happened))

    def entries(self) -> tuple[Entry, ...]:
        """What is kept, oldest first."""
        return tuple(self._entries)

    def report(self, *, redact: bool = True) -> list[dict[str, Any]]:
        """What is kept as plain values, ``{"at", "kind", "values"}`` each, ready for JSON."""
        return [
            {
                "at": round(entry.at, 6),
                "kind": type(entry.input).__name__,
                "values": _values(entry.input, redact=redact),
            }
            for entry in self._entries
        ]


def _values(happened: Input, *, redact: bool) -> Any:
    values = msgspec.to_builtins(happened, enc_hook=str)
    for name in ("reply", "frame"):
        inner = getattr(happened, name, None)
        if inner is not None:
            values[name] = {"kind": type(inner).__name__, "values": values[name]}
    return _redacted(values) if redact else values


def _redacted(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _hidden(inner) if key in _PRIVATE else _redacted(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_redacted(inner) for inner in value]
        case _:
            return value


def _hidden(value: Any) -> Any:
    match value:
        case str():
            return "x" * len(value)
        case Mapping():
            # "comment" is a text in one place and an object in others; "names" maps ids to names.
            return {
                key: _hidden(inner) if isinstance(inner, str) and key in value else inner
                for key, inner in value.items()
            }
        case _:
            return _redacted(value)
