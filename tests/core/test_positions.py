"""Gaps, damaged frames, logs that no longer reach back, boards that were quiet for long."""

import msgspec

from imagechat_tui.core.asks import ReadLog, ReadSnapshot, ReadThread, WriteComment
from imagechat_tui.core.inputs import AddComment, FrameReceived
from imagechat_tui.core.outputs import BoardReplaced, PictureChanged
from imagechat_tui.core.positions import GAP_WAIT, QUIET
from imagechat_tui.core.views import LinkState
from imagechat_tui.protocol.events import Batch, ImageChatUpdated, PresenceUpdate, Skip, Unknown
from imagechat_tui.protocol.models import Image
from imagechat_tui.protocol.replies import Comments, CommentSaved, Snapshot
from tests.core.scripted import ME, Script, made, marker, page, public_comment, snapshot


def ids(script: Script) -> list[str]:
    """The markers on the board."""
    return [view.id for view in script.session.markers()]


def live(seq: int = 1) -> Script:
    """A live board with one marker."""
    script = Script()
    script.go_live(marker(1), seq=seq)
    first = [public_comment("c1", "text 1")]
    script.answer(ReadThread, Comments(status="success", comments=first, user=None, page_number=0, seq=seq))
    return script


def test_a_gap_that_closes_in_time_costs_nothing() -> None:
    """Events that only overtook each other."""
    script = live()
    script.frame(made(3, seq=3))
    script.frame(made(2, seq=2))
    assert ids(script) == ["m1", "m2", "m3"]
    script.now += 10 * GAP_WAIT
    assert script.session.link.state is LinkState.LIVE
    assert script.session.stats.gaps == 0


def test_a_gap_that_stays_is_read_from_the_log() -> None:
    """After a quarter of a second and some chance; live frames are held back meanwhile."""
    script = live()
    asked = script.asked(ReadLog)
    script.frame(made(3, seq=3))
    script.wake()
    assert GAP_WAIT < script.now < 2 * GAP_WAIT
    assert script.asked(ReadLog) == asked + 1
    assert script.session.link.state is LinkState.SYNCING
    script.frame(made(4, seq=4))
    script.answer(ReadLog, page(made(2, seq=2), made(3, seq=3), head=3))
    assert ids(script) == ["m1", "m2", "m3", "m4"]
    assert (script.session.link.state, script.session.stats.gaps) == (LinkState.LIVE, 1)


def test_a_frame_that_cannot_be_read_is_repaired_from_the_log() -> None:
    """It is counted, and whatever was in it comes by the log."""
    script = live()
    script.frame(None)
    script.wake()
    script.answer(ReadLog, page(made(2, seq=2), head=2))
    assert ids(script) == ["m1", "m2"]
    assert script.session.stats.malformed == 1


def test_a_log_in_pages_is_read_to_its_end() -> None:
    """Live only after the last page."""
    script = live()
    script.closed()
    script.wake()
    script.opened()
    script.answer(ReadLog, page(made(2, seq=2), head=3, has_more=True))
    assert script.question(ReadLog).body == ReadLog(after=2)
    states = [script.session.link.state]
    script.answer(ReadLog, page(made(3, seq=3), head=3))
    states.append(script.session.link.state)
    assert states == [LinkState.SYNCING, LinkState.LIVE]


def test_a_log_that_is_too_old_brings_the_whole_board() -> None:
    """What was deleted meanwhile is gone and does not come back; what is held back is applied on top."""
    script = live()
    script.closed()
    script.wake()
    script.opened()
    script.refuse(ReadLog, 410, code="log-too-old")
    script.frame(made(9, seq=51))
    script.answer(ReadSnapshot, snapshot(marker(5), seq=50))
    assert script.now_of(BoardReplaced)
    assert ids(script) == ["m5", "m9"]
    assert (script.session.cursor, script.session.link.state) == (51, LinkState.LIVE)


def test_a_snapshot_keeps_what_is_pending_of_ones_own() -> None:
    """It is laid over the new rows."""
    script = live()
    script.put(AddComment(marker_id="m1", text="mine"))
    script.closed()
    script.wake()
    script.opened()
    script.refuse(ReadLog, 410)
    script.answer(ReadSnapshot, snapshot(marker(1), seq=50))
    view = script.session.marker("m1")
    assert view is not None
    assert view.comment_count == 2


