"""Markers: made with their first comment or for a thread that was there before, moved, resolved, deleted."""

import asyncio

import pytest
from msgspec.structs import replace

from imagechat_tui.protocol.events import DeletedImageChat, ImageChatUpdated, NewComment, NewImageChat
from imagechat_tui.protocol.requests import ChangeMarker
from imagechat_tui.server.actions import boards, comments, image_chats, logs, markers, threads
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.actions.threads import ThreadQuery
from imagechat_tui.server.store import counters
from tests.server.actions.world import ANN, BOB, GUEST, MOD, PAGE, World, anonymous, look, member, said

ALL = ThreadQuery(page=-1, direction="OF", raw=True)


async def test_a_marker_comes_with_its_first_comment(world: World) -> None:
    """One request: row, comment, two events with positions, and the reply that says where they end."""
    made = await markers.create_marker(world.deps, ANN, world.marker("Look **here**"))
    assert (made.marker.number, made.marker.comment_count, made.marker.user_name) == (1, 1, "Ann")
    assert made.comment.comment == "Look **here**"
    assert made.comment.comment_html == "Look <strong>here</strong>"
    assert made.seq == 2
    new, first = world.published
    assert isinstance(new.event, NewImageChat)
    assert isinstance(first.event, NewComment)
    assert (new.url_id, first.url_id) == (PAGE, made.marker.url_id)
    assert (new.seq, first.seq, new.marker_id, first.marker_id) == (1, 2, made.marker.id, made.marker.id)
    assert new.event.conversation is not None
    assert new.event.conversation.first_comment is not None
    assert new.event.conversation.first_comment.comment == "Look **here**"


async def test_the_window_key_is_composed_as_javascript_would(world: World) -> None:
    """No trailing zeros, four decimals."""
    made = await markers.create_marker(world.deps, ANN, world.marker(x=25.0, y=1 / 3))
    assert made.marker.url_id == f"{PAGE}::25:0.3333"
    assert made.marker.y == 1 / 3


async def test_two_on_the_same_cell_make_two_markers(world: World) -> None:
    """The second is put a hair beside the first; both are told where they are."""
    one, two = await asyncio.gather(
        markers.create_marker(world.deps, ANN, world.marker("one")),
        markers.create_marker(world.deps, BOB, world.marker("two")),
    )
    assert sorted([one.marker.x, two.marker.x]) == [25.5, 25.5001]
    assert {one.marker.number, two.marker.number} == {1, 2}


async def test_a_crowd_on_the_right_edge_stays_on_the_picture(world: World) -> None:
    """Many markers on one point: all different, none beyond the edge."""
    made = [await markers.create_marker(world.deps, ANN, world.marker(x=100, y=100)) for _ in range(40)]
    places = {one.marker.x for one in made}
    assert len(places) == 40
    assert all(0 <= x <= 100 for x in places)


async def test_the_same_request_again_makes_no_second_marker(world: World) -> None:
    """A retry gets the stored answer, and nothing is published again."""
    body = world.marker()
    first = await markers.create_marker(world.deps, ANN, body)
    events = len(world.published)
    assert await markers.create_marker(world.deps, ANN, body) == first
    assert len(world.published) == events


async def test_the_same_id_for_something_else_is_refused(world: World) -> None:
    """409: an id names one write of one person; another person's is another write."""
    body = world.marker()
    await markers.create_marker(world.deps, ANN, body)
    with pytest.raises(Refusal) as refused:
        await markers.create_marker(world.deps, ANN, replace(body, comment="else"))
    assert (refused.value.status, refused.value.code) == (409, "broadcast-id-reused")
    await markers.create_marker(world.deps, BOB, body)


async def test_retries_in_flight_together_make_one_marker(world: World) -> None:
    """The same request ten times at once is one marker."""
    body = world.marker()
    made = await asyncio.gather(*(markers.create_marker(world.deps, ANN, body) for _ in range(10)))
    assert len({one.marker.id for one in made}) == 1
    assert [one.id for one in (await boards.snapshot(world.deps, ANN, PAGE)).markers] == [made[0].marker.id]


@pytest.mark.parametrize(("x", "y"), [(-0.1, 0), (0, 100.1), (float("nan"), 0), (0, float("inf"))])
async def test_a_point_off_the_picture_is_refused(world: World, x: float, y: float) -> None:
    """400; the bounds themselves are on it."""
    with pytest.raises(Refusal) as refused:
        await markers.create_marker(world.deps, ANN, world.marker(x=x, y=y))
    assert refused.value.status == 400
    await markers.create_marker(world.deps, ANN, world.marker(x=0, y=0))


async def test_a_guest_makes_nothing(world: World) -> None:
    """401, and no row."""
    with pytest.raises(Refusal) as refused:
        await markers.create_marker(world.deps, GUEST, world.marker())
    assert refused.value.status == 401
    assert (await boards.snapshot(world.deps, ANN, PAGE)).seq == 0


