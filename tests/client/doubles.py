"""Doubles of the runner's neighbours: a session with a script, an API and sockets without a network."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from imagechat_tui.client.ports import Socket, SocketEnded
from imagechat_tui.client.work import Counted
from imagechat_tui.core.asks import AskBody
from imagechat_tui.core.inputs import Answered, Input, Refused, Silence, Unanswered
from imagechat_tui.core.outputs import Connect, Output
from imagechat_tui.core.views import (
    BoardView,
    CommentView,
    LinkState,
    LinkView,
    MarkerView,
    Me,
    Person,
    SyncStats,
)
from imagechat_tui.errors import NotFoundError
from imagechat_tui.protocol.events import Frame
from imagechat_tui.protocol.replies import Done

Rule = Callable[[Input, float], list[Output]]


def says_nothing(_input: Input, _now: float) -> list[Output]:
    """The rule of a session without outputs."""
    return []


@dataclass
class ScriptedSession:
    """Answers every input by ``rule`` and remembers it."""

    rule: Rule = says_nothing
    seen: list[Input] = field(default_factory=list)
    src: str | None = None
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    def handle(self, input: Input, now: float) -> list[Output]:  # noqa: A002 - the session's own word
        self.seen.append(input)
        self._grown.set()
        return self.rule(input, now)

    async def saw(self, kind: type[Input], *, times: int = 1) -> Input:
        """The ``times``-th input of a kind, as soon as it is there."""
        async with asyncio.timeout(10):
            while sum(isinstance(one, kind) for one in self.seen) < times:
                self._grown.clear()
                await self._grown.wait()
        return [one for one in self.seen if isinstance(one, kind)][times - 1]

    @property
    def link(self) -> LinkView:
        return LinkView(state=LinkState.CLOSED)

    @property
    def board(self) -> BoardView:
        return BoardView(
            title="",
            image_src=self.src,
            image_version=1,
            image_size=None,
            visibility="link",
            markers=0,
            open=0,
            resolved=0,
            unread=0,
        )

    @property
    def me(self) -> Me:
        return Me(id=None, name="", signed_in=False, anonymous=False, moderator=False)

    @property
    def people(self) -> tuple[Person, ...]:
        return ()

    @property
    def viewers(self) -> int:
        return 0

    @property
    def writers(self) -> Mapping[str | None, tuple[Person, ...]]:
        return {}

    @property
    def stats(self) -> SyncStats:
        return SyncStats(
            cursor=None,
            reconnects=0,
            gaps=0,
            malformed=0,
            unknown=0,
            frames=0,
            held_back=0,
            confirmed=0,
            refused=0,
            unknown_outcome=0,
            echo_ids=0,
        )

    def markers(self) -> Sequence[MarkerView]:
        return ()

    def marker(self, marker_id: str) -> MarkerView | None:  # noqa: ARG002 - the shape of BoardReader
        return None

    def thread(self, marker_id: str) -> Sequence[CommentView] | None:  # noqa: ARG002 - the same
        return None


@dataclass
class FakeApi:
    """Answers every question with success, once ``gate`` is open."""

    asked: list[AskBody] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    fails_with: Exception | None = None
    pictures: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    closed: int = 0
    cancelled: int = 0

    def __post_init__(self) -> None:
        self.gate.set()

    async def ask(self, number: int, body: AskBody, *, timeout: float) -> Answered | Refused | Unanswered:  # noqa: ASYNC109 - see ports.Api
        self.asked.append(body)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.fails_with is not None:
            raise self.fails_with
        if timeout <= 0:
            return Unanswered(ask=number, why=Silence.LOST)
        return Answered(ask=number, reply=Done(status="success"))

    async def fetch_picture(self, src: str, *, told: Counted | None = None) -> bytes:  # noqa: ARG002 - the port's
        self.fetched.append(src)
        if src not in self.pictures:
            raise NotFoundError(src)
        return self.pictures[src]

    async def close(self) -> None:
        self.closed += 1


@dataclass(eq=False)
class FakeSocket:
    """Delivers what the test puts in."""

    frames: asyncio.Queue[Frame | SocketEnded | Exception | None] = field(default_factory=asyncio.Queue)
    closed: bool = False
    farewell: asyncio.Event = field(default_factory=asyncio.Event)
    """Closing waits for it."""

    def __post_init__(self) -> None:
        self.farewell.set()

    async def receive(self) -> Frame | None:
        frame = await self.frames.get()
        if isinstance(frame, Exception):
            raise frame
        return frame

    async def close(self) -> None:
        self.closed = True
        await self.farewell.wait()


@dataclass
class FakeLive:
    """Opens fake sockets, or refuses as told."""

    opened: list[FakeSocket] = field(default_factory=list)
    targets: list[Connect] = field(default_factory=list)
    refuses_with: Exception | None = None

    async def connect(self, target: Connect) -> Socket:
        self.targets.append(target)
        if self.refuses_with is not None:
            raise self.refuses_with
        socket = FakeSocket()
        self.opened.append(socket)
        return socket
