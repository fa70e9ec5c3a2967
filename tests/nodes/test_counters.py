"""Usage and rate limits are one for all nodes, and a node that is killed takes none of what it acknowledged along."""

import asyncio
import uuid

import pytest

from imagechat_tui.server.settings import Limits, Rate, Settings
from imagechat_tui.server.store import counters
from tests.support.nodes import Engines, node_here, node_process
from tests.support.people import Person, make_board, person
from tests.support.servers import InProcess

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


_LOOK_SECONDS = 0.1


async def test_counts_of_changes_are_exact_after_a_node_was_killed(shared: Engines) -> None:
    """They are part of the changes. Frames, counted in memory, may lack the last seconds of the killed node."""
    async with node_here(shared, "one") as one, node_process(shared, "two") as two:
        place = await make_board(one.url, await one.tenant())
        async with person(place, "ann") as ann, person(place.through(two.url), "ben") as ben:
            for each in (ann, ben):
                await each.live()
            for number in range(5):
                await ann.pin(f"ann {number}")
                await ben.pin(f"ben {number}")
            await two.kill()
            frames = ann.view.stats.frames + ben.view.stats.frames
        deps = one.running.deps
        await deps.usage.flush(deps.database)
        (day,) = (await deps.database.read(lambda connection: counters.days(connection, "acme"))).values()
    assert day["conversation_create_count"] == 10
    assert 0 < day["pub_sub_message_count"] <= frames


async def test_a_killed_node_loses_no_frames_that_are_older_than_a_flush(shared: Engines) -> None:
    """The bound: whatever was delivered before the last flush is counted, exactly."""
    async with node_here(shared, "one") as one, node_process(shared, "two") as two:
        place = await make_board(one.url, await one.tenant())
        async with person(place, "ann") as ann, person(place.through(two.url), "ben") as ben:
            for each in (ann, ben):
                await each.live()
            for number in range(5):
                await ann.pin(f"ann {number}")
                await ben.sees(f"ann {number}")
            async with asyncio.timeout(3 * Settings(data=shared.folder).usage_flush_seconds):
                while (counted := await _stored_frames(one)) < _frames(ann, ben):
                    if two.process.returncode is not None:
                        raise AssertionError("the node ended by itself")
                    await asyncio.sleep(_LOOK_SECONDS)
            await two.kill()
            assert await _stored_frames(one) == counted


async def test_a_person_may_do_no_more_on_two_nodes_than_on_one(shared: Engines) -> None:
    """Requests that are spread over the nodes share one allowance, and the refusal says when to come again."""
    limits = Limits(comments=Rate(per_minute=1, burst=4))
    async with node_here(shared, "one", limits=limits) as one, node_here(shared, "two", limits=limits) as two:
        acme = await one.tenant()
        async with await acme.client(one.url) as here, await acme.client(two.url) as there:
            answers = []
            for number in range(6):
                query = {"urlId": "w", "broadcastId": str(uuid.uuid4())}
                body = {"commenterName": "Ann", "comment": "word", "url": "u", "urlId": "w"}
                answers.append(await (here, there)[number % 2].post("/comments/acme", params=query, json=body))
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert all(int(answer.headers["retry-after"]) > 30 for answer in answers[4:])


def _frames(*people: Person) -> int:
    return sum(each.view.stats.frames for each in people)


async def _stored_frames(node: InProcess) -> int:
    deps = node.running.deps
    await deps.usage.flush(deps.database)
    days = await deps.database.read(lambda connection: counters.days(connection, "acme"))
    return sum(day.get("pub_sub_message_count", 0) for day in days.values())
