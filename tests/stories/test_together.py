"""Several people look at one picture at the same time."""

import json
from urllib.parse import urlencode

import pytest
from websockets.asyncio.client import connect

from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    MoveMarker,
    ResolveMarker,
)
from imagechat_tui.core.outputs import MarkerPut, Outcome
from imagechat_tui.core.views import Delivery, Reason
from imagechat_tui.protocol import paths
from tests.stories.modes import own_host_only
from tests.support.people import Place, agree, make_board, person, picture, seat
from tests.support.servers import ServerProcess


async def test_s1_every_change_appears_on_the_other_screen_without_refresh(place: Place) -> None:
    """Ann drops a marker, Ben replies, Ann edits and deletes: each step shows before the other does anything."""
    async with seat(place, "ann") as ann, seat(place, "ben") as ben:
        await ann.live()
        await ben.live()
        await ann.press("m")
        await ann.type("button is cut off")
        await ann.press("enter")
        await ben.shows("button is cut off")
        await ben.press("n", "enter", "R")
        await ben.type("same on mobile")
        await ben.press("enter")
        await ann.press("n", "enter")
        await ann.shows("same on mobile")
        marker = await ann.sees("button is cut off")
        mine = next(one for one in ann.view.thread(marker.id) or () if one.mine)
        ann.do(EditComment(marker_id=marker.id, comment_id=mine.id, text="button is cut off at the left"))
        await ben.shows("at the left")
        ann.do(DeleteMarker(marker_id=marker.id))
        await ben.hides("at the left", "same on mobile")


