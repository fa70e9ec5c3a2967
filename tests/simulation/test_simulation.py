"""Schedules of every run: seeds from one range, a machine that makes up its own, and some mutants that must be noticed.

``python -m tests.simulation`` plays many more; CI gives it a minute.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from imagechat_tui.core import backoff
from imagechat_tui.core.joining import ASK_TIMEOUT, DIAL_TIMEOUT
from imagechat_tui.core.outputs import Change
from imagechat_tui.core.positions import QUIET, READ_TIMEOUT
from tests.simulation.driver import (
    CONNECTED,
    HEALING,
    PATIENCE,
    Schedule,
    Step,
    Tally,
    first_failure,
    heal,
    make,
    play,
    shrink,
    take,
)
from tests.simulation.invariants import LOOKS
from tests.simulation.mutants import MUTANTS, caught_after
from tests.simulation.settled import settled
from tests.simulation.weather import FAIR, forecast
from tests.simulation.wire import KEEP_ALIVE
from tests.simulation.world import World

QUICK_MUTANTS = (
    "cursor back for one input",
    "echo id never forgotten",
    "hold-back kept over a loss",
    "own events dropped by id",
    "hold-back dropped",
    "double settle",
    "sent while offline",
    "retry with a new id",
)


@pytest.mark.parametrize("block", range(4))
def test_no_schedule_breaks_an_invariant(block: int) -> None:
    """Two hundred schedules from each block of seeds hold from the first input to the healed end."""
    first = block * 1_000_000
    found = first_failure(range(first, first + 200), tally=Tally())
    if found is not None:
        shorter, why = shrink(found[0])
        pytest.fail(f"{shorter.story()}\n{why or found[1]}")


def test_the_same_seed_is_the_same_run() -> None:
    """Two runs of one schedule handle the same inputs, meet the same faults and end with the same board."""
    one, two = play(make(77)), play(make(77))
    assert (one.inputs, one.faults) == (two.inputs, two.faults)
    assert one.server.log == two.server.log
    assert [list(each.session.markers()) for each in one.runners] == [
        list(each.session.markers()) for each in two.runners
    ]


def test_schedules_meet_every_kind_of_fault() -> None:
    """A hundred schedules contain every fault that the wire knows, and operations of every outcome."""
    tally = Tally()
    assert first_failure(range(100), tally=tally) is None
    assert set(tally.outcomes) == {"confirmed", "refused", "unknown"}
    assert {
        "cut", "half-open", "offline", "restart", "restart, silent", "truncated log", "denied", "lost request",
        "lost reply", "slow request", "slow log", "dropped frame", "doubled frame", "overtaken frame",
        "malformed frame", "error before", "error after",
    } <= set(tally.faults)  # fmt: skip


@pytest.mark.parametrize("name", QUICK_MUTANTS)
def test_a_broken_core_is_noticed(name: str) -> None:
    """The simulation catches this way of breaking the core within some hundred schedules."""
    assert caught_after(name, seed=1, most=2_000) is not None


def test_there_are_enough_mutants() -> None:
    """The command tries at least fifteen ways of breaking the core."""
    assert len(MUTANTS) >= 15
    assert set(QUICK_MUTANTS) <= set(MUTANTS)


def test_a_failing_schedule_is_shrunk_to_a_short_story() -> None:
    """What is left of a failing schedule still fails, and is shorter."""
    with MUTANTS["retry with a new id"]():
        found = first_failure(range(2_000), tally=Tally())
        assert found is not None
        shorter, why = shrink(found[0])
    assert why is not None
    assert len(shorter.steps) < len(found[0].steps)
    assert "later" in shorter.story()


def test_the_time_to_heal_is_what_the_core_promises() -> None:
    """The sums in their docstrings, of what the core and the wire have now."""
    noticed, late, reading = KEEP_ALIVE, 3.0, 2.0
    assert noticed + backoff.MOST + 1.0 == CONNECTED
    assert max(DIAL_TIMEOUT, ASK_TIMEOUT, READ_TIMEOUT) <= noticed
    assert PATIENCE == backoff.MOST
    assert late + 1.5 * QUIET + reading == HEALING


class People(RuleBasedStateMachine):
    """Hypothesis makes up what happens; afterwards everything has to agree."""

    @initialize(seed=st.integers(0, 10**6), sessions=st.integers(2, 4), fair=st.booleans())
    def open_the_board(self, seed: int, sessions: int, fair: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        made = make(seed, steps=1)
        self.world = World(seed=seed, sessions=sessions, weather=FAIR if fair else made.weather)
        self.world.start(spread=1.0)
        self.world.wait(2.0)
        self.number = 0

    @rule(
        what=st.sampled_from(("create", "comment", "reply", "edit", "remove comment", "move", "resolve", "delete")),
        who=st.integers(0, 3),
        first=st.floats(0, 0.99),
        second=st.floats(0, 0.99),
        wait=st.sampled_from((0.0, 0.05, 1.0)),
    )
    def somebody_changes_something(self, what: str, who: int, first: float, second: float, wait: float) -> None:
        self._take(Step(wait=wait, what=what, who=who, first=first, second=second))

    @rule(
        what=st.sampled_from(("retry", "discard", "undo", "vote", "open", "close", "read all", "retry now")),
        who=st.integers(0, 3),
        first=st.floats(0, 0.99),
    )
    def somebody_does_something_else(self, what: str, who: int, first: float) -> None:
        self._take(Step(wait=0.1, what=what, who=who, first=first, second=first))

    @rule(
        what=st.sampled_from(("cut", "freeze", "offline", "restart", "silent restart", "truncate", "deny", "presence")),
        who=st.integers(0, 3),
        first=st.floats(0, 0.99),
    )
    def something_breaks(self, what: str, who: int, first: float) -> None:
        self._take(Step(wait=0.1, what=what, who=who, first=first, second=first))

    @rule(seconds=st.sampled_from((0.5, 5.0, 30.0)))
    def time_passes(self, seconds: float) -> None:
        self.world.wait(seconds)

    def _take(self, step: Step) -> None:
        self.number += 1
        take(self.world, step, self.number)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            heal(self.world)
            settled(self.world)


TestPeople = People.TestCase
TestPeople.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_forecast_is_within_bounds() -> None:
    """Every chance is a chance, and some schedules have none of a kind."""
    weathers = [forecast(World(seed=seed, sessions=1).rng) for seed in range(50)]
    chances = [getattr(weather, name) for weather in weathers for name in weather.__dataclass_fields__]
    assert all(0 <= chance <= 1 for chance in chances)
    assert 0.0 in chances


def test_a_schedule_tells_its_story() -> None:
    """One line for the head, one for each step."""
    schedule = make(3)
    assert isinstance(schedule, Schedule)
    assert len(schedule.story().splitlines()) == 1 + len(schedule.steps)


def test_nothing_that_a_session_says_is_overlooked() -> None:
    """A new kind of change has to be given a look, if only to say that there is nothing to check."""
    assert set(Change.__subclasses__()) <= set(LOOKS)
