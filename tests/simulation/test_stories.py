"""Bugs that the simulation found, told as short stories; each one would come back with the mistake it was."""

import msgspec

from imagechat_tui.core.asks import ReadChats, ReadLog, ReadSnapshot, ReadThread, WriteComment, WriteMarker
from imagechat_tui.core.inputs import (
    AddComment,
    Answered,
    CreateMarker,
    DeleteComment,
    MarkAllRead,
    OpenThread,
    Retry,
    RetryNow,
    Silence,
    SocketOpened,
    Woke,
)
from imagechat_tui.core.outputs import (
    CommentGone,
    CommentPut,
    Connect,
    Disconnect,
    MarkerGone,
    MarkerPut,
    OperationEnded,
    Outcome,
)
from imagechat_tui.core.views import LinkState, Reason
from imagechat_tui.protocol.events import Batch, DeletedComment, DeletedImageChat, ImageChatUpdated
from imagechat_tui.protocol.models import Conversation, LiveComment
from imagechat_tui.protocol.replies import Comments, CommentSaved, MarkerCreated
from tests.core.scripted import ME, Script, chats, made, marker, page, public_comment, said, snapshot, texts
from tests.simulation.driver import make, play
from tests.simulation.wire import KEEP_ALIVE
from tests.simulation.world import World

REPLAYED = (
    2,
    7,
    21,
    159,
    333,
    1703,
    3487,
    6367,
    79027,
    100020,
    123051,
    148079,
    162888,
    570924,
    880183,
    2045743,
    5005059,
    7003819,
)
"""Seeds that once broke something."""


def thread(*keys: str, seq: int) -> Comments:
    """A thread of somebody else's comments, except ``mine``."""
    found = [public_comment(key, key, author=ME if key == "mine" else "t:other", at=n) for n, key in enumerate(keys, 1)]
    return Comments(status="success", comments=found, user=None, page_number=0, seq=seq)


def brought_by_a_snapshot(*, seq: int) -> Script:
    """One's own marker, whose creation had no answer, and whose retry is still on its way."""
    script = Script()
    script.start()
    script.put(CreateMarker(x=10.0, y=20.0, text="text 2"))
    script.lose(WriteMarker)
    script.put(Retry(operation="op1"))
    script.opened()
    script.answer(ReadSnapshot, snapshot(marker(2, author=ME), seq=seq))
    return script


def test_schedules_that_once_broke_something_hold() -> None:
    """Each seed as it was found."""
    for seed in REPLAYED:
        play(make(seed))


def test_an_unanswered_comment_that_a_snapshot_brings_is_not_shown_twice() -> None:
    """The log was cut, so nothing names the broadcast id: the ghost gives way to what looks exactly like it."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.answer(ReadThread, thread("c1", seq=1))
    script.put(AddComment(marker_id="m1", text="mine"))
    script.lose(WriteComment)
    script.closed()
    script.wake()
    script.opened()
    script.refuse(ReadLog, 410)
    script.answer(ReadSnapshot, snapshot(marker(1, count=2), seq=9))
    script.answer(ReadThread, thread("c1", "mine", seq=9))
    assert texts(script.session.thread("m1")) == ["c1", "mine"]
    script.put(Retry(operation="op1"))
    assert script.asked(WriteComment) == 1


def test_a_pending_comment_that_a_load_brings_is_not_shown_twice() -> None:
    """And when its answer comes, it is confirmed once."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.put(AddComment(marker_id="m1", text="mine"))
    script.answer(ReadThread, thread("c1", "mine", seq=3))
    assert texts(script.session.thread("m1")) == ["c1", "mine"]
    own = public_comment("mine", "mine", author=ME, at=2)
    script.answer(WriteComment, CommentSaved(status="success", comment=own, user=None, seq=3))
    assert texts(script.session.thread("m1")) == ["c1", "mine"]
    assert len(script.of(OperationEnded)) == 1


