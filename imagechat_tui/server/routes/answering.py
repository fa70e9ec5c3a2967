"""Bytes of an answer: status, the few headers that matter, body; knows no route and no error."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Final

from starlette.types import Send

from imagechat_tui.protocol import codec

JSON: Final = b"application/json"
_NO_CONTENT: Final = 204
FOR_BROWSERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
)
PAGE_POLICY: Final = (
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
)
"""For the pages that a person sees in a browser: nothing is loaded, nothing runs, nobody frames them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer that is not just 200 and a shape."""

    body: bytes
    status: int = 200
    media_type: bytes = JSON
    """Empty: the caller knows what it asked for."""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    stream: AsyncIterator[bytes] | None = None
    """The body in pieces, ``size`` bytes in all, instead of ``body``."""
    size: int = 0


def of(value: object, *, status: int = 200, headers: Iterable[tuple[bytes, bytes]] = ()) -> Answer:
    """A protocol shape as JSON."""
    return Answer(body=codec.encode(value), status=status, headers=tuple(headers))


async def send(answer: Answer, sender: Send, *, browser: bool) -> None:
    """Send it. ``browser`` adds what protects a page; a program with a bearer token has no use for it."""
    size = len(answer.body) if answer.stream is None else answer.size
    headers = [(b"content-length", str(size).encode()), *answer.headers]
    if answer.media_type:
        headers.insert(0, (b"content-type", answer.media_type))
    if answer.status == _NO_CONTENT:
        headers = list(answer.headers)
    if browser:
        said = {name for name, _ in answer.headers}
        headers += [header for header in FOR_BROWSERS if header[0] not in said]
    await sender({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.stream is not None:
        async for piece in answer.stream:
            await sender({"type": "http.response.body", "body": piece, "more_body": True})
    await sender({"type": "http.response.body", "body": answer.body})
