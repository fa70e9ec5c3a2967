"""Boards of ours: who makes, changes and sees them; their pictures and links."""

import hashlib
from typing import Any

import pytest
from msgspec.structs import replace

from imagechat_tui.protocol import paths
from imagechat_tui.protocol.replies import PictureStored
from imagechat_tui.protocol.requests import PutBoard
from imagechat_tui.server.actions import boards, comments, hosting, image_chats, logs, markers, people, threads
from imagechat_tui.server.actions.hosting import Encoded
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.actions.threads import ThreadQuery
from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.auth.permissions import Action
from tests.server.actions.world import ANN, BOB, GUEST, MOD, World, anonymous, look, member, said

INSIDER = member("ivy", groups=("design",))
OUTSIDER = member("oda", groups=("sales",))


async def upload(world: World, actor: Actor = ANN, *, data: bytes = b"png", sha256: str | None = None) -> PictureStored:
    """A picture, as it is after it was encoded anew; another one each time, unless its hash is given."""
    known = sha256 or hashlib.sha256(world.fresh().encode()).hexdigest()
    picture = Encoded(data=data, media_type="image/png", width=20, height=10, sha256=known)
    return await hosting.store_picture(world.deps, actor, picture, action=Action.UPLOAD_PICTURE)


def board(world: World, src: str, **more: Any) -> PutBoard:
    """A board to be put."""
    values = {"title": "Checkout", "src": src, "broadcast_id": world.fresh()} | more
    return PutBoard(**values)


async def test_a_new_board_has_a_key_nobody_guesses_and_a_link(world: World) -> None:
    """The link leads back to it, with its picture."""
    stored = await upload(world)
    put = await boards.put_board(world.deps, ANN, board(world, stored.src))
    again = await boards.put_board(world.deps, ANN, board(world, (await upload(world)).src))
    assert put.url_id != again.url_id
    assert len(put.url_id) >= 24
    token = put.link.removeprefix(paths.board_link("acme", ""))
    found = await boards.board_by_link(world.deps, GUEST, token)
    assert (found.url_id, found.title) == (put.url_id, "Checkout")
    assert found.image is not None
    assert (found.image.src, found.image.width, found.image.height, found.image.version) == (stored.src, 20, 10, 1)
    snapshot = await boards.snapshot(world.deps, GUEST, put.url_id)
    assert (snapshot.title, snapshot.image, snapshot.markers, snapshot.seq) == ("Checkout", found.image, [], 0)
    listed = await image_chats.list_image_chats(world.deps, GUEST, put.url_id)
    assert listed.imagechat is not None
    assert listed.imagechat.image == found.image


async def test_a_retry_makes_no_second_board(world: World) -> None:
    """The same id is the same board, whose key the server chose the first time."""
    body = board(world, (await upload(world)).src)
    assert await boards.put_board(world.deps, ANN, body) == await boards.put_board(world.deps, ANN, body)


async def test_another_picture_is_another_version(world: World) -> None:
    """The same picture is not; markers stay."""
    first = await upload(world)
    put = await boards.put_board(world.deps, ANN, board(world, first.src, url_id="file:/a.png"))
    await markers.create_marker(world.deps, BOB, world.marker(url_id="file:/a.png"))
    await boards.put_board(world.deps, ANN, board(world, first.src, url_id="file:/a.png", title="New title"))
    snapshot = await boards.snapshot(world.deps, ANN, put.url_id)
    assert snapshot.image is not None
    assert (snapshot.title, snapshot.image.version) == ("New title", 1)
    await boards.put_board(world.deps, ANN, board(world, (await upload(world)).src, url_id="file:/a.png"))
    snapshot = await boards.snapshot(world.deps, ANN, put.url_id)
    assert snapshot.image is not None
    assert (snapshot.image.version, len(snapshot.markers)) == (2, 1)


async def test_the_same_bytes_again_are_no_other_picture(world: World) -> None:
    """Two people open a file at the same moment: what the board shows is the first upload, and both are told so."""
    first, second = await upload(world, sha256="a" * 64), await upload(world, sha256="a" * 64)
    put = await boards.put_board(world.deps, ANN, board(world, first.src, url_id="file:/a.png"))
    again = await boards.put_board(world.deps, ANN, board(world, second.src, url_id="file:/a.png"))
    assert first.src != second.src
    assert put.src == again.src == first.src
    snapshot = await boards.snapshot(world.deps, ANN, put.url_id)
    assert snapshot.image is not None
    assert snapshot.image.version == 1


