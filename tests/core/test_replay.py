"""A plain host's log by time: what was missed comes once, whatever was heard, lost, stamped late or trimmed."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagechat_tui.core.asks import ReadChats, ReadEvents, ReadThread
from imagechat_tui.core.inputs import OpenThread
from imagechat_tui.core.replay import FULL, LONGEST, OVERLAP_MS, REMEMBERED, Heard
from imagechat_tui.core.views import LinkState
from imagechat_tui.protocol.codec import encode
from imagechat_tui.protocol.events import (
    DeletedComment,
    DeletedImageChat,
    Event,
    ImageChatUpdated,
    LiveEvent,
    NewComment,
    NewImageChat,
    NewVote,
    Unknown,
)
from imagechat_tui.protocol.models import Conversation, LiveComment, Vote
from imagechat_tui.protocol.replies import EventLog, LogEntry
from tests.core.plain_world import PlainWorld


def log(*events: Event) -> EventLog:
    """An answer with these events."""
    return EventLog(
        status="success",
        events=[
            LogEntry(
                id=str(number),
                created_at="",
                tenant_id="t",
                url_id="board",
                broadcast_id="",
                data=encode(event).decode(),
            )
            for number, event in enumerate(events)
        ],
    )


def put(number: int, at: int) -> NewImageChat:
    """The event of a new marker."""
    made = Conversation(id=f"m{number}", url_id=f"w{number}", x=1.0, y=2.0)
    return NewImageChat(timestamp=at, broadcast_id=f"b{number}", conversation=made)


def moved(number: int, at: int) -> ImageChatUpdated:
    """The event of a marker that is different."""
    made = Conversation(id=f"m{number}", url_id=f"w{number}", x=float(at % 100), y=2.0)
    return ImageChatUpdated(timestamp=at, broadcast_id=f"u{at}", conversation=made)


# The memory -----------------------------------------------------------------------------------------------------


def test_the_log_is_read_from_a_little_before_the_last_thing_heard() -> None:
    """By the host's stamps; nothing heard, nothing to begin at."""
    heard = Heard()
    assert heard.start_ms is None
    heard.hear(put(1, 70_000))
    heard.hear(put(2, 69_000))
    assert heard.start_ms == 70_000 - OVERLAP_MS


def test_what_was_heard_is_dropped_and_the_rest_is_news() -> None:
    """Once: the same answer again has nothing."""
    heard = Heard()
    heard.hear(put(1, 10_000))
    answer = log(put(1, 10_000), put(2, 11_000), DeletedImageChat(timestamp=12_000, chat_id="m2"))
    missed = heard.missed(answer)
    assert missed is not None
    assert [event.timestamp for event in missed.events] == [11_000, 12_000]
    assert not missed.more
    again = heard.missed(answer)
    assert again is not None
    assert again.events == []


def test_what_is_stamped_before_the_last_thing_heard_is_told_as_well() -> None:
    """Unless something newer was heard of the same thing."""
    heard = Heard()
    heard.hear(moved(1, 10_000))
    missed = heard.missed(log(moved(1, 9_000), put(2, 9_500), moved(1, 10_000)))
    assert missed is not None
    assert [event.timestamp for event in missed.events] == [9_500]


@pytest.mark.parametrize(
    "answer",
    [
        log(),
        log(put(2, 11_000)),
        EventLog(status="success", events=[*log(put(1, 10_000)).events, *log(put(2, 11_000)).events[:0], LogEntry(
            id="x", created_at="", tenant_id="t", url_id="b", broadcast_id="", data="{}")]),
        log(*(put(number, 10_000 + number) for number in range(LONGEST + 1))),
    ],
    ids=["nothing", "trimmed", "unreadable", "longer than the memory"],
)  # fmt: skip
def test_a_log_that_does_not_reach_back_says_nothing(answer: EventLog) -> None:
    """The host was told from when: without the last thing heard something else may be missing too."""
    heard = Heard()
    heard.hear(put(1, 10_000))
    assert heard.missed(answer) is None


def test_an_answer_that_may_have_been_cut_is_read_on() -> None:
    """Hosts have a limit, and do not say which."""
    heard = Heard()
    heard.hear(put(0, 10_000))
    missed = heard.missed(log(*(put(number, 10_000 + number) for number in range(FULL))))
    assert missed is not None
    assert missed.more
    assert heard.start_ms == 10_000 + FULL - 1 - OVERLAP_MS


def test_a_host_without_stamps_has_no_log_for_us() -> None:
    """Its frames are all news."""
    heard = Heard()
    heard.hear(put(1, 10_000))
    event = NewImageChat(conversation=Conversation(id="m2", url_id="w2", x=1.0, y=1.0))
    assert heard.hear(event)
    assert heard.hear(event)
    assert heard.start_ms is None


def test_the_memory_is_bounded_and_knows_all_kinds() -> None:
    """Votes and comments are told apart; what no log keeps is no sign that a log is trimmed."""
    heard = Heard()
    vote = Vote(id="v", tenant_id="t", url_id="w", url_id_raw="w", comment_id="c", direction=1, created_at=1,
                verification_id=None)  # fmt: skip
    kinds: list[LiveEvent] = [
        NewVote(timestamp=1, vote=vote),
        NewComment(timestamp=1, comment=LiveComment(id="c")),
        DeletedComment(timestamp=1, comment=LiveComment(id="c")),
    ]
    assert [heard.hear(event) for event in kinds * 2] == [True] * 3 + [False] * 3
    unkept = Unknown(type="notification", timestamp=9)
    assert [heard.hear(unkept), heard.hear(unkept)] == [True, True]
    assert heard.start_ms == 0
    for at in range(REMEMBERED * 2):
        heard.hear(moved(at, at))
    assert len(heard._seen) == len(heard._newest) == REMEMBERED


