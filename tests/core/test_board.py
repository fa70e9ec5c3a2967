"""Rows, overlays, threads and what is unread: what a screen sees of them, and what it is told."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.core.asks import ReadLog, ReadThread
from imagechat_tui.core.inputs import CloseThread, MarkAllRead, OpenThread
from imagechat_tui.core.outputs import BoardChanged, CommentGone, CommentPut, MarkerGone, MarkerPut, ThreadReplaced
from imagechat_tui.core.rows import new_comment, new_marker
from imagechat_tui.core.thread import reading_order
from imagechat_tui.core.unread import Unread
from imagechat_tui.core.views import CommentView
from imagechat_tui.protocol.events import (
    Batch,
    DeletedComment,
    DeletedImageChat,
    ImageChatUpdated,
    NewComment,
    NewImageChat,
    NewVote,
    UpdatedComment,
)
from imagechat_tui.protocol.models import Conversation, LiveComment, PublicComment, Vote
from imagechat_tui.protocol.replies import Comments
from tests.core.scripted import ME, OTHER, Script, live_comment, made, marker, page, public_comment, said, texts


def live() -> Script:
    """A live board with one marker, its thread not loaded."""
    script = Script()
    script.go_live(marker(1), seq=1)
    return script


def thread(*comments: PublicComment, seq: int | None) -> Comments:
    """A thread as of a position."""
    return Comments(status="success", comments=list(comments), user=None, page_number=0, seq=seq)


# Events ----------------------------------------------------------------------------------------------------------


def test_a_new_marker_brings_its_thread_with_it() -> None:
    """Nothing has to be loaded for it."""
    script = live()
    script.frame(made(2, seq=2))
    assert texts(script.session.thread("m2")) == ["text 2"]
    assert [put.marker.id for put in script.now_of(MarkerPut)] == ["m2"]
    assert script.now_of(ThreadReplaced) == [ThreadReplaced(marker_id="m2")]


def test_a_first_comment_may_come_before_its_marker() -> None:
    """It waits for the marker that claims its window."""
    script = live()
    first = LiveComment(id="c2", url_id="w2", comment="text 2", commenter_name="other")
    script.frame(NewComment(seq=2, comment=first))
    bare = Conversation(id="m2", url_id="w2", x=1.0, y=1.0, comment_count=1, number=2)
    script.frame(NewImageChat(seq=3, conversation=bare))
    view = script.session.marker("m2")
    assert view is not None
    assert (view.title, view.comment_count) == ("text 2", 1)
    assert texts(script.session.thread("m2")) == ["text 2"]


def test_a_deleted_marker_goes_with_everything() -> None:
    """Row, thread, what was unread; a later event of it changes nothing."""
    script = live()
    script.frame(made(2, seq=2))
    assert script.session.board.unread == 1
    script.frame(DeletedImageChat(seq=3, chat_id="m2"))
    assert script.now_of(MarkerGone) == [MarkerGone(marker_id="m2")]
    assert (script.session.board.unread, script.session.thread("m2")) == (0, None)
    script.frame(NewComment(seq=4, chat_id="m2", comment=live_comment("c9", "late")))
    assert [view.id for view in script.session.markers()] == ["m1"]


def test_an_edit_of_the_first_comment_is_the_markers_new_title() -> None:
    """And is marked as edited in the thread."""
    script = live()
    script.frame(made(2, seq=2))
    script.frame(UpdatedComment(seq=3, chat_id="m2", comment=live_comment("c2", "better")))
    view = script.session.marker("m2")
    assert view is not None
    assert view.title == "better"
    assert [(each.text, each.edited) for each in script.session.thread("m2") or ()] == [("better", True)]


def test_a_deleted_comment_takes_its_replies_along_however_many_events_tell() -> None:
    """One event for the parent, or one for each."""
    script = live()
    script.frame(made(2, seq=2))
    script.frame(NewComment(seq=3, chat_id="m2", comment=live_comment("c8", "reply", parent="c2", at=8)))
    script.frame(NewComment(seq=4, chat_id="m2", comment=live_comment("c9", "stays", at=9)))
    script.frame(DeletedComment(seq=5, chat_id="m2", comment=live_comment("c2", "")))
    assert texts(script.session.thread("m2")) == ["stays"]
    assert {gone.comment_id for gone in script.now_of(CommentGone)} == {"c2", "c8"}
    script.frame(DeletedComment(seq=6, chat_id="m2", comment=live_comment("c8", "")))
    view = script.session.marker("m2")
    assert view is not None
    assert view.comment_count == 1


def test_compact_updates_leave_known_words_alone() -> None:
    """Absent means default for what changes, and unchanged for names and texts."""
    script = live()
    moved = Conversation(id="m1", x=50.0, y=60.0, comment_count=1, number=1)
    script.frame(ImageChatUpdated(seq=2, conversation=moved))
    view = script.session.marker("m1")
    assert view is not None
    assert (view.x, view.y, view.title, view.author_name) == (50.0, 60.0, "text 1", "other")


def test_a_marker_without_comments_has_no_title_on_any_screen() -> None:
    """Whoever has seen its comments shows the same as whoever comes later."""
    script = live()
    script.frame(DeletedComment(seq=2, chat_id="m1", comment=live_comment("c1", "")))
    script.frame(ImageChatUpdated(seq=3, conversation=Conversation(id="m1", x=10.0, y=20.0)))
    view = script.session.marker("m1")
    assert view is not None
    assert (view.title, view.comment_count, view.last_author, view.last_comment_at) == ("", 0, None, None)


def test_votes_count_once_each() -> None:
    """One's own are known as such."""
    script = live()
    script.frame(made(2, seq=2))
    for number, (user, direction) in enumerate([(OTHER, 1), (ME, 1)]):
        vote = Vote(
            id=f"v{number}", tenant_id="t", url_id="", url_id_raw="", comment_id="c2", direction=direction,
            created_at=0, verification_id=None, user_id=user,
        )  # fmt: skip
        script.frame(NewVote(seq=3 + number, chat_id="m2", vote=vote))
    assert [(each.votes, each.my_vote) for each in script.session.thread("m2") or ()] == [(2, 1)]


