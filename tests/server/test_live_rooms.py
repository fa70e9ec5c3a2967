"""What clients of either kind get on the wire, played through a real uvicorn and real WebSocket clients."""

import asyncio
import socket

import pytest
from websockets.exceptions import ConnectionClosed

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import Batch, NewImageChat, Skip
from imagechat_tui.server.hub import HubSettings, Viewer
from tests.server.live_world import (
    BOARD,
    WINDOW,
    commented,
    logged,
    moved,
    news,
    pinned,
    presence,
    until,
    world,
)


async def test_an_official_client_gets_one_full_object_per_frame_without_a_position() -> None:
    """The page channel carries marker events, the thread's channel its comments; nothing of ours is in them."""
    async with world() as here, here.join() as page, here.join(urlId=WINDOW) as thread:
        here.hub.publish([commented(1), pinned(2)])
        on_page, in_thread = await news(page), await news(thread)
    assert on_page["type"] == "new-image-chat"
    assert in_thread["type"] == "new-comment"
    assert "seq" not in on_page
    comment = in_thread["comment"]
    assert isinstance(comment, dict)
    assert comment["commentHTML"] == "<b>Wrong blue</b>"
    assert comment["locale"] is None
    assert in_thread["timestamp"] == 1_900_000_000_001


async def test_a_percent_sign_never_stands_bare_in_a_frame() -> None:
    """One official client percent-decodes frames before it parses them."""
    async with world() as here, here.join(urlId=WINDOW) as thread, here.watch() as board:
        here.hub.publish([commented(1, "100%41 done")])
        raw = await thread.recv(decode=False)
        while b'"p-u"' in raw:
            raw = await thread.recv(decode=False)
        assert b"%" not in raw
        said = await news(board)
    assert said["comment"] == {**said["comment"], "comment": "100%41 done"}  # type: ignore[dict-item] # one object


async def test_a_board_client_gets_everything_of_its_board_compact_and_with_positions() -> None:
    """One socket for markers and all threads."""
    async with world() as here, here.watch(batch=False) as board:
        here.hub.publish([pinned(1), commented(2)])
        first, second = await news(board), await news(board)
    assert (first["seq"], second["seq"]) == (1, 2)
    assert second["chatId"] == "m1"
    comment = second["comment"]
    assert isinstance(comment, dict)
    assert {"tenantId", "urlId", "commentHTML", "url", "locale"}.isdisjoint(comment)


async def test_a_marker_and_its_first_comment_are_one_small_frame_for_a_batching_client() -> None:
    """What one write did comes as one object that covers its positions."""
    async with world() as here, here.watch() as board:
        here.hub.publish([commented(1, write="w"), pinned(2, write="w")])
        async with asyncio.timeout(5):
            frame = codec.decode_frame(await board.recv())
            while not isinstance(frame, Batch):
                frame = codec.decode_frame(await board.recv())
    assert (frame.first, frame.last) == (1, 2)
    (event,) = frame.events
    assert isinstance(event, NewImageChat)
    assert event.conversation is not None
    assert event.conversation.first_comment is not None
    assert event.conversation.first_comment.comment == "Wrong blue"


async def test_a_quiet_board_sends_at_once_and_a_busy_one_at_most_once_per_window() -> None:
    """Leading edge, then batches: fifty events in one burst of several turns become two frames."""
    async with world(rooms=HubSettings(batch_ms=200)) as here, here.watch() as board:
        here.hub.publish([commented(1)])
        assert (await news(board))["seq"] == 1
        for seq in range(2, 52):
            here.hub.publish([commented(seq)])
            await asyncio.sleep(0)
        rest = await news(board)
    assert (rest["type"], rest["from"], rest["to"]) == ("batch", 2, 51)


async def test_of_several_moves_in_one_batch_only_the_last_is_sent() -> None:
    """Superseded updates collapse; the range still covers their positions."""
    async with world() as here, here.watch() as board:
        here.hub.publish([moved(1, x=1), moved(2, x=2), moved(3, x=3, marker_id="m2"), moved(4, x=4)])
        batch = await news(board)
    events = batch["events"]
    assert isinstance(events, list)
    assert [event["seq"] for event in events] == [3, 4]
    assert (batch["from"], batch["to"]) == (1, 4)


async def test_what_a_viewer_may_not_see_is_skipped_so_that_positions_connect() -> None:
    """Its author and moderators see it; official clients simply do not get it."""
    hidden = commented(2, "secret", only_for="acme:ann")
    async with (
        world() as here,
        here.watch("ann") as author,
        here.watch("mod") as moderator,
        here.watch("bob", batch=False) as other,
        here.join("bob", urlId=WINDOW) as thread,
    ):
        here.hub.publish([commented(1), hidden, commented(3)])
        assert [event["seq"] for event in (await news(author))["events"]] == [1, 2, 3]  # type: ignore[attr-defined] # a list
        assert [event["seq"] for event in (await news(moderator))["events"]] == [1, 2, 3]  # type: ignore[attr-defined] # a list
        assert (await news(other))["seq"] == 1
        assert await news(other) == {"type": "skip", "from": 2, "to": 2}
        assert (await news(other))["seq"] == 3
        texts = [(await news(thread))["comment"]["_id"] for _ in range(2)]  # type: ignore[index] # an object
    assert texts == ["c1", "c3"]


async def test_a_batch_in_which_nothing_may_be_seen_is_a_skip() -> None:
    """Not an empty batch, and not silence: the cursor has to move."""
    async with world() as here, here.watch("bob") as other:
        here.hub.publish([commented(1, only_for="acme:ann"), commented(2, only_for="acme:ann")])
        assert codec.decode_frame(await _raw(other)) == Skip(from_=1, to=2)


