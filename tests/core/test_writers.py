"""Who else writes: shown for some seconds, ended by the comment itself, forgotten with the connection."""

from imagechat_tui.core.asks import TellTyping
from imagechat_tui.core.outputs import Ask, WakeAt, WritersChanged
from imagechat_tui.core.views import Person
from imagechat_tui.core.writers import LASTS, MOST
from imagechat_tui.protocol.events import DeletedImageChat, PresenceUpdate, TypingUpdate, Writer
from tests.core.scripted import ME, OTHER, Script, made, marker, said

BEA = "t:bea"


def live() -> Script:
    """A live board with one marker, whose thread is not loaded; nothing else is due soon."""
    script = Script()
    script.go_live(marker(1))
    return script


def types(script: Script, user: str = OTHER, *, name: str = "Other", place: str | None = "m1") -> None:
    """The host passes on that somebody writes."""
    script.frame(TypingUpdate(who=[Writer(user_id=user, user_name=name, chat_id=place)]))


def names(script: Script, place: str | None = "m1") -> list[str]:
    """Who writes in a thread."""
    return [person.name for person in script.session.writers.get(place, ())]


def pass_by(script: Script, seconds: float) -> None:
    """Let time pass, with every alarm on the way."""
    end = script.now + seconds
    while (at := script.of(WakeAt)[-1].at) is not None and at <= end:
        script.wake()
    script.now = end


def test_who_writes_is_shown_and_forgotten_when_no_word_comes_any_more() -> None:
    """Some seconds after the last one; each change is told once."""
    script = live()
    types(script)
    assert script.now_of(WritersChanged) == [WritersChanged(marker_ids=frozenset({"m1"}))]
    assert script.session.writers == {"m1": (Person(id=OTHER, name="Other"),)}
    pass_by(script, LASTS - 1)
    types(script)
    assert script.now_of(WritersChanged) == []
    pass_by(script, LASTS - 1)
    assert names(script) == ["Other"]
    pass_by(script, 1)
    assert script.now_of(WritersChanged) == [WritersChanged(marker_ids=frozenset({"m1"}))]
    assert script.session.writers == {}


def test_there_is_an_alarm_for_it_only_while_somebody_writes() -> None:
    """An app at rest does not wake up."""
    script = live()
    before = script.of(WakeAt)[-1].at
    types(script)
    assert script.of(WakeAt)[-1].at == script.now + LASTS
    script.frame(TypingUpdate(who=[Writer(user_id=OTHER, ended=True)]))
    assert script.of(WakeAt)[-1].at == before


def test_one_is_never_shown_to_oneself() -> None:
    """Whatever terminal it was typed in."""
    script = live()
    types(script, ME)
    assert script.session.writers == {}
    assert script.now_of(WritersChanged) == []


def test_people_are_shown_in_the_order_in_which_they_began() -> None:
    """So that a name keeps its place; each in the thread where they write last."""
    script = live()
    types(script, BEA, name="Bea")
    types(script)
    types(script, BEA, name="Bea")
    assert names(script) == ["Bea", "Other"]
    types(script, BEA, name="Bea", place=None)
    assert script.now_of(WritersChanged) == [WritersChanged(marker_ids=frozenset({"m1", None}))]
    assert (names(script), names(script, None)) == (["Other"], ["Bea"])


def test_a_comment_ends_it_at_once_and_the_next_word_begins_anew() -> None:
    """Of its author alone."""
    script = live()
    types(script)
    types(script, BEA, name="Bea")
    script.frame(said("c9", "done", seq=1))
    assert names(script) == ["Bea"]
    types(script)
    assert names(script) == ["Bea", "Other"]


def test_a_new_marker_ends_what_was_written_for_it() -> None:
    """And nothing that the same person writes elsewhere."""
    script = live()
    types(script, place=None)
    script.frame(made(2, seq=1))
    assert script.session.writers == {}
    types(script)
    script.frame(made(3, seq=2))
    assert names(script) == ["Other"]


def test_who_leaves_writes_nothing() -> None:
    """Told by presence."""
    script = live()
    types(script)
    script.frame(PresenceUpdate(left=[OTHER], count=1))
    assert script.session.writers == {}


def test_nobody_writes_without_a_connection() -> None:
    """It is told, and no alarm is left of it."""
    script = live()
    types(script)
    script.closed()
    assert script.session.writers == {}
    assert script.now_of(WritersChanged) == [WritersChanged(marker_ids=frozenset({"m1"}))]


def test_a_thread_that_is_gone_or_not_known_yet_does_no_harm() -> None:
    """Whoever asks for another one sees nothing."""
    script = live()
    types(script, place="m7")
    types(script, BEA)
    script.frame(DeletedImageChat(seq=1, chat_id="m1"))
    assert set(script.session.writers) == {"m1", "m7"}
    pass_by(script, LASTS)
    assert script.session.writers == {}


def test_a_crowd_is_cut() -> None:
    """Memory stays bounded, whatever a host says."""
    script = live()
    script.frame(TypingUpdate(who=[Writer(user_id=f"t:{number}", chat_id="m1") for number in range(MOST + 50)]))
    assert len(names(script)) == MOST


def test_it_moves_no_cursor_and_asks_nothing() -> None:
    """It has no position."""
    script = live()
    cursor, questions = script.session.cursor, len(script.of(Ask))
    types(script)
    pass_by(script, 5)
    assert (script.session.cursor, len(script.of(Ask))) == (cursor, questions)
    assert script.session.stats.unknown == 0
    assert not script.asked(TellTyping)
