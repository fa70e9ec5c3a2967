"""Token buckets: a burst, then a rate; each name its own; forgotten when full."""

import pytest

from imagechat_tui.server.settings import Rate
from imagechat_tui.server.throttle import Throttle, TooOftenError

RATE = Rate(per_minute=60, burst=3)


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """At zero."""
    return Clock()


def test_a_burst_then_one_a_second(clock: Clock) -> None:
    """And the refusal says how long to wait."""
    throttle = Throttle(clock=clock)
    for _ in range(3):
        throttle.take(RATE, "write", "ann")
    clock.now += 0.25
    with pytest.raises(TooOftenError) as refused:
        throttle.take(RATE, "write", "ann")
    assert refused.value.retry_after == pytest.approx(0.75)
    clock.now += refused.value.retry_after
    throttle.take(RATE, "write", "ann")


def test_one_persons_haste_is_not_anothers(clock: Clock) -> None:
    """Nor another kind's."""
    throttle = Throttle(clock=clock)
    for _ in range(3):
        throttle.take(RATE, "write", "ann")
    throttle.take(RATE, "write", "bob")
    throttle.take(RATE, "read", "ann")
    with pytest.raises(TooOftenError):
        throttle.take(RATE, "write", "ann")


def test_a_shared_address_has_more(clock: Clock) -> None:
    """By its factor, in burst and in rate."""
    throttle = Throttle(clock=clock)
    for _ in range(6):
        throttle.take(RATE, "at", "10.0.0.1", factor=2)
    with pytest.raises(TooOftenError) as refused:
        throttle.take(RATE, "at", "10.0.0.1", factor=2)
    assert refused.value.retry_after == pytest.approx(0.5)


def test_refused_requests_do_not_put_off_the_next_one(clock: Clock) -> None:
    """Asking too often costs nothing more."""
    throttle = Throttle(clock=clock)
    for _ in range(3):
        throttle.take(RATE, "write", "ann")
    for _ in range(10):
        clock.now += 0.09
        with pytest.raises(TooOftenError):
            throttle.take(RATE, "write", "ann")
    clock.now += 0.11
    throttle.take(RATE, "write", "ann")


def test_who_is_quiet_is_forgotten(clock: Clock) -> None:
    """Memory follows the callers of the last minutes."""
    throttle = Throttle(clock=clock)
    for number in range(20_000):
        throttle.take(RATE, "write", str(number))
        clock.now += 0.01
    assert len(throttle) < 10_000


def test_a_rate_of_nothing_never_fills(clock: Clock) -> None:
    """An operator may close something after a burst."""
    throttle = Throttle(clock=clock)
    closed = Rate(per_minute=0, burst=1)
    throttle.take(closed, "x")
    clock.now += 10_000
    with pytest.raises(TooOftenError) as refused:
        throttle.take(closed, "x")
    assert refused.value.retry_after > 0
