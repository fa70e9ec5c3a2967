"""One frame in flight."""

import asyncio

import pytest

from imagechat_tui.tui.pacing import Pacing


async def test_waiting_ends_with_the_answer() -> None:
    """Not before."""
    pacing = Pacing()
    pacing.begin()
    waiting = asyncio.create_task(pacing.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    pacing.shown()
    assert await waiting


async def test_a_silent_terminal_is_asked_no_more_until_it_speaks() -> None:
    """Frames go on without answers."""
    pacing = Pacing(patience=0.001)
    for _ in range(2):
        assert not pacing.silent
        pacing.begin()
        assert not await pacing.wait()
    assert pacing.silent
    assert not await pacing.wait()
    pacing.shown()
    assert not pacing.silent


@pytest.mark.parametrize(("seconds", "slow"), [(0.05, False), (0.35, True)])
def test_a_line_is_slow_when_a_frame_takes_long(seconds: float, slow: bool) -> None:  # noqa: FBT001 - a case
    """From its start to the answer, whatever comes unasked later."""
    now = [0.0]
    pacing = Pacing(clock=lambda: now[0])
    pacing.begin()
    now[0] = seconds
    pacing.shown()
    assert pacing.slow is slow
    now[0] = 9.0
    pacing.shown()
    assert pacing.slow is slow


def test_the_time_of_a_frame_begins_when_it_is_written() -> None:
    """What the app did before tells nothing of the line."""
    now = [0.0]
    pacing = Pacing(clock=lambda: now[0])
    pacing.begin()
    now[0] = 5.0
    pacing.written()
    now[0] = 5.125
    pacing.shown()
    assert pacing.took == 0.125
    assert not pacing.slow
