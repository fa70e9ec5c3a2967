"""A talk with a board in memory: each command, what is said to it, and what is kept."""

from pathlib import Path

import msgspec
import pytest

from imagechat_tui.core import inputs, outputs
from imagechat_tui.core.views import LinkState, Person, Reason
from imagechat_tui.plain_mode.dialogue import Dialogue
from imagechat_tui.tui.drafts import Drafts, Edit, NewMarker, Reply
from tests.support.board_client import NOW_MS, MemoryBoard
from tests.tui.stage import reviewed


class Talk:
    """A dialogue whose lines are kept."""

    def __init__(self, board: MemoryBoard, *, drafts: Path | None = None, read_only: bool = False) -> None:
        self.board = board
        self.drafts = Drafts(path=drafts, board="b")
        self.dialogue = Dialogue(
            board, title="checkout.png", drafts=self.drafts, link=None, read_only=read_only, wall_ms=lambda: NOW_MS
        )
        self.news: list[str] = []
        board.listen(lambda changes: self.news.extend(self.dialogue.hear(changes)))
        self.greeting = self.dialogue.begin(["The picture has changed."])

    def type(self, *lines: str) -> str:
        """What is said to the lines, news included."""
        self.news.clear()
        said = [each for line in lines for each in self.dialogue.enter(line)]
        return "\n".join([*self.news, *said])


@pytest.fixture
def talk() -> Talk:
    """A talk about a board with a review on it."""
    return Talk(reviewed())


def test_it_says_what_it_is_and_how_to_leave(talk: Talk) -> None:
    """Before anything is asked."""
    said = "\n".join(talk.greeting)
    for words in ("plain mode", "checkout.png: 5 markers, 4 open, 1 resolved", "3 people are here: Mia, Ana",
                  "Connected", "help", "quit", "The picture has changed."):  # fmt: skip
        assert words in said


def test_every_marker_is_one_sentence(talk: Talk) -> None:
    """Number, place in words and numbers, state, replies, what is new, author, title."""
    first, second, *_rest = talk.type("list").split("\n")
    assert first.startswith("1, right, at 75.0 65.0, open, 2 replies, 2 unread, by Ana: Button is cut off")
    assert second == "2, top left, at 25.0 20.0, open, 1 reply, by Bo: Wrong blue"
    assert talk.type("list resolved") == (
        "3, center, at 36.0 50.0, resolved, no replies, by Mia (you): Spacing between the fields is uneven"
    )
    assert talk.type("list nothing-like-it") == "No marker matches “nothing-like-it”."


def test_reading_a_marker_tells_its_conversation(talk: Talk) -> None:
    """Each comment with its number, author and age; the marker is chosen from then on."""
    said = talk.type("read 1").split("\n")
    assert said[1].startswith("Comment 1, by Ana, 30 minutes ago: Button is cut off")
    assert said[2] == "Comment 2, by Bo, 20 minutes ago: Same on my phone. Should we shorten it to “Pay”?"
    assert said[3].startswith("Comment 3, by Mia (you), 19 minutes ago")
    assert inputs.OpenThread(marker_id="m1") in talk.board.submitted
    assert "Chosen: marker 1." in talk.type("status")


def test_a_conversation_that_is_not_loaded_is_told_when_it_comes(talk: Talk) -> None:
    """And nothing is waited for after that."""
    thread = list(talk.board.thread("m2") or ())
    talk.board.unload("m2")
    assert "Loading the conversation." in talk.type("read 2")
    assert talk.dialogue.busy
    talk.board._threads["m2"] = thread
    talk.board.announce(outputs.ThreadReplaced(marker_id="m2"))
    assert "Comment 2, by Ana, 20 minutes ago: It is #0f62fe in the tokens" in talk.news
    assert not talk.dialogue.busy


def test_next_and_previous_go_around(talk: Talk) -> None:
    """With a word at the end; resolved ones can be passed over."""
    assert talk.type("next").startswith("1, ")
    assert talk.type("next").startswith("2, ")
    assert talk.type("next open").startswith("4, ")
    assert talk.type("previous").startswith("3, ")
    assert talk.type("n", "n", "n").endswith("Coincident one") is False
    assert "Around the end." in talk.type("p", "p")


def test_a_marker_a_reply_an_edit(talk: Talk) -> None:
    """By one line each, told when they have arrived."""
    assert talk.type("new 10 20 Too close to the edge") == "Placed: marker 6."
    assert talk.type("reply #6 It is 4 pixels") == "Sent to marker 6."
    talk.type("read 6")
    assert talk.type("edit It is 5 pixels") == "The comment is changed."
    assert "It is 5 pixels" in talk.type("read")
    assert talk.type("reply .2 An answer") == "Sent to marker 6."
    sent = [one for one in talk.board.submitted if isinstance(one, inputs.AddComment)]
    assert sent[-1].parent_id == (talk.board.thread("m6") or ())[1].id


