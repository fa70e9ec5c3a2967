"""A host with the plain contract only: two requests make a marker, lists repair what was missed, echoes are dropped."""

from imagechat_tui.core.asks import (
    ChangeMarker,
    ClaimWindow,
    ReadChats,
    ReadThread,
    RemoveMarker,
    WriteComment,
    WriteText,
)
from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteMarker,
    EditComment,
    MoveMarker,
    OpenThread,
    Retry,
    Start,
)
from imagechat_tui.core.outputs import CommentPut, Connect, MarkerPut, OperationEnded, Outcome
from imagechat_tui.core.views import Delivery, LinkState, Reason
from imagechat_tui.protocol.events import DeletedImageChat, ImageChatUpdated, NewComment, NewImageChat
from imagechat_tui.protocol.models import Conversation, LiveComment, PublicComment
from imagechat_tui.protocol.replies import Comments, CommentSaved, Done, ImageChatCreated, TextSaved
from tests.core.scripted import ME, OTHER, Script, chats, live_comment, public_comment, texts


def bare(number: int, *, x: float = 10.0) -> Conversation:
    """A marker with the documented keys only."""
    return Conversation(id=f"m{number}", url_id=f"w{number}", x=x, y=20.0)


def live(*markers: Conversation) -> Script:
    """A live board on a plain host, its threads not loaded."""
    script = Script(plain=True)
    script.put(Start())
    script.answer(ReadChats, chats(*markers, plain=True))
    script.opened()
    script.answer(ReadChats, chats(*markers, plain=True))
    assert script.session.link.state is LinkState.LIVE
    return script


def saved(key: str, text: str, *, at: int = 5) -> CommentSaved:
    """The answer to a comment of one's own."""
    return CommentSaved(status="success", comment=public_comment(key, text, author=ME, at=at), user=None)


def thread(*comments: PublicComment) -> Comments:
    """A thread without a position."""
    return Comments(status="success", comments=list(comments), user=None, page_number=0)


def ids(script: Script) -> list[str]:
    """The markers on the board."""
    return [view.id for view in script.session.markers()]


def test_the_list_is_read_again_when_the_socket_is_open() -> None:
    """What came between the two is in it; only then is the board live."""
    script = Script(plain=True)
    script.start()
    assert script.of(Connect)[-1].board_scope is False
    script.opened()
    assert (script.session.link.state, script.session.link.plain_host) == (LinkState.SYNCING, True)
    script.frame(NewImageChat(conversation=bare(2)))
    script.answer(ReadChats, chats(bare(1), plain=True))
    assert ids(script) == ["m1", "m2"]
    assert [view.number for view in script.session.markers()] == [1, 2]
    assert script.session.link.state is LinkState.LIVE


def test_a_loaded_thread_tells_title_author_and_count() -> None:
    """A plain list does not."""
    script = live(bare(1))
    script.answer(ReadThread, thread(public_comment("c1", "first", at=1), public_comment("c2", "second", at=2)))
    view = script.session.marker("m1")
    assert view is not None
    assert (view.title, view.author_name, view.comment_count, view.last_author) == ("first", "other", 2, "other")
    assert view.unread == 0


def test_a_marker_takes_two_requests_and_is_one_operation() -> None:
    """First the comment in its window, then the claim under an id of its own."""
    script = live()
    script.put(CreateMarker(x=25.5, y=30.0, text="hello"))
    window = "board:/p.png:25.5:30"
    assert script.question(WriteComment).body == WriteComment(broadcast_id="op1", window_url_id=window, comment="hello")
    script.answer(WriteComment, saved("c1", "hello"))
    assert script.question(ClaimWindow).body == ClaimWindow(
        broadcast_id="op1.marker", window_url_id=window, src="/p.png", page_title="Page", x=25.5, y=30.0,
        comment_id="c1",
    )  # fmt: skip
    assert script.of(OperationEnded) == []
    script.answer(ClaimWindow, ImageChatCreated(status="success", created_chat_id="m1"))
    [end] = script.of(OperationEnded)
    assert (end.outcome, end.marker_id, end.comment_id) == (Outcome.CONFIRMED, "m1", "c1")
    [view] = script.session.markers()
    assert (view.id, view.number, view.delivery, view.comment_count) == ("m1", 1, Delivery.CONFIRMED, 1)
    assert texts(script.session.thread("m1")) == ["hello"]


