"""What is decoded is what was meant; what is not understood is said so, and never half-read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.errors import ProtocolError
from imagechat_tui.protocol import codec, events, models, replies, requests


def comment(text: str = "hello") -> models.PubSubComment:
    """A full comment, as official clients require it."""
    return models.PubSubComment(
        id="c1",
        tenant_id="t",
        url_id="w",
        commenter_name="Ana",
        comment_html=text,
        comment=text,
        verified=False,
        approved=True,
        url="https://a.example",
        locale=None,
        date="2026-01-01T00:00:00.000Z",
    )


def test_a_full_comment_sends_required_keys_even_when_false_or_null() -> None:
    """Strict clients fail without them."""
    sent = json.loads(codec.encode(events.NewComment(comment=comment(), timestamp=5, broadcast_id="b")))
    assert sent["type"] == "new-comment"
    assert sent["comment"]["verified"] is False
    assert sent["comment"]["locale"] is None
    assert "parentId" not in sent["comment"]
    assert "seq" not in sent


def test_a_compact_comment_sends_only_what_it_says() -> None:
    """Absent means default."""
    assert codec.encode(models.LiveComment(id="c", comment="hey")) == b'{"_id":"c","comment":"hey"}'


@given(st.text(max_size=50))
def test_a_frame_survives_percent_decoding_and_plain_parsing(text: str) -> None:
    """One official client percent-decodes a frame before it parses it; the others do not."""
    frame = codec.encode_frame(events.NewComment(comment=comment(text)))
    assert b"%" not in frame
    assert json.loads(frame)["comment"]["comment"] == text


def test_an_unknown_type_keeps_its_position() -> None:
    """The cursor can pass it."""
    seen = codec.decode_frame('{"type":"page-react","seq":7,"anything":{"deep":[1]}}')
    assert seen == events.Unknown(type="page-react", seq=7)


def test_a_batch_keeps_order_and_unknown_members() -> None:
    """A newer server's event in the middle spoils nothing."""
    frame = (
        '{"type":"batch","from":3,"to":6,"events":[{"type":"deleted-image-chat","seq":3,"chatId":"m"},'
        '{"type":"skip","from":4,"to":5},{"type":"new-thing","seq":6}]}'
    )
    seen = codec.decode_frame(frame)
    assert isinstance(seen, events.Batch)
    assert [type(event).__name__ for event in seen.events] == ["DeletedImageChat", "Skip", "Unknown"]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "null",
        "[]",
        "[1]",
        "{}",
        '{"type":5}',
        '{"type":"new-comment"}',
        '{"type":"new-comment","comment":{"_id":5}}',
        '{"type":"batch","from":5,"to":4,"events":[]}',
        '{"type":"batch","from":1,"to":1}',
        '{"type":"batch","from":1,"to":1,"events":[{"type":"batch","from":1,"to":1,"events":[]},4]}',
        '{"type":"p-u","sc":"many"}',
        "\x00",
        '{"type":"new-comment","comment":' + "[" * 5000,
    ],
)
def test_a_frame_that_no_rule_covers_is_an_error_of_one_kind(frame: str) -> None:
    """The session counts it and reads the log."""
    with pytest.raises(ProtocolError):
        codec.decode_frame(frame)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    """Whatever comes over the wire."""
    for read in (codec.decode_frame, codec.decode_log_page, lambda body: codec.decode(body, replies.Snapshot)):
        try:
            read(data)
        except ProtocolError:
            continue
    codec.decode_error(data)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"chatId": "a"}, "a"),
        ({"conversation": {"_id": "b"}}, "b"),
        ({"chat": {"_id": "c"}}, "c"),
        ({"createdChatId": "d"}, "d"),
        ({}, None),
    ],
)
def test_a_markers_id_is_found_wherever_a_host_puts_it(event: dict[str, object], expected: str | None) -> None:
    """The contract does not say where; each place is looked at."""
    seen = codec.decode_event(json.dumps({"type": "new-image-chat"} | event))
    assert isinstance(seen, events.NewImageChat)
    assert seen.marker_id == expected


@pytest.mark.parametrize("x", ["5", True, None, "NaN"])
def test_a_coordinate_is_a_number_and_nothing_like_one(x: object) -> None:
    """Numeric text and booleans are errors."""
    body = {"urlId": "u", "x": x, "y": 1, "comment": "c", "broadcastId": "b"}
    with pytest.raises(ProtocolError):
        codec.decode(json.dumps(body), requests.CreateMarker)


def test_presence_never_carries_a_replay_position() -> None:
    """Clients would move past events that they have not read."""
    assert b"timestamp" not in codec.encode(events.PresenceUpdate(joined=["a"], count=1, ts=5))


def test_who_writes_travels_without_a_position_and_without_what_is_absent() -> None:
    """There and back again; nothing of it could move a cursor."""
    told = events.TypingUpdate(
        who=[
            events.Writer(user_id="t:ana", user_name="Ana 100%", chat_id="m1"),
            events.Writer(user_id="anon:1", ended=True),
        ]
    )
    data = codec.encode_frame(told)
    assert json.loads(data) == {
        "type": "typing",
        "who": [
            {"userId": "t:ana", "userName": "Ana 100%", "chatId": "m1"},
            {"userId": "anon:1", "ended": True},
        ],
    }
    assert b"%" not in data
    assert codec.decode_frame(data) == told
    with pytest.raises(ProtocolError):
        codec.decode_frame(b'{"type":"typing","who":[{"userName":"nobody"}]}')


def test_an_error_is_read_from_either_published_shape() -> None:
    """``reason`` and ``message`` are two names of one thing."""
    assert codec.decode_error(b'{"status":"failed","reason":"No.","code":"x"}').sentence == "No."
    assert codec.decode_error(b'{"status":"error","message":"Nope."}').sentence == "Nope."
    assert codec.decode_error(b"<html>").sentence == ""
