"""What one input leads to: effects, announcements, questions with their continuations, and the one alarm clock.

Every question is answered exactly once for the one who asked: by the network, or, when even the runner stays silent,
by its own deadline. Nothing is carried out here.
"""

import heapq
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Final

from imagechat_tui.core.asks import AskBody
from imagechat_tui.core.inputs import Answered, Refused, Silence, Unanswered
from imagechat_tui.core.outputs import Ask, Change, Effect, OperationBegan, Output, WakeAt

Answer = Answered | Refused | Unanswered
Then = Callable[[Answer, float], None]
"""What goes on when an answer, or none, has come; the second argument is ``now``."""

GRACE: Final = 1.0
"""Seconds after a question's own timeout until its answer counts as lost without a word of the runner."""

_moment = itemgetter(0)


class Outbox:
    """Collects outputs while an input is worked on, and remembers what is still to come."""

    def __init__(self) -> None:
        self._began: list[Change] = []
        self._ended: list[Change] = []
        self._effects: list[Effect] = []
        self._last_ask = 0
        self._asks: dict[int, Then] = {}
        self._deadlines: list[tuple[float, int]] = []
        self._alarms: dict[str, tuple[float, Callable[[float], None]]] = {}
        self._wake_at: float | None = None

    def effect(self, effect: Effect) -> None:
        """Something to be done."""
        self._effects.append(effect)

    def announce(self, change: Change) -> None:
        """Something to be said, after the changes of the views that belong to it."""
        (self._began if isinstance(change, OperationBegan) else self._ended).append(change)

    def ask(self, body: AskBody, *, now: float, timeout: float, then: Then) -> int:
        """A question; ``then`` is called once with its answer unless the question is forgotten before."""
        self._last_ask += 1
        self._asks[self._last_ask] = then
        heapq.heappush(self._deadlines, (now + timeout + GRACE, self._last_ask))
        self._effects.append(Ask(ask=self._last_ask, body=body, timeout=timeout))
        return self._last_ask

    def forget(self, ask: int | None) -> None:
        """The answer is of no interest any longer."""
        if ask is not None:
            self._asks.pop(ask, None)

    def answer(self, answer: Answer, now: float) -> None:
        """Hand an answer to the one who asked; an answer nobody waits for is dropped."""
        then = self._asks.pop(answer.ask, None)
        if then is not None:
            then(answer, now)

    def alarm(self, name: str, at: float, then: Callable[[float], None]) -> None:
        """Call ``then(now)`` at ``at``; replaces an earlier alarm of the same name."""
        self._alarms[name] = (at, then)

    def cancel(self, name: str) -> None:
        """No such alarm any longer."""
        self._alarms.pop(name, None)

    def cancel_all(self) -> None:
        """No alarm and no question any longer."""
        self._alarms.clear()
        self._asks.clear()
        self._deadlines.clear()

    def is_set(self, name: str) -> bool:
        """Whether such an alarm is set."""
        return name in self._alarms

    def woke(self, now: float) -> None:
        """Go on with whatever is due."""
        self._wake_at = None
        for name, (at, then) in list(self._alarms.items()):
            if at <= now and self._alarms.get(name) == (at, then):
                del self._alarms[name]
                then(now)
        while self._deadlines and self._deadlines[0][0] <= now:
            _, ask = heapq.heappop(self._deadlines)
            self.answer(Unanswered(ask=ask, why=Silence.LOST, detail="no answer in time"), now)

    def drain(self, changes: Iterable[Change]) -> list[Output]:
        """All outputs of this input: what began, what changed, what ended, what is to be done, when to wake."""
        out: list[Output] = [*self._began, *changes, *self._ended, *self._effects]
        self._began.clear()
        self._ended.clear()
        self._effects.clear()
        wake_at = self._next_moment()
        if wake_at != self._wake_at:
            self._wake_at = wake_at
            out.append(WakeAt(at=wake_at))
        return out

    def _next_moment(self) -> float | None:
        while self._deadlines and self._deadlines[0][1] not in self._asks:
            heapq.heappop(self._deadlines)
        alarm = min(map(_moment, self._alarms.values()), default=None)
        if not self._deadlines:
            return alarm
        deadline = self._deadlines[0][0]
        return deadline if alarm is None else min(alarm, deadline)
