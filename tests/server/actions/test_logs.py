"""The logs: by position without gaps, by time whatever the client's clock says, nothing to who may not see it."""

import msgspec
import pytest

from imagechat_tui.protocol.events import NewComment, NewImageChat
from imagechat_tui.server.actions import comments, logs, markers
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.store import absences, events
from tests.server.actions.world import ANN, BOB, NOW, PAGE, World, member, said


async def test_pages_of_the_log_connect(world: World) -> None:
    """Every position once, in order, until the head; at the end nothing is left."""
    for number in range(5):
        await markers.create_marker(world.deps, ANN, world.marker(str(number)))
    after = 0
    seen: list[int] = []
    while True:
        page = await logs.read_log(world.deps, BOB, PAGE, after=after, limit=3)
        seen += [int(getattr(event, "seq", 0)) for event in page.events]
        after = seen[-1]
        if not page.has_more:
            break
    assert (seen, page.head) == (list(range(1, 11)), 10)
    last = await logs.read_log(world.deps, BOB, PAGE, after=10)
    assert (last.events, last.head, last.has_more) == ([], 10, False)


async def test_a_comment_before_its_marker_names_its_thread(world: World) -> None:
    """A reader who does not know the marker yet can still put the comment where it belongs."""
    made = await markers.create_marker(world.deps, ANN, world.marker("hello"))
    page = await logs.read_log(world.deps, BOB, PAGE, after=0)
    comment = page.events[1]
    assert isinstance(page.events[0], NewImageChat)
    assert isinstance(comment, NewComment)
    assert (comment.comment.url_id, comment.chat_id) == (made.marker.url_id, made.marker.id)
    assert comment.comment.comment_html == ""


async def test_a_log_that_does_not_reach_back_says_so(world: World) -> None:
    """410: behind what is kept, and beyond the end, where only another history can have been."""
    await markers.create_marker(world.deps, ANN, world.marker())
    world.now_ms += 50 * 3600 * 1_000
    await world.deps.database.write(lambda tx: events.prune(tx, now_ms=world.now_ms, most=100))
    for after in (0, 1, 99):
        with pytest.raises(Refusal) as refused:
            await logs.read_log(world.deps, ANN, PAGE, after=after)
        assert (refused.value.status, refused.value.code) == (410, "log-too-old")
    assert (await logs.read_log(world.deps, ANN, PAGE, after=2)).events == []


async def test_an_unknown_page_has_an_empty_log(world: World) -> None:
    """Nothing happened there yet."""
    page = await logs.read_log(world.deps, ANN, "nowhere", after=0)
    assert (page.events, page.head, page.has_more) == ([], 0, False)


async def test_the_log_by_time_is_by_channel(world: World) -> None:
    """Marker events under the base key, comment events under the thread's; data is the event as text."""
    made = await markers.create_marker(world.deps, ANN, world.marker("hello"))
    for key, kind in ((PAGE, "new-image-chat"), (made.marker.url_id, "new-comment")):
        found = await logs.read_event_log(world.deps, BOB, key, start_ms=NOW, end_ms=None, viewer=None)
        assert len(found.events) == 1
        entry = found.events[0]
        data = msgspec.json.decode(entry.data)
        assert (data["type"], data["broadcastId"]) == (kind, entry.broadcast_id)
        assert data["timestamp"] in {NOW, NOW + 1}
        assert (entry.tenant_id, entry.url_id) == ("acme", key)
        assert "seq" not in data
        assert {"firstComment", "lastComment"}.isdisjoint(data.get("conversation", ())), "no more than in the frame"
    full = await logs.read_event_log(world.deps, BOB, made.marker.url_id, start_ms=0, end_ms=None, viewer=None)
    assert msgspec.json.decode(full.events[0].data)["comment"]["commentHTML"] == "hello"


async def test_a_fast_clock_misses_nothing(world: World) -> None:
    """The client says it left in the future; the server knows when it left, and ends at now."""
    await markers.create_marker(world.deps, ANN, world.marker())
    await world.deps.database.write(lambda tx: absences.left(tx, "acme", viewer="v", url_id=PAGE, now_ms=NOW - 10))
    late = NOW + 3_600_000
    unknown = await logs.read_event_log(world.deps, BOB, PAGE, start_ms=late, end_ms=late, viewer="other")
    known = await logs.read_event_log(world.deps, BOB, PAGE, start_ms=late, end_ms=late, viewer="v")
    assert (len(unknown.events), len(known.events)) == (1, 1)


async def test_an_end_long_ago_is_an_end(world: World) -> None:
    """Only an end near now is taken for now."""
    await markers.create_marker(world.deps, ANN, world.marker())
    found = await logs.read_event_log(world.deps, BOB, PAGE, start_ms=0, end_ms=NOW - 61_000, viewer=None)
    assert found.events == []


async def test_another_tenants_log_is_empty(world: World) -> None:
    """By position and by time."""
    await markers.create_marker(world.deps, ANN, world.marker())
    stranger = member("ann", tenant="other")
    assert (await logs.read_log(world.deps, stranger, PAGE, after=0)).events == []
    assert (await logs.read_event_log(world.deps, stranger, PAGE, start_ms=0, end_ms=None, viewer=None)).events == []


async def test_a_free_threads_events_are_its_authors(world: World) -> None:
    """Until a marker claims it."""
    await comments.create_comment(world.deps, ANN, "free", broadcast_id="b", body=said("hi"))
    mine = await logs.read_event_log(world.deps, ANN, "free", start_ms=0, end_ms=None, viewer=None)
    others = await logs.read_event_log(world.deps, BOB, "free", start_ms=0, end_ms=None, viewer=None)
    assert (len(mine.events), len(others.events)) == (1, 0)
