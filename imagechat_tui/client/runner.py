"""Runs one ``core`` session: the one background worker that owns the socket, the questions, the timer and every task.

Inputs go into one queue, outputs are carried out in order, changes are announced to listeners. It decides nothing: what
to do, and when, is the session's word.
"""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Final, Protocol

from imagechat_tui.client.ports import Api, Live, Socket, SocketEnded
from imagechat_tui.client.trace import Chance, Trace
from imagechat_tui.client.traffic import Traffic
from imagechat_tui.client.work import Counted
from imagechat_tui.core.asks import Write
from imagechat_tui.core.inputs import (
    FrameReceived,
    Input,
    Silence,
    SocketClosed,
    SocketOpened,
    Start,
    Stop,
    Unanswered,
    Woke,
)
from imagechat_tui.core.outputs import Ask, Change, Connect, Disconnect, LinkChanged, Output, WakeAt
from imagechat_tui.core.views import BoardReader, LinkState
from imagechat_tui.errors import NotFoundError
from imagechat_tui.i18n import _

_log = logging.getLogger(__name__)

Listener = Callable[[Sequence[Change]], None]

# Inputs handled before screens and sockets get a turn: well below the 50 ms that nothing may block.
_SLICE: Final = 64
# Frames that may wait; beyond it the socket is not read, so that a flood fills the kernel's buffer and not memory.
_WAITING: Final = 512
# What is left for writes on their way when the person leaves, in seconds.
_FAREWELL: Final = 1.0
_FAULTS: Final = 20
_STATES: Final = 20
"""States of the link that are remembered for the sync screen."""


class Handles(Protocol):
    """What the runner needs of a session."""

    def handle(self, input: Input, now: float) -> list[Output]:  # noqa: A002 - the session's own word
        """One input in, all its outputs out."""


class SessionLike(Handles, BoardReader, Protocol):
    """A session is also what screens read."""


