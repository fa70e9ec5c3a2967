"""What a person may do, and why not."""

import msgspec
import pytest

from imagechat_tui.core import inputs
from imagechat_tui.core.views import Delivery, LinkState
from imagechat_tui.protocol.limits import COMMENT_CHARACTERS
from imagechat_tui.tui.conversation import Conversation
from imagechat_tui.tui.drafts import Edit, NewMarker, Reply
from tests.support.board_client import MemoryBoard
from tests.tui.stage import reviewed


def talk(board: MemoryBoard, *, read_only: bool = False) -> Conversation:
    """On a board."""
    return Conversation(read=lambda: board, submit=board.submit, read_only=read_only)


def test_each_target_becomes_its_intent() -> None:
    """A marker, a reply, an edit."""
    board = reviewed()
    board.answer = "hold"
    conversation = talk(board)
    assert conversation.send(NewMarker(x=1, y=2), "a") is None
    assert conversation.send(Reply(marker_id="m1", parent_id="c1"), "b") is None
    assert conversation.send(Edit(marker_id="m1", comment_id="c1"), "c") is None
    assert board.submitted == [
        inputs.CreateMarker(x=1, y=2, text="a"),
        inputs.AddComment(marker_id="m1", text="b", parent_id="c1"),
        inputs.EditComment(marker_id="m1", comment_id="c1", text="c"),
    ]


@pytest.mark.parametrize("state", [LinkState.OFFLINE, LinkState.REFUSED, LinkState.CLOSED])
def test_without_a_connection_nothing_is_submitted(state: LinkState) -> None:
    """Nothing is queued."""
    board = reviewed()
    board.set_link(state)
    conversation = talk(board)
    marker = board.markers()[0]
    assert conversation.send(NewMarker(x=1, y=2), "a")
    assert conversation.resolve(marker)
    assert conversation.move("m1", x=1, y=1)
    assert conversation.delete("m1", None)
    assert conversation.undo()
    assert board.submitted == []


def test_while_reconnecting_an_attempt_is_made() -> None:
    """HTTP may still answer."""
    board = reviewed()
    board.set_link(LinkState.RECONNECTING)
    assert talk(board).send(NewMarker(x=1, y=2), "a") is None


def test_a_read_only_board_refuses_every_change() -> None:
    """Reading goes on."""
    board = reviewed()
    conversation = talk(board, read_only=True)
    assert conversation.resolve(board.markers()[0])
    assert conversation.may_reply(board.markers()[0])
    assert conversation.send(NewMarker(x=1, y=2), "a")
    conversation.open_thread("m1")
    assert board.submitted == [inputs.OpenThread(marker_id="m1")]


def test_others_markers_and_comments_are_for_moderators() -> None:
    """Edits are for the author alone."""
    board = reviewed()
    conversation = talk(board)
    foreign, own = board.markers()[0], board.markers()[2]
    comments = board.thread("m1") or ()
    assert "Ana" in (conversation.may_delete(foreign, None) or "")
    assert "Ana" in (conversation.may_move(foreign) or "")
    assert conversation.may_delete(own, None) is None
    assert conversation.may_edit(comments[0])
    assert conversation.may_edit(comments[2]) is None
    board.moderator = True
    assert conversation.may_delete(foreign, comments[0]) is None
    assert conversation.may_move(foreign) is None
    assert conversation.may_edit(comments[0])


def test_what_is_still_being_sent_waits() -> None:
    """An id without a confirmation cannot be addressed."""
    board = reviewed()
    pending = msgspec.structs.replace(board.markers()[2], delivery=Delivery.PENDING)
    failed = msgspec.structs.replace(pending, delivery=Delivery.FAILED, number=None)
    conversation = talk(board)
    assert conversation.resolve(pending)
    assert conversation.may_reply(failed)
    assert conversation.may_delete(pending, None)


def test_too_long_a_text_is_stopped_before_it_is_sent() -> None:
    """It says by how much."""
    board = reviewed()
    problem = talk(board).send(NewMarker(x=1, y=2), "x" * (COMMENT_CHARACTERS + 3))
    assert problem is not None
    assert problem.startswith("3 characters")


def test_the_same_vote_again_takes_it_back() -> None:
    """And one's own comments are not voted on."""
    board = reviewed()
    conversation = talk(board)
    comment = (board.thread("m1") or ())[0]
    voted = msgspec.structs.replace(comment, my_vote=1)
    conversation.vote(voted, 1)
    assert board.submitted[-1] == inputs.Vote(marker_id="m1", comment_id=comment.id, direction=0)
    assert conversation.vote((board.thread("m1") or ())[2], 1)


def test_retry_means_what_failed_nearest_then_the_connection() -> None:
    """Comment, marker, thread, board; else connect; else say that there is nothing."""
    board = reviewed()
    conversation = talk(board)
    assert conversation.retry(None, None)
    assert conversation.discard(None, None)
    marker = msgspec.structs.replace(board.markers()[0], delivery=Delivery.FAILED, operation="op9")
    board._markers[marker.id] = marker
    assert conversation.failed_operation(None, None) == "op9"
    comment = msgspec.structs.replace((board.thread("m2") or ())[0], delivery=Delivery.FAILED, operation="op8")
    assert conversation.failed_operation(marker, comment) == "op8"
    board.set_link(LinkState.OFFLINE)
    conversation.retry(marker, None)
    assert board.submitted[-1] == inputs.RetryNow()