async def test_nothing_crosses_tenants_or_boards() -> None:
    """The same names elsewhere are other rooms."""
    async with (
        world() as here,
        here.watch() as ours,
        here.watch(tenantIdWS="other") as foreign,
        here.watch(urlId="elsewhere") as elsewhere,
        here.join(tenantIdWS="other", urlId=WINDOW) as foreign_thread,
    ):
        here.hub.publish([commented(1)])
        assert (await news(ours))["seq"] == 1
        event = pinned(1).event
        here.hub.publish([logged(event, tenant="other"), logged(event, channel="elsewhere", board="elsewhere")])
        assert (await news(foreign))["type"] == "new-image-chat"
        assert (await news(elsewhere))["type"] == "new-image-chat"
        here.hub.publish([logged(commented(2).event, tenant="other", seq=2)])
        assert (await news(foreign_thread))["type"] == "new-comment"
        assert (await here.hub.present("acme", BOARD)).total_count == 1


async def test_what_is_committed_while_a_client_is_let_in_arrives_after_the_handshake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Subscribed first, answered then, in one turn: a client that is connected has missed nothing since."""
    async with world() as here:
        join = here.hub.join

        def join_and_commit(viewer: Viewer) -> None:
            join(viewer)
            here.hub.publish([commented(1)])

        monkeypatch.setattr(here.hub, "join", join_and_commit)
        async with here.watch() as board:
            assert (await news(board))["seq"] == 1


async def test_who_does_not_read_is_dropped_and_nobody_else_waits() -> None:
    """A stalled viewer costs a bounded buffer and then its socket; the others get every event."""
    async with (
        world(rooms=HubSettings(buffer_bytes=64 * 1024, batch_ms=0)) as here,
        here.watch("ann") as reader,
    ):
        with socket.socket() as stalled:
            stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stalled.connect(("127.0.0.1", here.port))
            request = here.address(userIdWS="bob", scope="board").replace(f"ws://127.0.0.1:{here.port}", "GET ")
            stalled.sendall(
                f"{request} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
            )
            await here.until_sockets(2)
            seq = 0
            async with asyncio.timeout(20):
                while here.hub.dropped == 0:
                    seq += 1
                    here.hub.publish([commented(seq, "x" * 2000)])
                    assert (await news(reader))["seq"] == seq
            assert here.hub.sockets == 1


async def test_people_come_and_go_in_presence_frames() -> None:
    """The first socket of a person is an arrival, the last one a departure; further terminals are no news."""
    async with world() as here, here.watch("ann") as ann:
        assert (await presence(ann))["names"] == {"acme:ann": "Ann"}
        async with here.join("bob"), here.join("bob"):
            came = await _presence_with(ann, "uj")
            assert came["uj"] == ["acme:bob"]
            assert came["names"] == {"acme:bob": "Bob"}
            assert came["sc"] == 2
            assert "timestamp" not in came
        went = await _presence_with(ann, "ul")
        assert went["ul"] == ["acme:bob"]
        assert went["sc"] == 1


async def test_an_official_client_gets_presence_without_names() -> None:
    """Ids and the count, as published."""
    async with world() as here, here.join("ann") as ann, here.join("bob"):
        said = await presence(ann)
        assert set(said) == {"type", "uj", "sc", "ts"}
        assert said["uj"] == ["acme:ann", "acme:bob"]


async def test_who_arrives_on_a_board_is_told_who_is_there() -> None:
    """The first presence frame lists everybody, so nobody has to ask."""
    async with world() as here, here.join("ann"), here.join(""):
        await here.until_sockets(2)
        async with here.watch("bob") as bob:
            said = await presence(bob)
    assert set(said["uj"]) == {"acme:ann", "acme:bob"}  # type: ignore[call-overload] # a list
    assert said["sc"] == 3


async def test_a_person_with_two_terminals_is_one_person() -> None:
    """REST readings count people; a guest without a name counts as anonymous."""
    async with world() as here, here.watch("ann"), here.watch("ann"), here.join():
        await here.until_sockets(3)
        present = await here.hub.present("acme", BOARD)
        assert [person.user_id for person in present.users] == ["acme:ann"]
        assert (present.total_count, present.anon_count) == (2, 1)
        assert await here.hub.online("acme", BOARD, ["acme:ann", "acme:bob"]) == {"acme:ann": True, "acme:bob": False}


async def test_an_ended_session_closes_its_sockets_and_no_others() -> None:
    """Sign-out: the session's viewers are sent away with 1008."""
    async with world() as here, here.watch("ann") as ann, here.watch("bob") as bob:
        here.hub.close_sessions("acme", {"s-ann"})
        with pytest.raises(ConnectionClosed) as ended:
            await news(ann)
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 1008
        here.hub.publish([commented(1)])
        assert (await news(bob))["seq"] == 1


async def test_delivered_frames_and_bytes_are_counted_per_tenant() -> None:
    """Usage counts what was really written: frames times viewers."""
    async with world() as here, here.join(urlId=WINDOW) as one, here.join(urlId=WINDOW) as two:
        await asyncio.gather(presence(one), presence(two))
        before = len(here.delivered)
        here.hub.publish([commented(1), commented(2)])
        size = 0
        for _ in range(2):
            size += len(await _raw(one)) + 4
        await until(lambda: len(here.delivered) > before)
        assert here.delivered[before:] == [("acme", 4, 2 * size)]


async def _raw(client: object) -> str:
    while True:
        frame: str = await client.recv()  # type: ignore[attr-defined] # a client connection
        if '"p-u"' not in frame:
            return frame


async def _presence_with(client: object, key: str) -> dict[str, object]:
    while True:
        said = await presence(client)  # type: ignore[arg-type] # a client connection
        if key in said and said[key] != ["acme:ann"]:
            return said