def test_own_echoes_are_dropped_after_the_answer() -> None:
    """Of both requests, and however late."""
    script = live()
    script.put(CreateMarker(x=25.5, y=30.0, text="hello"))
    script.answer(WriteComment, saved("c1", "hello"))
    script.answer(ClaimWindow, ImageChatCreated(status="success", created_chat_id="m1"))
    assert script.frame(NewImageChat(broadcast_id="op1.marker", conversation=bare(1))) == []
    assert script.frame(NewComment(broadcast_id="op1", comment=LiveComment(id="c1", url_id="w1"))) == []


def test_an_own_event_before_the_answer_settles_it() -> None:
    """And the answer is no news."""
    script = live()
    script.put(CreateMarker(x=25.5, y=30.0, text="hello"))
    script.answer(WriteComment, saved("c1", "hello"))
    made = Conversation(id="m1", url_id="board:/p.png:25.5:30", x=25.5, y=30.0, created_from_comment_id="c1")
    script.frame(NewImageChat(broadcast_id="op1.marker", conversation=made))
    assert [(end.outcome, end.marker_id) for end in script.of(OperationEnded)] == [(Outcome.CONFIRMED, "m1")]
    [view] = script.session.markers()
    assert (view.title, view.comment_count, texts(script.session.thread("m1"))) == ("hello", 1, ["hello"])
    script.answer(ClaimWindow, ImageChatCreated(status="success", created_chat_id="m1"))
    assert len(script.of(OperationEnded)) == 1
    assert ids(script) == ["m1"]


def test_a_retry_repeats_only_what_is_still_to_be_done() -> None:
    """The comment was written; only the claim had no answer."""
    script = live()
    script.put(CreateMarker(x=25.5, y=30.0, text="hello"))
    script.answer(WriteComment, saved("c1", "hello"))
    script.lose(ClaimWindow)
    assert script.of(OperationEnded)[-1].outcome is Outcome.UNKNOWN
    script.put(Retry(operation="op1"))
    assert (script.asked(WriteComment), script.asked(ClaimWindow)) == (1, 2)
    assert script.question(ClaimWindow).body.broadcast_id == "op1.marker"  # type: ignore[attr-defined]  # a write has one
    script.answer(ClaimWindow, ImageChatCreated(status="success", created_chat_id="m1"))
    assert ids(script) == ["m1"]


def test_moving_and_resolving_are_not_offered() -> None:
    """They end at once, with the reason."""
    script = live(bare(1))
    script.put(MoveMarker(marker_id="m1", x=1.0, y=1.0))
    assert script.of(OperationEnded)[-1].reason is Reason.NOT_COMPATIBLE
    assert script.asked(ChangeMarker) == 0


def test_comments_edits_and_deletions_are_in_the_rows_after_their_answer() -> None:
    """Nothing else would tell when an overlay may go."""
    script = live(bare(1))
    script.answer(ReadThread, thread(public_comment("c1", "first", author=ME, at=1)))
    script.put(AddComment(marker_id="m1", text="more"))
    script.answer(WriteComment, saved("c2", "more"))
    [put] = script.now_of(CommentPut)
    assert (put.was, put.comment.delivery) == ("op1", Delivery.CONFIRMED)
    echo = NewComment(broadcast_id="op1", comment=LiveComment(id="c2", url_id="w1", comment="more"))
    assert script.frame(echo) == []
    script.put(EditComment(marker_id="m1", comment_id="c2", text="better"))
    result = TextSaved.Result(approved=True, comment_html="better")
    script.answer(WriteText, TextSaved(status="success", comment=result))
    assert texts(script.session.thread("m1")) == ["first", "better"]
    view = script.session.marker("m1")
    assert view is not None
    assert view.comment_count == 2
    script.put(DeleteMarker(marker_id="m1"))
    script.answer(RemoveMarker, Done(status="success"))
    assert ids(script) == []
    assert [end.outcome for end in script.of(OperationEnded)] == [Outcome.CONFIRMED] * 3


def test_an_opened_thread_gets_its_own_socket() -> None:
    """The link is not lost by that: it only reads once more what it may have missed."""
    script = live(bare(1), bare(2))
    for key in ("c2", "c1"):
        script.answer(ReadThread, thread(public_comment(key, key, at=1)))
    script.put(OpenThread(marker_id="m2"))
    assert script.of(Connect)[-1].thread_url_id == "w2"
    assert script.session.link.state is LinkState.SYNCING
    script.opened()
    script.answer(ReadChats, chats(bare(1), bare(2), plain=True))
    states = [script.session.link.state]
    assert states == [LinkState.LIVE]
    assert script.session.stats.followed == "m2"
    assert script.asked(ReadThread) == 3
    assert script.question(ReadThread).body == ReadThread(window_url_id="w2")
    asked = len(script.of(Connect))
    script.put(OpenThread(marker_id="m2"))
    assert len(script.of(Connect)) == asked