def test_a_look_alike_of_a_refused_comment_leaves_the_failed_one_visible() -> None:
    """The same words from another terminal; the server refuses these."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.put(AddComment(marker_id="m1", text="mine"))
    script.answer(ReadThread, thread("c1", "mine", seq=3))
    script.refuse(WriteComment, 429)
    assert texts(script.session.thread("m1")) == ["c1", "mine", "mine"]


def test_a_retry_that_never_left_does_not_bring_back_the_ghost_of_a_found_marker() -> None:
    """The first attempt had no answer, a snapshot brought its marker, and only then did the retry fail."""
    script = brought_by_a_snapshot(seq=2)
    script.lose(WriteMarker, why=Silence.UNREACHABLE)
    assert [view.id for view in script.session.markers()] == ["m2"]


def test_a_marker_that_only_looked_like_a_refused_one_leaves_both() -> None:
    """And each is found under its own id."""
    script = Script()
    script.start()
    script.put(CreateMarker(x=10.0, y=20.0, text="text 2"))
    script.opened()
    script.answer(ReadSnapshot, snapshot(marker(2, author=ME), seq=2))
    assert [view.id for view in script.session.markers()] == ["m2"]
    script.refuse(WriteMarker, 429)
    assert [view.id for view in script.session.markers()] == ["m2", "op1"]
    assert script.session.marker("op1") != script.session.marker("m2")


def test_an_own_marker_that_came_back_and_was_deleted_at_once_leaves_no_ghost() -> None:
    """Both in one page of the log: the ghost of the operation has to go from the screen."""
    script = Script()
    script.go_live(seq=0)
    script.put(CreateMarker(x=1.0, y=1.0, text="text 2"))
    script.closed()
    script.wake()
    script.opened()
    script.answer(
        ReadLog, page(made(2, seq=1, author=ME, broadcast_id="op1"), DeletedImageChat(seq=2, chat_id="m2"), head=2)
    )
    assert script.now_of(MarkerGone) == [MarkerGone(marker_id="op1")]
    assert script.now_of(MarkerPut) == []
    assert script.session.markers() == ()


def test_an_own_marker_that_a_snapshot_brought_stays_deleted() -> None:
    """Its own answer is still to come when somebody deletes it, and the answer brings nothing back either."""
    script = Script()
    script.start()
    script.put(CreateMarker(x=10.0, y=20.0, text="text 2"))
    script.opened()
    script.answer(ReadSnapshot, snapshot(marker(2, author=ME), seq=2))
    script.answer(ReadLog, page(head=2))
    assert [view.id for view in script.session.markers()] == ["m2"]
    script.frame(DeletedImageChat(seq=3, chat_id="m2"))
    assert (script.session.markers(), script.now_of(MarkerPut)) == ((), [])
    own = public_comment("c2", "text 2", author=ME, at=2)
    script.answer(WriteMarker, MarkerCreated(status="success", marker=marker(2, author=ME), comment=own, seq=2))
    assert (script.session.markers(), script.now_of(MarkerPut)) == ((), [])
    assert [end.outcome for end in script.of(OperationEnded)] == [Outcome.CONFIRMED]


def test_an_own_comment_that_a_load_brought_stays_deleted() -> None:
    """Also when its answer only comes after its deletion."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.put(AddComment(marker_id="m1", text="mine"))
    script.answer(ReadThread, thread("c1", "mine", seq=3))
    script.frame(Batch(first=2, last=4, events=(DeletedComment(seq=4, chat_id="m1", comment=LiveComment(id="mine")),)))
    assert (texts(script.session.thread("m1")), script.now_of(CommentPut)) == (["c1"], [])
    own = public_comment("mine", "mine", author=ME, at=2)
    script.answer(WriteComment, CommentSaved(status="success", comment=own, user=None, seq=3))
    assert (texts(script.session.thread("m1")), script.now_of(CommentPut)) == (["c1"], [])


def test_a_retry_that_is_confirmed_after_its_comment_was_deleted_leaves_no_ghost() -> None:
    """The server remembers its answer; the comment went with its parent, and the screen has it as the operation."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.answer(ReadThread, thread("c1", seq=1))
    script.put(AddComment(marker_id="m1", text="mine"))
    script.refuse(WriteComment, 502)
    script.put(Retry(operation="op1"))
    script.frame(Batch(first=2, last=5, events=()))
    own = public_comment("mine", "mine", author=ME, at=2)
    script.answer(WriteComment, CommentSaved(status="success", comment=own, user=None, seq=3))
    assert texts(script.session.thread("m1")) == ["c1"]
    assert CommentGone(marker_id="m1", comment_id="op1") in script.now_of(CommentGone)


def test_a_comment_read_in_a_thread_that_is_ahead_of_the_board_stays_read() -> None:
    """Its own event comes later and must not make it unread again, nor count it less."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.answer(ReadThread, thread("c1", "c5", seq=2))
    assert script.session.board.unread == 1
    script.put(MarkAllRead())
    script.frame(said("c5", "c5", seq=2))
    view = script.session.marker("m1")
    assert view is not None
    assert (script.session.board.unread, view.comment_count) == (0, 2)


