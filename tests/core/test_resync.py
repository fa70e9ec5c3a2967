"""The cursor and the hold-back: whatever order positions come in, each event is applied once and in order."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat_tui.core.resync import MOST, Resync, Segment, segment_of
from imagechat_tui.protocol.events import Batch, PresenceUpdate, Skip, Unknown
from imagechat_tui.protocol.replies import LogPage


def event(seq: int) -> Unknown:
    """An event that is nothing but its position."""
    return Unknown(type="x", seq=seq)


def segment(first: int, last: int | None = None) -> Segment:
    """All positions from ``first`` to ``last``."""
    last = first if last is None else last
    return Segment(first, last, [event(seq) for seq in range(first, last + 1)])


def ready(cursor: int = 0) -> Resync:
    """A board as of ``cursor`` that reads no log."""
    resync = Resync()
    resync.snapshot(cursor)
    resync.release()
    return resync


def positions(events: object) -> list[int | None]:
    """Where the events stand."""
    return [each.seq for each in events]  # type: ignore[attr-defined]  # any events


def test_what_is_next_is_applied_and_what_is_old_is_dropped() -> None:
    """The same position never counts twice."""
    resync = ready(3)
    assert positions(resync.offer(segment(4))) == [4]
    assert resync.offer(segment(4)) == []
    assert resync.offer(segment(1, 3)) == []
    assert resync.cursor == 4


def test_an_overlapping_batch_is_applied_from_the_next_position_on() -> None:
    """Its older events are not applied again."""
    resync = ready(3)
    assert positions(resync.offer(segment(2, 6))) == [4, 5, 6]
    assert resync.cursor == 6


def test_a_batch_covers_positions_of_events_it_left_out() -> None:
    """The cursor moves to its end."""
    resync = ready(0)
    assert positions(resync.offer(Segment(1, 5, [event(2), event(5)]))) == [2, 5]
    assert resync.cursor == 5


def test_a_gap_waits_for_what_is_missing() -> None:
    """What came too early is applied when the gap closes."""
    resync = ready(0)
    assert resync.offer(segment(2)) == []
    assert resync.gap
    assert positions(resync.offer(segment(1))) == [1, 2]
    assert not resync.behind


def test_while_the_log_is_read_everything_waits() -> None:
    """Even the next position; the log may bring it too."""
    resync = ready(0)
    resync.begin_read()
    assert resync.offer(segment(1)) == []
    assert resync.held_back == 1
    page = LogPage(status="success", events=[event(1), event(2)], head=2, has_more=False)
    assert positions(resync.page(page)) == [1, 2]
    assert resync.release() == []
    assert (resync.cursor, resync.held_back) == (2, 0)


def test_the_last_page_moves_the_cursor_to_the_head() -> None:
    """Events that this viewer may not see are simply not there."""
    resync = ready(0)
    resync.begin_read()
    resync.page(LogPage(status="success", events=[event(1)], head=9, has_more=False))
    assert resync.cursor == 9


def test_a_page_before_the_last_one_leaves_the_cursor_at_its_last_event() -> None:
    """The next page starts there."""
    resync = ready(0)
    resync.begin_read()
    resync.page(LogPage(status="success", events=[event(1), Skip(from_=2, to=4)], head=9, has_more=True))
    assert resync.cursor == 4


def test_a_frame_that_cannot_be_read_is_a_gap() -> None:
    """Any position may have been in it."""
    resync = ready(0)
    resync.damage()
    assert resync.behind
    resync.begin_read()
    assert not resync.behind


def test_too_much_held_back_is_dropped_and_read_again() -> None:
    """Memory is bounded, and nothing is lost by it."""
    resync = ready(0)
    resync.begin_read()
    for number in range(MOST + 1):
        resync.offer(segment(10 + number))
    assert resync.held_back <= MOST
    assert resync.behind


def test_presence_has_no_position() -> None:
    """So it cannot move the cursor; skips and batches have one."""
    assert segment_of(PresenceUpdate(joined=["t:a"], ts=1)) is None
    assert segment_of(Skip(from_=2, to=4)) == Segment(2, 4, ())
    assert segment_of(Batch(first=1, last=3, events=())) == Segment(1, 3, ())


@given(st.data())
def test_any_order_ends_with_every_event_once(data: st.DataObject) -> None:
    """Segments shuffled, doubled and overlapping; positions applied are 1..n in order."""
    length = data.draw(st.integers(1, 30))
    cuts = sorted(data.draw(st.sets(st.integers(1, length), max_size=8)) | {length})
    firsts = [1, *(cut + 1 for cut in cuts[:-1])]
    whole = [segment(first, last) for first, last in zip(firsts, cuts, strict=True)]
    extra = data.draw(st.lists(st.sampled_from(whole), max_size=5))
    resync = ready(0)
    applied: list[int | None] = []
    for each in data.draw(st.permutations([*whole, *extra])):
        before = resync.cursor or 0
        applied += positions(resync.offer(each))
        assert (resync.cursor or 0) >= before
    assert applied == list(range(1, length + 1))
    assert not resync.behind
