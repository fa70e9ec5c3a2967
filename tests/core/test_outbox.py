"""Questions, deadlines and the one alarm clock."""

from imagechat_tui.core.asks import Probe
from imagechat_tui.core.inputs import Answered, Silence, Unanswered
from imagechat_tui.core.outbox import GRACE, Answer, Outbox
from imagechat_tui.core.outputs import Ask, Disconnect, Noted, Nothing, WakeAt
from imagechat_tui.protocol.replies import Done


def test_a_question_is_answered_once() -> None:
    """A second answer, and one to a forgotten question, reach nobody."""
    outbox = Outbox()
    seen: list[Answer] = []
    first = outbox.ask(Probe(), now=0.0, timeout=5.0, then=lambda answer, _now: seen.append(answer))
    second = outbox.ask(Probe(), now=0.0, timeout=5.0, then=lambda answer, _now: seen.append(answer))
    reply = Answered(ask=first, reply=Done(status="success"))
    outbox.answer(reply, 1.0)
    outbox.answer(reply, 1.0)
    outbox.forget(second)
    outbox.answer(Answered(ask=second, reply=Done(status="success")), 1.0)
    assert seen == [reply]


def test_a_question_without_a_word_is_lost_at_its_deadline() -> None:
    """Its own timeout and a little grace for the runner."""
    outbox = Outbox()
    seen: list[Answer] = []
    outbox.ask(Probe(), now=1.0, timeout=5.0, then=lambda answer, _now: seen.append(answer))
    asked, wake = outbox.drain(())
    assert (type(asked), wake) == (Ask, WakeAt(at=6.0 + GRACE))
    outbox.woke(5.9 + GRACE)
    assert seen == []
    outbox.woke(6.0 + GRACE)
    [lost] = seen
    assert isinstance(lost, Unanswered)
    assert lost.why is Silence.LOST


def test_the_clock_rings_for_the_earliest_alarm_and_is_set_only_when_it_differs() -> None:
    """Alarms of the same name replace each other."""
    outbox = Outbox()
    rung: list[str] = []
    outbox.alarm("b", 9.0, lambda _now: rung.append("b"))
    outbox.alarm("a", 5.0, lambda _now: rung.append("old"))
    outbox.alarm("a", 7.0, lambda _now: rung.append("a"))
    assert outbox.drain(()) == [WakeAt(at=7.0)]
    assert outbox.drain(()) == []
    outbox.woke(7.0)
    assert (rung, outbox.is_set("a"), outbox.is_set("b")) == (["a"], False, True)
    outbox.cancel_all()
    assert outbox.drain(()) == []
    outbox.alarm("c", 1.0, lambda _now: None)
    outbox.drain(())
    outbox.cancel("c")
    assert outbox.drain(()) == [WakeAt(at=None)]


def test_what_changed_is_told_before_what_ended_and_what_is_to_be_done() -> None:
    """Screens are right before anything else happens."""
    outbox = Outbox()
    outbox.effect(Disconnect())
    outbox.announce(Noted(what=Nothing.CANNOT_UNDO))
    changed = Noted(what=Nothing.NOTHING_TO_UNDO)
    assert outbox.drain([changed]) == [changed, Noted(what=Nothing.CANNOT_UNDO), Disconnect()]
