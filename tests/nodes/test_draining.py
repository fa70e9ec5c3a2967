"""A rolling restart: nodes end one after another while people work; nothing is lost, and nobody comes all at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from imagechat_tui.core.inputs import CreateMarker
from imagechat_tui.core.outputs import OperationEnded, Outcome
from imagechat_tui.core.views import Reason
from imagechat_tui.protocol import paths
from imagechat_tui.server.hub import Hub
from tests.support.nodes import Engines, balancer, node_here
from tests.support.people import Person, agree, make_board, person

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
DRAIN_SECONDS = 2.0
_PAUSE_SECONDS = 0.15
"""Between two changes of one person: below what a person may do."""


async def test_a_node_drains_and_no_operation_is_lost(shared: Engines) -> None:
    """Not ready first and still serving, then its sockets go one by one; all that people did in the meantime counts."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(node_here(shared, "one"))
        leaving = await stack.enter_async_context(AsyncExitStack())
        two = await leaving.enter_async_context(node_here(shared, "two", drain_seconds=DRAIN_SECONDS))
        front = await stack.enter_async_context(balancer(one.url, two.url))
        place = await make_board(front.url, await one.tenant())
        people = [await stack.enter_async_context(person(place, f"p{number}")) for number in range(6)]
        for each in people:
            await each.live()
        here = two.running.deps.hub.sockets
        assert here >= 1
        done = asyncio.Event()
        working = [asyncio.create_task(_work(each, done)) for each in people]

        two.running.stop()
        async with httpx.AsyncClient() as probe:
            answers = [await probe.get(node.url + paths.READY) for node in (one, two)]
        assert [answer.status_code for answer in answers] == [200, 503]
        assert two.running.deps.hub.sockets >= here
        front.targets.remove(two.url)
        gone = [moment async for moment in _departures(two.running.deps.hub)]
        await leaving.aclose()
        done.set()
        ended = [one_ for results in await asyncio.gather(*working) for one_ in results]

        assert {end.outcome for end in ended} == {Outcome.CONFIRMED}, ended
        assert len(gone) >= here
        await agree(*people)
        assert len(people[0].view.markers()) == len(ended)
        assert one.running.deps.hub.sockets == 6


async def _work(one: Person, done: asyncio.Event) -> list[OperationEnded]:
    """Pin while the link allows it, until told to stop; how everything ended."""
    ended: list[OperationEnded] = []
    while not done.is_set():
        await one.live()
        end = await one.change(CreateMarker(x=len(ended) % 100, y=1, text=f"{one.name} {len(ended)}"))
        if end.reason not in {Reason.OFFLINE, Reason.TOO_FAST}:  # Told at once, and the text is kept.
            ended.append(end)
        await asyncio.sleep(_PAUSE_SECONDS)
    return ended


async def _departures(hub: Hub) -> AsyncIterator[float]:
    """When each socket that is open now has gone."""
    sockets = hub.sockets
    async with asyncio.timeout(3 * DRAIN_SECONDS):
        while sockets:
            await asyncio.sleep(0.005)
            while hub.sockets < sockets:
                sockets -= 1
                yield time.monotonic()