def test_a_frame_of_many_events_is_one_change_per_marker() -> None:
    """A hundred events, one repaint."""
    script = live()
    moves = [ImageChatUpdated(seq=2 + n, conversation=marker(1, x=float(n))) for n in range(50)]
    script.frame(Batch(first=2, last=51, events=tuple(moves)))
    assert [put.marker.x for put in script.now_of(MarkerPut)] == [49.0]


# Threads ---------------------------------------------------------------------------------------------------------


def test_threads_are_loaded_one_at_a_time_once_the_link_is_live() -> None:
    """So that everything stays readable offline."""
    script = Script()
    script.go_live(marker(1), marker(2), marker(3), seq=3)
    assert script.asked(ReadThread) == 1
    script.answer(ReadThread, thread(public_comment("c3", "text 3"), seq=3))
    assert script.asked(ReadThread) == 2
    script.answer(ReadThread, thread(public_comment("c2", "text 2"), seq=3))
    script.answer(ReadThread, thread(public_comment("c1", "text 1"), seq=3))
    assert all(script.session.thread(key) for key in ("m1", "m2", "m3"))


def test_an_opened_thread_is_loaded_before_the_others() -> None:
    """What was on its way is put off."""
    script = Script()
    script.go_live(marker(1), marker(2), seq=2)
    script.put(OpenThread(marker_id="m1"))
    assert script.question(ReadThread).body == ReadThread(window_url_id="w1")
    script.answer(ReadThread, thread(public_comment("c1", "text 1"), seq=2))
    assert texts(script.session.thread("m1")) == ["text 1"]


def test_events_during_a_load_are_applied_to_its_answer() -> None:
    """Those after its position; those before are in it already."""
    script = live()
    script.frame(said("c5", "before", seq=2))
    script.frame(said("c6", "after", seq=3))
    script.answer(ReadThread, thread(public_comment("c1", "text 1"), public_comment("c5", "before", at=32), seq=2))
    assert texts(script.session.thread("m1")) == ["text 1", "before", "after"]


def test_a_thread_that_is_older_than_the_board_is_loaded_again() -> None:
    """Something would be missing in between."""
    script = Script()
    script.go_live(marker(1), seq=10)
    script.answer(ReadThread, thread(public_comment("c1", "text 1"), seq=7))
    assert script.session.thread("m1") is None
    script.wake()
    assert script.asked(ReadThread) == 2


def test_a_failed_load_is_tried_again_later() -> None:
    """The others are not held up for ever."""
    script = live()
    script.refuse(ReadThread, 500)
    script.wake()
    assert script.asked(ReadThread) == 2


def test_a_refused_thread_is_passed_over() -> None:
    """The next one is loaded; it is asked for again when the link is live the next time."""
    script = Script()
    script.go_live(marker(1), marker(2), seq=2)
    script.refuse(ReadThread, 403)
    assert script.question(ReadThread).body == ReadThread(window_url_id="w1")
    script.answer(ReadThread, thread(public_comment("c1", "text 1"), seq=2))
    assert script.asked(ReadThread) == 2
    assert script.session.thread("m2") is None


def test_a_very_large_board_is_loaded_in_part() -> None:
    """However often the link becomes live."""
    script = Script()
    script.go_live(*(marker(number) for number in range(1, 400)), seq=1)
    for _ in range(2):
        while script.asked(ReadThread) > len(script.session._board.threads):
            script.answer(ReadThread, thread(public_comment("c1", "text 1"), seq=1))
        script.closed()
        script.wake()
        script.opened()
        script.answer(ReadLog, page(head=1))
    assert len(script.session._board.threads) == 300


