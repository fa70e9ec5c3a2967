"""Plays the report of a user again: the same inputs to a fresh session, looked at after each of them.

A report is what ``c`` on the sync screen writes. It begins with the opening of the board, or, when that was too long
ago, with a scene on which a session is opened here.
"""

from collections import Counter, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from imagechat_tui.client.scene import OK, Scene
from imagechat_tui.client.trace import Report, intent_of
from imagechat_tui.core.asks import ReadChats, ReadLog, ReadSnapshot, ReadThread
from imagechat_tui.core.inputs import (
    Answered,
    FrameReceived,
    Input,
    OpenThread,
    Refused,
    Silence,
    SocketClosed,
    SocketOpened,
    Start,
    Unanswered,
)
from imagechat_tui.core.outputs import (
    Ask,
    BoardReplaced,
    Connect,
    MarkerGone,
    MarkerPut,
    OperationBegan,
    OperationEnded,
    Output,
)
from imagechat_tui.core.positions import QUIET
from imagechat_tui.core.session import Session
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.protocol.events import Batch
from imagechat_tui.protocol.replies import ErrorSeen, LogPage
from tests.simulation.demands import demand

if TYPE_CHECKING:
    from imagechat_tui.core.views import MarkerView


class Replay:
    """One report being played."""

    def __init__(self, *, tracing: bool = False) -> None:
        self._ids: deque[str] = deque()
        self._numbers: deque[float] = deque()
        self._now = 0.0
        self._other_number = 0.5
        """What is drawn when the report has no number for it."""
        self._asked: dict[int, int] = {}
        """The numbers of questions then, and here."""
        self._attempt = 0
        self._dials = 0
        """How many more dials there were here than then."""
        self._tracing = tracing
        self._cursor = 0
        self._shown: dict[str, MarkerView] = {}
        self._running: Counter[str] = Counter()
        self.session = Session(
            tenant="t",
            url_id="board",
            src=None,
            settings=SessionSettings(max_reply_depth=9),
            new_id=lambda: self._ids.popleft() if self._ids else "drawn-anew",
            random=lambda: self._numbers.popleft() if self._numbers else self._other_number,
            wall_ms=lambda: int(self._now * 1_000),
        )

    def play(self, report: Report) -> None:
        """Hand over one input after the other.

        Raises:
            Broken: An invariant does not hold, or the report begins neither where a session begins nor with a scene.
        """
        entries = report.entries
        if report.scene is None:
            whole = entries and isinstance(entries[0].input, Start)
            demand(whole, "this report lacks its beginning", len(entries))
        else:
            self._open(report.scene)
        for entry in entries:
            self._now = entry.at
            self._ids, self._numbers = deque(entry.ids), deque(entry.numbers)
            own = [output.ask for output in self._put(self._as_here(entry.input)) if isinstance(output, Ask)]
            self._asked.update(zip(entry.asked, own, strict=False))
            for ask in own[len(entry.asked) :]:
                demand(report.scene, "asks what was not asked then", entry.input)
                self._put(Refused(ask=ask, status=503, error=ErrorSeen()))

    def _open(self, scene: Scene) -> None:
        """Open the board on a scene, at a host that says nothing else."""
        self._now = scene.at
        wait = 0.0 if scene.wake_at is None else (scene.wake_at - scene.at) / QUIET
        self._other_number = 2 * (wait - 1)
        self._host(Start(), scene)
        self._dials = self._attempt - scene.attempt
        if scene.cursor:
            batch = Batch(first=1, last=scene.cursor, events=scene.news)
            self._host(FrameReceived(attempt=self._attempt, frame=batch), scene)
        for failed in scene.failed:
            self._ids.append(failed.operation)
            self._host(intent_of(failed), scene, silence=Silence.LOST if failed.doubtful else Silence.UNREACHABLE)
        if scene.looks_at is not None:
            self._host(OpenThread(marker_id=scene.looks_at), scene)
        self._other_number = 0.5

    def _host(self, what: Input, scene: Scene, *, silence: Silence = Silence.LOST) -> None:
        """One input, and the host's answers to all that follows from it."""
        waiting = deque([what])
        while waiting:
            for output in self._put(waiting.popleft()):
                if isinstance(output, Connect):
                    waiting.append(SocketOpened(attempt=output.attempt))
                elif isinstance(output, Ask):
                    waiting.append(_answer(output, scene, silence))

    def _as_here(self, what: Input) -> Input:
        """An input of then, with the numbers of now."""
        if isinstance(what, Answered | Refused | Unanswered):
            return replace(what, ask=self._asked.get(what.ask, 0))
        if isinstance(what, SocketOpened | SocketClosed | FrameReceived):
            return replace(what, attempt=what.attempt + self._dials)
        return what

    def _put(self, what: Input) -> list[Output]:
        outputs = self.session.handle(what, self._now)
        if self._tracing:
            print(f"{self._now:9.3f} <- {what}")
            print("".join(f"{'':9}    {output}\n" for output in outputs), end="")
        self._attempt = next((each.attempt for each in outputs if isinstance(each, Connect)), self._attempt)
        self._look(outputs)
        return outputs

    def _look(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            self._see(output)
        cursor = self.session.cursor
        demand(cursor is None or cursor >= self._cursor, "the cursor went back", self._cursor, cursor)
        self._cursor = cursor or self._cursor
        seen = {view.id: view for view in self.session.markers()}
        demand(self._shown == seen, "a screen that listens shows something else", self._shown, seen)

    def _see(self, output: Output) -> None:
        match output:
            case BoardReplaced():
                self._shown = {view.id: view for view in self.session.markers()}
            case MarkerPut():
                self._shown.pop(output.was or "", None)
                self._shown[output.marker.id] = output.marker
            case MarkerGone():
                self._shown.pop(output.marker_id, None)
            case OperationBegan():
                self._running[output.operation] += 1
            case OperationEnded():
                self._running[output.operation] -= 1
                demand(self._running[output.operation] >= 0, "an operation ended twice", output.operation)


def _answer(ask: Ask, scene: Scene, silence: Silence) -> Input:
    """What the host of a scene says."""
    match ask.body:
        case ReadChats():
            return Answered(ask=ask.ask, reply=scene.chats)
        case ReadSnapshot():
            return Answered(ask=ask.ask, reply=scene.snapshot)
        case ReadLog():
            return Answered(ask=ask.ask, reply=LogPage(status=OK, events=[], head=scene.snapshot.seq, has_more=False))
        case ReadThread(window_url_id=window):
            marker_id = next((each.id for each in scene.snapshot.markers if each.url_id == window), "")
            thread = scene.threads.get(marker_id)
            if thread is not None:
                return Answered(ask=ask.ask, reply=thread)
            return Refused(ask=ask.ask, status=404, error=ErrorSeen())
    return Unanswered(ask=ask.ask, why=silence)
