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
    await waiting


async def test_a_silent_terminal_is_asked_no_more_until_it_speaks() -> None:
    """Frames go on without answers."""
    pacing = Pacing(patience=0.001)
    for _ in range(2):
        assert not pacing.silent
        pacing.begin()
        await pacing.wait()
    assert pacing.silent
    await pacing.wait()
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
