"""A network cable that can be pulled: wraps the real API and the real live socket of one reviewer; changes no data."""

import asyncio

from imagechat_tui.client.ports import Api, Live, Socket, SocketEnded
from imagechat_tui.client.work import Counted
from imagechat_tui.core.asks import AskBody
from imagechat_tui.core.inputs import Answered, Refused, Silence, Unanswered
from imagechat_tui.core.outputs import Connect
from imagechat_tui.errors import UnreachableError
from imagechat_tui.protocol.events import Frame

_PULLED = "the cable is pulled"


class Cable:
    """Plugged in at first."""

    def __init__(self) -> None:
        self._pulled = asyncio.Event()

    @property
    def plugged(self) -> bool:
        """Whether anything can pass."""
        return not self._pulled.is_set()

    def pull(self) -> None:
        """Open sockets end, nothing new gets through."""
        self._pulled.set()

    def plug(self) -> None:
        """Everything can pass again."""
        self._pulled.clear()

    async def pulled(self) -> None:
        """Wait until somebody pulls it."""
        await self._pulled.wait()


class CabledApi:
    """An ``Api`` behind a cable."""

    def __init__(self, api: Api, cable: Cable) -> None:
        self._api = api
        self._cable = cable

    async def ask(self, number: int, body: AskBody, *, timeout: float) -> Answered | Refused | Unanswered:  # noqa: ASYNC109 - see ports.Api
        """Ask, if anything can pass."""
        if not self._cable.plugged:
            return Unanswered(ask=number, why=Silence.UNREACHABLE, detail=_PULLED)
        return await self._api.ask(number, body, timeout=timeout)

    async def fetch_picture(self, src: str, *, told: Counted | None = None) -> bytes:
        """The picture, if anything can pass."""
        if not self._cable.plugged:
            raise UnreachableError(_PULLED)
        return await self._api.fetch_picture(src, told=told)

    async def close(self) -> None:
        """Let connections go."""
        await self._api.close()


class CabledLive:
    """A ``Live`` behind a cable."""

    def __init__(self, live: Live, cable: Cable) -> None:
        self._live = live
        self._cable = cable

    async def connect(self, target: Connect) -> Socket:
        """Open a socket, if anything can pass."""
        if not self._cable.plugged:
            raise SocketEnded(detail=_PULLED)
        return _CabledSocket(await self._live.connect(target), self._cable)


class _CabledSocket:
    def __init__(self, socket: Socket, cable: Cable) -> None:
        self._socket = socket
        self._cable = cable

    async def receive(self) -> Frame | None:
        """The next frame, or the end when the cable is pulled first."""
        frame = asyncio.ensure_future(self._socket.receive())
        pulled = asyncio.ensure_future(self._cable.pulled())
        try:
            await asyncio.wait({frame, pulled}, return_when=asyncio.FIRST_COMPLETED)
            if frame.done():
                return frame.result()
            raise SocketEnded(detail=_PULLED)
        finally:
            for waiting in (frame, pulled):
                waiting.cancel()
            await asyncio.gather(frame, pulled, return_exceptions=True)

    async def close(self) -> None:
        await self._socket.close()
