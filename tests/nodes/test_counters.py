"""Usage is one for all nodes, and a node that is killed takes none of what it acknowledged along."""

import pytest

from imagechat_tui.server.store import counters
from tests.support.nodes import Engines, node_here, node_process
from tests.support.people import make_board, person

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


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