def test_a_busy_log_is_asked_again() -> None:
    """Without giving the socket up."""
    script = live()
    script.closed()
    script.wake()
    script.opened()
    script.refuse(ReadLog, 503)
    asked = script.asked(ReadLog)
    script.wake()
    assert script.asked(ReadLog) == asked + 1
    assert script.session.link.state is LinkState.SYNCING


def test_a_quiet_board_is_compared_with_the_log_now_and_then() -> None:
    """A lost last event leaves no gap to see; the screen does not flicker for it."""
    script = live()
    asked = script.asked(ReadLog)
    script.wake()
    assert QUIET <= script.now <= 2 * QUIET
    assert script.asked(ReadLog) == asked + 1
    assert script.session.link.state is LinkState.LIVE
    script.answer(ReadLog, page(made(2, seq=2), head=2))
    assert ids(script) == ["m1", "m2"]


def test_an_own_write_whose_events_do_not_come_is_read_from_the_log() -> None:
    """The answer names a position that the socket should bring within a second."""
    script = live()
    asked = script.asked(ReadLog)
    script.put(AddComment(marker_id="m1", text="mine"))
    own = public_comment("c5", "mine", author=ME, at=9)
    script.answer(WriteComment, CommentSaved(status="success", comment=own, user=None, seq=3))
    script.wake()
    assert script.now == 1.0
    assert script.asked(ReadLog) == asked + 1


def test_presence_never_moves_the_cursor() -> None:
    """Nor does an event without a position; skips, batches and unknown types do."""
    script = live()
    script.frame(PresenceUpdate(joined=["t:a"], count=1, ts=10**13))
    assert script.session.cursor == 1
    script.frame(Skip(from_=2, to=4))
    script.frame(Unknown(type="page-react", seq=5))
    script.frame(Batch(first=6, last=9, events=(Unknown(type="page-react", seq=7), made(2, seq=8))))
    assert (script.session.cursor, script.session.stats.unknown) == (9, 2)
    assert ids(script) == ["m1", "m2"]


def test_an_event_that_makes_no_sense_brings_the_whole_board() -> None:
    """An update of nothing: the board is read anew instead of guessing."""
    script = live()
    script.frame(ImageChatUpdated(seq=2))
    assert script.asked(ReadSnapshot) == 2
    script.answer(ReadSnapshot, snapshot(marker(1), marker(2), seq=2))
    assert ids(script) == ["m1", "m2"]


def test_a_doubled_frame_is_applied_once() -> None:
    """The second one is old."""
    script = live()
    frame = made(2, seq=2)
    assert script.frame(frame)
    assert script.put(FrameReceived(attempt=script.attempt, frame=frame)) == []


def test_another_version_of_the_picture_is_announced() -> None:
    """The first one a board has is not: there was none to change."""
    script = live()
    script.closed()
    script.wake()
    script.opened()
    script.refuse(ReadLog, 410)
    picture = Image(src="/a.png", width=10, height=20, sha256="x", version=1)
    script.answer(ReadSnapshot, _with_image(picture))
    assert script.of(PictureChanged) == []
    script.closed()
    script.wake()
    script.opened()
    script.refuse(ReadLog, 410)
    script.answer(ReadSnapshot, _with_image(Image(src="/b.png", width=10, height=20, sha256="y", version=2)))
    assert script.of(PictureChanged) == [PictureChanged(src="/b.png", version=2)]
    assert script.session.board.image_size == (10, 20)


def _with_image(picture: Image) -> Snapshot:
    return msgspec.structs.replace(snapshot(marker(1), seq=9), image=picture)


def test_a_failed_snapshot_at_the_start_is_read_again() -> None:
    """The socket stays open for it."""
    script = Script()
    script.start()
    script.opened()
    script.refuse(ReadSnapshot, 500)
    script.wake()
    assert script.asked(ReadSnapshot) == 2
    script.answer(ReadSnapshot, snapshot(marker(1), seq=1))
    assert script.session.link.state is LinkState.LIVE