# The session ----------------------------------------------------------------------------------------------------


def test_after_a_loss_the_log_is_read_in_place_of_the_list() -> None:
    """The page's, then the open thread's; what was heard comes once more and changes nothing."""
    world = PlainWorld(seed=1)
    world.happens("mark", "say", "vote")
    world.lose(unheard=0)
    world.happens("say")
    listed, loaded = world.script.asked(ReadChats), world.script.asked(ReadThread)
    world.come_back()
    assert [getattr(ask.body, "url_id", None) for ask in world.asked(ReadEvents)] == ["board", "w1"]
    assert (world.script.asked(ReadChats), world.script.asked(ReadThread)) == (listed, loaded)
    world.agrees()


def test_a_vote_that_was_missed_is_counted_once() -> None:
    """It is a step from what was before, and a load may have shown it: so the thread is loaded once more."""
    world = PlainWorld(seed=1)
    world.happens("say", "vote")
    world.lose(unheard=0)
    world.happens("vote", "vote", "unvote")
    loaded = world.script.asked(ReadThread)
    world.come_back()
    assert world.script.asked(ReadThread) == loaded + 1
    world.agrees()


@pytest.mark.parametrize("status", [404, 403, 500])
def test_a_host_without_a_log_is_listed(status: int) -> None:
    """As before there was a log."""
    world = PlainWorld(seed=1)
    world.happens("mark", "say")
    world.refuses_logs = status
    world.lose(unheard=1)
    world.happens("mark", "say", "unmark")
    world.come_back()
    world.agrees()


def test_a_log_that_never_answers_does_not_keep_anybody_waiting() -> None:
    """The next attempt lists."""
    world = PlainWorld(seed=1)
    world.happens("mark", "say")
    world.lose(unheard=0)
    world.happens("mark")
    world.script.wake()
    world.script.opened()
    world.script.lose(ReadEvents)
    assert world.script.session.link.state is not LinkState.LIVE
    world.script.wake()
    asked, listed = world.script.asked(ReadEvents), world.script.asked(ReadChats)
    world.script.opened()
    assert (world.script.asked(ReadEvents), world.script.asked(ReadChats)) == (asked, listed + 1)
    world.come_back()
    world.agrees()


def test_a_trimmed_log_is_not_trusted() -> None:
    """The last thing heard is gone from it: so may be what came after."""
    world = PlainWorld(seed=1)
    world.happens("mark", "say")
    world.lose(unheard=1)
    world.happens("mark", "say", "unmark", "mark")
    world.trim()
    world.come_back()
    world.agrees()


def test_a_log_longer_than_an_answer_is_read_to_its_end() -> None:
    """Each answer begins where the one before ended."""
    world = PlainWorld(seed=1)
    world.happens("mark", "say")
    world.lose(unheard=0)
    world.happens(*["move", "mark", "say"] * 150)
    listed = world.script.asked(ReadChats)
    world.come_back()
    assert world.script.asked(ReadChats) == listed
    world.agrees()


def test_another_thread_is_loaded_when_it_is_opened_and_has_no_log_yet() -> None:
    """Nobody listened to it before; the page's log tells of the moment without a socket."""
    world = PlainWorld(seed=1)
    world.happens("mark", "say", "vote")
    world.settle()
    world.script.put(OpenThread(marker_id="m2"))
    world.come_back()
    assert {getattr(ask.body, "url_id", None) for ask in world.asked(ReadEvents)} == {"board"}
    assert world.script.question(ReadThread).body == ReadThread(window_url_id="w2")


def test_the_count_of_a_thread_that_is_not_open_is_told_by_the_log() -> None:
    """A plain list says no counts; the page's log does."""
    world = PlainWorld(seed=1)
    world.happens("mark")
    world.lose(unheard=0)
    told = Conversation(id="m1", url_id="w1", x=1.0, y=1.0, comment_count=7)
    world.script.put(OpenThread(marker_id="m2"))
    world.page.append(ImageChatUpdated(timestamp=world.tick(), broadcast_id="else", conversation=told))
    world.come_back()
    view = world.script.session.marker("m1")
    assert view is not None
    assert view.comment_count == 7


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_whatever_happens_the_board_is_right_in_the_end(seed: int) -> None:
    """Losses with unheard tails, late stamps, frames during the replay, limits, trimmed logs: each thing once."""
    chance = random.Random(seed)
    world = PlainWorld(seed=seed)
    for _ in range(chance.randrange(1, 5)):
        for _ in range(chance.randrange(12)):
            world.anything()
        world.lose(unheard=chance.choice([0, 0, 1, 3]))
        for _ in range(chance.randrange(6)):
            world.anything()
        if chance.random() < 0.2:
            world.trim()
        world.come_back(meanwhile=chance.randrange(4))
    world.settle()
    world.agrees()
