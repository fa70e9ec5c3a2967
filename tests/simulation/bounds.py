"""How much a session may remember, looked at after each input: ids of its own writes, and events held back.

The limits of a thousand ids and two thousand events are out of a schedule's reach. What is demanded here is much less:
an id only as long as an event with it may still come, an event only as long as something before it is missing.
"""

from collections.abc import Iterable
from math import inf

from imagechat_tui.core.inputs import Answered, FrameReceived, Refused, Unanswered
from imagechat_tui.core.resync import Segment
from imagechat_tui.core.session import Session
from imagechat_tui.protocol.events import Batch
from tests.simulation.demands import Broken, demand

DONE = -1.0
"""No event can come any longer that an id has to be known for."""


class Bounds:
    """What one session may still need, counted from what went out and what came in."""

    def __init__(self, session: Session, *, name: str) -> None:
        self._name = name
        self._session = session
        self.asked: dict[int, str] = {}
        """Writes without an answer: question, id."""
        self._needed: dict[str, float] = {}
        """Until which position an id is needed; unanswered writes need it for good."""
        self._came = 0
        """Events that the present socket has brought, at most."""

    def sends(self, ask: int, broadcast_id: str) -> None:
        """A write goes out."""
        self.asked[ask] = broadcast_id
        self._needed[broadcast_id] = inf

    def answered(self, answer: Answered | Refused | Unanswered) -> None:
        """A write has its answer, or will have none."""
        seq = getattr(answer.reply, "seq", None) if isinstance(answer, Answered) else None
        self._needed[self.asked.pop(answer.ask)] = DONE if seq is None else seq

    def dials(self) -> None:
        """A new socket has brought nothing yet."""
        self._came = 0

    def comes(self, what: FrameReceived) -> None:
        """The socket brings a frame."""
        self._came += max(len(what.frame.events), 1) if isinstance(what.frame, Batch) else 1

    def ids(self, remembered: Iterable[str], cursor: int | None) -> None:
        """Of these ids, events may still come."""
        needed, shown = self._needed, cursor or 0
        for broadcast_id in remembered:
            until = needed.get(broadcast_id, DONE)
            if until <= shown:
                raise Broken(f"an echo id is kept for nothing: {self._name}, {broadcast_id}, {until}, {cursor}")

    def held(self, held_back: int, cursor: int | None) -> None:
        """Something is held back: from this socket, counted rightly, and not what the board shows."""
        demand(held_back <= self._came, "more held back than came", self._name, held_back, self._came)
        demand(self._session._joining.attempt is not None, "held back without a socket", self._name, held_back)
        resync = self._session._feed._resync  # type: ignore[union-attr]
        counted = sum(map(weight, resync._held))
        demand(held_back == counted, "held back counted wrongly", self._name, held_back, counted)
        if not resync.holding:
            first = min(segment.first for segment in resync._held)
            demand(first > (cursor or 0) + 1, "held back for nothing", self._name, first, cursor)


def weight(segment: Segment) -> int:
    """How many events are held with it."""
    return max(len(segment.events), 1)
