"""What the others are told of one's own writing: at the first key, then seldom, and when it is over."""

import pytest

from imagechat_tui.core.asks import ReadChats, ReadLog, ReadSnapshot, TellTyping
from imagechat_tui.core.inputs import (
    AddComment,
    Answered,
    CreateMarker,
    EditComment,
    Input,
    Start,
    Writing,
    WritingEnded,
)
from imagechat_tui.core.outputs import Ask, WakeAt
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.core.telling import APART
from imagechat_tui.core.writers import LASTS
from imagechat_tui.protocol.models import User
from imagechat_tui.protocol.replies import Done
from tests.core.scripted import Script, chats, marker, page, snapshot


def told(script: Script) -> list[TellTyping]:
    """What the others were told so far."""
    return [ask.body for ask in script.of(Ask) if isinstance(ask.body, TellTyping)]


def live(*, typing: bool = True, user: User | None = None, settings: SessionSettings | None = None) -> Script:
    """A live board with the markers 1 and 2."""
    script = Script(settings=settings)
    script.put(Start())
    script.answer(ReadChats, chats(typing=typing, user=user))
    script.opened()
    script.answer(ReadSnapshot, snapshot(marker(1), marker(2), seq=0))
    script.answer(ReadLog, page(head=0))
    return script


def test_the_first_key_is_told_at_once_and_the_next_ones_seldom() -> None:
    """However fast somebody types."""
    script = live()
    for _ in range(100):
        script.put(Writing(marker_id="m1"), after=APART / 50)
    assert told(script) == [TellTyping(marker_id="m1")] * 2


def test_another_thread_is_told_at_once() -> None:
    """A marker to come has no id."""
    script = live()
    for place in ("m1", "m2", None):
        script.put(Writing(marker_id=place))
    assert told(script) == [TellTyping(marker_id="m1"), TellTyping(marker_id="m2"), TellTyping(marker_id=None)]


def test_leaving_is_told_once() -> None:
    """Only when others may still think so."""
    script = live()
    script.put(WritingEnded())
    script.put(Writing(marker_id="m1"))
    script.put(WritingEnded())
    script.put(WritingEnded())
    assert told(script) == [TellTyping(marker_id="m1"), TellTyping(marker_id="m1", ended=True)]
    script.put(Writing(marker_id="m1"))
    script.put(WritingEnded(), after=LASTS)
    assert [one.ended for one in told(script)] == [False, True, False]


@pytest.mark.parametrize("sent", [AddComment(marker_id="m1", text="x"), CreateMarker(x=1.0, y=1.0, text="x")])
def test_a_comment_speaks_for_itself(sent: Input) -> None:
    """Nothing is told beside it, and the next one begins anew."""
    script = live()
    script.put(Writing(marker_id="m1"))
    script.put(sent)
    script.put(WritingEnded())
    assert told(script) == [TellTyping(marker_id="m1")]
    script.put(Writing(marker_id="m1"))
    assert told(script) == [TellTyping(marker_id="m1")] * 2


def test_another_text_of_a_comment_does_not() -> None:
    """An edit is no new comment: its end is told."""
    script = live()
    script.put(Writing(marker_id="m1"))
    script.put(EditComment(marker_id="m1", comment_id="c1", text="y"))
    assert told(script)[-1] == TellTyping(marker_id="m1", ended=True)


def test_nothing_is_left_of_a_word_that_was_answered() -> None:
    """Neither an alarm nor a question, whatever the answer is; the end of it waits for none."""
    script = live()
    before = script.of(WakeAt)[-1].at
    script.put(Writing(marker_id="m1"))
    script.refuse(TellTyping, 429)
    assert script.of(WakeAt)[-1].at == before
    script.put(WritingEnded())
    assert script.of(WakeAt)[-1].at == before
    assert len(told(script)) == 2


@pytest.mark.parametrize("over", [AddComment(marker_id="m1", text="x"), WritingEnded()])
def test_a_word_that_may_have_come_last_is_taken_back(over: Input) -> None:
    """It was still on its way when the comment was sent, or the text was left."""
    script = live()
    script.put(Writing(marker_id="m1"))
    word = script.question(TellTyping).ask
    script.put(over)
    script.put(Answered(ask=word, reply=Done(status="success")))
    assert told(script)[-1] == TellTyping(marker_id="m1", ended=True)
    script.put(Writing(marker_id="m1"))
    word, said = script.question(TellTyping).ask, len(told(script))
    script.put(Answered(ask=word, reply=Done(status="success")))
    assert len(told(script)) == said


@pytest.mark.parametrize(
    "silent",
    [
        live(settings=SessionSettings(typing=False)),
        live(settings=SessionSettings(read_only=True)),
        live(typing=False),
        live(user=User()),
    ],
    ids=["does not want it", "reads only", "the host cannot", "is nobody"],
)
def test_nothing_is_told_by_who_may_or_will_not(silent: Script) -> None:
    """Nor to a host that would not understand."""
    silent.put(Writing(marker_id="m1"))
    silent.put(WritingEnded())
    assert told(silent) == []


def test_nothing_is_told_of_a_marker_that_the_host_does_not_have() -> None:
    """One's own is not confirmed yet."""
    script = live()
    script.put(Writing(marker_id="op1"))
    assert told(script) == []


def test_nothing_is_told_without_a_live_link_and_everything_anew_afterwards() -> None:
    """The others have forgotten it with the connection."""
    script = live()
    script.put(Writing(marker_id="m1"))
    script.closed()
    script.put(Writing(marker_id="m1"), after=APART)
    script.put(WritingEnded())
    assert len(told(script)) == 1
    script.wake()
    script.opened()
    script.answer(ReadLog, page(head=0))
    script.put(Writing(marker_id="m1"))
    assert len(told(script)) == 2
