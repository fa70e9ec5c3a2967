"""The hostile wire between sessions and the model server: virtual time, one source of chance, faults counted by kind.

It carries questions, answers and frames; it loses, delays, doubles and reorders them, cuts them in the middle, and
never looks at what they mean.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from imagechat_tui.core import asks
from imagechat_tui.core.inputs import (
    Answered,
    FrameReceived,
    Input,
    Refused,
    Silence,
    SocketClosed,
    SocketOpened,
    Unanswered,
)
from imagechat_tui.core.outputs import Ask, Connect
from imagechat_tui.protocol.events import (
    Batch,
    DeletedImageChat,
    Frame,
    ImageChatUpdated,
    LiveEvent,
    NewComment,
    NewImageChat,
    PresenceUpdate,
    Skip,
    TypingUpdate,
)
from imagechat_tui.protocol.replies import ErrorSeen
from tests.simulation.model_server import ModelServer, Refusal
from tests.simulation.weather import FAIR, Weather

KEEP_ALIVE = 20.0
"""Seconds until a half-open connection is noticed."""

BATCH_WINDOW = 0.05
Event = LiveEvent | Skip


@dataclass(eq=False)
class Socket:
    """One live connection, from the server's point of view."""

    client: "Client"
    attempt: int
    open: bool = False
    half_open: bool = False
    waiting: list[Event] = field(default_factory=list)
    latest: float = 0.0


@dataclass(eq=False)
class Client:
    """One end of the wire."""

    name: str
    deliver: Callable[[Input], None]
    online: bool = True
    denied: bool = False
    socket: Socket | None = None
    latest_dial: int = 0


