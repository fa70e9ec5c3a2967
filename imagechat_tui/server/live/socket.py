"""The WebSocket protocol class that uvicorn makes for every upgrade: handshake, keep-alive, goodbye.

Over websockets' public sans-I/O protocol. It says what the hub writes to its transport and hears nothing: frames of
clients are read, counted and ignored; a text ``ping`` is met with silence. It reads no cookies.
"""

import asyncio
import logging
import random
from http import HTTPStatus
from typing import Any, ClassVar, Final, cast

from uvicorn.config import Config
from uvicorn.server import ServerState
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.http11 import Request as Upgrade
from websockets.http11 import Response
from websockets.protocol import State
from websockets.server import ServerProtocol

from imagechat_tui.protocol.limits import INBOUND_FRAME_BYTES
from imagechat_tui.server.hub import Viewer
from imagechat_tui.server.hub.frames import WINDOW_BITS
from imagechat_tui.server.live import control
from imagechat_tui.server.live.door import Request, read_request
from imagechat_tui.server.live.entrance import Entrance
from imagechat_tui.server.live.gate import Admission, Rejection

wire_logger = logging.getLogger(f"{__name__}.wire")
"""websockets' own words. They would tell addresses with passes in them, so only its warnings are let through."""

_EXTENSIONS: Final = (ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True),)
"""Compression for who asks, of every message by itself: one deflated frame serves all, and no socket keeps a window."""


def make_live(entrance: Entrance) -> type[asyncio.Protocol]:
    """The class for uvicorn's ``Config(ws=...)``: the live sockets of one server."""
    wire_logger.setLevel(logging.WARNING)
    return type("LiveSocket", (LiveSocket,), {"__slots__": (), "entrance": entrance})


