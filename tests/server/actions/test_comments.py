"""Comments: written, edited, deleted by who may; names, edit keys, locks, what leaks to nobody."""

import pytest

from imagechat_tui.protocol.events import DeletedComment, ImageChatUpdated, NewComment, UpdatedComment
from imagechat_tui.protocol.replies import CommentSaved
from imagechat_tui.protocol.requests import UpdateText
from imagechat_tui.server.actions import comments, image_chats, markers, moderation, threads
from imagechat_tui.server.actions.refusals import Refusal, UnknownRefusal
from imagechat_tui.server.actions.threads import ThreadQuery
from imagechat_tui.server.auth.actors import Actor, Role
from tests.server.actions.world import ANN, BOB, GUEST, MOD, World, anonymous, member, said


async def thread_of(world: World) -> str:
    """The key of the thread of a new marker by ann."""
    return (await markers.create_marker(world.deps, ANN, world.marker())).marker.url_id


async def write(world: World, actor: Actor, window: str, text: str, *, parent_id: str | None = None) -> CommentSaved:
    """One comment."""
    return await comments.create_comment(
        world.deps, actor, window, broadcast_id=world.fresh(), body=said(text, parent_id=parent_id)
    )


async def shown(world: World, actor: Actor, window: str) -> list[str | None]:
    """The texts of a thread as somebody sees it."""
    query = ThreadQuery(page=-1, direction="OF", raw=True)
    return [one.comment for one in (await threads.list_comments(world.deps, actor, window, query)).comments]


async def test_a_comment_is_followed_by_its_markers_update(world: World) -> None:
    """Two events of one write, with the same id and positions in a row; the reply names the last."""
    window = await thread_of(world)
    saved = await write(world, BOB, window, "second")
    new, update = world.published[-2:]
    assert isinstance(new.event, NewComment)
    assert isinstance(update.event, ImageChatUpdated)
    assert (new.url_id, new.seq, update.seq, saved.seq) == (window, 3, 4, 4)
    assert new.event.broadcast_id == update.event.broadcast_id
    assert update.event.conversation is not None
    assert update.event.conversation.comment_count == 2
    assert (await write(world, ANN, window, "third")).seq == 6


async def test_a_comment_for_a_marker_that_is_gone_is_refused(world: World) -> None:
    """Nobody would ever see it; who names no marker writes in a thread that is to be claimed by another one."""
    made = await markers.create_marker(world.deps, ANN, world.marker())
    window, marker_id = made.marker.url_id, made.marker.id

    async def answer() -> CommentSaved:
        return await comments.create_comment(
            world.deps, BOB, window, broadcast_id=world.fresh(), body=said("for the marker"), marker_id=marker_id
        )

    assert (await answer()).seq is not None
    await image_chats.delete_image_chat(world.deps, ANN, marker_id, broadcast_id=world.fresh())
    with pytest.raises(UnknownRefusal):
        await answer()
    assert (await write(world, BOB, window, "for another one")).seq is None


async def test_a_retry_returns_the_same_comment(world: World) -> None:
    """Also for an anonymous author: the same edit key as the first time."""
    window = await thread_of(world)
    author = anonymous("x")
    first = await comments.create_comment(world.deps, author, window, broadcast_id="same", body=said("one"))
    again = await comments.create_comment(world.deps, author, window, broadcast_id="same", body=said("one"))
    assert first == again
    assert first.comment.edit_key is not None
    assert await shown(world, ANN, window) == ["first", "one"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty-comment"), (" \n\t ", "empty-comment"), ("x" * 2001, "comment-too-big")],
)
async def test_a_text_that_does_not_fit_is_refused(world: World, text: str, code: str) -> None:
    """400, with the limit in the answer where it is too long."""
    window = await thread_of(world)
    with pytest.raises(Refusal) as refused:
        await write(world, ANN, window, text)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert refused.value.max_character_length == (2000 if code == "comment-too-big" else None)