def test_a_text_over_several_lines(talk: Talk) -> None:
    """A full stop alone sends it, as one text."""
    assert ".keep" in talk.type("reply #2")
    assert talk.type("first line", "", "third line", ".") == "Sent to marker 2."
    assert talk.board.submitted[-1] == inputs.AddComment(marker_id="m2", text="first line\n\nthird line")


def test_resolving_reopening_moving_voting_undoing(talk: Talk) -> None:
    """One line each."""
    assert talk.type("resolve 2") == "Resolved: marker 2."
    assert talk.type("resolve 2") == "It is resolved already: marker 2."
    assert talk.type("reopen 2") == "Open again: marker 2."
    assert talk.type("move 3 90 95") == "Moved: marker 3 is now bottom right, at 90.0 95.0."
    assert talk.type("move 2 1 1") == "Only Bo or a moderator can move this marker."
    assert talk.type("vote up 2.2") == "Your vote counts."
    assert talk.type("vote up 2.2") == "Your vote is taken back."
    assert talk.type("vote up 3") == "Votes are for the comments of others."
    assert talk.type("undo") == "There is nothing to undo."


def test_deleting_asks_and_only_yes_deletes(talk: Talk) -> None:
    """The question says what goes with it."""
    assert "Type yes to delete it" in talk.type("delete 3")
    assert talk.type("list") == "Nothing is deleted."
    assert talk.board.marker("m3") is not None
    talk.type("delete 3")
    assert talk.type("yes") == "The marker is deleted."
    assert talk.board.marker("m3") is None
    assert talk.type("delete 2") == "Only Bo or a moderator can delete this."


def test_filter_unread_mark_read_who_link(talk: Talk) -> None:
    """Each says what it found."""
    assert talk.type("filter mine") == "1 marker matches “mine”."
    assert talk.type("list").startswith("3, ")
    assert talk.type("filter") == "All markers count again."
    assert talk.type("unread").startswith("1, ")
    assert talk.type("mark read") == "Nothing is new any longer."
    assert talk.type("unread") == "Nothing is new."
    assert talk.type("who") == "3 people are here: Mia, Ana."
    assert "imagechat share" in talk.type("link")
    assert "move [MARKER] X Y" in talk.type("help")
    assert talk.type("help move") == "move [MARKER] X Y: The marker to another place."


def test_who_writes_is_told_to_who_asks(talk: Talk) -> None:
    """And to nobody else: a voice that speaks up whenever somebody types would be noise."""
    talk.board.write("m2", "Ana", "Bo")
    talk.board.write(None, "Eve\x1b[2J")
    assert talk.news == []
    assert talk.type("who").splitlines()[1:] == [
        "Ana and Bo are writing, in marker 2.",
        "Eve is writing, for a marker to come.",
    ]


def test_others_are_told_of_a_text_over_several_lines(talk: Talk) -> None:
    """At its lines; its sending or leaving ends it."""
    talk.type("reply #2")
    talk.type("one")
    talk.type(".keep")
    assert talk.board.submitted[-2:] == [inputs.Writing(marker_id="m2"), inputs.WritingEnded()]


@pytest.mark.parametrize("word", ["quit", "boards"])
def test_leaving(talk: Talk, word: str) -> None:
    """For good, or for another board."""
    talk.type(word)
    assert talk.dialogue.left == word


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("read 9", "There is no marker 9."),
        ("reply hello", "No marker is chosen: name one by its number, or read it first."),
        ("vote up 2.9", "There is no comment 9 on marker 2."),
        ("edit #2 x", "There is no comment of yours here."),
        ("discard", "There is nothing to give up."),
        ("retry", "There is nothing to try again."),
    ],
)
def test_what_cannot_be_done_says_why(talk: Talk, line: str, said: str) -> None:
    """And counts as failed, for programs."""
    assert talk.type(line) == said
    assert talk.dialogue.failed


# Others ----------------------------------------------------------------------------------------------------------


def test_changes_of_others_are_a_line_each(talk: Talk) -> None:
    """Markers, comments, resolutions, moves, deletions."""
    board = talk.board
    board.put(board.add("Logo is blurred", x=5, y=5, author="Bo"))
    board.put_comment(board.comment("m2", "Bo", "Fixed\nin the tokens"))
    second = board.marker("m2")
    assert second is not None
    board.put(msgspec.structs.replace(second, resolved=True, resolved_by="Bo"))
    board.put(msgspec.structs.replace(second, resolved=False))
    board.put(msgspec.structs.replace(second, x=80.0))
    board._markers.pop("m4")
    board.announce(outputs.MarkerGone(marker_id="m4"))
    assert talk.news == [
        "New: 6, top left, at 5.0 5.0, open, no replies, by Bo: Logo is blurred",
        "Bo on marker 2, comment 3: Fixed in the tokens",
        "Bo resolved marker 2.",
        "Marker 2 is open again.",
        "Marker 2 was moved: top right, at 80.0 20.0.",
        "Marker 4 was deleted: ラベルが長すぎる",
    ]