async def test_a_thread_that_was_there_before_gets_its_positions(world: World) -> None:
    """The plain contract: comment first, marker second; the comment's event comes before the marker's."""
    window = f"{PAGE}:/a.png:1:0"
    comment = await comments.create_comment(world.deps, ANN, window, broadcast_id=world.fresh(), body=said("before"))
    assert comment.seq is None
    assert world.published[-1].only_for == ANN.user_id
    assert (await threads.list_comments(world.deps, BOB, window, ALL)).comments == []
    made = await image_chats.create_image_chat(world.deps, ANN, world.image_chat(window))
    assert made.seq == 2
    page = await logs.read_log(world.deps, BOB, PAGE, after=0)
    assert [type(event) for event in page.events] == [NewComment, NewImageChat]
    assert [event.comment for event in (await threads.list_comments(world.deps, BOB, window, ALL)).comments] == [
        "before"
    ]
    listed = await image_chats.list_image_chats(world.deps, BOB, PAGE)
    assert [(one.id, one.comment_count) for one in listed.conversations] == [(made.created_chat_id, 1)]


async def test_a_claimed_window_returns_its_marker(world: World) -> None:
    """A second marker for one thread is the first one, whoever asks; nothing is published."""
    window = f"{PAGE}:/a.png:1:0"
    made = await image_chats.create_image_chat(world.deps, ANN, world.image_chat(window))
    events = len(world.published)
    again = await image_chats.create_image_chat(world.deps, BOB, world.image_chat(window))
    assert again.created_chat_id == made.created_chat_id
    assert len(world.published) == events


async def test_one_page_cannot_take_the_thread_of_another(world: World) -> None:
    """409 for a claimed one; 403 for a free one that somebody else wrote in and that is named after no page here."""
    window = f"{PAGE}:/a.png:1:0"
    await image_chats.create_image_chat(world.deps, ANN, world.image_chat(window))
    with pytest.raises(Refusal) as refused:
        await image_chats.create_image_chat(world.deps, BOB, world.image_chat(window, url_id="elsewhere"))
    assert refused.value.status == 409
    await comments.create_comment(world.deps, ANN, "free", broadcast_id=world.fresh(), body=said("mine"))
    with pytest.raises(Refusal) as refused:
        await image_chats.create_image_chat(world.deps, BOB, world.image_chat("free"))
    assert refused.value.status == 403
    await image_chats.create_image_chat(world.deps, ANN, world.image_chat("free"))


async def test_the_key_of_a_page_is_no_free_thread(world: World) -> None:
    """409: else what is said on that page would be said in a stranger's thread, and be read there."""
    await markers.create_marker(world.deps, ANN, replace(world.marker(), url_id="hers"))
    for key in ("hers", PAGE):
        with pytest.raises(Refusal) as refused:
            await image_chats.create_image_chat(world.deps, BOB, world.image_chat(key))
        assert refused.value.status == 409
    assert (await image_chats.list_image_chats(world.deps, BOB, PAGE)).conversations == []


async def test_a_place_whose_key_is_a_page_is_taken(world: World) -> None:
    """The marker is put a hair beside it."""
    await markers.create_marker(world.deps, BOB, replace(world.marker(), url_id=f"{PAGE}::25.5:30"))
    made = await markers.create_marker(world.deps, ANN, world.marker(x=25.5, y=30))
    assert (made.marker.x, made.marker.url_id) == (25.5001, f"{PAGE}::25.5001:30")


async def test_moving_is_for_its_creator_and_moderators(world: World) -> None:
    """Others are refused; the key of the thread stays."""
    made = await markers.create_marker(world.deps, ANN, world.marker())
    body = ChangeMarker(broadcast_id=world.fresh(), x=1.0, y=2.0)
    with pytest.raises(Refusal) as refused:
        await markers.change_marker(world.deps, BOB, made.marker.id, body)
    assert refused.value.status == 403
    for actor in (ANN, MOD):
        moved = await markers.change_marker(world.deps, actor, made.marker.id, body)
        assert (moved.marker.x, moved.marker.y, moved.marker.url_id) == (1.0, 2.0, made.marker.url_id)
        assert moved.seq == world.published[-1].seq
    assert isinstance(world.published[-1].event, ImageChatUpdated)


async def test_an_empty_change_is_refused(world: World) -> None:
    """400 for nothing, and for half a place."""
    made = await markers.create_marker(world.deps, ANN, world.marker())
    for body in (ChangeMarker(broadcast_id="b"), ChangeMarker(broadcast_id="b", x=1.0)):
        with pytest.raises(Refusal) as refused:
            await markers.change_marker(world.deps, ANN, made.marker.id, body)
        assert refused.value.status == 400


