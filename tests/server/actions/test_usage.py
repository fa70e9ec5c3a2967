"""Daily usage: what the store has and what is still in memory, by the contract's odd months."""

import pytest

from imagechat_tui.server.actions import image_chats, markers, threads, usage
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.actions.threads import ThreadQuery
from tests.server.actions.world import ANN, PAGE, World


async def test_a_day_counts_what_was_done(world: World) -> None:
    """Markers and comments from the store; frames and reads from memory, before they are stored and after."""
    made = await markers.create_marker(world.deps, ANN, world.marker())
    await threads.list_comments(world.deps, ANN, made.marker.url_id, ThreadQuery())
    world.deps.usage.delivered("acme", 3, 700)
    before = await usage.daily_usage(world.deps, "acme", year=None, month=None, day=None)
    await world.deps.usage.flush(world.deps.database)
    after = await usage.daily_usage(world.deps, "acme", year=2027, month=0, day=15)
    assert before == after
    row = after.tenant_daily_usages[0]
    assert (row.year_number, row.month_number, row.day_number) == (2027, 0, 15)
    assert (row.conversation_create_count, row.comment_create_count, row.comment_fetch_count) == (1, 1, 1)
    assert (row.pub_sub_message_count, row.pub_sub_bandwidth, row.vote_count) == (3, 700, 0)


async def test_a_day_that_only_memory_knows_is_a_day(world: World) -> None:
    """Nothing of today is stored yet; what is skipped stays skipped, and other years do not have it."""
    await markers.create_marker(world.deps, ANN, world.marker())
    world.now_ms += 24 * 3600 * 1_000
    world.deps.usage.delivered("acme", 3, 700)

    async def found(skip: int, year: int | None = None) -> list[str]:
        rows = await usage.daily_usage(world.deps, "acme", year=year, month=None, day=None, skip=skip)
        return [one.id for one in rows.tenant_daily_usages]

    assert await found(0) == ["acme:2027-01-15", "acme:2027-01-16"]
    assert await found(1) == ["acme:2027-01-16"]
    assert await found(2) == []
    assert await found(0, 2026) == []
    assert await found(0, 2027) == ["acme:2027-01-15", "acme:2027-01-16"]


async def test_only_the_days_asked_for(world: World) -> None:
    """A year, a month, a day; idle days and other tenants have no row."""
    for days in (0, 1, 40):
        world.now_ms += days * 24 * 3600 * 1_000
        await markers.create_marker(world.deps, ANN, world.marker())

    async def found(year: int | None, month: int | None, day: int | None, skip: int = 0) -> list[str]:
        rows = await usage.daily_usage(world.deps, "acme", year=year, month=month, day=day, skip=skip)
        return [one.id for one in rows.tenant_daily_usages]

    assert await found(None, None, None) == ["acme:2027-01-15", "acme:2027-01-16", "acme:2027-02-25"]
    assert await found(2027, 0, None) == ["acme:2027-01-15", "acme:2027-01-16"]
    assert await found(2027, 1, 25) == ["acme:2027-02-25"]
    assert await found(2026, None, None) == []
    assert await found(2027, None, None, skip=2) == ["acme:2027-02-25"]
    others = await usage.daily_usage(world.deps, "other", year=None, month=None, day=None)
    assert others.tenant_daily_usages == []


@pytest.mark.parametrize(("year", "month", "day"), [(2027, 12, None), (2027, 1, 30), (0, None, None), (2027, -1, 1)])
async def test_a_day_that_is_none_is_refused(world: World, year: int, month: int | None, day: int | None) -> None:
    """400."""
    with pytest.raises(Refusal) as refused:
        await usage.daily_usage(world.deps, "acme", year=year, month=month, day=day)
    assert refused.value.status == 400


async def test_reading_markers_writes_nothing(world: World) -> None:
    """A page that is only looked at has no row, no day, no event."""
    await image_chats.list_image_chats(world.deps, ANN, PAGE)
    assert (await usage.daily_usage(world.deps, "acme", year=None, month=None, day=None)).tenant_daily_usages == []
    assert world.published == []
