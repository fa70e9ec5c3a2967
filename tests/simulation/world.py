"""A world of one schedule: sessions, their runners in miniature, the wire and the truth, all from one seed.

A runner here does what ``client/runner`` does, without any task: it carries out effects and keeps the one alarm clock.
"""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from imagechat_tui.client.trace import Chance, Trace
from imagechat_tui.core.inputs import Input, Start, Woke
from imagechat_tui.core.outputs import Ask, Connect, Disconnect, Output, WakeAt
from imagechat_tui.core.session import Session
from imagechat_tui.core.settings import SessionSettings
from tests.simulation.invariants import Watch
from tests.simulation.model_server import ModelServer
from tests.simulation.weather import FAIR, Weather
from tests.simulation.wire import Client, Wire


class Runner:
    """One session and its end of the wire."""

    def __init__(self, name: str, world: "World", *, skew_ms: int) -> None:
        self.name = name
        self.inputs: list[tuple[float, Input]] = []
        """Everything that happened, when; only kept when the world is asked to."""
        self._world = world
        self._wire = world.wire
        self._alarm: float | None = None
        self._rings: float | None = None
        self._ids = 0
        self.client = Client(name=name, deliver=self.put)
        self.trace = None if world.kept is None else Trace(most=world.kept)
        self._chance = Chance(new_id=self._new_id, random=world.rng.random)
        self.session = Session(
            tenant="t",
            url_id="board",
            src=None,
            settings=SessionSettings(max_reply_depth=9),
            new_id=self._new_id if self.trace is None else self._chance.new_id,
            random=world.rng.random if self.trace is None else self._chance.random,
            wall_ms=lambda: int(self._wire.now * 1000) + skew_ms,
        )
        self.watch = Watch(self.session, name=name, world=world)

    def _new_id(self) -> str:
        self._ids += 1
        return f"{self.name}-{self._ids}"

    def put(self, what: Input) -> None:
        """Hand the session an input and carry out what it asks for."""
        now = self._wire.now
        world = self._world
        world.inputs += 1
        if world.tracing:
            self.inputs.append((now, what))
            print(f"{now:9.3f} {self.name} <- {what}")
        self.watch.before(what)
        outputs = self.session.handle(what, now)
        if self.trace is not None:
            self.trace.add(now, what, chance=self._chance, outputs=outputs, view=self.session)
        for output in outputs:
            if world.tracing:
                print(f"{'':9} {self.name}    {output}")
            carry_out = EFFECTS.get(type(output))
            if carry_out is not None:
                carry_out(self, output)
        self.watch.after(what, outputs)

    def _ask(self, effect: Ask) -> None:
        self._wire.ask(self.client, effect)

    def _connect(self, effect: Connect) -> None:
        self._wire.connect(self.client, effect)

    def _disconnect(self, _effect: Disconnect) -> None:
        self._wire.disconnect(self.client)

    def _wake_at(self, effect: WakeAt) -> None:
        self._alarm = effect.at
        # One entry in the queue is enough: what rings too early waits for the rest.
        if effect.at is not None and (self._rings is None or effect.at < self._rings):
            self._wind(effect.at)

    def _wind(self, at: float) -> None:
        self._rings = at
        self._wire.at(max(at, self._wire.now), lambda: self._ring(at))

    def _ring(self, at: float) -> None:
        if at != self._rings:
            return
        self._rings = None
        if self._alarm is None:
            return
        if self._alarm <= self._wire.now:
            self.put(Woke())
        else:
            self._wind(self._alarm)


EFFECTS: dict[type[Output], Callable[[Runner, Any], None]] = {
    Ask: Runner._ask,
    WakeAt: Runner._wake_at,
    Connect: Runner._connect,
    Disconnect: Runner._disconnect,
}
"""How what a session asks for is carried out; its changes are for the watch."""


class World:
    """Everything of one schedule."""

    def __init__(
        self,
        *,
        seed: int,
        sessions: int,
        weather: Weather = FAIR,
        as_served: bool = True,
        tracing: bool = False,
        kept: int | None = None,
    ) -> None:
        """``kept``: how many inputs the trace of every session keeps; ``None``: it has none."""
        self.rng = Random(seed)
        self.kept = kept
        self.tracing = tracing
        self.inputs = 0
        """Inputs handled by all sessions."""
        self.server = ModelServer(as_served=as_served)
        self.wire = Wire(self.server, self.rng, weather=weather)
        self.runners = [
            Runner(f"u{number}", self, skew_ms=self.rng.randrange(-600_000, 600_000)) for number in range(sessions)
        ]

    @property
    def faults(self) -> Counter[str]:
        """Faults injected so far, by kind."""
        return self.wire.faults

    def start(self, *, spread: float = 0.0) -> None:
        """Everybody opens the board, within ``spread`` seconds."""
        for runner in self.runners:
            self.wire.at(self.rng.random() * spread, lambda runner=runner: runner.put(Start()))  # type: ignore[misc]  # mypy cannot infer the default's type in a lambda

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.wire.run_until(self.wire.now + seconds)