class LiveSocket(asyncio.Protocol):
    """One live connection."""

    __slots__ = (
        "_address",
        "_conn",
        "_deadline",
        "_heard",
        "_inbound",
        "_pinged",
        "_server_state",
        "_slot",
        "_spoke",
        "_task",
        "_transport",
        "_viewer",
    )

    entrance: ClassVar[Entrance]
    """Where all sockets of a server come in; set by ``make_live``."""

    def __init__(
        self,
        config: Config,  # noqa: ARG002 - given by uvicorn
        server_state: ServerState,
        app_state: dict[str, Any],  # noqa: ARG002 - given by uvicorn
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._server_state = server_state
        self._conn = ServerProtocol(max_size=INBOUND_FRAME_BYTES, logger=wire_logger, extensions=_EXTENSIONS)
        self._transport: asyncio.Transport = cast(asyncio.Transport, None)
        self._address: str | None = None
        self._viewer: Viewer | None = None
        self._task: asyncio.Task[None] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._slot = 0
        self._heard = True
        self._pinged = False
        self._inbound = 0
        self._spoke = False

    # What the transport tells --------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is handed over by uvicorn, with the request still to come."""
        self._transport = cast(asyncio.Transport, transport)
        self._server_state.connections.add(cast(Any, self))
        self.entrance.came()

    def data_received(self, data: bytes) -> None:
        """Bytes of the client: its request, then control frames and words that nobody listens to."""
        if self._task is not None:
            self.abort()  # Frames before the handshake is answered.
            return
        self._heard = True
        self._inbound += len(data)
        if self._inbound > self.entrance.settings.inbound_bytes:
            self.close(1008, "too much said")
            return
        if self._viewer is not None and not self._spoke and (pongs := control.answer(data)) is not None:
            self._echo(pongs)
            return
        # Perhaps the beginning of a frame: from here on only a parser knows where the next one begins.
        self._spoke = self._viewer is not None
        self._conn.receive_data(data)
        for event in self._conn.events_received():
            if isinstance(event, Upgrade):
                self._asked(event)
                return
        self._write_out()
        if self._conn.state is not State.OPEN:
            self._leave()
        else:
            self._end_if_deaf()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Over; nothing of it is kept."""
        self._server_state.connections.discard(cast(Any, self))
        self.entrance.went(self._address)
        self._leave()
        if self._task is not None:
            self._task.cancel()
        if self._deadline is not None:
            self._deadline.cancel()

    def shutdown(self) -> None:
        """The server ends: clients come back, spread over some seconds."""
        if self._task is not None:
            self._task.cancel()
            self._refuse(Rejection(status=503, reason="The server is restarting."))
            return
        pause = random.uniform(0, self.entrance.settings.restart_spread_seconds)  # noqa: S311 - spreads load
        self.close(1012, f"restarting, come back in {pause:.1f} s")

    # Coming in -----------------------------------------------------------------------------------------------------

    def _asked(self, upgrade: Upgrade) -> None:
        response = self._conn.accept(upgrade)
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._answer(response)
            return
        request = read_request(upgrade.path, upgrade.headers, host_allowed=self.entrance.host_allowed)
        self._address = self.entrance.caller(self._peer(), upgrade.headers.get_all("X-Forwarded-For"))
        if isinstance(request, Request):
            crowded = self.entrance.crowded(self._address)
            if crowded is None:
                self._task = asyncio.get_running_loop().create_task(self._enter(request, response))
                self._server_state.tasks.add(self._task)
                self._task.add_done_callback(self._server_state.tasks.discard)
                return
            request = crowded
        self._refuse(request)

    async def _enter(self, request: Request, response: Response) -> None:
        try:
            answer = await self.entrance.ask(request.knock)
            if isinstance(answer, Rejection):
                self._refuse(answer)
                return
            viewer = self._as_viewer(answer, request)
            await self.entrance.hub.expect(viewer)
            self._join(viewer, response)
        finally:
            self._task = None

    def _as_viewer(self, admission: Admission, request: Request) -> Viewer:
        return Viewer(
            actor=admission.actor,
            url_id=admission.url_id,
            board=admission.board,
            whole_board=request.whole_board,
            batch=request.batch,
            generation=admission.generation,
            pass_hash=admission.pass_hash,
            transport=self._transport,
            outlet=self,
            deflate=any(
                isinstance(agreed, PerMessageDeflate) and agreed.local_max_window_bits >= WINDOW_BITS
                for agreed in self._conn.extensions
            ),
        )

    def _join(self, viewer: Viewer, response: Response) -> None:
        """Subscribe first and answer then, in one turn of the loop: nothing committed after ``open`` is missed."""
        hub = self.entrance.hub
        if self._transport.is_closing():
            hub.forget(viewer)
            return
        self._viewer = viewer
        hub.join(viewer)
        self._answer(response)
        hub.welcome(viewer)
        self._inbound = 0
        self._slot = self.entrance.pulse.add(self)

    def _refuse(self, rejection: Rejection) -> None:
        response = self._conn.reject(rejection.status, f"{rejection.reason}\n")
        if rejection.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = str(self.entrance.settings.retry_after_seconds)
        self._answer(response)

    def _answer(self, response: Response) -> None:
        self._conn.send_response(response)
        self._write_out()

    # Staying and going ---------------------------------------------------------------------------------------------

    def beat(self) -> None:
        """Ping a peer that was silent since the last time; end the socket when it was so since a ping."""
        self._inbound = 0
        if self._heard:
            self._heard = self._pinged = False
        elif self._pinged:
            self.close(1011, "no sign of life")
        else:
            self._pinged = True
            self._transport.write(control.PING)

    def close(self, code: int, reason: str) -> None:
        """Say goodbye; the peer gets a moment to answer."""
        self._leave()
        if self._conn.state is not State.OPEN:
            self._transport.close()
            return
        self._conn.send_close(code, reason)
        self._write_out()
        wait = self.entrance.settings.close_seconds
        self._deadline = asyncio.get_running_loop().call_later(wait, self._transport.abort)

    def abort(self) -> None:
        """End it without a word."""
        self._leave()
        self._transport.abort()

    def _echo(self, pongs: bytes) -> None:
        if pongs and not self._transport.is_closing():
            self._transport.write(pongs)
            self._end_if_deaf()

    def _end_if_deaf(self) -> None:
        """It asks for pongs and does not read them."""
        if self._transport.get_write_buffer_size() > self.entrance.settings.control_bytes:
            self.abort()

    def _leave(self) -> None:
        viewer, self._viewer = self._viewer, None
        if viewer is not None:
            self.entrance.pulse.remove(self, self._slot)
            self.entrance.hub.leave(viewer)

    def _write_out(self) -> None:
        """Send what websockets wants to say; its empty word ends the connection."""
        if self._transport.is_closing():
            return
        for data in self._conn.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    def _peer(self) -> str | None:
        """The other end of the connection; a Unix socket has none."""
        peer = self._transport.get_extra_info("peername")
        return str(peer[0]) if isinstance(peer, tuple) else None