async def test_resolving_and_an_answer_that_reopens(world: World) -> None:
    """Any signed-in participant resolves; a new comment in the thread opens it again, in the same write."""
    made = await markers.create_marker(world.deps, ANN, world.marker())
    resolve = ChangeMarker(broadcast_id=world.fresh(), resolved=True)
    with pytest.raises(Refusal):
        await markers.change_marker(world.deps, anonymous("x"), made.marker.id, resolve)
    resolved = await markers.change_marker(world.deps, BOB, made.marker.id, resolve)
    assert (resolved.marker.resolved_by, resolved.marker.resolved_at) == ("Bob", "2027-01-15T08:00:00.000Z")
    await comments.create_comment(world.deps, ANN, made.marker.url_id, broadcast_id=world.fresh(), body=said("not yet"))
    update = world.published[-1].event
    assert isinstance(update, ImageChatUpdated)
    assert update.conversation is not None
    assert (update.conversation.resolved_at, update.conversation.comment_count) == (None, 2)
    assert update.conversation.last_comment is not None
    assert update.conversation.last_comment.comment == "not yet"


async def test_deleting_takes_the_thread_along(world: World) -> None:
    """Creator and moderators only; afterwards nothing of it is found, and the log says that it went."""
    made = await markers.create_marker(world.deps, ANN, world.marker("gone"))
    with pytest.raises(Refusal) as refused:
        await image_chats.delete_image_chat(world.deps, BOB, made.marker.id, broadcast_id=world.fresh())
    assert refused.value.status == 403
    done = await image_chats.delete_image_chat(world.deps, ANN, made.marker.id, broadcast_id=world.fresh())
    assert done.seq == 3
    assert isinstance(world.published[-1].event, DeletedImageChat)
    assert world.published[-1].event.marker_id == made.marker.id
    assert (await boards.snapshot(world.deps, ANN, PAGE)).markers == []
    assert (await threads.list_comments(world.deps, ANN, made.marker.url_id, ALL)).comments == []
    with pytest.raises(Refusal) as refused:
        await comments.comment_text(world.deps, ANN, made.comment.id)
    assert refused.value.status == 404


async def test_an_anonymous_author_owns_by_session(world: World) -> None:
    """The same anonymous session may delete its marker, another one may not."""
    made = await markers.create_marker(world.deps, anonymous("a"), world.marker())
    assert made.comment.edit_key is not None
    assert made.comment.anon_user_id == "anon:a"
    with pytest.raises(Refusal):
        await image_chats.delete_image_chat(world.deps, anonymous("b"), made.marker.id, broadcast_id="b1")
    await image_chats.delete_image_chat(world.deps, anonymous("a"), made.marker.id, broadcast_id="b2")


async def test_another_tenant_finds_no_such_marker(world: World) -> None:
    """404, for its moderators as well."""
    made = await markers.create_marker(world.deps, ANN, world.marker())
    stranger = member("mod", tenant="other", role=MOD.role)
    body = ChangeMarker(broadcast_id="b", resolved=True)
    with pytest.raises(Refusal) as refused:
        await markers.change_marker(world.deps, stranger, made.marker.id, body)
    assert refused.value.status == 404
    assert (await boards.snapshot(world.deps, stranger, PAGE)).markers == []


async def test_tracking_parameters_do_not_make_another_board(world: World) -> None:
    """A page reached through an advertisement is the same page."""
    await markers.create_marker(world.deps, ANN, world.marker(url_id=f"{PAGE}?utm_source=x"))
    listed = await image_chats.list_image_chats(world.deps, ANN, PAGE)
    assert len(listed.conversations) == 1
    assert (listed.url_id_clean, listed.imagechat and listed.imagechat.seq) == (PAGE, 2)


async def test_markers_are_counted(world: World) -> None:
    """Marker and first comment each count once on their UTC day; a retry does not."""
    body = world.marker()
    for _ in range(2):
        await markers.create_marker(world.deps, ANN, body)
    assert await world.deps.database.read(lambda connection: counters.days(connection, "acme")) == {
        "2027-01-15": {"comment_create_count": 1, "conversation_create_count": 1}
    }


async def test_ids_are_made_of_the_write_unless_they_are_taken(world: World) -> None:
    """Nobody has to be told them; who takes another one's write id gets other ids, and changes nothing of theirs."""
    body = replace(world.marker(), broadcast_id="kQ9xYw3S0mR")
    first = await markers.create_marker(world.deps, ANN, body)
    assert (first.marker.id, first.comment.id) == ("m-kQ9xYw3S0mR", "c-kQ9xYw3S0mR")
    second = await markers.create_marker(world.deps, BOB, body)
    assert second.marker.id != first.marker.id
    assert second.comment.id != first.comment.id


async def test_who_opened_a_thread_stays_when_a_marker_claims_it(world: World) -> None:
    """An official client subscribes to the thread before it posts the marker: it need not come back for that."""
    window = f"{PAGE}:/a.png:1:0"
    await comments.create_comment(world.deps, ANN, window, broadcast_id=world.fresh(), body=said("first"))
    ann, goodbye = look(world, ANN, window, board=None)
    body = world.image_chat(window)
    await image_chats.create_image_chat(world.deps, ANN, body)
    assert ann.board == PAGE
    goodbye.assert_not_called()
