"""Three nodes under load, one killed, one cut off from Redis: afterwards every board equals the database.

``python -m tests.nodes.test_faults [--rounds N]`` does it again and again, and prints what happened.
"""

import argparse
import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from imagechat_tui.core.inputs import RetryNow
from tests.nodes.load import Tally, progress, settled
from tests.support.nodes import REDIS, Engines, balancer, engines, node_process
from tests.support.people import make_board, person
from tests.support.proxy import proxy_to

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


async def play(shared: Engines) -> str:
    """One round; what happened, in a line. Raises what does not hold."""
    tally, done = Tally(), asyncio.Event()
    async with AsyncExitStack() as stack:
        way = await stack.enter_async_context(proxy_to(REDIS))
        redis = shared.redis.replace(urlsplit(REDIS).netloc, f"127.0.0.1:{way.port}")
        one = await stack.enter_async_context(node_process(shared, "one"))
        two = await stack.enter_async_context(node_process(shared, "two", redis=redis))
        three = await stack.enter_async_context(node_process(shared, "three"))
        front = await stack.enter_async_context(balancer(three.url))
        place = await make_board(one.url, await one.tenant())
        # Two on each node; those on the third come back on the others.
        urls = (one.url, two.url, front.url, front.url, two.url, one.url)
        people = [
            await stack.enter_async_context(person(place.through(url), f"p{number}")) for number, url in enumerate(urls)
        ]
        for each in people:
            await each.live()
        working = [asyncio.create_task(tally.work(each, done)) for each in people]

        await progress(people[0], 12)
        await way.refuse()
        way.cut()
        await progress(people[0], 12)
        await three.kill()
        front.targets[:] = [one.url, two.url]
        await progress(people[0], 12)
        await way.listen()
        for each in people[2:4]:
            each.do(RetryNow())
            await each.live()
        await progress(people[0], 12)
        done.set()
        await asyncio.gather(*working)

        stored_markers = await settled(tally, place, one.url, people)
        await people[0].until(lambda: people[0].view.viewers == len(people), "everybody to be counted")
        assert [each.view.stats.reconnects > 0 for each in people] == [False, False, True, True, False, False]
        reconnects = sum(each.view.stats.reconnects for each in people)
    return (
        f"{len(tally.confirmed)} confirmed, all there; {dict(tally.others)}, "
        f"{len(stored_markers)} stored, {reconnects} reconnections, {len(people)} boards equal"
    )


async def test_a_killed_node_and_one_without_redis_leave_every_board_equal_to_the_database(shared: Engines) -> None:
    """Under load; nothing that was confirmed is missing, nothing is there twice."""
    await play(shared)


async def _rounds(most: int) -> None:
    for number in range(1, most + 1):
        with tempfile.TemporaryDirectory() as folder:
            async with engines(Path(folder)) as shared:
                print(f"{number}: {await play(shared)}", flush=True)  # noqa: T201 - the command's result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    asyncio.run(_rounds(parser.parse_args().rounds))
