"""The last inputs of a session, kept for bug reports that can be played again; what people wrote is taken out of them.

A report keeps shapes, ids of rows, positions, times and lengths. Words become ``x``, and names, keys and addresses
become pseudonyms that are equal where the originals were, but differ from report to report.
"""

import hashlib
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from imagechat_tui.client.scene import Failed, Rest, Scene
from imagechat_tui.core import inputs
from imagechat_tui.core.inputs import FrameReceived, Input
from imagechat_tui.core.outputs import Ask, Output
from imagechat_tui.core.views import BoardReader
from imagechat_tui.errors import ProtocolError
from imagechat_tui.protocol import codec, ids, replies
from imagechat_tui.protocol.events import Batch, Frame
from imagechat_tui.protocol.replies import LogPage, Reply

# A busy hour of one person; about 1 MB.
_MOST: Final = 2_000
# Values that people wrote, or that open something.
_WORDS: Final = frozenset(
    {
        *("text", "comment", "commentHTML", "commentText", "sanitizedCommentText", "pageTitle", "title", "detail"),
        *("reason", "message", "translatedError", "avatarSrc", "commenterLink", "websiteUrl", "displayLabel", "email"),
        *("userIdWS", "sessionId", "editKey", "domain"),
    }
)
# Values by which things are recognised, and which say who or what they belong to.
_NAMES: Final = frozenset(
    {
        *("urlId", "urlIdClean", "urlIdRaw", "urlIdWS", "windowUrlId", "src", "url", "tenantId", "tenantIdWS"),
        *("userId", "anonUserId", "commenterName", "userName", "resolvedBy", "username", "displayName", "id"),
        *("uj", "ul", "groupIds", "sha256"),
    }
)


class Entry(Struct, frozen=True, kw_only=True):
    """One input, its moment (monotonic seconds), and what the session drew to answer it."""

    at: float
    input: Input
    ids: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    asked: tuple[int, ...] = ()
    """The numbers of the questions that it led to."""


class Report(Struct, frozen=True, kw_only=True):
    """Inputs to be played again, from the opening of the board or from a scene on."""

    scene: Scene | None
    entries: tuple[Entry, ...]


class Chance:
    """The ids and random numbers that a session draws, remembered until the input that caused them is kept."""

    def __init__(self, *, new_id: Callable[[], str], random: Callable[[], float]) -> None:
        self._new_id = new_id
        self._random = random
        self._ids: list[str] = []
        self._numbers: list[float] = []

    def new_id(self) -> str:
        """A fresh id."""
        self._ids.append(self._new_id())
        return self._ids[-1]

    def random(self) -> float:
        """A number from 0 to 1."""
        self._numbers.append(self._random())
        return self._numbers[-1]

    def drawn(self) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """What was drawn since the last call."""
        ids, numbers = tuple(self._ids), tuple(self._numbers)
        self._ids.clear()
        self._numbers.clear()
        return ids, numbers


class Trace:
    """The last inputs; when the oldest have to go, the trace begins anew at a moment when the session was at rest."""

    def __init__(self, *, most: int = _MOST) -> None:
        self._most = most
        self._entries: deque[Entry] = deque()
        self._rest = Rest()
        self._scene: Scene | None = None
        self._later: tuple[int, Scene] | None = None
        self.dropped = 0
        """How many older ones were forgotten."""

    def add(
        self,
        at: float,
        happened: Input,
        *,
        chance: Chance | None = None,
        outputs: Sequence[Output] = (),
        view: BoardReader | None = None,
    ) -> None:
        """Keep one more with what was drawn and asked for it, and forget the oldest when there are too many."""
        drawn_ids, numbers = chance.drawn() if chance is not None else ((), ())
        asked = tuple(output.ask for output in outputs if isinstance(output, Ask))
        self._entries.append(Entry(at=at, input=happened, ids=drawn_ids, numbers=numbers, asked=asked))
        self._rest.note(happened, outputs)
        if view is not None and self._later is None and len(self._entries) > self._most // 2:
            scene = self._rest.scene(view, happened, at)
            self._later = None if scene is None else (self.dropped + len(self._entries), scene)
        if len(self._entries) > self._most:
            self._begin_later()

    def _begin_later(self) -> None:
        begins, self._scene = self._later or (self.dropped + 1, None)
        self._later = None
        while self.dropped < begins:
            self._entries.popleft()
            self.dropped += 1

    def entries(self) -> tuple[Entry, ...]:
        """What is kept, oldest first."""
        return tuple(self._entries)

    def report(self) -> bytes:
        """What is kept as JSON, one ``{"at", "kind", "values"}`` per line, without anybody's words."""
        salt = secrets.token_bytes(16)
        lines = [_written(entry, salt) for entry in self._entries]
        if self._scene is not None:
            lines.insert(0, _written_scene(self._scene, salt))
        return b"\n".join(map(codec.encode, lines))


