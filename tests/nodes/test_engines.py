"""Real engines of the test's own, killed and started anew under load: afterwards every board equals the database.

``python -m tests.nodes.test_engines [--rounds N]`` does it again and again, and prints what happened.
"""

import argparse
import asyncio
import signal
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import make_url

from imagechat_tui.core.inputs import RetryNow
from tests.nodes.load import Tally, progress, settled
from tests.support.nodes import Engines, node_process
from tests.support.own_engines import own_postgres, own_redis
from tests.support.people import Person, make_board, person
from tests.support.proxy import proxy_to

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
_MARKERS = 8
"""Seen between two faults."""


async def play(folder: Path) -> str:
    """One round; what happened, in a line. Raises what does not hold."""
    tally, done = Tally(), asyncio.Event()
    async with AsyncExitStack() as stack:
        postgres = await stack.enter_async_context(own_postgres())
        redis = await stack.enter_async_context(own_redis())
        way = await stack.enter_async_context(proxy_to(f"postgres://127.0.0.1:{postgres.port}"))
        there = make_url(postgres.url).set(port=way.port).render_as_string(hide_password=False)
        shared = Engines(database=postgres.url, redis=redis.url, folder=folder)
        beyond = Engines(database=there, redis=redis.url, folder=folder)
        one = await stack.enter_async_context(node_process(shared, "one"))
        two = await stack.enter_async_context(node_process(beyond, "two"))
        place = await make_board(one.url, await one.tenant())
        people = [
            await stack.enter_async_context(person(place.through(url), f"p{number}"))
            for number, url in enumerate((one.url, two.url, one.url, two.url))
        ]
        for each in people:
            await each.live()
        working = [asyncio.create_task(tally.work(each, done)) for each in people]
        here, beyond_it = people[0], people[1]

        await _seen(here, beyond_it)
        await redis.end()
        await progress(here, _MARKERS)
        await progress(beyond_it, _MARKERS)
        await redis.start()
        await _seen(here, beyond_it)
        await postgres.end()
        await postgres.start()
        await _seen(here, beyond_it)
        await postgres.end(signal.SIGINT)
        await postgres.start()
        await _seen(here, beyond_it)
        await way.refuse()
        way.cut()
        await progress(here, _MARKERS)
        await way.listen()
        await _seen(here, beyond_it)
        done.set()
        await asyncio.gather(*working)
        found = await settled(tally, place, one.url, people)
    return f"{len(tally.confirmed)} confirmed, all there; {dict(tally.others)}, {len(found)} stored, 4 boards equal"


async def _seen(*people: Person) -> None:
    for each in people:
        each.do(RetryNow())
        await progress(each, _MARKERS)


async def test_engines_that_are_killed_and_come_back_take_nothing_along(tmp_path: Path) -> None:
    """Redis killed; PostgreSQL killed, then stopped in order; one node cut off from PostgreSQL."""
    said = await play(tmp_path)
    print(said)  # noqa: T201 - the figures, for who looks


async def _rounds(most: int) -> None:
    for number in range(1, most + 1):
        with tempfile.TemporaryDirectory() as folder:
            print(f"{number}: {await play(Path(folder))}", flush=True)  # noqa: T201 - the command's result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(_rounds(parser.parse_args().rounds))