class Wire:
    """The network, and its clock."""

    def __init__(self, server: ModelServer, rng: Random, *, weather: Weather = FAIR) -> None:
        self.now = 0.0
        self.weather = weather
        self.faults: Counter[str] = Counter()
        self.down = False
        """Whether the server is not there."""
        self.sent: list[tuple[str, asks.Write]] = []
        """Every write that left a client."""
        self._server = server
        self._rng = rng
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._sockets: list[Socket] = []
        server.published = self._published
        server.told = self._told

    # Time --------------------------------------------------------------------------------------------------------

    def at(self, moment: float, do: Callable[[], None]) -> None:
        """Do something later."""
        self._count += 1
        heappush(self._queue, (moment, self._count, do))

    def run_until(self, moment: float) -> None:
        """Let time pass."""
        queue = self._queue
        while queue and queue[0][0] <= moment:
            self.now, _, do = heappop(queue)
            do()
        self.now = moment

    def _fault(self, kind: str, chance: float) -> bool:
        if chance and self._rng.random() < chance:
            self.faults[kind] += 1
            return True
        return False

    def _delay(self) -> float:
        return self.weather.delay * (0.2 + self._rng.random())

    # Questions ---------------------------------------------------------------------------------------------------

    def ask(self, client: Client, ask: Ask) -> None:  # noqa: C901 - one story from the question to its one answer
        """Carry a question there and its answer back; exactly one input follows."""
        body, number = ask.body, ask.ask
        if isinstance(body, asks.Write):
            self.sent.append((client.name, body))
        if not client.online or self.down:
            unreachable = Unanswered(ask=number, why=Silence.UNREACHABLE)
            self.at(self.now + self._delay(), lambda: client.deliver(unreachable))
            return
        gives_up = self.now + ask.timeout
        arrives = self.now + self._delay()
        if self._fault("slow request", self.weather.slow_request):
            arrives = self.now + self._rng.uniform(0.5, 1.6) * ask.timeout
        lost = self._fault("lost request", self.weather.lost_request)
        answer: list[Input] = []

        def give_up() -> None:
            if not answer:
                answer.append(Unanswered(ask=number, why=Silence.LOST))
                client.deliver(answer[0])

        def arrive() -> None:
            if lost or self.down or not client.online:
                self.at(min(self.now + self._rng.random() * 2, gives_up), give_up)
                return
            found = self._serve(client, body, number)
            late = self._delay()
            if isinstance(body, asks.ReadLog) and self._fault("slow log", self.weather.slow_log):
                late += self._rng.random() * 4

            def come_back() -> None:
                if not answer and client.online:
                    answer.append(found)
                    client.deliver(found)
                elif not client.online:
                    give_up()

            if self._fault("lost reply", self.weather.lost_reply):
                self.at(min(self.now + self._rng.random() * 2, gives_up), give_up)
            else:
                self.at(self.now + late, come_back)

        self.at(arrives, arrive)
        self.at(gives_up, give_up)

    def _serve(self, client: Client, body: asks.AskBody, number: int) -> Answered | Refused:
        if isinstance(body, asks.Probe):
            return Answered(ask=number, reply=self._server.answer(client.name, body, self._ms()))
        if client.denied:
            return Refused(ask=number, status=401, error=ErrorSeen(code="unauthorized"))
        if self._fault("error before", self.weather.error):
            return Refused(ask=number, status=self._rng.choice((429, 503)), error=ErrorSeen())
        try:
            reply = self._server.answer(client.name, body, self._ms())
        except Refusal as refusal:
            return Refused(ask=number, status=refusal.status, error=ErrorSeen(code=refusal.code))
        if self._fault("error after", self.weather.error / 2):
            return Refused(ask=number, status=502, error=ErrorSeen())
        return Answered(ask=number, reply=reply)

    def _ms(self) -> int:
        return int(self.now * 1000)

    # Sockets -----------------------------------------------------------------------------------------------------

    def connect(self, client: Client, target: Connect) -> None:
        """Open a live connection, closing an earlier one."""
        self.disconnect(client)
        client.latest_dial = target.attempt
        socket = Socket(client=client, attempt=target.attempt)
        self.at(self.now + self._delay(), lambda: self._arrive(socket))

    def _arrive(self, socket: Socket) -> None:
        client = socket.client
        if client.latest_dial != socket.attempt:
            return
        if not client.online or self.down:
            client.deliver(SocketClosed(attempt=socket.attempt))
            return
        if client.denied:
            client.deliver(SocketClosed(attempt=socket.attempt, status=403))
            return
        client.socket = socket
        socket.open = True
        self._sockets.append(socket)
        socket.latest = self.now + self._delay()
        self._deliver_at(socket, socket.latest, SocketOpened(attempt=socket.attempt))
        joined = PresenceUpdate(joined=[client.name], count=len(self._sockets), ts=self._ms())
        self._deliver_at(socket, socket.latest, FrameReceived(attempt=socket.attempt, frame=joined))

    def _deliver_at(self, socket: Socket, moment: float, what: Input) -> None:
        def deliver() -> None:
            if socket.open and not socket.half_open:
                socket.client.deliver(what)

        self.at(moment, deliver)

    def disconnect(self, client: Client) -> None:
        """The client hangs up."""
        client.latest_dial = 0
        if client.socket is not None:
            self._drop(client.socket)

    def _drop(self, socket: Socket) -> None:
        socket.open = False
        if socket in self._sockets:
            self._sockets.remove(socket)
        if socket.client.socket is socket:
            socket.client.socket = None

    def cut(self, client: Client) -> None:
        """The connection breaks, and both sides know at once."""
        socket = client.socket
        if socket is not None:
            self.faults["cut"] += 1
            self._drop(socket)
            self.at(self.now + self._delay(), lambda: client.deliver(SocketClosed(attempt=socket.attempt)))

    def freeze(self, client: Client, *, kind: str = "half-open") -> None:
        """Nothing comes any longer, and the client does not know until its keep-alive runs out."""
        socket = client.socket
        if socket is None or socket.half_open:
            return
        self.faults[kind] += 1
        socket.half_open = True
        if socket in self._sockets:
            self._sockets.remove(socket)

        def notice() -> None:
            if socket.open:
                self._drop(socket)
                client.deliver(SocketClosed(attempt=socket.attempt))

        self.at(self.now + KEEP_ALIVE, notice)

    def restart(self, clients: Sequence[Client], *, seconds: float, silent: bool) -> None:
        """The server goes away and comes back; ``silent``: connections hang instead of breaking."""
        self.faults["restart, silent" if silent else "restart"] += 1
        for client in clients:
            if silent:
                self.freeze(client, kind="half-open by restart")
            else:
                self.cut(client)
        self.down = True
        self.at(self.now + seconds, self._up)

    def _up(self) -> None:
        self.down = False

    # Frames ------------------------------------------------------------------------------------------------------

    def _published(self, events: Sequence[Event]) -> None:
        for socket in list(self._sockets):
            self._post(socket, events)

    def _post(self, socket: Socket, events: Sequence[Event]) -> None:
        if socket.waiting:
            socket.waiting.extend(events)
        elif self._rng.random() < self.weather.batch:
            socket.waiting.extend(events)
            self.at(self.now + BATCH_WINDOW * (1 + 4 * self._rng.random()), lambda: self._flush(socket))
        else:
            for event in events:
                self._send(socket, event)

    def _flush(self, socket: Socket) -> None:
        events, socket.waiting = socket.waiting, []
        if socket.open and events:
            first, last = _first(events[0]), _last(events[-1])
            self._send(socket, Batch(first=first, last=last, events=tuple(collapse(events))))

    def _send(self, socket: Socket, frame: Frame) -> None:
        if self._fault("dropped frame", self.weather.drop_frame):
            return
        moment = self.now + self._delay()
        if self._fault("overtaken frame", self.weather.overtake):
            moment += self._rng.random() * 0.6
        else:
            moment = socket.latest = max(moment, socket.latest)
        broken = self._fault("malformed frame", self.weather.malformed)
        what = FrameReceived(attempt=socket.attempt, frame=None if broken else frame)
        self._deliver_at(socket, moment, what)
        if self._fault("doubled frame", self.weather.double_frame):
            self._deliver_at(socket, moment + self._rng.random(), what)

    def _told(self, frame: TypingUpdate) -> None:
        """Somebody writes: told to everybody, the writer included, before and after whatever else is on its way."""
        for socket in self._sockets:
            if not self._fault("dropped word of a writer", self.weather.drop_frame):
                what = FrameReceived(attempt=socket.attempt, frame=frame)
                self._deliver_at(socket, self.now + self._delay() + self._rng.random() * self.weather.overtake, what)

    def presence(self, socket: Socket, frame: PresenceUpdate) -> None:
        """Somebody came or went."""
        self._deliver_at(socket, self.now + self._delay(), FrameReceived(attempt=socket.attempt, frame=frame))


def _first(event: Event) -> int:
    return event.from_ if isinstance(event, Skip) else event.seq or 0


def _last(event: Event) -> int:
    return event.to if isinstance(event, Skip) else event.seq or 0


def collapse(events: Sequence[Event]) -> list[Event]:
    """A batch leaves out updates that a later one replaces, and puts a first comment into its marker."""
    kept: dict[int, Event] = dict(enumerate(events))
    final: dict[str | None, int] = {}
    for index, event in enumerate(events):
        if isinstance(event, ImageChatUpdated | DeletedImageChat):
            kept.pop(final.get(event.marker_id, -1), None)
            if isinstance(event, ImageChatUpdated):
                final[event.marker_id] = index
    made = {event.broadcast_id for event in events if isinstance(event, NewImageChat)}
    return [event for event in kept.values() if not (isinstance(event, NewComment) and event.broadcast_id in made)]
