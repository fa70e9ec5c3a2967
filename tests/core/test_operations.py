"""One's own changes: seen at once, ended exactly once, retried without doubles, undone by new ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.core.asks import ChangeMarker, WriteComment, WriteMarker, WriteText, WriteVote
from imagechat_tui.core.endings import ending_of, reason_of
from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    Discard,
    EditComment,
    Intent,
    MoveMarker,
    Refused,
    ResolveMarker,
    Retry,
    Silence,
    Stop,
    Unanswered,
    Undo,
    Vote,
)
from imagechat_tui.core.outputs import (
    Ask,
    CommentGone,
    CommentPut,
    MarkerGone,
    MarkerPut,
    Noted,
    Nothing,
    OperationBegan,
    OperationEnded,
    Outcome,
)
from imagechat_tui.core.session import SessionSettings
from imagechat_tui.core.views import Delivery, Reason
from imagechat_tui.protocol.events import DeletedImageChat, ImageChatUpdated, NewComment, UpdatedComment
from imagechat_tui.protocol.replies import (
    CommentSaved,
    ErrorSeen,
    MarkerChanged,
    MarkerCreated,
    TextSaved,
    Voted,
)
from tests.core.scripted import ME, Script, live_comment, made, marker, public_comment, said, texts

CREATE = CreateMarker(x=10.0, y=20.0, text="text 2")


def live() -> Script:
    """A live board with one marker of somebody else, its thread not loaded."""
    script = Script()
    script.go_live(marker(1), seq=1)
    return script


def created(*, seq: int = 3) -> MarkerCreated:
    """The answer to ``CREATE``."""
    own = marker(2, author=ME)
    return MarkerCreated(status="success", marker=own, comment=public_comment("c2", "text 2", author=ME, at=2), seq=seq)


def ends(script: Script) -> list[tuple[str, Outcome, Reason | None]]:
    """How operations ended so far."""
    return [(end.operation, end.outcome, end.reason) for end in script.of(OperationEnded)]


# Seen at once, settled by whichever comes first ------------------------------------------------------------------


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


# Endings ---------------------------------------------------------------------------------------------------------


def test_a_refused_creation_is_kept_with_its_text_and_not_counted() -> None:
    """It says why, and a retry goes out under a new id."""
    script = live()
    script.put(CREATE)
    script.refuse(WriteMarker, 429)
    view = script.session.marker("op1")
    assert view is not None
    assert (view.delivery, view.reason, view.title) == (Delivery.FAILED, Reason.TOO_FAST, "text 2")
    assert script.session.board.markers == 1
    script.put(Retry(operation="op1"))
    assert script.now_of(OperationBegan)[0].operation == "op1"
    assert script.question(WriteMarker).body.broadcast_id == "op2"  # type: ignore[attr-defined]  # a write has one


def test_an_unknown_outcome_is_retried_under_its_own_id() -> None:
    """So that the server can repeat its answer instead of doing it twice."""
    script = live()
    script.put(CREATE)
    script.lose(WriteMarker)
    assert ends(script) == [("op1", Outcome.UNKNOWN, Reason.NO_ANSWER)]
    script.put(Retry(operation="op1"))
    assert script.question(WriteMarker).body.broadcast_id == "op1"  # type: ignore[attr-defined]  # a write has one
    script.refuse(WriteMarker, 503)
    script.put(Retry(operation="op1"))
    assert script.question(WriteMarker).body.broadcast_id == "op1"  # type: ignore[attr-defined]  # a write has one


def test_without_a_word_of_the_runner_it_ends_by_its_own_deadline() -> None:
    """Ten seconds, and a second of grace."""
    script = live()
    script.put(CREATE)
    while not ends(script):
        script.wake()
    assert ends(script) == [("op1", Outcome.UNKNOWN, Reason.NO_ANSWER)]
    assert script.now == 11.0


def test_what_had_been_done_after_all_comes_back_as_news() -> None:
    """The ghost goes, the marker comes; its id no longer suppresses anything."""
    script = live()
    script.put(CREATE)
    script.lose(WriteMarker)
    script.frame(made(2, seq=2, author=ME, broadcast_id="op1"))
    [put] = script.now_of(MarkerPut)
    assert (put.was, put.marker.id) == ("op1", "m2")
    assert [view.id for view in script.session.markers()] == ["m1", "m2"]
    assert len(ends(script)) == 1
    script.put(Retry(operation="op1"))
    assert script.now_of(Noted) == [Noted(what=Nothing.NO_SUCH_OPERATION)]


def test_a_retry_that_the_server_remembers_ends_confirmed() -> None:
    """The stored answer names a position that was passed long ago."""
    script = live()
    script.put(AddComment(marker_id="m1", text="more"))
    script.lose(WriteComment)
    script.put(Retry(operation="op1"))
    own = public_comment("c5", "more", author=ME, at=40)
    script.answer(WriteComment, CommentSaved(status="success", comment=own, user=None, seq=1))
    assert [outcome for _, outcome, _ in ends(script)] == [Outcome.UNKNOWN, Outcome.CONFIRMED]
    assert script.session.stats.echo_ids == 0


def test_a_refused_deletion_brings_the_marker_back() -> None:
    """It was hidden at once; now it says why it is still there."""
    script = live()
    script.put(DeleteMarker(marker_id="m1"))
    assert script.now_of(MarkerGone) == [MarkerGone(marker_id="m1")]
    assert script.session.markers() == ()
    script.put(Refused(ask=script.of(Ask)[-1].ask, status=403, error=ErrorSeen(reason="no")))
    view = script.session.marker("m1")
    assert view is not None
    assert (view.delivery, view.reason) == (Delivery.FAILED, Reason.NOT_ALLOWED)


def test_a_given_up_operation_leaves_nothing_behind() -> None:
    """Its ghost goes, and there is nothing to retry."""
    script = live()
    script.put(CREATE)
    script.refuse(WriteMarker, 400)
    script.put(Discard(operation="op1"))
    assert script.now_of(MarkerGone) == [MarkerGone(marker_id="op1")]
    assert script.put(Discard(operation="op1")) == [Noted(what=Nothing.NO_SUCH_OPERATION)]


def test_a_new_move_replaces_a_failed_one() -> None:
    """Failed changes of the same thing do not pile up."""
    script = live()
    script.put(MoveMarker(marker_id="m1", x=1.0, y=1.0))
    script.refuse(ChangeMarker, 403)
    script.put(MoveMarker(marker_id="m1", x=2.0, y=2.0))
    assert script.put(Retry(operation="op1")) == [Noted(what=Nothing.NO_SUCH_OPERATION)]


def test_leaving_ends_what_has_no_answer() -> None:
    """Every operation that began ends, also when the user goes."""
    script = live()
    script.put(CREATE)
    script.put(Stop())
    assert ends(script) == [("op1", Outcome.UNKNOWN, Reason.NO_ANSWER)]


@pytest.mark.parametrize(
    "intent",
    [
        CreateMarker(x=101.0, y=0.0, text="a"),
        CreateMarker(x=float("nan"), y=0.0, text="a"),
        CreateMarker(x=0.0, y=0.0, text="  "),
        AddComment(marker_id="m1", text="x" * 2001),
    ],
)
def test_what_every_server_would_refuse_is_not_sent(intent: Intent) -> None:
    """It ends at once as invalid."""
    script = live()
    script.put(intent)
    assert ends(script) == [("op1", Outcome.REFUSED, Reason.INVALID)]
    assert script.now_of(Ask) == []


def test_read_only_refuses_every_change() -> None:
    """And keeps nothing for a retry."""
    script = Script(settings=SessionSettings(read_only=True))
    script.go_live(marker(1), seq=1)
    script.put(CREATE)
    assert ends(script) == [("op1", Outcome.REFUSED, Reason.READ_ONLY)]
    assert len(script.session.markers()) == 1


def test_a_change_of_something_unconfirmed_is_refused_and_sent_never() -> None:
    """A reply to a marker that has no id yet; a marker that is gone."""
    script = live()
    script.put(CREATE)
    script.put(AddComment(marker_id="op1", text="too early"))
    script.put(AddComment(marker_id="m77", text="too late"))
    assert ends(script) == [("op2", Outcome.REFUSED, Reason.CONFLICT), ("op3", Outcome.REFUSED, Reason.GONE)]
    assert script.asked(WriteComment) == 0


@given(st.integers(400, 599))
def test_every_status_has_one_ending(status: int) -> None:
    """Server errors but 503 leave it unknown; everything else did not happen."""
    ending = ending_of(Refused(ask=1, status=status, error=ErrorSeen()))
    unknown = status >= 500 and status != 503
    assert (ending.outcome is Outcome.UNKNOWN) is unknown
    assert ending.reason is not None


def test_codes_say_more_than_statuses() -> None:
    """A locked thread is locked, whatever the status."""
    assert reason_of(Refused(ask=1, status=409, error=ErrorSeen(code="locked"))) is Reason.LOCKED
    assert reason_of(Refused(ask=1, status=409, error=ErrorSeen())) is Reason.CONFLICT


@pytest.mark.parametrize("why", Silence)
def test_only_what_was_sent_can_be_unknown(why: Silence) -> None:
    """Unreachable and untrusted servers never saw it."""
    unknown = ending_of(Unanswered(ask=1, why=why)).outcome is Outcome.UNKNOWN
    assert unknown is (why in {Silence.LOST, Silence.FOREIGN})


# Undo ------------------------------------------------------------------------------------------------------------


def test_undo_takes_the_last_confirmed_change_back_by_a_new_one() -> None:
    """A move goes back to where the marker was."""
    script = live()
    script.put(MoveMarker(marker_id="m1", x=70.0, y=70.0))
    script.answer(ChangeMarker, MarkerChanged(status="success", marker=marker(1, x=70.0, y=70.0), seq=2))
    script.put(Undo())
    assert script.question(ChangeMarker).body == ChangeMarker(broadcast_id="op2", marker_id="m1", x=10.0, y=20.0)
    script.answer(ChangeMarker, MarkerChanged(status="success", marker=marker(1), seq=3))
    assert script.put(Undo()) == [Noted(what=Nothing.NOTHING_TO_UNDO)]


def test_undo_opens_a_resolved_marker_again() -> None:
    """The other way of a resolution."""
    script = live()
    script.put(ResolveMarker(marker_id="m1", resolved=True))
    assert script.session.board.resolved == 1
    script.answer(ChangeMarker, MarkerChanged(status="success", marker=marker(1), seq=2))
    script.put(Undo())
    assert script.question(ChangeMarker).body == ChangeMarker(broadcast_id="op2", marker_id="m1", resolved=False)


def test_undo_never_deletes_silently() -> None:
    """A creation is taken back by a deletion only, and that asks."""
    script = live()
    script.put(CREATE)
    script.answer(WriteMarker, created())
    assert script.put(Undo()) == [Noted(what=Nothing.CANNOT_UNDO)]


def test_undo_brings_an_earlier_text_back() -> None:
    """An edit of one's own comment."""
    script = live()
    script.frame(made(2, seq=2, author=ME))
    script.put(EditComment(marker_id="m2", comment_id="c2", text="better"))
    assert texts(script.session.thread("m2")) == ["better"]
    result = TextSaved.Result(approved=True, comment_html="better")
    script.answer(WriteText, TextSaved(status="success", comment=result, seq=3))
    edited = live_comment("c2", "better", author=ME, at=2)
    script.frame(UpdatedComment(seq=3, broadcast_id="op1", chat_id="m2", comment=edited))
    script.put(Undo())
    assert script.question(WriteText).body == WriteText(broadcast_id="op2", comment_id="c2", comment="text 2")


# The others ------------------------------------------------------------------------------------------------------


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