def test_an_own_comment_survives_a_load_that_is_older() -> None:
    """The thread was asked for before the comment was written, and answered after it: nobody else brings it back."""
    script = live(bare(1))
    script.put(AddComment(marker_id="m1", text="more"))
    script.answer(WriteComment, saved("c2", "more"))
    script.answer(ReadThread, thread(public_comment("c1", "first", at=1)))
    assert texts(script.session.thread("m1")) == ["first", "more"]


def test_a_count_told_during_a_load_is_newer_than_the_load() -> None:
    """The thread is readable, and loaded once more: its own channel is not open, nobody else would tell."""
    script = live(bare(1))
    told = Conversation(id="m1", url_id="w1", x=10.0, y=20.0, comment_count=2)
    script.frame(ImageChatUpdated(broadcast_id="theirs", conversation=told))
    script.answer(ReadThread, thread(public_comment("c1", "first", at=1)))
    view = script.session.marker("m1")
    assert view is not None
    assert (view.comment_count, texts(script.session.thread("m1"))) == (2, ["first"])
    script.wake()
    assert script.asked(ReadThread) == 2
    script.answer(ReadThread, thread(public_comment("c1", "first", at=1), public_comment("c2", "second", at=2)))
    assert texts(script.session.thread("m1")) == ["first", "second"]
    assert script.asked(ReadThread) == 2


def test_a_thread_that_was_opened_before_its_marker_was_confirmed_is_followed() -> None:
    """It had no place at the host when it was opened; what others say in it arrives, and is read at once."""
    script = live()
    script.put(CreateMarker(x=25.5, y=30.0, text="hello"))
    script.put(OpenThread(marker_id="op1"))
    script.answer(WriteComment, saved("c1", "hello"))
    script.answer(ClaimWindow, ImageChatCreated(status="success", created_chat_id="m1"))
    assert script.of(Connect)[-1].thread_url_id == "board:/p.png:25.5:30"
    asked = len(script.of(Connect))
    script.opened()
    assert len(script.of(Connect)) == asked


def test_after_a_loss_the_list_brings_what_was_missed() -> None:
    """New markers, moved ones, and those that are gone."""
    script = live(bare(1), bare(2))
    script.closed()
    script.wake()
    script.opened()
    script.frame(DeletedImageChat(chat_id="m3"))
    script.answer(ReadChats, chats(bare(2, x=77.0), bare(3), plain=True))
    assert ids(script) == ["m2"]
    view = script.session.marker("m2")
    assert view is not None
    assert (view.x, view.number) == (77.0, 2)


def test_a_bare_list_does_not_forget_what_threads_have_told() -> None:
    """Title and count came from the thread; a list that names places only says nothing against them."""
    script = live(bare(1))
    script.answer(ReadThread, thread(public_comment("c1", "first", at=1)))
    script.closed()
    script.wake()
    script.opened()
    script.answer(ReadChats, chats(bare(1, x=50.0), plain=True))
    view = script.session.marker("m1")
    assert view is not None
    assert (view.x, view.title, view.comment_count) == (50.0, "first", 1)


def test_an_update_of_an_unknown_marker_brings_the_list() -> None:
    """So does a frame that cannot be read."""
    script = live(bare(1))
    asked = script.asked(ReadChats)
    script.frame(ImageChatUpdated(conversation=bare(9)))
    assert script.asked(ReadChats) == asked + 1
    script.answer(ReadChats, chats(bare(1), bare(9), plain=True))
    script.frame(None)
    assert script.asked(ReadChats) == asked + 2


def test_news_of_others_are_applied_and_counted_as_unread() -> None:
    """In the open thread's channel, known by the thread's key."""
    script = live(bare(1))
    script.answer(ReadThread, thread(public_comment("c1", "first", at=1)))
    theirs = live_comment("c5", "theirs", author=OTHER, at=40)
    event = NewComment(comment=LiveComment(id="c5", url_id="w1", user_id=OTHER, comment="theirs", date=theirs.date))
    script.frame(event)
    assert texts(script.session.thread("m1")) == ["first", "theirs"]
    assert [put.marker.unread for put in script.now_of(MarkerPut)] == [1]


def test_a_refused_list_is_a_refused_link() -> None:
    """After one attempt with new names."""
    script = live()
    script.closed()
    script.wake()
    script.opened()
    states: list[LinkState] = []
    for _ in range(2):
        script.refuse(ReadChats, 403)
        states.append(script.session.link.state)
    assert states == [LinkState.RECONNECTING, LinkState.REFUSED]
