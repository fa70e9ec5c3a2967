"""Sees what the servers of one process say by the published contract, and gives it to somebody who judges.

Stands around the application and the transports of live sockets, so that nothing is said past it. Our own endpoints and
``scope=board`` sockets are not its business. What has the shape of something that was found right is not given again:
a shape holds everything that a schema can tell.
"""

import asyncio
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final
from unittest.mock import patch

import msgspec
from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagechat_tui.server.app import make_app
from imagechat_tui.server.hub import Viewer
from imagechat_tui.server.live.socket import LiveSocket
from imagechat_tui.server.run import assembly
from tests.support import subset
from tests.support.subset import Operation

_FIN_TEXT: Final = 0x81
_DEFLATED: Final = 0x40
_BLOCK_END: Final = b"\x00\x00\xff\xff"
_CONTROL: Final = (0x88, 0x89, 0x8A)
_LENGTH: Final = 0x7F
_LONG: Final = {126: 2, 127: 8}
"""How many bytes more a length has."""
_OK: Final = 200


class Said(Struct, frozen=True, kw_only=True):
    """One answer, live frame, or event in an answered log."""

    what: str
    """``answer``, ``frame``, ``stored event``; or what a frame is that should be text."""
    body: bytes
    operation: Operation | None = None
    """What an answer was asked by."""
    status: int = 0
    media_type: str = ""


class Witness:
    """What was seen, and who is told."""

    def __init__(self, tell: Callable[[Said], bool]) -> None:
        """``tell`` says whether the same need not be told again."""
        self._tell = tell
        self._known: set[object] = set()

    def answered(self, operation: Operation, status: int, media_type: str, body: bytes) -> None:
        """A server has answered."""
        value = self._testify(Said(what="answer", body=body, operation=operation, status=status, media_type=media_type))
        if operation.template == subset.EVENT_LOG and status == _OK:
            for text in _stored(value):
                self._testify(Said(what="stored event", body=text.encode()))

    def framed(self, first: int, text: bytes) -> None:
        """A server has sent a live frame to a client of the contract."""
        if first not in _CONTROL:
            what = "frame" if first == _FIN_TEXT else f"frame that begins with {first:#x}"
            self._testify(Said(what=what, body=text))

    def _testify(self, said: Said) -> Any:
        try:
            value = msgspec.json.decode(said.body)
        except msgspec.DecodeError:
            self._tell(said)
            return None
        bare = said.what == "frame" and b"%" in said.body
        key = (said.what, said.operation, said.status, said.media_type, bare, subset.shape(value))
        if key not in self._known and self._tell(said):
            self._known.add(key)
        return value

    @contextmanager
    def over(self) -> Iterator[None]:
        """Watch every server that this process starts."""
        with (
            patch.object(assembly, "make_app", _watched(make_app, self)),
            patch.object(LiveSocket, "connection_made", _overheard(LiveSocket.connection_made)),
            patch.object(LiveSocket, "_join", _joining(LiveSocket._join, self)),
        ):
            yield


def _stored(answer: Any) -> Iterator[str]:
    """The events of a log that is an answer as it should be."""
    entries = answer.get("events") if isinstance(answer, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("data"), str):
            yield entry["data"]


def _watched(make: Callable[..., ASGIApp], witness: Witness) -> Callable[..., ASGIApp]:
    """Applications whose answers are seen."""

    def making(*given: Any) -> ASGIApp:
        return partial(_answer, make(*given), witness)

    return making


async def _answer(app: ASGIApp, witness: Witness, scope: Scope, receive: Receive, send: Send) -> None:
    operation = subset.operation(scope["method"], scope["path"]) if scope["type"] == "http" else None
    if operation is None:
        await app(scope, receive, send)
        return
    start: Message = {}
    pieces: list[bytes] = []

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))
            if not message.get("more_body", False):
                media_type = dict(start["headers"]).get(b"content-type", b"").decode("latin-1")
                witness.answered(operation, start["status"], media_type, b"".join(pieces))
        await send(message)

    await app(scope, receive, sending)


class Overheard:
    """A transport; once its viewer is known to be a client of the contract, its frames are seen."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.witness: Witness | None = None

    def write(self, data: bytes) -> None:
        """Write it, whole frames."""
        if self.witness is not None:
            for first, text in frames(data):
                self.witness.framed(first, text)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def _overheard(made: Callable[..., None]) -> Callable[..., None]:
    def making(live: LiveSocket, transport: asyncio.Transport) -> None:
        made(live, Overheard(transport))

    return making


def _joining(join: Callable[..., None], witness: Witness) -> Callable[..., None]:
    """Listen from the end of the handshake on, which is no frame."""

    def joining(live: LiveSocket, viewer: Viewer, response: Any) -> None:
        join(live, viewer, response)
        if not viewer.whole_board and isinstance(viewer.transport, Overheard):
            viewer.transport.witness = witness

    return joining


def frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The first byte and the payload of every frame, as if none were deflated; a server masks none.

    RFC 6455, section 5.2, and RFC 7692, section 7.2.2; every message is deflated by itself.
    """
    at = 0
    while at < len(data):
        size = data[at + 1] & _LENGTH
        begin = at + 2 + _LONG.get(size, 0)
        if size in _LONG:
            size = int.from_bytes(data[at + 2 : begin], "big")
        first, payload = data[at], data[begin : begin + size]
        if first & _DEFLATED:
            first, payload = first ^ _DEFLATED, zlib.decompressobj(-zlib.MAX_WBITS).decompress(payload + _BLOCK_END)
        yield first, payload
        at = begin + size