@own_host_only("moving and resolving")
async def test_s1_a_move_and_a_resolution_appear_too(place: Place) -> None:
    """Places and states are shared, not only words."""
    async with person(place, "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        marker = await ann.pin("logo", x=10, y=20)
        await ben.sees("logo")
        await ann.change(MoveMarker(marker_id=marker.id, x=30.5, y=40.25))
        moved = await ben.sees("logo", like=lambda one: one.x == 30.5)
        assert moved.y == 40.25
        await ben.change(ResolveMarker(marker_id=marker.id, resolved=True))
        resolved = await ann.sees("logo", like=lambda one: one.resolved)
        assert resolved.resolved_by
        await ann.change(AddComment(marker_id=marker.id, text="not yet"))
        await ben.sees("logo", like=lambda one: not one.resolved)
        await agree(ann, ben)


@own_host_only("nothing that a host could lack: no client of ours takes part")
async def test_s3_s4_broadcasts_carry_the_operations_id_to_everybody(place: Place, server: ServerProcess) -> None:
    """A client of the contract hears the three documented events with their broadcastId, the author's own included."""
    tenant = place.tenant
    async with await tenant.client(server.url, "ann") as ann:
        chats = (await ann.get(paths.image_chats(tenant.name), params={"urlId": "page"})).json()
        names = {key: chats[key] for key in ("urlIdWS", "userIdWS", "tenantIdWS")}
        live = server.url.replace("http", "ws") + paths.LIVE
        query = f"?urlId={names['urlIdWS']}&userIdWS={names['userIdWS']}&tenantIdWS={names['tenantIdWS']}"
        async with connect(live + query) as socket:
            body = {
                "urlId": "page",
                "windowUrlId": "page:/a.png:5:6",
                "pageTitle": "Page",
                "src": "/a.png",
                "x": 5,
                "y": 6,
                "createdFromCommentId": "none",
                "broadcastId": "first",
            }
            made = (await ann.post(paths.image_chats(tenant.name), json=body)).json()
            comment = {"commenterName": "ann", "comment": "hi", "url": "u", "urlId": "page:/a.png:5:6"}
            await ann.post(
                paths.comments(tenant.name),
                params={"urlId": "page:/a.png:5:6", "broadcastId": "second"},
                json=comment,
            )
            await ann.request(
                "DELETE", paths.image_chat(tenant.name, made["createdChatId"]), json={"broadcastId": "third"}
            )
            seen: list[tuple[str, str]] = []
            while len(seen) < 3:
                event = json.loads(await socket.recv())
                if "image-chat" in event["type"]:
                    seen.append((event["type"], event["broadcastId"]))
    assert seen == [("new-image-chat", "first"), ("image-chat-updated", "second"), ("deleted-image-chat", "third")]


async def test_s4_the_author_sees_it_before_the_server_answers_and_once_afterwards(place: Place) -> None:
    """A pending marker at once, one confirmed marker in the end, no second one from one's own broadcast."""
    async with person(place, "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        marker = await ann.pin("once only")
        puts = [one.marker for one in ann.heard if isinstance(one, MarkerPut) and one.marker.title == "once only"]
        assert puts[0].delivery is Delivery.PENDING
        assert puts[0].number is None
        assert marker.delivery is Delivery.CONFIRMED
        await ben.sees("once only")
        await ben.pin("after it", x=1, y=1)
        await ann.sees("after it")
        await ann.opens("once only")
        await ann.change(AddComment(marker_id=marker.id, text="said once"))
        assert [one.title for one in ann.view.markers()] == ["once only", "after it"]
        assert [one.text for one in ann.view.thread(marker.id) or ()] == ["once only", "said once"]


async def test_s11_the_same_person_in_two_terminals_sees_one_board(place: Place) -> None:
    """Nothing to configure; one's own change in one terminal is news in the other."""
    async with seat(place, "ann") as desk, seat(place, "ann", size=(80, 24)) as laptop:
        await desk.live()
        await laptop.live()
        await desk.pin("from the desk")
        await laptop.sees("from the desk")
        marker = await laptop.pin("from the laptop", x=10)
        assert marker.mine
        seen = await desk.sees("from the laptop")
        assert seen.mine
        assert desk.view.viewers == laptop.view.viewers


@pytest.mark.parametrize("size", [(160, 45), (100, 30), (80, 24), (40, 12)])
async def test_s12_s20_markers_stand_at_the_same_place_of_the_picture_at_every_size(
    place: Place, size: tuple[int, int]
) -> None:
    """Percent of the picture is what is kept; the screen only decides the cell."""
    async with person(place, "ann") as ann, seat(place, "ben", size=size) as ben:
        await ann.live()
        await ben.live()
        await ann.pin("corner", x=0, y=0)
        await ann.pin("exact", x=33.3333, y=66.6667)
        await ann.pin("far corner", x=100, y=100)
        await ben.sees("far corner")
        assert [(one.x, one.y) for one in ben.view.markers()] == [(0, 0), (33.3333, 66.6667), (100, 100)]
        await ben.resize(120, 36)
        assert [(one.x, one.y) for one in ben.view.markers()] == [(0, 0), (33.3333, 66.6667), (100, 100)]


async def test_s12_a_marker_dropped_on_a_small_screen_is_where_it_was_seen(place: Place) -> None:
    """The crosshair starts in the middle of the picture, on every screen."""
    async with seat(place, "ann", size=(80, 24)) as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        await ann.shows("░")
        await ann.press("m")
        await ann.type("middle")
        await ann.press("enter")
        marker = await ben.sees("middle")
        assert abs(marker.x - 50) < 3
        assert abs(marker.y - 50) < 5


async def test_s21_the_picture_is_drawn_with_markers_on_it_and_the_thread_beside_it(place: Place) -> None:
    """Terminal pixels left, the words right."""
    async with seat(place, "ann") as ann:
        await ann.live()
        marker = await ann.pin("price is wrong", x=25, y=50)
        await ann.press("n", "enter")
        text = await ann.shows("price is wrong", "░")
        rows = [row for row in text.splitlines() if "░" in row]
        assert len(rows) > 15
        assert any(str(marker.number) in row.split("│")[1] for row in rows if "│" in row)


@own_host_only("the server finds a free place; the plain contract has one thread per key")
async def test_two_people_on_the_same_cell_make_two_markers(place: Place) -> None:
    """Neither is lost, neither hides the other in the data."""
    async with person(place, "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        hers, his = CreateMarker(x=50, y=50, text="hers"), CreateMarker(x=50, y=50, text="his")
        ann.do(hers)
        ben.do(his)
        assert (await ann.ended(hers)).outcome is Outcome.CONFIRMED
        assert (await ben.ended(his)).outcome is Outcome.CONFIRMED
        await ann.sees("his")
        await ben.sees("hers")
        await agree(ann, ben)
        assert len({one.number for one in ann.view.markers()}) == 2


async def test_s24_only_its_creator_or_a_moderator_deletes_a_marker(place: Place) -> None:
    """Others get a clear no, and their screen shows the marker again."""
    async with (
        person(place, "ann") as ann,
        person(place, "ben") as ben,
        person(place, "mod", isModerator=True) as mod,
        person(place, "boss", isAdmin=True) as boss,
        person(place, None) as guest,
    ):
        for one in (ann, ben, mod, boss, guest):
            await one.live()
        first, second, third = [await ann.pin(name, x=x) for x, name in enumerate(("first", "second", "third"))]
        for other in (ben, guest):
            await other.sees("third")
            refused = await other.change(DeleteMarker(marker_id=first.id))
            assert refused.outcome is Outcome.REFUSED
            assert refused.reason in {Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN}
            assert other.marker("first")
        assert (await ann.change(DeleteMarker(marker_id=first.id))).outcome is Outcome.CONFIRMED
        assert (await mod.change(DeleteMarker(marker_id=second.id))).outcome is Outcome.CONFIRMED
        assert (await boss.change(DeleteMarker(marker_id=third.id))).outcome is Outcome.CONFIRMED
        await ben.until(lambda: not ben.view.markers(), "all markers to go")


async def test_only_the_author_or_a_moderator_edits_and_deletes_a_comment(place: Place) -> None:
    """A refusal names itself, and nothing changed for anybody."""
    async with person(place, "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        marker = await ann.pin("mine")
        await ben.opens("mine")
        comment = await ben.reads("mine")
        edit = await ben.change(EditComment(marker_id=marker.id, comment_id=comment.id, text="yours"))
        assert edit.reason is Reason.NOT_ALLOWED
        gone = await ben.change(DeleteComment(marker_id=marker.id, comment_id=comment.id))
        assert gone.reason is Reason.NOT_ALLOWED
        assert ben.comment("mine")


async def test_a_second_board_of_the_tenant_hears_nothing(place: Place, server: ServerProcess) -> None:
    """One live connection listens for one image only."""
    other = (await make_board(server.url, place.tenant)).through(place.url, plain=place.plain)
    async with person(place, "ann") as ann, person(other, "ben") as ben:
        await ann.live()
        await ben.live()
        frames = ben.view.stats.frames
        await ann.pin("not for Ben")
        await ben.pin("for Ben")
        assert [one.title for one in ben.view.markers()] == ["for Ben"]
        assert (ben.view.stats.cursor or 0) <= 2
        assert ben.view.stats.frames - frames <= 4


@own_host_only("versions of a picture")
async def test_a_new_version_of_the_picture_reaches_who_looks_at_once(place: Place, server: ServerProcess) -> None:
    """The screen says so and shows it; a client of the contract is told nothing that it would not understand."""
    tenant, key = place.tenant, {"urlId": place.url_id}
    async with seat(place, "ben") as ben, await tenant.client(server.url, "author") as author:
        await ben.live()
        await ben.pin("stays where it is", x=25, y=75)
        chats = (await author.get(paths.image_chats(tenant.name), params=key)).json()
        named = {"urlId": chats["urlIdWS"], "userIdWS": chats["userIdWS"], "tenantIdWS": chats["tenantIdWS"]}
        async with connect(f"{server.url.replace('http', 'ws')}{paths.LIVE}?{urlencode(named)}") as foreign:
            files = {"file": ("page.png", picture(width=640), "image/png")}
            stored = (await author.post(paths.pictures(tenant.name), files=files)).json()
            body = {**key, "title": "page.png", "src": stored["src"], "broadcastId": "second version"}
            put = (await author.put(paths.boards(tenant.name), json=body)).json()
            await ben.shows("page.png  v2", "stays where it is")
            assert any("version 2" in one.message for one in ben.app._notifications)
            board = ben.view.board
            assert (board.image_src, board.image_version, board.image_size) == (stored["src"], 2, (640, 320))
            assert ben.view.stats.cursor == put["seq"]
            await ben.pin("after it")
            types = [json.loads(await foreign.recv())["type"]]
            while types[-1] != "new-image-chat":
                types.append(json.loads(await foreign.recv())["type"])
        assert set(types) == {"p-u", "new-image-chat"}
        query = {**key, "userIdWS": chats["userIdWS"], "startTime": "0"}
        told = (await author.get(paths.event_log(tenant.name), params=query)).json()["events"]
        assert {json.loads(one["data"])["type"] for one in told} == {"new-image-chat"}
