"""The briefest forms say exactly what the long ones say, or are not used."""

import pytest
from msgspec.structs import replace

from imagechat_tui.errors import ProtocolError
from imagechat_tui.protocol import brief, codec, ids
from imagechat_tui.protocol.brief import Ground
from imagechat_tui.protocol.events import Batch, NewImageChat
from imagechat_tui.protocol.models import Conversation, LiveComment, PublicComment, User
from imagechat_tui.protocol.replies import MarkerCreated
from imagechat_tui.protocol.requests import CreateMarker

GROUND = Ground(url_id="b-board", src="/imagechat/v1/files/acme/p.png")
KEY = ids.window_url_id(GROUND.url_id, GROUND.src, x=25.5, y=0.0)
DATE = "2030-01-01T00:00:00.007Z"
WRITE = "kQ9xYw3S0mR"
ANN = User(id="acme:ann", username="Ann")
SAID = LiveComment(id=f"c-{WRITE}", user_id="acme:ann", commenter_name="Ann", comment="100% blue", date=DATE)
MARKER = Conversation(
    id=f"m-{WRITE}", url_id=KEY, x=25.5, y=0.0, user_id="acme:ann", created_at=DATE, comment_count=1, number=3,
    first_comment=SAID,
)  # fmt: skip
EVENT = NewImageChat(broadcast_id=WRITE, seq=8, conversation=MARKER)
ASKED = CreateMarker(url_id="b-board", x=25.5, y=0.0, comment="100% blue", broadcast_id=WRITE)
REPLY = MarkerCreated(
    status="success",
    marker=replace(MARKER, src=GROUND.src, user_name="Ann", first_comment=None),
    comment=PublicComment(
        id=f"c-{WRITE}", user_id="acme:ann", commenter_name="Ann", comment_html="<p>100% blue</p>", comment="100% blue",
        date=DATE, verified=True,
    ),
    seq=8,
)  # fmt: skip


def with_comment(**changes: object) -> NewImageChat:
    """The event with another first comment."""
    return replace(EVENT, conversation=replace(MARKER, first_comment=replace(SAID, **changes)))


def with_marker(**changes: object) -> NewImageChat:
    """The event of another marker."""
    return replace(EVENT, conversation=replace(MARKER, **changes))


@pytest.mark.parametrize("event", [
    EVENT,
    replace(EVENT, broadcast_id="7b0e4cf0-92a1-4d5e-8f7c-2f1b6f0a9c11"),
    replace(EVENT, broadcast_id=None),
    with_marker(id="other"),
    with_marker(url_id="made otherwise"),
    with_marker(number=None),
    with_comment(id="other"),
    with_comment(verified=False, is_by_admin=True, display_label="Administrator"),
    with_marker(user_id="anon:1", first_comment=replace(SAID, user_id=None, anon_user_id="anon:1")),
])  # fmt: skip
@pytest.mark.parametrize("ground", [GROUND, None])
def test_a_marker_in_one_short_frame_is_the_event_that_it_was(event: NewImageChat, ground: Ground | None) -> None:
    """Whatever of it is not as usual is said; both positions are covered."""
    frame = brief.opening(event, first=7, last=8, ground=ground)
    assert frame is not None
    assert codec.decode_frame(codec.encode_frame(frame), ground) == Batch(first=7, last=8, events=(event,))


@pytest.mark.parametrize("event", [
    with_marker(first_comment=None),
    with_marker(resolved_at=DATE),
    with_marker(comment_count=2),
    with_marker(user_id="acme:bob"),
    with_marker(created_at="2030-01-01T00:00:00.008Z"),
    with_comment(date=None),
    with_comment(approved=False),
    with_comment(parent_id="c0"),
    replace(EVENT, timestamp=1),
])  # fmt: skip
def test_what_would_be_told_wrong_is_told_at_length(event: NewImageChat) -> None:
    """The short form has no word for it."""
    assert brief.opening(event, first=7, last=8, ground=GROUND) is None


@pytest.mark.parametrize(("first", "last"), [(8, 8), (6, 8)])
def test_a_short_frame_covers_two_positions(first: int, last: int) -> None:
    """It names only the second one."""
    assert brief.opening(EVENT, first=first, last=last, ground=GROUND) is None


def test_a_reader_who_lacks_the_key_is_not_given_a_wrong_one() -> None:
    """Another picture would make another thread."""
    frame = brief.opening(EVENT, first=7, last=8, ground=GROUND)
    with pytest.raises(ProtocolError):
        codec.decode_frame(codec.encode_frame(frame))


@pytest.mark.parametrize("reply", [
    REPLY,
    replace(REPLY, marker=replace(REPLY.marker, x=25.5001, url_id=KEY.replace("25.5", "25.5001"))),
    replace(REPLY, marker=replace(REPLY.marker, id="other")),
    replace(REPLY, marker=replace(REPLY.marker, url_id="made otherwise")),
    replace(REPLY, comment=replace(REPLY.comment, edit_key="k")),
])  # fmt: skip
def test_a_short_answer_is_the_answer_but_for_its_html(reply: MarkerCreated) -> None:
    """Whatever is not as asked is said."""
    short = brief.created(reply, ASKED, author=ANN)
    assert short is not None
    heard = codec.decode_created(codec.encode(short), ASKED, author=ANN, ground=GROUND)
    assert heard == replace(reply, comment=replace(reply.comment, comment_html=""))


@pytest.mark.parametrize("reply", [
    replace(REPLY, comment=replace(REPLY.comment, comment="cleaned")),
    replace(REPLY, comment=replace(REPLY.comment, commenter_name="Anna")),
    replace(REPLY, comment=replace(REPLY.comment, is_by_admin=True)),
    replace(REPLY, marker=replace(REPLY.marker, user_id="acme:bob")),
])  # fmt: skip
def test_an_answer_that_is_not_as_asked_is_long(reply: MarkerCreated) -> None:
    """And is understood in its long form by the same reader."""
    assert brief.created(reply, ASKED, author=ANN) is None
    assert codec.decode_created(codec.encode(reply), ASKED, author=ANN, ground=GROUND) == reply


def test_an_unknown_author_gets_the_long_answer() -> None:
    """Nothing could be filled in."""
    assert brief.created(REPLY, ASKED, author=None) is None


@pytest.mark.parametrize("write", ["", "short", "with space in it", "x" * 65, "a/../../b-c-d-e"])
def test_only_a_plain_id_names_things(write: str) -> None:
    """Ids travel in paths."""
    assert brief.named_after(write) is None