def test_the_first_comment_of_an_empty_marker_is_unread() -> None:
    """The marker had none at the first load, so whatever comes is new, also when a load brings it before its event."""
    script = Script()
    script.go_live(Conversation(id="m1", url_id="w1", x=1.0, y=1.0, number=1), seq=1)
    script.answer(ReadThread, thread("c1", seq=2))
    assert script.session.board.unread == 1


def test_a_failed_comment_cannot_be_deleted_on_the_server() -> None:
    """It has no id there; its operation is given up or retried instead."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.answer(ReadThread, thread("c1", seq=1))
    script.put(AddComment(marker_id="m1", text="mine"))
    script.refuse(WriteComment, 429)
    script.put(DeleteComment(marker_id="m1", comment_id="op1"))
    assert script.of(OperationEnded)[-1].reason is Reason.CONFLICT
    assert texts(script.session.thread("m1")) == ["c1", "mine"]
    script.put(Retry(operation="op1"))
    assert script.asked(WriteComment) == 2


def test_a_second_write_in_a_hurry_is_no_gap() -> None:
    """The second the first write's events have is not also the second write's."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.answer(ReadThread, thread("c1", seq=1))
    asked = script.asked(ReadLog)
    for number, after in ((1, 0.0), (2, 0.9)):
        script.now += after
        script.put(AddComment(marker_id="m1", text=f"text {number}"))
        own = public_comment(f"d{number}", f"text {number}", author=ME, at=number)
        script.answer(WriteComment, CommentSaved(status="success", comment=own, user=None, seq=1 + 2 * number))
        if number == 1:
            first = said("d1", "text 1", seq=2, author=ME, broadcast_id="op1")
            second = ImageChatUpdated(seq=3, broadcast_id="op1", conversation=marker(1, count=2))
            script.frame(Batch(first=2, last=3, events=(first, second)))
    script.wake()
    assert script.now < 1.1
    assert script.asked(ReadLog) == asked