def read_report(report: bytes) -> Report:
    """The inputs of a report, ready to be played again.

    Raises:
        ProtocolError: This is no report, or one of another version.
    """
    lines = [codec.decode(line, _Line) for line in report.splitlines() if line.strip()]
    scene = _scene(lines.pop(0)) if lines and lines[0].kind == Scene.__name__ else None
    return Report(scene=scene, entries=tuple(map(_read, lines)))


class _Line(Struct, frozen=True, kw_only=True):
    at: float
    kind: str
    values: dict[str, Any]
    reply: str | None = None
    ids: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    asked: tuple[int, ...] = ()


def _written(entry: Entry, salt: bytes) -> _Line:
    happened = entry.input
    values = msgspec.to_builtins(happened)
    if isinstance(happened, FrameReceived) and happened.frame is not None:
        values["frame"] = _wire_form(happened.frame)
    reply = getattr(happened, "reply", None)
    return _Line(
        at=entry.at,
        kind=type(happened).__name__,
        values=_hide(values, salt),
        reply=type(reply).__name__ if reply is not None else None,
        ids=entry.ids,
        numbers=entry.numbers,
        asked=entry.asked,
    )


def _written_scene(scene: Scene, salt: bytes) -> _Line:
    return _Line(at=scene.at, kind=Scene.__name__, values=_hide(msgspec.to_builtins(scene), salt))


def _scene(line: _Line) -> Scene:
    try:
        return msgspec.convert(line.values, Scene)
    except msgspec.ValidationError as problem:
        raise ProtocolError(f"{line.kind}: {problem}") from problem


def _wire_form(frame: Frame) -> Any:
    """A frame as it travelled: only a batch is called differently inside."""
    if isinstance(frame, Batch):
        events = [msgspec.to_builtins(event) for event in frame.events]
        return {"type": "batch", "from": frame.first, "to": frame.last, "events": events}
    return msgspec.to_builtins(frame)


def _hide(value: Any, salt: bytes, key: str = "") -> Any:
    match value:
        case Mapping() if key == "names":
            return {_pseudonym(user, salt): "x" * len(name) for user, name in value.items()}
        case Mapping():
            return {name: _hide(inner, salt, name) for name, inner in value.items()}
        case list() | tuple():
            return [_hide(inner, salt, key) for inner in value]
        case str():
            return _hide_text(value, salt, key)
        case _:
            return value


def _hide_text(value: str, salt: bytes, key: str) -> str:
    if key == "data":
        # The log by time carries each event as JSON text.
        return codec.encode(_hide(codec.decode(value, dict[str, Any]), salt)).decode()
    if key in _WORDS:
        return "x" * len(value)
    return _pseudonym(value, salt) if key in _NAMES else value


def _pseudonym(name: str, salt: bytes) -> str:
    made = hashlib.blake2b(name.encode(errors="surrogatepass"), key=salt, digest_size=6).hexdigest()
    return ids.anonymous_id(made) if ids.is_anonymous(name) else made


def _read(line: _Line) -> Entry:
    return Entry(at=line.at, input=_input(line), ids=line.ids, numbers=line.numbers, asked=line.asked)


def _kind(name: str) -> type[Input]:
    kind = getattr(inputs, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Input)):
        raise ProtocolError(f"no input of this version: {name}")
    return kind


def intent_of(failed: Failed) -> Input:
    """The intent of a failed change.

    Raises:
        ProtocolError: No intent of this version.
    """
    try:
        return msgspec.convert(failed.values, _kind(failed.kind))
    except msgspec.ValidationError as problem:
        raise ProtocolError(f"{failed.kind}: {problem}") from problem


def _input(line: _Line) -> Input:
    kind = _kind(line.kind)
    values = dict(line.values)
    try:
        if line.reply is not None:
            return inputs.Answered(ask=values["ask"], reply=_reply(line.reply, values["reply"]))
        if kind is FrameReceived:
            frame = values.get("frame")
            decoded = None if frame is None else codec.decode_frame(codec.encode(frame))
            return FrameReceived(attempt=values["attempt"], frame=decoded)
        return msgspec.convert(values, kind)
    except (msgspec.ValidationError, KeyError) as problem:
        raise ProtocolError(f"{line.kind}: {problem}") from problem


def _reply(name: str, values: Any) -> Reply:
    kind = getattr(replies, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Reply)):
        raise ProtocolError(f"no reply of this version: {name}")
    body = codec.encode(values)
    return codec.decode_log_page(body) if kind is LogPage else codec.decode(body, kind)
