"""The sentences: every state, reason and outcome has one."""

import pytest

from imagechat_tui import i18n
from imagechat_tui.core.inputs import AddComment, ResolveMarker
from imagechat_tui.core.outputs import Nothing, OperationEnded, Outcome
from imagechat_tui.core.views import LinkState, LinkView, Person, Reason
from imagechat_tui.tui import words
from tests.support.board_client import MINUTE_MS, NOW_MS
from tests.tui.stage import reviewed

HOUR = 60 * MINUTE_MS


@pytest.mark.parametrize(
    ("back", "said"),
    [(0, "now"), (-HOUR, "now"), (5 * MINUTE_MS, "5 min"), (3 * HOUR, "3 h"), (50 * HOUR, "2 d")],
)
def test_times_are_told_from_now(back: int, said: str) -> None:
    """A clock that runs ahead is now."""
    assert words.ago(NOW_MS - back, NOW_MS) == said


def test_old_and_impossible_times_do_not_fail() -> None:
    """A date, or a question mark."""
    assert words.ago(NOW_MS - 400 * 24 * HOUR, NOW_MS).count("-") == 2
    assert words.ago(-(10**18), NOW_MS) == "?"


@pytest.mark.parametrize("state", LinkState)
def test_every_state_of_the_link_has_a_word(state: LinkState) -> None:
    """And a banner only when it is not on its way to live."""
    sign, word = words.link_word(LinkView(state=state))
    assert sign
    assert word
    banner = words.banner(LinkView(state=state), seconds=None)
    assert (banner is not None) is (state in {LinkState.RECONNECTING, LinkState.OFFLINE, LinkState.REFUSED})


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_and_every_failure_a_way_out(reason: Reason) -> None:
    """What happened, what is kept, what to do."""
    intent = AddComment(marker_id="m1", text="x")
    ended = OperationEnded(operation="o", intent=intent, outcome=Outcome.REFUSED, reason=reason, detail="\x1b[31mno")
    said = words.failure(ended, retry_key="r")
    assert said is not None
    assert "Your text is kept; r tries again." in said
    assert "\x1b" not in said
    assert words.banner(LinkView(state=LinkState.REFUSED, reason=reason, detail="d"), seconds=None)


def test_a_confirmed_change_needs_no_words() -> None:
    """A refused one without text speaks of no text."""
    intent = ResolveMarker(marker_id="m1", resolved=True)
    ended = OperationEnded(operation="o", intent=intent, outcome=Outcome.CONFIRMED)
    assert words.failure(ended, retry_key="r") is None
    refused = OperationEnded(operation="o", intent=intent, outcome=Outcome.UNKNOWN, retry_after=3.2)
    said = words.failure(refused, retry_key="r")
    assert said is not None
    assert "text" not in said
    assert "Wait 3 s." in said


@pytest.mark.parametrize("what", Nothing)
def test_every_nothing_is_explained(what: Nothing) -> None:
    """To the user who pressed a key."""
    assert words.nothing(what).endswith(".")


def test_counts_get_shorter_with_the_room() -> None:
    """The fullest first."""
    full = words.counts(reviewed().board)
    assert full == ["v2 · 4 open · 1 resolved · 2 new", "4 open · 2 new", "4 open"]


def test_a_deletion_says_what_goes_with_it() -> None:
    """Before it is done."""
    board = reviewed()
    marker, thread = board.markers()[0], board.thread("m1") or ()
    assert "3 comments" in words.delete_question(marker, None, 0)[1]
    assert "2 replies" in words.delete_question(marker, thread[0], 2)[1]
    assert words.delete_question(marker, thread[1], 0)[1] == "This cannot be undone."


@pytest.mark.parametrize("word", ["link", "tenant", "groups", "\x1bsomething"])
def test_visibility_is_said_in_words(word: str) -> None:
    """A new word of a server is shown as it is, made harmless."""
    assert "\x1b" not in words.visibility(word)
    assert words.visibility(word)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], []),
        (["Ana"], ["Ana is writing", "1 person is writing"]),
        (["Ana", ""], ["Ana and somebody are writing", "2 people are writing"]),
        (["A", "B", "C"], ["3 people are writing"]),
        (["\x1b[31mEve\n"], ["Eve is writing", "1 person is writing"]),
    ],
)
def test_who_writes_is_named_as_long_as_they_are_few(names: list[str], said: list[str]) -> None:
    """Somebody without a name is still somebody, and no name is more than a name."""
    assert words.writing([Person(id=name, name=name) for name in names]) == said


def test_slovene_has_four_ways_to_count_who_writes() -> None:
    """One, two, three or four, and more."""
    i18n.choose("sl")
    counted = [words.writing([Person(id=str(i), name="x") for i in range(n)])[-1] for n in (1, 2, 3, 5, 101)]
    assert counted == ["1 oseba piše", "2 osebi pišeta", "3 osebe pišejo", "5 oseb piše", "101 oseba piše"]
