"""What the runner needs from the world: a socket and an API; the real ones and the fakes of tests have this shape."""

from typing import Protocol

from imagechat_tui.client.work import Counted
from imagechat_tui.core.asks import AskBody
from imagechat_tui.core.inputs import Answered, Refused, Unanswered
from imagechat_tui.core.outputs import Connect
from imagechat_tui.protocol.events import Frame


class SocketEnded(Exception):  # noqa: N818 - an ending, which may be an orderly one
    """The live socket ended or could not be opened; the facts are those of ``inputs.SocketClosed``."""

    def __init__(self, *, status: int | None = None, insecure: bool = False, detail: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.insecure = insecure
        self.detail = detail


class Socket(Protocol):
    """One open live connection."""

    async def receive(self) -> Frame | None:
        """The next frame; ``None`` for one that does not decode.

        Raises:
            SocketEnded: There is no next one.
        """

    async def close(self) -> None:
        """End it; never raises."""


class Live(Protocol):
    """Opens live connections."""

    async def connect(self, target: Connect) -> Socket:
        """Open one.

        Raises:
            SocketEnded: It could not be opened.
        """


class Api(Protocol):
    """Asks the server."""

    async def ask(self, number: int, body: AskBody, *, timeout: float) -> Answered | Refused | Unanswered:  # noqa: ASYNC109 - the session decides it, the HTTP library carries it out
        """Ask once; never raises for anything the network did."""

    async def fetch_picture(self, src: str, *, told: Counted | None = None) -> bytes:
        """The bytes of the board's own picture, from the board's own host only.

        Raises:
            ServerError: Not there, not allowed, not reachable.
            PictureError: Larger than the limit.
        """

    async def close(self) -> None:
        """Let connections go."""