def test_an_own_comment_stays_visible_while_a_stale_thread_is_loaded_again() -> None:
    """The log was cut; the snapshot is past the comment, but the thread is still the one from before."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.answer(ReadThread, thread("c1", seq=1))
    script.put(AddComment(marker_id="m1", text="mine"))
    own = public_comment("mine", "mine", author=ME, at=2)
    script.answer(WriteComment, CommentSaved(status="success", comment=own, user=None, seq=3))
    script.closed()
    script.wake()
    script.opened()
    script.refuse(ReadLog, 410)
    script.answer(ReadSnapshot, snapshot(marker(1, count=2), seq=9))
    assert texts(script.session.thread("m1")) == ["c1", "mine"]
    script.answer(ReadThread, thread("c1", "mine", seq=9))
    assert texts(script.session.thread("m1")) == ["c1", "mine"]


def test_a_load_that_an_opened_thread_interrupts_comes_after_it() -> None:
    """Otherwise that thread stays as it was before the snapshot, although the link is live."""
    script = Script()
    script.go_live(marker(1), marker(2), seq=2)
    for key in ("c2", "c1"):
        script.answer(ReadThread, thread(key, seq=2))
    script.closed()
    script.wake()
    script.opened()
    script.refuse(ReadLog, 410)
    script.answer(ReadSnapshot, snapshot(marker(1), marker(2, count=2), seq=9))
    script.put(OpenThread(marker_id="m1"))
    script.answer(ReadThread, thread("c1", seq=9))
    script.answer(ReadThread, thread("c2", "missed", seq=9))
    assert texts(script.session.thread("m2")) == ["c2", "missed"]


def test_a_marker_that_has_lost_its_last_comment_takes_no_title_from_an_older_load() -> None:
    """The news that it is empty came before the load, and the deletion itself after it."""
    script = Script()
    script.go_live(marker(1), seq=1)
    empty = Conversation(id="m1", url_id="w1", x=10.0, y=20.0, comment_count=0)
    script.frame(ImageChatUpdated(seq=2, conversation=empty))
    script.answer(ReadThread, thread("c1", seq=1))
    script.frame(DeletedComment(seq=3, chat_id="m1", comment=LiveComment(id="c1")))
    assert script.session.markers()[0].title == ""


def test_the_answer_to_a_retry_is_not_taken_for_the_whole_thread_of_a_later_board() -> None:
    """It says what was written at first; somebody has voted since, and only the snapshot was read."""
    script = brought_by_a_snapshot(seq=5)
    own = public_comment("c2", "text 2", author=ME, at=2)
    script.answer(WriteMarker, MarkerCreated(status="success", marker=marker(2, author=ME), comment=own, seq=2))
    script.answer(ReadLog, page(head=5))
    voted = msgspec.structs.replace(own, votes=-1)
    script.answer(ReadThread, Comments(status="success", comments=[voted], user=None, page_number=0, seq=5))
    assert [comment.votes for comment in script.session.thread("m2") or ()] == [-1]


def test_a_refused_board_opens_no_socket_behind_the_users_back() -> None:
    """New names for it come when the board is refused already; the user's own attempt then finds the way free."""
    script = Script()
    script.start()
    script.closed(status=403)
    late = script.question(ReadChats).ask
    script.refuse(ReadSnapshot, 401)
    states = [script.session.link.state]
    script.put(Answered(ask=late, reply=chats()))
    assert script.now_of(Connect) == []
    script.put(RetryNow())
    script.answer(ReadChats, chats())
    script.opened()
    script.answer(ReadSnapshot, snapshot(seq=0))
    script.answer(ReadLog, page(head=0))
    states.append(script.session.link.state)
    assert states == [LinkState.REFUSED, LinkState.LIVE]


def test_a_dial_with_names_that_were_refused_is_given_up() -> None:
    """Otherwise it opens beside the next one, whose opening then counts for nothing."""
    script = Script()
    script.start()
    old = script.attempt
    script.refuse(ReadSnapshot, 401)
    assert script.now_of(Disconnect) == [Disconnect()]
    script.put(SocketOpened(attempt=old))
    script.answer(ReadChats, chats())
    script.opened()
    script.answer(ReadSnapshot, snapshot(seq=0))
    script.answer(ReadLog, page(head=0))
    assert script.session.link.state is LinkState.LIVE
    script.wake()
    assert script.now_of(Disconnect) == []


def test_no_attempt_is_made_while_new_names_are_on_their_way() -> None:
    """A dial that was waited for would have the old ones."""
    script = Script()
    script.start()
    script.closed()
    script.refuse(ReadSnapshot, 401)
    script.put(Woke(), after=60.0)
    assert len(script.of(Connect)) == 1


def test_a_half_open_socket_is_noticed_by_the_keep_alive() -> None:
    """Within twenty seconds the link says so, and what was missed is read."""
    world = World(seed=1, sessions=2)
    world.start()
    world.wait(3.0)
    world.wire.freeze(world.runners[0].client)
    world.runners[1].put(CreateMarker(x=1.0, y=1.0, text="missed"))
    world.wait(KEEP_ALIVE - 1.0)
    states = [world.runners[0].session.link.state]
    world.wait(5.0)
    states.append(world.runners[0].session.link.state)
    assert states == [LinkState.LIVE, LinkState.LIVE]
    assert world.runners[0].session.stats.reconnects == 1
    assert [view.title for view in world.runners[0].session.markers()] == ["missed"]


def test_an_opened_thread_is_marked_read_on_one_screen_only() -> None:
    """What one person has read says nothing about another."""
    world = World(seed=2, sessions=2)
    world.start()
    world.wait(3.0)
    one, two = world.runners
    one.put(CreateMarker(x=1.0, y=1.0, text="a"))
    world.wait(2.0)
    marker_id = two.session.markers()[0].id
    assert (one.session.board.unread, two.session.board.unread) == (0, 1)
    two.put(OpenThread(marker_id=marker_id))
    one.put(AddComment(marker_id=marker_id, text="b"))
    world.wait(2.0)
    assert two.session.board.unread == 0
