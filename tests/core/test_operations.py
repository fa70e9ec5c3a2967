"""One's own changes: seen at once, settled by whichever comes first, and the odd ones among them."""

from imagechat_tui.core.asks import ChangeMarker, WriteComment, WriteMarker, WriteVote
from imagechat_tui.core.inputs import (
    AddComment,
    DeleteComment,
    EditComment,
    MoveMarker,
    Retry,
    Vote,
)
from imagechat_tui.core.outputs import (
    CommentGone,
    CommentPut,
    MarkerPut,
    Noted,
    Nothing,
    OperationBegan,
    OperationEnded,
    Outcome,
)
from imagechat_tui.core.views import Delivery, Reason
from imagechat_tui.protocol.events import DeletedImageChat, ImageChatUpdated, NewComment
from imagechat_tui.protocol.replies import (
    MarkerChanged,
    Voted,
)
from tests.core.changing import CREATE, created, ends, live
from tests.core.scripted import ME, live_comment, made, marker, said, texts


def test_a_new_marker_is_seen_before_anybody_answers() -> None:
    """Pending, counted, with its thread; and the question is on its way."""
    script = live()
    script.put(CREATE)
    assert [type(output) for output in script.last[:2]] == [OperationBegan, MarkerPut]
    view = script.session.marker("op1")
    assert view is not None
    assert (view.delivery, view.number, view.comment_count, view.mine) == (Delivery.PENDING, None, 1, True)
    assert texts(script.session.thread("op1")) == ["text 2"]
    assert script.session.board.markers == 2
    assert script.question(WriteMarker).body == WriteMarker(broadcast_id="op1", x=10.0, y=20.0, comment="text 2")


def test_the_answer_settles_it_and_its_events_are_no_news() -> None:
    """The events of the same write, after the answer, announce nothing."""
    script = live()
    script.put(CREATE)
    script.answer(WriteMarker, created())
    [put] = script.now_of(MarkerPut)
    assert (put.was, put.marker.id, put.marker.number, put.marker.delivery) == ("op1", "m2", 2, Delivery.CONFIRMED)
    assert ends(script) == [("op1", Outcome.CONFIRMED, None)]
    script.frame(made(2, seq=2, author=ME, broadcast_id="op1"))
    assert script.now_of(MarkerPut) == []
    script.frame(said("c9", "other", seq=3, author=ME, broadcast_id="op1"))
    assert script.session.stats.echo_ids == 0
    assert texts(script.session.thread("m2")) == ["text 2"]


def test_its_event_settles_it_and_the_answer_is_no_news() -> None:
    """Whichever comes first; the operation ends once."""
    script = live()
    script.put(CREATE)
    script.frame(made(2, seq=2, author=ME, broadcast_id="op1"))
    assert ends(script) == [("op1", Outcome.CONFIRMED, None)]
    script.answer(WriteMarker, created(seq=2))
    assert len(ends(script)) == 1
    assert script.now_of(MarkerPut) == []
    assert [view.id for view in script.session.markers()] == ["m1", "m2"]


def test_a_marker_is_also_found_by_the_operation_that_made_it() -> None:
    """A screen that still holds the earlier id can read and change it."""
    script = live()
    script.put(CREATE)
    script.answer(WriteMarker, created())
    view = script.session.marker("op1")
    assert view is not None
    assert view.id == "m2"
    script.frame(made(2, seq=2, author=ME, broadcast_id="op1"))
    script.put(MoveMarker(marker_id="op1", x=1.0, y=2.0))
    assert script.question(ChangeMarker).body == ChangeMarker(broadcast_id="op2", marker_id="m2", x=1.0, y=2.0)


def test_a_marker_can_be_used_as_soon_as_the_answer_is_in() -> None:
    """Replies, moves and edits do not wait for its event, which may be a moment behind."""
    script = live()
    script.put(CREATE)
    script.answer(WriteMarker, created())
    script.put(AddComment(marker_id="m2", text="at once"))
    assert script.question(WriteComment).body == WriteComment(
        broadcast_id="op2", window_url_id="w2", comment="at once", marker_id="m2"
    )
    script.put(EditComment(marker_id="m2", comment_id="c2", text="better"))
    script.put(MoveMarker(marker_id="m2", x=1.0, y=2.0))
    view = script.session.marker("m2")
    assert view is not None
    assert (view.comment_count, view.x, view.delivery) == (2, 1.0, Delivery.PENDING)
    assert texts(script.session.thread("m2")) == ["better", "at once"]
    script.frame(made(2, seq=2, author=ME, broadcast_id="op1"))
    assert texts(script.session.thread("m2")) == ["better", "at once"]
    assert [outcome for _, outcome, _ in ends(script)] == [Outcome.CONFIRMED]


