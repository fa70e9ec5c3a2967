"""How one's own changes end: exactly once, retried without doubles, given up without a trace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.core.asks import ChangeMarker, WriteComment, WriteMarker
from imagechat_tui.core.endings import ending_of, reason_of
from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteMarker,
    Discard,
    Intent,
    MoveMarker,
    Refused,
    Retry,
    Silence,
    Stop,
    Unanswered,
)
from imagechat_tui.core.outputs import (
    Ask,
    MarkerGone,
    MarkerPut,
    Noted,
    Nothing,
    OperationBegan,
    Outcome,
)
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.core.views import Delivery, Reason
from imagechat_tui.protocol.replies import (
    CommentSaved,
    ErrorSeen,
)
from tests.core.changing import CREATE, ends, live
from tests.core.scripted import ME, Script, made, marker, public_comment


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
