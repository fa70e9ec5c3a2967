"""A rolling restart: nodes end one after another while people work; nothing is lost, and nobody comes all at once."""

import asyncio
import random
import time
from contextlib import AsyncExitStack
from urllib.parse import urlencode

import httpx
import pytest
from websockets.asyncio.client import connect

from imagechat_tui.core.inputs import CreateMarker
from imagechat_tui.core.outputs import OperationEnded, Outcome
from imagechat_tui.core.views import Reason
from imagechat_tui.protocol import paths
from imagechat_tui.server.hub import Hub
from tests.support.nodes import Engines, balancer, node_here
from tests.support.people import Person, agree, make_board, person

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
DRAIN_SECONDS = 2.0
_SOCKETS, _OF_EACH = 100, 20
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

        leaves = asyncio.create_task(_departures(two.running.deps.hub))
        stopped = time.monotonic()
        two.running.stop()
        async with httpx.AsyncClient() as probe:
            answers = [await probe.get(node.url + paths.READY) for node in (one, two)]
        assert [answer.status_code for answer in answers] == [200, 503]
        front.targets.remove(two.url)
        gone = await leaves
        assert gone[0] - stopped >= DRAIN_SECONDS / 2
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


async def _departures(hub: Hub) -> list[float]:
    """When each socket that is open now has gone."""
    gone: list[float] = []
    sockets = hub.sockets
    async with asyncio.timeout(3 * DRAIN_SECONDS):
        while sockets:
            await asyncio.sleep(0.005)
            while hub.sockets < sockets:
                sockets -= 1
                gone.append(time.monotonic())
    return gone


async def test_those_who_are_sent_on_do_not_come_back_all_at_once(
    shared: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred sockets of a node that ends: when each is told is spread over the second half of the draining."""
    async with AsyncExitStack() as stack:
        leaving = await stack.enter_async_context(AsyncExitStack())
        node = await leaving.enter_async_context(node_here(shared, "one", drain_seconds=DRAIN_SECONDS))
        acme = await node.tenant()
        for user in range(_SOCKETS // _OF_EACH):
            async with await acme.client(node.url, f"u{user}") as client:
                told = (await client.get(paths.image_chats("acme"), params={"urlId": "page"})).json()
            live = f"{node.url.replace('http', 'ws')}{paths.LIVE}?{_named(told)}"
            for _ in range(_OF_EACH):
                await leaving.enter_async_context(connect(live))
        hub = node.running.deps.hub
        assert hub.sockets == _SOCKETS
        drawn: list[float] = []

        def uniform(first: float, last: float) -> float:
            drawn.append(chance(first, last))
            return drawn[-1]

        chance = random.uniform
        monkeypatch.setattr(random, "uniform", uniform)
        began = time.monotonic()
        node.running.stop()
        gone = [moment - began for moment in await _departures(hub)]
        print(_spread(gone))  # noqa: T201 - the figures, for who looks
        half = DRAIN_SECONDS / 2
        planned = [one for one in drawn if one <= half]
        # A quarter of them in each quarter of the time, give or take four times what chance makes of it.
        in_quarters = [sum(1 for one in planned if part <= 4 * one / half < part + 1) for part in range(4)]
        assert all(_SOCKETS / 4 - 17 <= number <= _SOCKETS / 4 + 17 for number in in_quarters), in_quarters
        assert len(gone) == _SOCKETS


def _named(told: dict[str, str]) -> str:
    return urlencode({"urlId": told["urlIdWS"], "userIdWS": told["userIdWS"], "tenantIdWS": told["tenantIdWS"]})


def _spread(gone: list[float]) -> str:
    tenths = [gone[len(gone) * part // 10] for part in range(10)] + [gone[-1]]
    return "sent on after, by tenths of them: " + ", ".join(f"{moment:.2f}" for moment in tenths) + " s"