async def test_another_picture_leaves_the_viewers_as_they_were(world: World) -> None:
    """Who may see a board changes when somebody says so, and not otherwise."""
    wanted = board(world, (await upload(world)).src, url_id="key", visibility="groups", groups=["design"])
    await boards.put_board(world.deps, ANN, wanted)
    await boards.put_board(world.deps, ANN, board(world, (await upload(world)).src, url_id="key"))
    snapshot = await boards.snapshot(world.deps, INSIDER, "key")
    assert snapshot.visibility == "groups"
    with pytest.raises(Refusal):
        await boards.snapshot(world.deps, OUTSIDER, "key")


async def test_a_moderators_change_shows_nobody_out_who_may_stay(world: World) -> None:
    """A board's creator sees it whatever its groups are, whoever set them."""
    wanted = board(world, (await upload(world)).src, url_id="key")
    await boards.put_board(world.deps, ANN, wanted)
    _, creator = look(world, ANN, "key", board="key")
    _, outsider = look(world, OUTSIDER, "key", board="key")
    closed = replace(wanted, visibility="groups", groups=["design"], broadcast_id=world.fresh())
    await boards.put_board(world.deps, MOD, closed)
    creator.assert_not_called()
    outsider.assert_called_once()


async def test_the_link_is_said_to_who_may_change_the_board(world: World) -> None:
    """Its creator opens the picture again and can share it; others have the link or not."""
    put = await boards.put_board(world.deps, ANN, board(world, (await upload(world)).src, url_id="key"))
    for actor, link in ((ANN, put.link), (MOD, put.link), (BOB, None), (GUEST, None)):
        listed = await image_chats.list_image_chats(world.deps, actor, "key")
        assert listed.imagechat is not None
        assert listed.imagechat.link == link


async def test_changing_is_for_the_creator_and_moderators(world: World) -> None:
    """Others are refused, and nobody without an account makes one."""
    src = (await upload(world)).src
    await boards.put_board(world.deps, ANN, board(world, src, url_id="key"))
    for actor, status in ((BOB, 403), (anonymous("x"), 403), (GUEST, 401)):
        with pytest.raises(Refusal) as refused:
            await boards.put_board(world.deps, actor, board(world, src, url_id="key", title="mine"))
        assert refused.value.status == status
    await boards.put_board(world.deps, MOD, board(world, src, url_id="key", title="moderated"))
    assert (await boards.snapshot(world.deps, ANN, "key")).title == "moderated"


async def test_a_picture_has_to_be_ones_own_upload(world: World) -> None:
    """Not an address elsewhere, not somebody else's, not another board's."""
    of_bob = await upload(world, BOB)
    used = await upload(world)
    await boards.put_board(world.deps, ANN, board(world, used.src, url_id="one"))
    for src, status in (("https://evil.example/x.png", 400), (of_bob.src, 403), (used.src, 400), ("", 400)):
        with pytest.raises(Refusal) as refused:
            await boards.put_board(world.deps, ANN, board(world, src, url_id="two"))
        assert refused.value.status == status
    assert (await boards.snapshot(world.deps, ANN, "two")).title == ""


