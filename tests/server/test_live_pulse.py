"""The ring of the keep-alive: every socket once per interval, no timer without sockets."""

import asyncio
import time
from itertools import pairwise

from imagechat_tui.server.live.pulse import SLOTS, Pulse
from tests.server.live_world import until


class Heart:
    """Remembers its beats."""

    def __init__(self) -> None:
        self.beats: list[float] = []

    def beat(self) -> None:
        self.beats.append(asyncio.get_running_loop().time())


async def test_every_socket_is_visited_once_per_interval() -> None:
    """And never forgotten because others come and go."""
    pulse = Pulse(interval=0.2)
    hearts = [Heart() for _ in range(50)]
    for heart in hearts:
        pulse.add(heart)
    while min(len(heart.beats) for heart in hearts) < 3:
        passer_by = Heart()
        pulse.remove(passer_by, pulse.add(passer_by))
        await asyncio.sleep(0.001)
    rounds = {len(heart.beats) for heart in hearts}
    assert max(rounds) - min(rounds) <= 1


async def test_a_standstill_shortens_nobodys_time_to_answer() -> None:
    """A suspended laptop wakes up: whoever is visited late is visited again a whole interval after that."""
    pulse = Pulse(interval=0.4)
    hearts = [Heart() for _ in range(50)]
    for heart in hearts:
        pulse.add(heart)
    await until(lambda: all(heart.beats for heart in hearts))
    time.sleep(0.35)  # noqa: ASYNC251 - this is the standstill
    await until(lambda: all(len(heart.beats) >= 4 for heart in hearts))
    gaps = [after - before for heart in hearts for before, after in pairwise(heart.beats)]
    assert min(gaps) > 0.4 - 3 * 0.4 / SLOTS


async def test_sockets_that_come_together_are_not_visited_together() -> None:
    """The slots are random."""
    pulse = Pulse(interval=0.2)
    hearts = [Heart() for _ in range(100)]
    for heart in hearts:
        pulse.add(heart)
    await until(lambda: all(heart.beats for heart in hearts))
    first = {round(heart.beats[0], 3) for heart in hearts}
    assert len(first) > 5


async def test_without_sockets_there_is_no_timer() -> None:
    """Idle costs nothing."""
    pulse = Pulse(interval=0.2)
    heart = Heart()
    slot = pulse.add(heart)
    assert pulse._timer is not None
    pulse.remove(heart, slot)
    assert pulse._timer is None


async def test_a_socket_that_ends_at_its_beat_is_no_trouble() -> None:
    """A beat may end sockets, its own or others of the same slot."""
    pulse = Pulse(interval=0.04)

    class Ending(Heart):
        def beat(self) -> None:
            super().beat()
            pulse.remove(self, self.slot)

        slot = 0

    ending = Ending()
    ending.slot = pulse.add(ending)
    staying = Heart()
    pulse.add(staying)
    await until(lambda: len(staying.beats) >= 3)
    assert len(ending.beats) == 1
