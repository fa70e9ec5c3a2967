"""The compact form of events, what a batch leaves out, and how many bytes that is."""

from itertools import pairwise

import msgspec
import pytest
from msgspec.structs import replace

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import (
    Batch,
    DeletedComment,
    DeletedImageChat,
    ImageChatUpdated,
    Known,
    NewComment,
    NewImageChat,
    NewVote,
    ThreadStateChange,
)
from imagechat_tui.protocol.models import Vote
from imagechat_tui.server.hub.compact import board_event, collapse
from imagechat_tui.server.hub.frames import text_frame
from imagechat_tui.server.hub.news import BATCH_BYTES, batch_parts, board_news, channel_news, pack, unpack
from imagechat_tui.server.store.logged import Logged
from tests.server.live_world import WINDOW, commented, full_comment, logged, marker, moved, pinned


def frames(data: bytes) -> list[bytes]:
    """The payloads of text frames."""
    found = []
    while data:
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10], "big"), 10
        found.append(data[start : start + size])
        data = data[start + size :]
    return found


def batched(*stored: Logged) -> list[object]:
    """What a batching client decodes."""
    data = batch_parts([board_news(one, one.seq or 0) for one in stored], lambda _only_for: True).data
    return [codec.decode_frame(frame) for frame in frames(data)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_a_frame_says_its_own_length(size: int) -> None:
    """All three ways of RFC 6455 to write a length."""
    payload = b"x" * size
    assert text_frame(payload)[0] == 0x81
    assert frames(text_frame(payload)) == [payload]


def test_a_compact_comment_says_what_a_viewer_cannot_know_and_nothing_else() -> None:
    """The text, who, when, where; no HTML, no tenant, no defaults."""
    said = msgspec.json.decode(codec.encode(board_event(commented(7))))
    assert said == {
        "type": "new-comment",
        "broadcastId": "w7",
        "seq": 7,
        "chatId": "m1",
        "comment": {
            "_id": "c7",
            "userId": "acme:ann",
            "commenterName": "Ann",
            "comment": "Wrong blue",
            "date": "2030-01-01T00:00:00.000Z",
        },
    }


def test_a_compact_new_marker_is_the_whole_marker() -> None:
    """Everything a screen shows; its first comment stands in for its newest one and for its author's name."""
    event = board_event(pinned(1, first=full_comment()))
    assert isinstance(event, NewImageChat)
    made = event.conversation
    assert made is not None
    assert (made.id, made.url_id, made.x, made.y, made.number) == ("m1", WINDOW, 25.5, 30.2, 1)
    assert made.first_comment is not None
    assert made.first_comment.commenter_name == "Ann"
    assert (made.last_comment, made.user_name, made.src, made.page_title) == (None, None, "", "")


def test_a_compact_update_leaves_out_what_never_changes() -> None:
    """Key, number, author and birth of a marker are known to whoever has it."""
    said = msgspec.json.decode(codec.encode(board_event(moved(2, x=40))))
    assert set(said["conversation"]) == {"_id", "x", "y", "createdFromCommentId", "commentCount"}


def test_what_is_deleted_is_only_named() -> None:
    """An id is all that a viewer needs."""
    gone = board_event(logged(DeletedComment(comment=full_comment(), broadcast_id="w"), seq=3))
    assert msgspec.json.decode(codec.encode(gone))["comment"] == {"_id": "c1"}
    event = DeletedImageChat(chat_id="m1", conversation=marker(), broadcast_id="w")
    removed = msgspec.json.decode(codec.encode(board_event(logged(event, seq=4))))
    assert removed == {
        "type": "deleted-image-chat",
        "broadcastId": "w",
        "seq": 4,
        "chatId": "m1",
    }


def test_a_replayed_comment_names_its_thread() -> None:
    """Its marker is yet to come, and only the thread's key connects the two."""
    event = board_event(replace(commented(1), replayed=True))
    assert isinstance(event, NewComment)
    assert event.comment.url_id == WINDOW


def test_votes_and_states_get_their_position() -> None:
    """Nothing else about them is special."""
    vote = Vote(
        id="v", tenant_id="acme", url_id=WINDOW, url_id_raw=WINDOW, comment_id="c1", direction=1, created_at=1,
        verification_id=None,
    )  # fmt: skip
    given = board_event(logged(NewVote(vote=vote), seq=5))
    assert isinstance(given, NewVote)
    assert (given.seq, given.chat_id) == (5, "m1")
    assert board_event(logged(ThreadStateChange(is_closed=True), seq=6)).seq == 6


def test_updates_give_way_to_later_updates_and_to_deletion() -> None:
    """Of one marker only the last word counts; other markers and other events stay, in order."""
    events: list[Known] = [
        board_event(moved(1, x=1)),
        board_event(commented(2)),
        board_event(moved(3, x=3, marker_id="m2")),
        board_event(moved(4, x=4)),
        board_event(logged(DeletedImageChat(chat_id="m2", broadcast_id="w"), seq=5, marker_id="m2")),
    ]
    assert [event.seq for event in collapse(events)] == [2, 4, 5]


@pytest.mark.parametrize("comment_first", [True, False])
def test_a_first_comment_goes_into_the_marker_of_the_same_write(*, comment_first: bool) -> None:
    """In either order; the marker stands at the later position, and the frame covers both."""
    both = (
        (commented(1, write="w"), pinned(2, write="w"))
        if comment_first
        else (pinned(1, write="w"), commented(2, write="w"))
    )
    (batch,) = batched(*both)
    assert isinstance(batch, Batch)
    assert (batch.first, batch.last) == (1, 2)
    (event,) = batch.events
    assert isinstance(event, NewImageChat)
    assert event.seq == 2
    assert event.conversation is not None
    assert event.conversation.first_comment is not None
    assert event.conversation.first_comment.id in {"c1", "c2"}


def test_a_comment_of_another_write_stays_an_event() -> None:
    """Its author's client waits for its id."""
    (batch,) = batched(pinned(1, write="w1"), commented(2, write="w2"))
    assert isinstance(batch, Batch)
    assert [type(event) for event in batch.events] == [NewImageChat, NewComment]


def test_a_hole_in_the_positions_is_never_covered() -> None:
    """A batch says that it has everything between its ends."""
    first, second = batched(commented(1), commented(2), commented(5), commented(6))
    assert isinstance(first, Batch)
    assert isinstance(second, Batch)
    assert [(one.first, one.last) for one in (first, second)] == [(1, 2), (5, 6)]


def test_a_large_batch_is_cut_and_the_pieces_connect() -> None:
    """WebSocket libraries of clients refuse messages of a megabyte."""
    stored = [commented(seq, "x" * 2000) for seq in range(1, 201)]
    data = batch_parts([board_news(one, one.seq or 0) for one in stored], lambda _only_for: True).data
    pieces = frames(data)
    assert all(len(piece) < 2 * BATCH_BYTES for piece in pieces)
    decoded = [codec.decode_frame(piece) for piece in pieces]
    ends = [(one.first, one.last) for one in decoded if isinstance(one, Batch)]
    assert ends[0][0] == 1
    assert ends[-1][1] == 200
    assert all(after[0] == before[1] + 1 for before, after in pairwise(ends))


def test_news_come_out_of_a_parcel_as_they_went_in() -> None:
    """Between nodes they are bytes."""
    for news in (channel_news(commented(1)), board_news(pinned(2, first=full_comment()), 2)):
        assert unpack(pack(news)) == news


def test_creating_one_marker_is_light() -> None:
    """Bytes on the wire per viewer: below 1 kB on the plain contract, much less on ours with the comment included.

    With ids as the server makes them: 20 characters, a UUID as broadcast id, a board of 24 characters.
    """
    window = "b-kq9xVYw3S0mR4tZp7LhN1A:/imagechat/v1/files/acme/8tJ0uQx2bLw9Zr5y.png:25.5:30.2"
    first = replace(
        full_comment("Vb3kQ9xYw3S0mR4tZp7L", text="Label touches edge!!"), url_id=window, user_id="acme:u-1842"
    )
    made = replace(
        marker("kQ9xYw3S0mR4tZp7LhN1", first=first),
        url_id=window,
        user_id="acme:u-1842",
        created_from_comment_id=first.id,
    )
    write = "7b0e4cf0-92a1-4d5e-8f7c-2f1b6f0a9c11"
    told: list[Logged] = [
        logged(NewComment(comment=first, broadcast_id=write), seq=1041, marker_id=made.id),
        logged(NewImageChat(chat_id=made.id, conversation=made, broadcast_id=write), seq=1042, marker_id=made.id),
    ]
    plain = len(channel_news(told[1]).frame)
    ours = len(batch_parts([board_news(one, one.seq or 0) for one in told], lambda _only_for: True).data)
    assert plain < 1024
    assert ours < 560


def test_a_moderated_update_is_what_it_was() -> None:
    """Types survive the compact form, so that a client can tell them apart."""
    assert isinstance(board_event(moved(1, x=1)), ImageChatUpdated)
