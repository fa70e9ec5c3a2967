"""Schedules: made from a seed, played in a world, shrunk to a readable story when one breaks an invariant."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from msgspec import Struct

from imagechat_tui.core import inputs
from imagechat_tui.core.outputs import Outcome
from imagechat_tui.core.views import CommentView, LinkState
from imagechat_tui.protocol.events import PresenceUpdate
from tests.simulation.demands import Broken
from tests.simulation.settled import connected, settled
from tests.simulation.weather import FAIR, Weather, forecast
from tests.simulation.world import Runner, World

INTENTS = (
    ("create", 5), ("comment", 8), ("reply", 2), ("edit", 4), ("remove comment", 2), ("move", 4), ("resolve", 4),
    ("delete", 2), ("vote", 2), ("retry", 4), ("discard", 1), ("undo", 2), ("open", 3), ("close", 1), ("read all", 1),
    ("retry now", 1), ("something else", 2), ("write", 4), ("write no longer", 1),
)  # fmt: skip
FAULTS = (
    ("cut", 3), ("freeze", 1), ("offline", 2), ("restart", 1), ("silent restart", 1), ("truncate", 1), ("deny", 1),
    ("presence", 1),
)  # fmt: skip
HALF = 0.5
"""Where a free choice between two things is cut."""

PATIENCE = 30.0
"""Virtual seconds after the last fault until people try again what was refused: the longest delay between attempts."""

CONNECTED = 51.0
"""Virtual seconds after the last fault within which every session has a socket again: 20 until a half-open one is
noticed, 30 of the longest delay between attempts, 1 for the dial. Whatever else a session may be waiting for then is
less: 15 for a dial and 10 for an answer, each before the same delay, and ``PATIENCE``."""

HEALING = 185.0
"""Virtual seconds after the last fault within which every board is the server's: 3 until the latest frame from before
has come, 180 of the longest wait until a board that was quiet since is compared with the log, because its last event
was lost, and 2 to read log, snapshot and threads. A session that lost its socket reads them before, once connected."""


class Step(Struct, frozen=True):
    """One thing that happens: ``what`` to session ``who`` after ``wait`` seconds, with two free choices."""

    wait: float
    what: str
    who: int
    first: float
    second: float

    def __str__(self) -> str:
        return f"{self.wait:6.2f} s later  u{self.who}  {self.what}  ({self.first:.3f}, {self.second:.3f})"


@dataclass(frozen=True)
class Schedule:
    """Everything that makes a run."""

    seed: int
    sessions: int
    weather: Weather
    as_served: bool
    steps: tuple[Step, ...]

    def story(self) -> str:
        """The schedule in lines."""
        head = f"seed {self.seed}, {self.sessions} sessions, {self.weather}, as served: {self.as_served}"
        return "\n".join([head, *map(str, self.steps)])


@dataclass
class Tally:
    """What a number of runs has seen."""

    schedules: int = 0
    inputs: int = 0
    events: int = 0
    cpu: float = 0.0
    """Seconds of processor time."""
    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    def include(self, other: "Tally") -> None:
        """The runs of another tally as well."""
        self.schedules += other.schedules
        self.inputs += other.inputs
        self.events += other.events
        self.cpu += other.cpu
        self.faults.update(other.faults)
        self.outcomes.update(other.outcomes)

    def add(self, world: World) -> None:
        """One more run."""
        self.schedules += 1
        self.inputs += world.inputs
        self.events += world.server.seq
        self.faults.update(world.faults)
        for runner in world.runners:
            self.outcomes.update(outcome.value for outcome in runner.watch.endings.values())


def make(seed: int, *, steps: int = 40) -> Schedule:
    """The schedule of a seed."""
    rng = Random(seed)
    sessions = rng.choice((2, 2, 2, 3, 3, 4, 5, 8))
    stormy = rng.random() < 0.9
    kinds, weights = zip(*INTENTS, *(FAULTS if stormy else ()), strict=True)
    hurry = rng.choice((0.02, 0.3, 1.5))
    drawn = rng.choices(kinds, weights, k=steps)
    made = tuple(
        Step(
            wait=rng.expovariate(1 / hurry),
            what=kind,
            who=rng.randrange(sessions),
            first=rng.random(),
            second=rng.random(),
        )
        for kind in drawn
    )
    weather = forecast(rng) if stormy else FAIR
    return Schedule(seed=seed, sessions=sessions, weather=weather, as_served=rng.random() < HALF, steps=made)


def play(schedule: Schedule, *, tracing: bool = False, kept: int | None = None) -> World:
    """Run a schedule to its end.

    Raises:
        Broken: An invariant does not hold.
    """
    world = World(
        seed=schedule.seed,
        sessions=schedule.sessions,
        weather=schedule.weather,
        as_served=schedule.as_served,
        tracing=tracing,
        kept=kept,
    )
    world.start(spread=2.0)
    world.wait(4.0 * (schedule.seed % 2))
    for number, step in enumerate(schedule.steps):
        world.wait(step.wait)
        take(world, step, number)
    heal(world)
    settled(world)
    return world


def heal(world: World) -> None:
    """All faults end; what was refused is tried again by its user; time passes.

    Raises:
        Broken: A session has no socket after ``CONNECTED``.
    """
    wire = world.wire
    wire.weather = replace(FAIR, delay=0.02)
    wire.down = False
    for runner in world.runners:
        runner.client.online = True
        runner.client.denied = False
    world.wait(PATIENCE)
    for runner in world.runners:
        if runner.session.link.state is LinkState.REFUSED:
            runner.put(inputs.RetryNow())
    world.wait(CONNECTED - PATIENCE)
    connected(world)
    world.wait(HEALING - CONNECTED)


def first_failure(seeds: Sequence[int] | range, *, tally: Tally, steps: int = 40) -> tuple[Schedule, Broken] | None:
    """Play schedules until one breaks something."""
    for seed in seeds:
        schedule = make(seed, steps=steps)
        try:
            tally.add(play(schedule))
        except Broken as broken:
            return schedule, broken
    return None


def play_slice(what: tuple[int, int, int]) -> tuple[Tally, int | None]:
    """The schedules from one seed to another, with so many steps: what they contained, and a seed that broke."""
    first, end, steps = what
    tally, began = Tally(), time.process_time()
    found = first_failure(range(first, end), tally=tally, steps=steps)
    tally.cpu = time.process_time() - began
    return tally, None if found is None else found[0].seed


def shrink(schedule: Schedule) -> tuple[Schedule, Broken | None]:
    """The shortest schedule found that still breaks something, and what it breaks."""
    best, why = schedule, _failure(schedule)
    for calm in (replace(schedule, weather=FAIR), replace(schedule, sessions=2)):
        merged = replace(best, weather=calm.weather, sessions=min(best.sessions, calm.sessions))
        found = _failure(merged)
        if found is not None:
            best, why = merged, found
    size = max(len(best.steps) // 2, 1)
    while size:
        start = 0
        while start < len(best.steps):
            shorter = replace(best, steps=best.steps[:start] + best.steps[start + size :])
            found = _failure(shorter)
            if found is None:
                start += size
            else:
                best, why = shorter, found
        size //= 2
    return best, why


def _failure(schedule: Schedule) -> Broken | None:
    try:
        play(schedule)
    except Broken as broken:
        return broken
    return None


# Steps -----------------------------------------------------------------------------------------------------------


def take(world: World, step: Step, number: int) -> None:
    """Let one step happen now; ``number`` makes its text unlike all others."""
    runner = world.runners[step.who % len(world.runners)]
    if step.what in _FAULT_STEPS:
        _FAULT_STEPS[step.what](world, runner, step)
        return
    what = _intent(runner, step, f"text {number}")
    if what is not None:
        runner.put(what)


def _intent(runner: Runner, step: Step, text: str) -> inputs.Input | None:  # noqa: C901, PLR0911 - one case per kind of step
    session = runner.session
    fixed = _FIXED.get(step.what)
    if fixed is not None:
        return fixed
    if step.what == "create":
        return inputs.CreateMarker(x=round(step.first * 100, 2), y=round(step.second * 100, 2), text=text)
    if step.what in {"retry", "discard"}:
        failed = [key for key, outcome in runner.watch.endings.items() if outcome is not Outcome.CONFIRMED]
        if not failed:
            return None
        operation = failed[int(step.first * len(failed))]
        return inputs.Retry(operation=operation) if step.what == "retry" else inputs.Discard(operation=operation)
    markers = session.markers()
    if step.what == "write" and (step.second > HALF or not markers):
        return inputs.Writing(marker_id=None)
    if not markers:
        return None
    marker = markers[int(step.first * len(markers))]
    match step.what:
        case "open":
            return inputs.OpenThread(marker_id=marker.id)
        case "move":
            return inputs.MoveMarker(marker_id=marker.id, x=round(step.second * 100, 2), y=50.0)
        case "resolve":
            return inputs.ResolveMarker(marker_id=marker.id, resolved=not marker.resolved)
        case "delete":
            return inputs.DeleteMarker(marker_id=marker.id)
        case "write":
            return inputs.Writing(marker_id=marker.id)
        case "comment":
            return inputs.AddComment(marker_id=marker.id, text=text)
    return _comment_intent(marker.id, session.thread(marker.id) or (), step, text)


def _comment_intent(marker_id: str, thread: Sequence[CommentView], step: Step, text: str) -> inputs.Input | None:
    mine = [view for view in thread if view.mine or step.what in {"reply", "vote"}]
    if not mine:
        return None
    comment = mine[int(step.second * len(mine))]
    match step.what:
        case "reply":
            return inputs.AddComment(marker_id=marker_id, text=text, parent_id=comment.id)
        case "edit":
            return inputs.EditComment(marker_id=marker_id, comment_id=comment.id, text=text)
        case "remove comment":
            return inputs.DeleteComment(marker_id=marker_id, comment_id=comment.id)
        case "vote":
            direction = 0 if comment.my_vote else 1 if step.first > step.second else -1
            return inputs.Vote(marker_id=marker_id, comment_id=comment.id, direction=direction)
    return None


_FIXED: dict[str, inputs.Input] = {
    "close": inputs.CloseThread(),
    "read all": inputs.MarkAllRead(),
    "undo": inputs.Undo(),
    "retry now": inputs.RetryNow(),
    "write no longer": inputs.WritingEnded(),
}


def _offline(world: World, runner: Runner, step: Step) -> None:
    client = runner.client
    world.faults["offline"] += 1
    client.online = False
    if client.socket is not None:
        if step.second > HALF:
            world.wire.cut(client)
        else:
            world.wire.freeze(client)

    def back() -> None:
        client.online = True

    world.wire.at(world.wire.now + step.first * 40, back)


def _deny(world: World, runner: Runner, step: Step) -> None:
    client = runner.client
    world.faults["denied"] += 1
    client.denied = True
    if step.second > HALF:
        world.wire.cut(client)

    def allowed() -> None:
        client.denied = False

    world.wire.at(world.wire.now + step.first * 5, allowed)


def _truncate(world: World, _runner: Runner, _step: Step) -> None:
    world.faults["truncated log"] += 1
    world.server.truncate()


def _presence(world: World, runner: Runner, _step: Step) -> None:
    if runner.client.socket is not None:
        frame = PresenceUpdate(joined=["t:somebody"], count=9, ts=10**12)
        world.wire.presence(runner.client.socket, frame)


_FAULT_STEPS: dict[str, Callable[[World, Runner, Step], None]] = {
    "cut": lambda world, runner, _step: world.wire.cut(runner.client),
    "freeze": lambda world, runner, _step: world.wire.freeze(runner.client),
    "offline": _offline,
    "restart": lambda world, _runner, step: world.wire.restart(
        [each.client for each in world.runners], seconds=step.first * 8, silent=False
    ),
    "silent restart": lambda world, _runner, step: world.wire.restart(
        [each.client for each in world.runners], seconds=step.first * 8, silent=True
    ),
    "truncate": _truncate,
    "deny": _deny,
    "presence": _presence,
    "something else": lambda world, _runner, step: world.server.something_else(hidden=step.first > HALF),
}
