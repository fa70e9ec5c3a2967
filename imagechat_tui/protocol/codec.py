r"""The only decoders of the program: bytes to shapes and back; raises ``ProtocolError``, decides nothing.

Frames are written with ``%`` as ``\u0025``, because one official client percent-decodes a frame before it parses it.
An event of an unknown type decodes to ``Unknown`` and keeps its position; anything else that does not fit is an error.
"""

from typing import TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct

from imagechat_tui.errors import ProtocolError
from imagechat_tui.protocol import brief
from imagechat_tui.protocol.brief import BriefCreated, Ground, Opening
from imagechat_tui.protocol.events import Batch, Frame, Known, LiveEvent, Skip, Unknown
from imagechat_tui.protocol.models import User
from imagechat_tui.protocol.replies import ErrorSeen, LogPage, MarkerCreated
from imagechat_tui.protocol.requests import CreateMarker

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


class _Head(Struct, rename="camel"):
    type: str


class _BatchFrame(Struct, rename={"first": "from", "last": "to"}):
    first: int
    last: int
    events: list[Raw]


class _LogPageBody(Struct, rename="camel"):
    status: str
    events: list[Raw]
    head: int
    has_more: bool


_head = msgspec.json.Decoder(_Head)
_known: msgspec.json.Decoder[Known] = msgspec.json.Decoder(Known)
_skip = msgspec.json.Decoder(Skip)
_unknown = msgspec.json.Decoder(Unknown)
_batch = msgspec.json.Decoder(_BatchFrame)
_opening = msgspec.json.Decoder(Opening)
_error = msgspec.json.Decoder(ErrorSeen)

KNOWN_TYPES: frozenset[str] = frozenset(str(kind.__struct_config__.tag) for kind in Known.__args__)
"""The ``type`` of every event this version understands."""


def encode(value: object) -> bytes:
    """Any shape as JSON."""
    return _encoder.encode(value)


def encode_frame(value: object) -> bytes:
    """Any shape as the JSON of a live frame: no bare ``%``."""
    return _encoder.encode(value).replace(b"%", b"\\u0025")


def decode(body: bytes | str, kind: type[T], *, strict: bool = True) -> T:
    """A body as ``kind``.

    Raises:
        ProtocolError: It is not JSON, or a required key is missing, or a value has the wrong type.
    """
    try:
        return msgspec.json.decode(body, type=kind, strict=strict)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise ProtocolError(str(problem)) from problem


def decode_event(data: bytes | str) -> LiveEvent | Skip:
    """One event, as it stands alone in a frame, in a batch or as ``data`` of the log by time.

    Raises:
        ProtocolError: It is not JSON, has no type, or has a known type and a wrong shape.
    """
    try:
        kind = _head.decode(data).type
        if kind in KNOWN_TYPES:
            return _known.decode(data)
        if kind == "skip":
            return _skip.decode(data)
        return _unknown.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise ProtocolError(str(problem)) from problem


def decode_frame(data: bytes | str, ground: Ground | None = None) -> Frame:
    """One text frame of the live socket.

    Args:
        data: The frame.
        ground: What the board's thread keys are made of, if the reader knows.

    Raises:
        ProtocolError: As ``decode_event``, or a batch whose range is empty, or a frame that leaves out too much.
    """
    try:
        kind = _head.decode(data).type
        if kind == "marker":
            event = brief.opened(_opening.decode(data), ground)
            return Batch(first=(event.seq or 0) - 1, last=event.seq or 0, events=(event,))
        if kind != "batch":
            return decode_event(data)
        batch = _batch.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise ProtocolError(str(problem)) from problem
    if batch.first > batch.last:
        raise ProtocolError(f"a batch from {batch.first} to {batch.last}")
    return Batch(first=batch.first, last=batch.last, events=tuple(decode_event(bytes(raw)) for raw in batch.events))


def decode_log_page(body: bytes) -> LogPage:
    """One page of the log by position.

    Raises:
        ProtocolError: As ``decode_event``.
    """
    page = decode(body, _LogPageBody)
    events = [decode_event(bytes(raw)) for raw in page.events]
    return LogPage(status=page.status, events=events, head=page.head, has_more=page.has_more)


def decode_created(
    body: bytes, asked: CreateMarker, *, author: User | None = None, ground: Ground | None = None
) -> MarkerCreated:
    """The answer to a new marker, in whichever form it came.

    Raises:
        ProtocolError: It does not fit, or leaves out what this reader does not know.
    """
    short = decode(body, BriefCreated)
    if short.marker is not UNSET or short.status != "success":
        return decode(body, MarkerCreated)
    return brief.told(short, asked, author=author, ground=ground)


def decode_error(body: bytes) -> ErrorSeen:
    """The error of a non-2xx answer; an empty one when the body is none of the published shapes."""
    try:
        return _error.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ErrorSeen()
