"""uvicorn's HTTP connection with an end to its patience: endless heads and crowds from one address are refused.

Everything else is uvicorn's. A reverse proxy in front would do the same; this server has to stand without one.
"""

import asyncio
from collections import Counter
from typing import ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.replies import ApiError
from imagechat_tui.server.auth.proxies import Proxies, counted_as

HEAD_BYTES: Final = 256 * 1024
"""Largest request line with headers; an ``sso`` parameter with an inline picture is the longest that has a reason."""
HEAD_SECONDS: Final = 20.0
"""From the first byte of a connection or request to the end of its head."""
REST_SECONDS: Final = 20.0
"""For the rest of a body whose request has its answer already."""

_CROWDED: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 5\r\nconnection: close\r\n\r\n"
)


def make_connection(*, most_per_address: int, trusted: Proxies | None = None) -> type[asyncio.Protocol]:
    """The class for uvicorn's ``Config(http=...)``: the connections of one server.

    Connections of ``trusted`` proxies are not counted: they carry requests of many.
    """
    shared = {"by_address": Counter(), "most_per_address": most_per_address, "trusted": trusted or Proxies(())}
    return type("ServerConnection", (Connection,), shared)


class Connection(HttpToolsProtocol):
    """One HTTP connection."""

    by_address: ClassVar[Counter[str]]
    """Open connections of the server; set by ``make_connection``."""
    most_per_address: ClassVar[int]
    trusted: ClassVar[Proxies]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A peer has connected, and has not said anything yet."""
        super().connection_made(cast(asyncio.Transport, transport))
        self._head_bytes = 0
        self._in_body = False
        self._patience: asyncio.TimerHandle | None = self._wait_for_head()
        peer = self.client[0] if self.client else None
        self._address = None if self.trusted.trusts(peer) else counted_as(peer)
        if self._address is not None:
            self.by_address[self._address] += 1
            if self.by_address[self._address] > self.most_per_address:
                self.transport.write(_CROWDED)
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The peer is gone."""
        self._stop_waiting()
        self._uncount()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """From here on it is a live socket, which is counted where those are."""
        self._stop_waiting()
        self._uncount()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Bytes of a head or of a body."""
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes and not self.transport.is_closing():
            if self._head_bytes > HEAD_BYTES:
                self.send_400_response("The head of the request is too long.")
            elif self._patience is None:
                self._patience = self._wait_for_head()

    def on_message_complete(self) -> None:
        """The next byte begins another head."""
        self._head_bytes = 0
        self._in_body = False
        self._stop_waiting()
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        """The head has come to its end."""
        self._head_bytes = 0
        self._in_body = True
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body: not counted as a head."""
        self._head_bytes = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """An answer is out; a body that was not waited for may come to its end, and not trickle for ever."""
        super().on_response_complete()
        if self._in_body and self.cycle.response_complete and not self.transport.is_closing():
            self._stop_waiting()
            self._patience = self.loop.call_later(REST_SECONDS, self._too_slow)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request at all, in the words of every other refusal."""
        self._stop_waiting()
        body = codec.encode(ApiError(status="failed", reason=msg, code="invalid-input"))
        head = (
            b"content-type: application/json\r\n",
            b"content-length: " + str(len(body)).encode() + b"\r\n",
            b"connection: close\r\n\r\n",
        )
        self.transport.write(b"".join((STATUS_LINE[400], *head, body)))
        self.transport.close()

    def _uncount(self) -> None:
        address, self._address = self._address, None
        if address is not None:
            self.by_address[address] -= 1
            if not self.by_address[address]:
                del self.by_address[address]

    def _wait_for_head(self) -> asyncio.TimerHandle:
        return self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _too_slow(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.close()