def test_a_thread_stays_readable_while_the_link_is_down() -> None:
    """And is not asked for."""
    script = live()
    script.answer(ReadThread, thread(public_comment("c1", "text 1"), seq=1))
    script.closed()
    asked = script.asked(ReadThread)
    script.put(OpenThread(marker_id="m1"))
    assert texts(script.session.thread("m1")) == ["text 1"]
    assert script.asked(ReadThread) == asked


# Unread ----------------------------------------------------------------------------------------------------------


def test_comments_of_others_are_unread_until_the_thread_is_opened() -> None:
    """One's own never are; what was there at the first load is read."""
    script = live()
    script.frame(said("c5", "theirs", seq=2))
    script.frame(said("c6", "mine", seq=3, author=ME))
    view = script.session.marker("m1")
    assert view is not None
    assert (view.unread, script.session.board.unread) == (1, 1)
    script.put(OpenThread(marker_id="m1"))
    assert script.session.board.unread == 0
    script.frame(said("c7", "seen at once", seq=4))
    assert script.session.board.unread == 0
    script.put(CloseThread())
    script.frame(said("c8", "later", seq=5))
    assert script.session.board.unread == 1
    script.put(MarkAllRead())
    assert script.now_of(BoardChanged)[0].board.unread == 0


def test_a_loaded_comment_says_itself_that_it_is_unread() -> None:
    """And is told anew when it was read."""
    script = live()
    script.frame(made(2, seq=2))
    assert [each.unread for each in script.session.thread("m2") or ()] == [True]
    script.put(OpenThread(marker_id="m2"))
    assert [put.comment.unread for put in script.now_of(CommentPut)] == [False]


def test_unread_is_bounded_and_sums_up() -> None:
    """Whatever is added, removed, read or gone."""
    unread = Unread()
    for number in range(1_500):
        unread.add("m1", f"c{number}")
    unread.add("m2", "d1")
    assert (unread.count("m1"), unread.total) == (1_000, 1_001)
    unread.remove("m1", ["c1", "c2", "nothing"])
    unread.keep_only("m1", ["c3", "c4"])
    assert (unread.count("m1"), unread.total) == (2, 3)
    unread.gone("m2")
    unread.read("m1")
    assert (unread.total, unread.markers()) == (0, [])


# Reading order ---------------------------------------------------------------------------------------------------


def comment(key: str, *, at: int, parent: str | None = None) -> CommentView:
    """A comment of which only place and time matter."""
    return CommentView(id=key, marker_id="m", author_id=None, author_name="", text=key, created_at=at, parent_id=parent)


def test_replies_stand_after_their_parent_and_unconfirmed_ones_last() -> None:
    """Oldest first on every level."""
    views = [
        comment("b", at=2), comment("pending", at=0), comment("a1", at=5, parent="a"), comment("a", at=1),
        comment("orphan", at=3, parent="nobody"),
    ]  # fmt: skip
    written = {view.id: view.created_at for view in views if view.id != "pending"}
    assert [view.id for view in reading_order(views, written=written)] == ["a", "a1", "b", "orphan", "pending"]


@given(st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(0, 9))), max_size=10))
def test_no_comment_is_lost_whatever_its_parent_is(drawn: list[tuple[int, int | None]]) -> None:
    """Circles, selves, strangers: everything is there once."""
    views = [
        comment(f"c{number}", at=at, parent=None if parent is None else f"c{parent}")
        for number, (at, parent) in enumerate(drawn)
    ]
    ordered = reading_order(views, written={view.id: view.created_at for view in views})
    assert sorted(view.id for view in ordered) == sorted(view.id for view in views)


# Rows ------------------------------------------------------------------------------------------------------------


def test_a_row_without_raw_text_has_the_words_of_its_html() -> None:
    """Hosts need not send the raw text."""
    comment = PublicComment(
        id="c",
        commenter_name="n",
        comment_html="<b>bold</b>",
        date=None,
        verified=True,
        is_by_admin=True,
        is_voted_down=True,
        my_vote_id="v",
    )
    row = new_comment(comment)
    assert (row.text, row.label, row.my_vote, row.my_vote_id) == ("bold", "Admin", -1, "v")


def test_a_bare_marker_has_sensible_defaults() -> None:
    """Only an id is certain."""
    row = new_marker(Conversation(id="m"))
    assert (row.number, row.title, row.count, row.resolved_at) == (None, "", 0, None)


def test_large_boards_cost_one_event_no_more_than_small_ones() -> None:
    """Ten thousand markers: an event touches one of them."""
    script = Script()
    script.go_live(*(marker(number) for number in range(1, 10_001)), seq=10_000)
    composed: list[str] = []
    board = script.session._board
    compose = board.compose_marker

    def counting(marker_id: str) -> object:
        composed.append(marker_id)
        return compose(marker_id)

    board.compose_marker = counting  # type: ignore[method-assign,assignment]  # counts how often it is needed
    script.frame(ImageChatUpdated(seq=10_001, conversation=marker(7, x=1.0)))
    assert set(composed) == {"m7"}
    assert script.session.board.markers == 10_000