def test_a_settled_move_stays_until_the_rows_contain_it() -> None:
    """An older move of somebody else that arrives in between does not make it jump back."""
    script = live()
    script.put(MoveMarker(marker_id="m1", x=70.0, y=70.0))
    script.answer(ChangeMarker, MarkerChanged(status="success", marker=marker(1, x=70.0, y=70.0), seq=3))
    script.frame(ImageChatUpdated(seq=2, broadcast_id="theirs", conversation=marker(1, x=5.0, y=5.0)))
    view = script.session.marker("m1")
    assert view is not None
    assert (view.x, view.y) == (70.0, 70.0)
    script.frame(ImageChatUpdated(seq=3, broadcast_id="op1", conversation=marker(1, x=70.0, y=70.0)))
    script.frame(ImageChatUpdated(seq=4, broadcast_id="theirs", conversation=marker(1, x=6.0, y=6.0)))
    view = script.session.marker("m1")
    assert view is not None
    assert (view.x, view.y) == (6.0, 6.0)


def test_a_comment_counts_once_whatever_tells_of_it_first() -> None:
    """Count by the overlay, by the marker's event, by the comment's event: two in the end."""
    script = live()
    script.put(AddComment(marker_id="m1", text="more"))
    for event in (
        ImageChatUpdated(seq=2, broadcast_id="op1", conversation=marker(1, count=2)),
        said("c5", "more", seq=3, author=ME, broadcast_id="op1"),
    ):
        script.frame(event)
        view = script.session.marker("m1")
        assert view is not None
        assert view.comment_count == 2


def test_a_vote_shows_at_once_and_a_failed_one_is_simply_gone() -> None:
    """There is no text to keep."""
    script = live()
    script.frame(made(2, seq=2))
    script.put(Vote(marker_id="m2", comment_id="c2", direction=1))
    assert [(view.votes, view.my_vote) for view in script.session.thread("m2") or ()] == [(1, 1)]
    script.refuse(WriteVote, 403)
    assert [(view.votes, view.my_vote) for view in script.session.thread("m2") or ()] == [(0, 0)]
    script.put(Vote(marker_id="m2", comment_id="c2", direction=-1))
    script.answer(WriteVote, Voted(status="success", vote_id="v1", seq=3))
    assert [(view.votes, view.my_vote) for view in script.session.thread("m2") or ()] == [(-1, -1)]


def test_an_own_deletion_takes_the_replies_along() -> None:
    """At once, before the server says so."""
    script = live()
    script.frame(made(2, seq=2, author=ME))
    reply = live_comment("c9", "reply", at=9, parent="c2")
    script.frame(said("c8", "elsewhere", seq=3))
    script.frame(NewComment(seq=4, chat_id="m2", comment=reply))
    assert texts(script.session.thread("m2")) == ["text 2", "reply"]
    script.put(DeleteComment(marker_id="m2", comment_id="c2"))
    assert script.session.thread("m2") == ()
    assert {gone.comment_id for gone in script.now_of(CommentGone)} == {"c2", "c9"}


def test_a_failed_change_of_a_marker_goes_with_the_marker() -> None:
    """Nothing is left to retry it on."""
    script = live()
    script.put(MoveMarker(marker_id="m1", x=1.0, y=1.0))
    script.refuse(ChangeMarker, 403)
    script.frame(DeletedImageChat(seq=2, chat_id="m1"))
    assert script.put(Retry(operation="op1")) == [Noted(what=Nothing.NO_SUCH_OPERATION)]


def test_a_failed_comment_stays_at_the_end_of_its_thread() -> None:
    """Where it was written, with its reason."""
    script = live()
    script.frame(made(2, seq=2))
    script.put(AddComment(marker_id="m2", text="mine"))
    script.refuse(WriteComment, 409, code="locked")
    [put] = script.now_of(CommentPut)
    assert (put.comment.delivery, put.comment.reason, put.comment.text) == (Delivery.FAILED, Reason.LOCKED, "mine")
    assert texts(script.session.thread("m2")) == ["text 2", "mine"]
    assert script.of(OperationEnded)[-1].detail == "because"
