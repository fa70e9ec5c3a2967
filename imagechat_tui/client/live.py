"""The live socket: opens it, turns its text frames into shapes, notices within 20 s that nobody is there any more.

A plain host needs two connections (page and open thread); from outside they look like one. Sends nothing but pings.
"""

import asyncio
import logging
import ssl
from typing import Any, Final

from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from imagechat_tui.client.channels import Channels
from imagechat_tui.client.exchange import USER_AGENT, Wake, words_of
from imagechat_tui.client.ports import Socket, SocketEnded
from imagechat_tui.client.server import Server, query
from imagechat_tui.client.traffic import Traffic
from imagechat_tui.core.outputs import Connect
from imagechat_tui.errors import ImagechatError, ProtocolError
from imagechat_tui.protocol import codec, ids, paths
from imagechat_tui.protocol.events import Frame

_log = logging.getLogger(__name__)

# A batch of 500 events of 2,000 characters each is below this.
_MOST_FRAME_BYTES: Final = 4 * 1024 * 1024
_OPEN_SECONDS: Final = 10.0


class KeepAlive(Struct, frozen=True, kw_only=True):
    """How a dead connection is noticed: at worst after the sum of the three (18 s), promised are 20 s."""

    interval: float = 8.0
    """Seconds between two pings."""
    answer: float = 8.0
    """Seconds a pong may take."""
    close: float = 2.0
    """Seconds for the farewell."""


class WebSockets:
    """Opens live connections to one server."""

    def __init__(
        self,
        server: Server,
        *,
        channels: Channels | None = None,
        traffic: Traffic | None = None,
        wake: Wake | None = None,
        keep_alive: KeepAlive | None = None,
        compress: bool = False,
    ) -> None:
        """``compress`` trades CPU for bytes on thin links."""
        self._server = server
        self._channels = channels or Channels()
        self._traffic = traffic or Traffic()
        self._wake = wake
        self._keep_alive = keep_alive or KeepAlive()
        self._compress = compress
        self._tls: ssl.SSLContext | None = None

    async def connect(self, target: Connect) -> Socket:
        """Open the board's channel, and the thread's where ``target`` names one.

        Raises:
            SocketEnded: It could not be opened.
        """
        board = await self._open(
            query(
                urlId=target.url_id_ws,
                userIdWS=target.user_id_ws,
                tenantIdWS=target.tenant_id_ws,
                scope="board" if target.board_scope else None,
                batch=1 if target.board_scope else None,
            )
        )
        if target.thread_url_id is None:
            return board
        try:
            return _Pair(board, await self._open(self._thread_query(target, target.thread_url_id)))
        except BaseException:
            await board.close()
            raise

    def _thread_query(self, target: Connect, thread: str) -> str:
        named = self._channels.of(thread)
        return query(
            urlId=named.url_id_ws if named else ids.url_id_ws(thread),
            userIdWS=named.user_id_ws if named else target.user_id_ws,
            tenantIdWS=target.tenant_id_ws,
        )

    async def _open(self, names: str) -> "_Connection":
        try:
            return await self._once(names)
        except SocketEnded as ended:
            if ended.status is not None or ended.insecure or self._wake is None:
                raise
            try:
                again = await self._wake()
            except ImagechatError as problem:
                raise SocketEnded(detail=str(problem)) from problem
            if again is None:
                raise
            self._server = again
        return await self._once(names)

    async def _once(self, names: str) -> "_Connection":
        server = self._server
        options: dict[str, Any] = {}
        if server.uds is not None:
            options |= {"unix": True, "path": str(server.uds)}
        elif server.base_url.startswith("https://"):
            self._tls = self._tls or server.tls()
            options["ssl"] = self._tls
        try:
            connection = await _StraightConnect(
                server.live_url + paths.LIVE + names,
                user_agent_header=USER_AGENT,
                compression="deflate" if self._compress else None,
                proxy=None if server.loopback else True,
                open_timeout=_OPEN_SECONDS,
                ping_interval=self._keep_alive.interval,
                ping_timeout=self._keep_alive.answer,
                close_timeout=self._keep_alive.close,
                max_size=_MOST_FRAME_BYTES,
                **options,
            )
        except InvalidStatus as refusal:
            status = refusal.response.status_code
            raise SocketEnded(status=status, detail=f"the server refused the live connection ({status})") from refusal
        except ssl.SSLCertVerificationError as problem:
            raise SocketEnded(insecure=True, detail=problem.verify_message) from problem
        except (
            OSError,
            TimeoutError,
            InvalidHandshake,
            InvalidURI,
            ConnectionClosed,
            EOFError,
            ImportError,
        ) as problem:
            raise SocketEnded(detail=words_of(problem)) from problem
        return _Connection(connection, traffic=self._traffic, channels=self._channels)


class _StraightConnect(connect):
    """A connect that goes where it was told: a redirect is a refusal."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class _Connection:
    """One WebSocket."""

    def __init__(self, connection: ClientConnection, *, traffic: Traffic, channels: Channels) -> None:
        self._connection = connection
        self._channels = channels
        self._traffic = traffic
        if connection.request is not None:
            traffic.bytes_out += len(connection.request.serialize())

    async def receive(self) -> Frame | None:
        try:
            data = await self._connection.recv()
        except ConnectionClosed as end:
            raise SocketEnded(detail=words_of(end)) from end
        self._count(data)
        if isinstance(data, bytes):
            return None
        try:
            return codec.decode_frame(data, self._channels.ground)
        except ProtocolError as problem:
            _log.warning("a live frame that does not decode: %s", problem.detail)
            return None

    async def close(self) -> None:
        try:
            await self._connection.close()
        except asyncio.CancelledError:
            # The farewell was cut short; the library would leave the connection to the other end.
            self.abort()
            raise
        except Exception:  # noqa: BLE001 - whatever went wrong with a socket that nobody wants any more
            _log.debug("a live connection closed badly", exc_info=True)

    def abort(self) -> None:
        """Close at once, without a farewell."""
        self._connection.transport.abort()

    def _count(self, data: str | bytes) -> None:
        self._traffic.frames += 1
        self._traffic.bytes_in += _frame_bytes(len(data) if isinstance(data, bytes) else len(data.encode()))
        if self._connection.latency:
            self._traffic.round_trip = self._connection.latency


class _Pair:
    """The page's and the thread's connection of a plain host, merged; when one ends, so does the other."""

    def __init__(self, *sockets: _Connection) -> None:
        self._sockets = sockets
        self._reading: dict[asyncio.Task[Frame | None], _Connection] = {}

    async def receive(self) -> Frame | None:
        busy = set(self._reading.values())
        for socket in self._sockets:
            if socket not in busy:
                self._reading[asyncio.create_task(socket.receive())] = socket
        done, _ = await asyncio.wait(self._reading, return_when=asyncio.FIRST_COMPLETED)
        first = next(iter(done))
        del self._reading[first]
        return first.result()

    async def close(self) -> None:
        for task in self._reading:
            task.cancel()
        try:
            await asyncio.gather(*self._reading, return_exceptions=True)
            self._reading.clear()
            await asyncio.gather(*(socket.close() for socket in self._sockets))
        except asyncio.CancelledError:
            for socket in self._sockets:
                socket.abort()
            raise


def _frame_bytes(payload: int) -> int:
    """Bytes of an unmasked frame: RFC 6455, 5.2."""
    short, medium = 125, 65_535
    return payload + (2 if payload <= short else 4 if payload <= medium else 10)
