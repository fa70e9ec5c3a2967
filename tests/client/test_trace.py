"""A bug report: the last inputs, without what people wrote, and in a form that can be played again."""

import msgspec
import pytest

from imagechat_tui.client.trace import Trace, read_report
from imagechat_tui.core.inputs import (
    Answered,
    CreateMarker,
    EditComment,
    FrameReceived,
    Input,
    Refused,
    Silence,
    SocketClosed,
    SocketOpened,
    Start,
    Unanswered,
    Woke,
    Writing,
    WritingEnded,
)
from imagechat_tui.errors import ProtocolError
from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import Batch, Frame, Skip, Unknown
from imagechat_tui.protocol.models import Conversation, Image, LiveComment, User
from imagechat_tui.protocol.replies import ErrorSeen, EventLog, ImageChats, LogEntry, LogPage, Snapshot

PRIVATE = "the launch of Project Heron"
ANA = "acme:ana@example.com"

COMMENT = LiveComment(id="c1", comment=PRIVATE, comment_html=PRIVATE, commenter_name="Ana Novak", user_id=ANA)
MARKER = Conversation(id="m1", url_id=f"file:/home/ana/{PRIVATE}.png:1:2", x=1.5, user_id=ANA, first_comment=COMMENT)


def frame(value: object) -> Frame:
    """A frame as it arrives."""
    return codec.decode_frame(codec.encode(value))


NEW = {"type": "new-comment", "seq": 7, "comment": msgspec.to_builtins(COMMENT), "broadcastId": "b1"}
EVERYTHING: list[Input] = [
    Start(),
    Woke(),
    CreateMarker(x=1.0, y=2.0, text=PRIVATE),
    EditComment(marker_id="m1", comment_id="c1", text=PRIVATE),
    SocketOpened(attempt=1),
    FrameReceived(attempt=1, frame=frame(NEW)),
    FrameReceived(attempt=1, frame=frame({"type": "p-u", "uj": [ANA, "anon:1"], "names": {ANA: "Ana Novak"}, "sc": 2})),
    FrameReceived(attempt=1, frame=frame({"type": "batch", "from": 1, "to": 2, "events": [{**NEW, "seq": 1}]})),
    FrameReceived(attempt=1, frame=Skip(from_=3, to=4)),
    FrameReceived(attempt=1, frame=Unknown(type="later", seq=5)),
    FrameReceived(attempt=1, frame=None),
    SocketClosed(attempt=1, status=403, detail=PRIVATE),
    Answered(
        ask=1,
        reply=ImageChats(
            status="success",
            user=User(id=ANA, username="ana", email="ana@example.com"),
            conversations=[MARKER],
            url_id_clean=PRIVATE,
            is_site_admin=False,
            tenant_id_ws="acme",
            url_id_ws=PRIVATE,
            user_id_ws="s3cret",
        ),
    ),
    Answered(
        ask=2,
        reply=Snapshot(
            status="success",
            seq=4,
            image=Image(src=f"/{PRIVATE}.png", width=3, height=4, sha256="ff"),
            title=PRIVATE,
            visibility="link",
            markers=[MARKER],
        ),
    ),
    Answered(
        ask=3,
        reply=LogPage(
            status="success", events=[Skip(from_=1, to=1), Unknown(type="later", seq=2)], head=2, has_more=False
        ),
    ),
    Answered(
        ask=4,
        reply=EventLog(
            status="success",
            events=[
                LogEntry(
                    id="e",
                    created_at="2026-01-01T00:00:00.000Z",
                    tenant_id="acme",
                    url_id=PRIVATE,
                    broadcast_id="b",
                    data=codec.encode(NEW).decode(),
                )
            ],
        ),
    ),
    Refused(ask=5, status=400, error=ErrorSeen(reason=PRIVATE, code="invalid-input"), retry_after=1.5),
    Unanswered(ask=6, why=Silence.LOST, detail=PRIVATE),
    FrameReceived(
        attempt=1, frame=frame({"type": "typing", "who": [{"userId": ANA, "userName": "Ana Novak", "chatId": "m1"}]})
    ),
    Writing(marker_id="m1"),
    WritingEnded(),
]


def traced(*happened: Input) -> Trace:
    """A trace of these, a second apart."""
    trace = Trace()
    for at, one in enumerate(happened):
        trace.add(float(at), one)
    return trace


def test_a_report_holds_nobodys_words_and_names() -> None:
    """It can be passed on."""
    report = traced(*EVERYTHING).report().decode()
    for private in (PRIVATE, "Heron", "Ana", "ana@", "acme", "/home", "s3cret"):
        assert private not in report


def test_a_report_can_be_played_again() -> None:
    """Every input comes back in its shape, with its moment, rows, positions and lengths."""
    entries = read_report(traced(*EVERYTHING).report()).entries
    assert [entry.at for entry in entries] == [float(at) for at in range(len(EVERYTHING))]
    assert [type(entry.input) for entry in entries] == [type(one) for one in EVERYTHING]
    created = entries[2].input
    assert isinstance(created, CreateMarker)
    assert (created.x, created.y, len(created.text)) == (1.0, 2.0, len(PRIVATE))
    received = entries[7].input
    assert isinstance(received, FrameReceived)
    assert isinstance(received.frame, Batch)
    assert (received.frame.first, received.frame.last) == (1, 2)
    snapshot = entries[13].input
    assert isinstance(snapshot, Answered)
    assert isinstance(snapshot.reply, Snapshot)
    assert snapshot.reply.markers[0].id == "m1"
    for now, then in zip(entries, EVERYTHING, strict=True):
        if isinstance(then, Start | Woke | SocketOpened | LogPage):
            assert now.input == then


def test_what_was_equal_stays_equal() -> None:
    """Own comments are still one's own; another report has other pseudonyms."""
    first, second = traced(*EVERYTHING).report(), traced(*EVERYTHING).report()
    assert first != second
    entries = read_report(first).entries
    chats, news, came = entries[12].input, entries[5].input, entries[6].input
    assert isinstance(chats, Answered)
    assert isinstance(chats.reply, ImageChats)
    assert chats.reply.user is not None
    me = chats.reply.user.id
    assert f'"userId":"{me}"' in codec.encode(msgspec.to_builtins(news)).decode()
    assert isinstance(came, FrameReceived)
    arrived = msgspec.to_builtins(came.frame)
    assert arrived["uj"][0] == me
    assert arrived["uj"][1].startswith("anon:")
    assert list(arrived["names"]) == [me]


def test_the_ring_forgets_the_oldest() -> None:
    """And says how many; memory is bounded."""
    trace = Trace(most=3)
    for at in range(5):
        trace.add(float(at), Woke())
    assert [entry.at for entry in trace.entries()] == [2.0, 3.0, 4.0]
    assert trace.dropped == 2


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"nonsense",
        b'{"at":1,"kind":"Struct","values":{}}',
        b'{"at":1,"kind":"LaterInput","values":{}}',
        b'{"at":1,"kind":"CreateMarker","values":{"x":"left"}}',
        b'{"at":1,"kind":"Answered","values":{"ask":1},"reply":"Done"}',
        b'{"at":1,"kind":"Answered","values":{"ask":1,"reply":{}},"reply":"Wire"}',
    ],
)
def test_what_is_no_report_is_said_so(line: bytes) -> None:
    """A damaged one, or one of another version."""
    with pytest.raises(ProtocolError):
        read_report(line)