async def test_addresses_of_pictures_do_not_count(world: World) -> None:
    """2000 characters and a picture fit."""
    window = await thread_of(world)
    await write(world, ANN, window, "x" * 2000 + "[img]https://example.com/" + "y" * 100 + ".png[/img]")


async def test_a_signed_in_author_keeps_the_own_name(world: World) -> None:
    """Whatever the body says."""
    window = await thread_of(world)
    saved = await comments.create_comment(
        world.deps, BOB, window, broadcast_id=world.fresh(), body=said("hi", name="Admin")
    )
    assert (saved.comment.commenter_name, saved.comment.verified, saved.comment.edit_key) == ("Bob", True, None)


@pytest.mark.parametrize(("name", "code"), [("  ", "invalid-name"), ("a@b.c", "invalid-name-is-email")])
async def test_a_nameless_author_needs_a_name(world: World, name: str, code: str) -> None:
    """And it must not be an e-mail address."""
    window = await thread_of(world)
    with pytest.raises(Refusal) as refused:
        await comments.create_comment(
            world.deps, anonymous("x"), window, broadcast_id=world.fresh(), body=said("hi", name=name)
        )
    assert refused.value.code == code


async def test_editing_is_for_the_author_and_moderators(world: World) -> None:
    """Others are refused; an edit shows in the thread, in the log and as an update of the marker."""
    window = await thread_of(world)
    saved = await write(world, BOB, window, "typo")
    body = UpdateText(comment="*fixed*")
    with pytest.raises(Refusal) as refused:
        await comments.update_text(world.deps, ANN, saved.comment.id, broadcast_id="b", body=body)
    assert refused.value.status == 403
    world.now_ms += 5_000
    edited = await comments.update_text(world.deps, BOB, saved.comment.id, broadcast_id="b", body=body)
    assert edited.comment.comment_html == "<em>fixed</em>"
    event = world.published[-2].event
    assert isinstance(event, UpdatedComment)
    assert (event.comment.comment, event.comment.edited_at) == ("*fixed*", "2027-01-15T08:00:05.000Z")
    assert edited.seq == world.published[-1].seq
    await comments.update_text(world.deps, MOD, saved.comment.id, broadcast_id="b", body=body)
    text = await comments.comment_text(world.deps, BOB, saved.comment.id)
    assert (text.comment_text, text.sanitized_comment_text) == ("*fixed*", "<em>fixed</em>")


async def test_an_edit_key_is_the_right_of_who_shows_it(world: World) -> None:
    """Even a guest; a wrong one is told so."""
    window = await thread_of(world)
    saved = await write(world, anonymous("x"), window, "mine")
    key, body = saved.comment.edit_key, UpdateText(comment="edited")
    assert key is not None
    with pytest.raises(Refusal) as refused:
        await comments.update_text(world.deps, GUEST, saved.comment.id, broadcast_id="b", body=body, edit_key=key + "x")
    assert (refused.value.status, refused.value.code) == (403, "edit-key-invalid")
    await comments.update_text(world.deps, GUEST, saved.comment.id, broadcast_id="b", body=body, edit_key=key)
    await comments.delete_comment(world.deps, GUEST, saved.comment.id, broadcast_id="c", edit_key=key)
    assert await shown(world, ANN, window) == ["first"]


async def test_a_claimed_name_owns_by_session_only(world: World) -> None:
    """Simple SSO: who says the same name elsewhere cannot touch what was written under it."""
    window = await thread_of(world)
    claims = Actor(tenant="acme", role=Role.MEMBER, user_id="acme:simple:1", name="Eve", session="one")
    elsewhere = Actor(tenant="acme", role=Role.MEMBER, user_id="acme:simple:1", name="Eve", session="two")
    saved = await write(world, claims, window, "mine")
    with pytest.raises(Refusal):
        await comments.delete_comment(world.deps, elsewhere, saved.comment.id, broadcast_id="b")
    await comments.delete_comment(world.deps, claims, saved.comment.id, broadcast_id="b")


