"""Delays grow, stay within their bounds, and are never the same for everybody."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.core.backoff import FIRST, MOST, Backoff


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 200))
def test_every_delay_is_between_half_its_bound_and_its_bound(random: float, failures: int) -> None:
    """Whatever the random source says, and however often it failed."""
    backoff = Backoff(lambda: random)
    for number in range(failures):
        bound = min(FIRST * 2**number, MOST)
        assert bound / 2 <= backoff.next() <= bound
    assert backoff.failed == failures


def test_delays_grow_until_they_reach_the_most() -> None:
    """Each bound is twice the one before, up to the most."""
    backoff = Backoff(lambda: 1.0)
    delays = [backoff.next() for _ in range(10)]
    assert delays == sorted(delays)
    assert delays[0] == FIRST
    assert delays[-1] == MOST


def test_success_makes_the_next_delay_short_again() -> None:
    """After a reset it is the first delay."""
    backoff = Backoff(lambda: 1.0)
    for _ in range(5):
        backoff.next()
    backoff.reset()
    assert (backoff.failed, backoff.next()) == (0, FIRST)