async def test_a_private_board_is_hidden_whole(world: World) -> None:
    """Snapshot, list, log, threads, picture, link, people: each says no to who is not in its groups."""
    stored = await upload(world, data=b"secret")
    put = await boards.put_board(
        world.deps, ANN, board(world, stored.src, url_id="private", visibility="groups", groups=["design"])
    )
    made = await markers.create_marker(world.deps, INSIDER, world.marker("psst", url_id="private"))
    token = put.link.removeprefix(paths.board_link("acme", ""))
    thread = made.marker.url_id
    for actor, status in ((OUTSIDER, 403), (GUEST, 401), (anonymous("x"), 403)):
        for attempt in (
            boards.snapshot(world.deps, actor, "private"),
            image_chats.list_image_chats(world.deps, actor, "private"),
            logs.read_log(world.deps, actor, "private", after=0),
            logs.read_event_log(world.deps, actor, "private", start_ms=0, end_ms=None, viewer=None),
            logs.read_event_log(world.deps, actor, thread, start_ms=0, end_ms=None, viewer=None),
            threads.list_comments(world.deps, actor, thread, ThreadQuery()),
            comments.comment_text(world.deps, actor, made.comment.id),
            hosting.find_picture(world.deps, actor, hosting.picture_id(stored.src)),
            boards.board_by_link(world.deps, actor, token),
            people.users_online(world.deps, actor, "private"),
            people.users_offline(world.deps, actor, thread),
            people.presence_status(world.deps, actor, ["private"], ["acme:ann"]),
        ):
            with pytest.raises(Refusal) as refused:
                await attempt
            assert (refused.value.status, refused.value.code) == (status, "unauthorized-page")
    with pytest.raises(Refusal):
        await markers.create_marker(world.deps, OUTSIDER, world.marker(url_id="private"))
    with pytest.raises(Refusal):
        await comments.create_comment(world.deps, OUTSIDER, thread, broadcast_id="b", body=said("hi"))
    assert len((await boards.snapshot(world.deps, INSIDER, "private")).markers) == 1
    assert len((await boards.snapshot(world.deps, ANN, "private")).markers) == 1


async def test_a_hidden_thread_stays_hidden_when_its_marker_goes(world: World) -> None:
    """The key of a deleted private thread opens nothing of what was said in it."""
    src = (await upload(world)).src
    await boards.put_board(world.deps, ANN, board(world, src, url_id="private", visibility="tenant"))
    made = await markers.create_marker(world.deps, ANN, world.marker("psst", url_id="private"))
    thread = made.marker.url_id
    await image_chats.delete_image_chat(world.deps, ANN, made.marker.id, broadcast_id="b")
    log = await logs.read_event_log(world.deps, GUEST, thread, start_ms=0, end_ms=None, viewer=None)
    assert log.events == []


@pytest.mark.parametrize(
    "more",
    [{"visibility": "groups"}, {"visibility": "groups", "groups": [""]}, {"url_id": ""}, {"title": "x" * 2001}],
)
async def test_values_that_do_not_fit_are_refused(world: World, more: dict[str, Any]) -> None:
    """400, and no board."""
    with pytest.raises(Refusal) as refused:
        await boards.put_board(world.deps, ANN, board(world, (await upload(world)).src, **more))
    assert refused.value.status == 400


async def test_a_picture_is_read_in_pieces(world: World) -> None:
    """Its bytes are those that were stored."""
    data = bytes(range(256)) * 5_000
    stored = await upload(world, data=data)
    found = await hosting.find_picture(world.deps, GUEST, hosting.picture_id(stored.src))
    parts = [part async for part in await hosting.picture_bytes(world.deps, "acme", found)]
    assert (b"".join(parts), len(parts), found.media_type) == (data, 2, "image/png")
    with pytest.raises(Refusal) as refused:
        await hosting.find_picture(world.deps, member("ann", tenant="other"), hosting.picture_id(stored.src))
    assert refused.value.status == 404


async def test_who_wrote_here(world: World) -> None:
    """Past authors by name, a private profile without one; nobody without an account."""
    made = await markers.create_marker(world.deps, ANN, world.marker(url_id="key"))
    for actor in (BOB, anonymous("x")):
        await comments.create_comment(world.deps, actor, made.marker.url_id, broadcast_id="b", body=said("hi"))
    for key in ("key", made.marker.url_id):
        found = await people.users_offline(world.deps, GUEST, key)
        assert [(one.id, one.display_name) for one in found.users] == [("acme:ann", "Ann"), ("acme:bob", "Bob")]
        assert (found.next_after_name, found.next_after_user_id) == (None, None)
    later = await people.users_offline(world.deps, GUEST, "key", after_name="Ann", after_user_id="acme:ann")
    assert [one.id for one in later.users][-1] == "acme:bob"


async def test_admins_change_visibility(world: World) -> None:
    """What was open to everybody is closed to guests at once."""
    src = (await upload(world)).src
    await boards.put_board(world.deps, ANN, board(world, src, url_id="key"))
    await boards.snapshot(world.deps, GUEST, "key")
    admin = member("root", role=Role.ADMIN)
    await boards.put_board(world.deps, admin, board(world, src, url_id="key", visibility="tenant"))
    with pytest.raises(Refusal):
        await boards.snapshot(world.deps, GUEST, "key")
    await boards.snapshot(world.deps, BOB, "key")