async def test_deleting_takes_the_replies_along(world: World) -> None:
    """Each is told to everybody, the innermost first; the count of the marker follows."""
    window = await thread_of(world)
    parent = await write(world, BOB, window, "parent")
    child = await write(world, ANN, window, "child", parent_id=parent.comment.id)
    await write(world, BOB, window, "grandchild", parent_id=child.comment.id)
    before = len(world.published)
    done = await comments.delete_comment(world.deps, BOB, parent.comment.id, broadcast_id="b")
    assert done.hard_removed
    events = [logged.event for logged in world.published[before:]]
    assert [e.comment.comment for e in events if isinstance(e, DeletedComment)] == ["grandchild", "child", "parent"]
    assert isinstance(events[-1], ImageChatUpdated)
    assert events[-1].conversation is not None
    assert events[-1].conversation.comment_count == 1
    assert await shown(world, ANN, window) == ["first"]


async def test_an_answer_needs_its_comment(world: World) -> None:
    """404 for none, for one of another thread, and for one that the author may not see."""
    window = await thread_of(world)
    free = await write(world, BOB, "free", "unseen")
    for parent in ("none", free.comment.id):
        with pytest.raises(Refusal) as refused:
            await write(world, ANN, window, "answer", parent_id=parent)
        assert refused.value.status == 404
    with pytest.raises(Refusal) as refused:
        await write(world, ANN, "free", "answer", parent_id=free.comment.id)
    assert refused.value.status == 404


async def test_a_locked_comment_stays_as_it_is(world: World) -> None:
    """Nobody edits, deletes or answers it, moderators included, nor a comment above it; unlocked they may again."""
    window = await thread_of(world)
    parent = await write(world, ANN, window, "above")
    saved = await write(world, ANN, window, "locked", parent_id=parent.comment.id)
    locked = saved.comment.id
    with pytest.raises(Refusal):
        await moderation.lock_comment(world.deps, ANN, locked, broadcast_id="x", locked=True)
    await moderation.lock_comment(world.deps, MOD, locked, broadcast_id="l", locked=True)
    for attempt in (
        comments.update_text(world.deps, MOD, locked, broadcast_id="1", body=UpdateText(comment="x")),
        comments.delete_comment(world.deps, ANN, locked, broadcast_id="2"),
        comments.delete_comment(world.deps, ANN, parent.comment.id, broadcast_id="3"),
        write(world, BOB, window, "answer", parent_id=locked),
    ):
        with pytest.raises(Refusal) as refused:
            await attempt
        assert (refused.value.status, refused.value.code) == (409, "locked")
    await moderation.lock_comment(world.deps, MOD, locked, broadcast_id="u", locked=False)
    await comments.delete_comment(world.deps, ANN, parent.comment.id, broadcast_id="4")
    assert await shown(world, ANN, window) == ["first"]


async def test_a_free_thread_shows_each_author_the_own_words(world: World) -> None:
    """No marker has claimed it: others see nothing of it, moderators see everything; events are for the author."""
    await write(world, ANN, "free", "of ann")
    await write(world, BOB, "free", "of bob")
    assert await shown(world, ANN, "free") == ["of ann"]
    assert await shown(world, BOB, "free") == ["of bob"]
    assert await shown(world, GUEST, "free") == []
    assert await shown(world, MOD, "free") == ["of ann", "of bob"]
    assert [logged.only_for for logged in world.published] == ["acme:ann", "acme:bob"]


async def test_another_tenant_finds_no_such_comment(world: World) -> None:
    """404, for its moderators as well."""
    window = await thread_of(world)
    saved = await write(world, ANN, window, "secret")
    stranger = member("mod", tenant="other", role=Role.ADMIN)
    for attempt in (
        comments.comment_text(world.deps, stranger, saved.comment.id),
        comments.delete_comment(world.deps, stranger, saved.comment.id, broadcast_id="b"),
        moderation.pin_comment(world.deps, stranger, saved.comment.id, broadcast_id="p", pinned=True),
    ):
        with pytest.raises(Refusal) as refused:
            await attempt
        assert refused.value.status == 404
    assert await shown(world, stranger, window) == []