def test_the_connection_is_told_when_its_state_changes(talk: Talk) -> None:
    """Once for each state, not for each attempt."""
    talk.board.set_link(LinkState.RECONNECTING)
    talk.board.set_link(LinkState.RECONNECTING, retry_at=7)
    talk.board.set_link(LinkState.SYNCING)
    talk.board.set_link(LinkState.LIVE)
    assert len(talk.news) == 2
    assert talk.news[0].startswith("Connection lost.")
    assert talk.news[1].startswith("Connected")


def test_people_come_and_go(talk: Talk) -> None:
    """By name; oneself is not news."""
    before = talk.board.people
    talk.board.people = (*before, Person(id="bo", name="Bo"))
    talk.board.announce(outputs.PeopleChanged(people=talk.board.people, count=4))
    talk.board.people = before
    talk.board.announce(outputs.PeopleChanged(people=before, count=3))
    assert talk.news == ["Bo is here.", "Bo has left."]


def test_a_long_absence_is_told_like_single_events_and_a_flood_is_counted(talk: Talk) -> None:
    """Whatever changed while nobody listened."""
    board = talk.board
    for number in range(30):
        board.add(f"Marker {number}", x=1, y=1, author="Bo")
    board.announce(outputs.BoardReplaced())
    assert len(talk.news) == 21
    assert talk.news[0].startswith("New: 6, ")
    assert talk.news[-1] == "And 10 more changes."


def test_foreign_words_cannot_move_the_cursor(talk: Talk) -> None:
    """Names, titles and texts."""
    board = talk.board
    evil = "\x1b[2J\x1b]0;x\x07\u202eevil\r\nsecond"
    board.put(board.add(evil, x=5, y=5, author=evil, replies=[(evil, evil)]))
    said = talk.type("read 6") + "\n".join(talk.news)
    assert "evil" in said
    assert not any(char in said for char in "\x1b\x07\u202e\r")


# Drafts ----------------------------------------------------------------------------------------------------------


def test_offline_nothing_is_sent_and_the_text_is_a_draft(tmp_path: Path) -> None:
    """It is read out when it is gone on with, in another run too."""
    talk = Talk(reviewed(), drafts=tmp_path / "drafts.json")
    talk.board.set_link(LinkState.OFFLINE)
    assert "You are offline" in talk.type("reply #2 My long thought")
    again = Talk(reviewed(), drafts=tmp_path / "drafts.json")
    assert again.type("reply #2").endswith("Your draft so far:\nMy long thought")
    assert again.type(".") == "Sent to marker 2."
    assert again.drafts.text(Reply(marker_id="m2")) == ""
    assert Drafts(path=tmp_path / "drafts.json", board="b").text(Reply(marker_id="m2")) == ""


def test_a_refused_text_is_kept_and_can_be_tried_again_or_given_up(talk: Talk) -> None:
    """The reason is told; giving up keeps nothing."""
    talk.board.answer, talk.board.refusal = "refuse", Reason.LOCKED
    said = talk.type("reply #2 Too late?")
    assert said == "The comment was not sent: the thread is locked. Your text is kept; retry tries again."
    assert talk.drafts.text(Reply(marker_id="m2")) == "Too late?"
    talk.type("read 2")
    assert talk.type("discard") == "Given up."
    assert talk.drafts.text(Reply(marker_id="m2")) == ""


def test_a_text_under_way_is_kept_until_it_has_arrived(talk: Talk) -> None:
    """Whatever ends the program before."""
    talk.board.answer = "hold"
    talk.type("new 5 5 On its way")
    assert talk.drafts.text(NewMarker(x=5, y=5)) == "On its way"
    assert talk.dialogue.busy
    talk.board.settle()
    assert talk.drafts.text(NewMarker(x=5, y=5)) == ""
    assert not talk.dialogue.busy


@pytest.mark.parametrize(
    ("lines", "begun", "kept"),
    [
        (["reply #2", "one"], "two", "one\ntwo"),
        (["reply #2", "one"], "", "one"),
        (["reply #2", "one", ".keep"], "", "one"),
        ([], "reply #2 half a sen", "half a sen"),
        (["reply #2", "one", ".drop"], "", ""),
    ],
)
def test_leaving_in_the_middle_keeps_what_was_typed(talk: Talk, lines: list[str], begun: str, kept: str) -> None:
    """Line by line, and the line that is not ended."""
    talk.type(*lines)
    talk.dialogue.leave(begun)
    assert talk.drafts.text(Reply(marker_id="m2")) == kept


def test_read_only_says_so_before_anything_is_written() -> None:
    """Not after a long text."""
    talk = Talk(reviewed(), read_only=True)
    for line in ("new 1 1", "reply #2", "edit #3", "resolve 2", "delete 3"):
        assert talk.type(line) == "This board is open for reading only."
    assert talk.drafts.text(Edit(marker_id="m3", comment_id="c6")) == ""