class Runner:
    """One session in the real world. ``run`` opens the board and works until ``Stop`` or cancellation."""

    def __init__(
        self,
        session: SessionLike,
        *,
        api: Api,
        live: Live,
        clock: Callable[[], float] = time.monotonic,
        traffic: Traffic | None = None,
        chance: Chance | None = None,
    ) -> None:
        """``chance`` is what the session draws from, so that the trace can be played again."""
        self._session = session
        self._api = api
        self._live = live
        self._clock = clock
        self._inbox: asyncio.Queue[Input] = asyncio.Queue()
        self._listeners: list[Listener] = []
        self._asking: dict[asyncio.Task[None], Ask] = {}
        self._socket: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._running = False
        self._ended = asyncio.Event()
        self.traffic = traffic or Traffic()
        self.trace = Trace()
        self._chance = chance
        self._states: deque[tuple[float, LinkState]] = deque(maxlen=_STATES)
        self.faults: deque[str] = deque(maxlen=_FAULTS)
        """The last things that went wrong in listeners and tasks, for the sync screen; each is in the log in full."""

    @property
    def view(self) -> BoardReader:
        """The board as it is now."""
        return self._session

    def submit(self, input: Input) -> None:  # noqa: A002 - the session's own word
        """Hand one input over; from the event loop's thread, returns at once."""
        self._inbox.put_nowait(input)

    def listen(self, callback: Listener) -> Callable[[], None]:
        """Call ``callback`` with every group of changes, in order; the answer ends that."""
        self._listeners.append(callback)

        def unlisten() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(callback)

        return unlisten

    async def run(self) -> None:
        """Open the board and work until ``Stop``; afterwards nothing of it is left running, and it cannot run again.

        Raises:
            RuntimeError: It is running.
            Exception: Whatever the session itself raised: a bug, after which its state is not to be trusted.
        """
        if self._running:
            raise RuntimeError("a runner runs once")
        if self._ended.is_set():
            return
        self._running = True
        try:
            self._handle_all([Start()])
            more = True
            while more:
                more = await self._turn()
        except Exception:
            _log.exception("the session failed")
            raise
        finally:
            try:
                await self._wind_up()
            finally:
                self._running = False
                self._ended.set()

    async def stop(self) -> None:
        """Leave: ends ``run`` and waits until nothing is left. Safe to call twice, or without ``run``."""
        if self._running:
            self.submit(Stop())
            await self._ended.wait()
        elif not self._ended.is_set():
            self._ended.set()
            await self._api.close()

    def report(self) -> bytes:
        """The last inputs for a bug report, without anybody's words; the simulator plays it again."""
        return self.trace.report()

    def link_history(self) -> Sequence[tuple[float, LinkState]]:
        """The last states of the link, newest first, each with the seconds since it began."""
        now = self._clock()
        return [(now - began, state) for began, state in reversed(self._states)]

    async def picture(self, *, told: Counted | None = None) -> bytes:
        """The bytes of the picture that the board shows now; ``told`` hears how much of it has come.

        Raises:
            NotFoundError: The board has no picture.
            PictureError, ServerError: See ``Api.fetch_picture``.
        """
        src = self._session.board.image_src
        if src is None:
            raise NotFoundError(_("This board has no picture yet."))
        if src not in self._pictures:
            self._pictures[src] = await self._api.fetch_picture(src, told=told)
            if len(self._pictures) > 2:  # noqa: PLR2004 - the present version and the one before it
                self._pictures.popitem(last=False)
        return self._pictures[src]

    def keep_picture(self, src: str, data: bytes) -> None:
        """Spare the download of bytes that are at hand."""
        self._pictures[src] = data

    async def _turn(self) -> bool:
        """Handle what has come in; ``False`` after the last input."""
        # Screens repaint and sockets are read between two slices of a flood.
        await asyncio.sleep(0)
        inputs = [await self._inbox.get()]
        while len(inputs) < _SLICE and not self._inbox.empty() and not isinstance(inputs[-1], Stop):
            inputs.append(self._inbox.get_nowait())
        try:
            self._handle_all(inputs)
        finally:
            for _input in inputs:
                self._inbox.task_done()
        return not isinstance(inputs[-1], Stop)

    def _handle_all(self, inputs: Sequence[Input]) -> None:
        changes: list[Change] = []
        try:
            for happened in inputs:
                now = self._clock()
                outputs: list[Output] = []
                try:
                    outputs = self._session.handle(happened, now)
                finally:
                    self.trace.add(now, happened, chance=self._chance, outputs=outputs, view=self._session)
                for output in outputs:
                    if isinstance(output, Change):
                        self._note(output, now)
                        changes.append(output)
                    else:
                        self._carry_out(output)
        finally:
            if changes:
                self._announce(changes)

    def _note(self, change: Change, now: float) -> None:
        if isinstance(change, LinkChanged) and (not self._states or self._states[-1][1] is not change.link.state):
            self._states.append((now, change.link.state))

    def _announce(self, changes: Sequence[Change]) -> None:
        for listener in list(self._listeners):
            try:
                listener(changes)
            except Exception as problem:  # noqa: BLE001 - a screen's bug must not stop the sync; it is logged and shown
                self._fault("a listener failed", problem)

    def _carry_out(self, effect: Output) -> None:
        match effect:
            case Ask():
                task = self._start(self._ask(effect))
                self._asking[task] = effect
                task.add_done_callback(self._asking.pop)
            case Connect():
                self._drop_socket()
                self._socket = self._start(self._follow(effect))
            case Disconnect():
                self._drop_socket()
            case WakeAt():
                self._wake_at(effect.at)
            case _:
                raise TypeError(f"no way to carry out {type(effect).__name__}")

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work)

    def _wake_at(self, at: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at is not None:
            delay = max(0.0, at - self._clock())
            self._timer = asyncio.get_running_loop().call_later(delay, self.submit, Woke())

    async def _ask(self, effect: Ask) -> None:
        try:
            ending: Input = await self._api.ask(effect.ask, effect.body, timeout=effect.timeout)
        except Exception as problem:  # noqa: BLE001 - the session waits for exactly one ending, whatever broke
            self._fault(f"{type(effect.body).__name__} failed", problem)
            ending = Unanswered(ask=effect.ask, why=Silence.LOST, detail=type(problem).__name__)
        self.submit(ending)

    async def _follow(self, target: Connect) -> None:
        """One live connection from its opening to its end, which is reported unless it was dropped on purpose."""
        socket: Socket | None = None
        attempt = target.attempt
        try:
            socket = await self._live.connect(target)
            self.submit(SocketOpened(attempt=attempt))
            while True:
                frame = await socket.receive()
                self.submit(FrameReceived(attempt=attempt, frame=frame))
                if self._inbox.qsize() > _WAITING:
                    await self._inbox.join()
        except SocketEnded as end:
            self.submit(SocketClosed(attempt=attempt, status=end.status, insecure=end.insecure, detail=end.detail))
        except Exception as problem:  # noqa: BLE001 - a broken socket is a closed socket
            self._fault("the live connection failed", problem)
            self.submit(SocketClosed(attempt=attempt, detail=type(problem).__name__))
        finally:
            if socket is not None:
                await socket.close()

    def _drop_socket(self) -> None:
        dropped, self._socket = self._socket, None
        if dropped is not None and not dropped.done():
            dropped.cancel()
            self._ending.add(dropped)
            dropped.add_done_callback(self._ending.discard)

    async def _wind_up(self) -> None:
        """Writes on their way get a moment, everything else ends now."""
        self._wake_at(None)
        writes = [task for task, effect in self._asking.items() if isinstance(effect.body, Write)]
        self._drop_socket()
        try:
            if writes:
                await asyncio.wait(writes, timeout=_FAREWELL)
        finally:
            for task in self._asking:
                task.cancel()
            try:
                # Sockets say goodbye within the deadline of their own.
                await asyncio.gather(*self._asking, *self._ending, return_exceptions=True)
            finally:
                await self._api.close()

    def _fault(self, what: str, problem: Exception) -> None:
        _log.error("%s", what, exc_info=problem)
        self.faults.append(f"{what}: {type(problem).__name__}")
