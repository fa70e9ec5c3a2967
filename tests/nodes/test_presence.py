"""Who is here, told by several nodes: everybody is counted once, and all nodes say the same."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.support.nodes import Engines, node_here
from tests.support.people import make_board, person
from tests.support.servers import InProcess, TenantKey

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


async def online(node: InProcess, tenant: TenantKey, url_id: str) -> tuple[int, int, list[str]]:
    """What a node says about a page: all, anonymous ones, names."""
    async with await tenant.client(node.url, "reader") as client:
        answer = await client.get(f"/pages/{tenant.name}/users/online", params={"urlId": url_id})
        answer.raise_for_status()
        said = answer.json()
        return said["totalCount"], said["anonCount"], sorted(user["displayName"] for user in said["users"])


async def test_people_on_two_nodes_see_each_other_and_counts_stay_right_after_churn(shared: Engines) -> None:
    """Live frames and REST agree on all nodes, one where nobody looks included; a person on two nodes is one."""
    async with (
        node_here(shared, "one") as one,
        node_here(shared, "two") as two,
        node_here(shared, "three") as three,
        AsyncExitStack() as staying,
    ):
        place = await make_board(one.url, await one.tenant())
        tenant = place.tenant
        ann = await staying.enter_async_context(person(place, "ann"))
        ben = await staying.enter_async_context(person(place.through(two.url), "ben"))
        await staying.enter_async_context(person(place.through(two.url), "ann"))

        async def visit(name: str, node: InProcess) -> None:
            async with person(place.through(node.url), name) as visitor:
                await visitor.live()

        for round_ in range(3):
            await asyncio.gather(*(visit(f"v{round_}{number}", (one, two)[number % 2]) for number in range(4)))
        for each in (ann, ben):
            await each.until(lambda each=each: each.view.viewers == 2, "two viewers")  # type: ignore[misc] # binds the loop's value
            assert sorted(one_.name for one_ in each.view.people) == ["ann", "ben"]
        for node in (one, two, three):
            async with asyncio.timeout(5):
                while await online(node, tenant, place.url_id) != (2, 0, ["ann", "ben"]):  # noqa: ASYNC110 - over HTTP
                    await asyncio.sleep(0.05)
