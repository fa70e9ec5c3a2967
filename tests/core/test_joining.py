"""From nothing to live, and back after every loss: identity, socket, probe, back-off, refusal."""

import pytest

from imagechat_tui.core.asks import Probe, ReadChats, ReadLog, ReadSnapshot, WriteMarker
from imagechat_tui.core.inputs import (
    CreateMarker,
    FrameReceived,
    RetryNow,
    Silence,
    SocketClosed,
    SocketOpened,
    Start,
    Stop,
)
from imagechat_tui.core.outputs import (
    Ask,
    Connect,
    Disconnect,
    LinkChanged,
    OperationEnded,
    Outcome,
    PeopleChanged,
    WakeAt,
)
from imagechat_tui.core.views import LinkState, Reason
from imagechat_tui.protocol.events import PresenceUpdate
from imagechat_tui.protocol.replies import Done
from tests.core.scripted import Script, chats, made, marker, page, snapshot

CREATE = CreateMarker(x=1.0, y=1.0, text="a")


def state(script: Script) -> LinkState:
    """The link's."""
    return script.session.link.state


def test_the_socket_is_opened_and_the_board_read_side_by_side() -> None:
    """Neither waits for the other; live only when the log is in."""
    script = Script()
    script.start()
    assert [type(output) for output in script.last if isinstance(output, Connect | Ask)] == [Connect, Ask]
    script.opened()
    assert state(script) is LinkState.SYNCING
    script.answer(ReadSnapshot, snapshot(marker(1), seq=4))
    assert script.question(ReadLog).body == ReadLog(after=4)
    script.answer(ReadLog, page(head=4))
    assert state(script) is LinkState.LIVE


def test_no_log_is_read_when_held_back_frames_connect_to_the_snapshot() -> None:
    """They prove that nothing is missing between the two."""
    script = Script()
    script.start()
    script.opened()
    script.frame(made(2, seq=5))
    script.answer(ReadSnapshot, snapshot(marker(1), seq=4))
    assert script.asked(ReadLog) == 0
    assert state(script) is LinkState.LIVE
    assert len(script.session.markers()) == 2


def test_a_lost_socket_is_opened_again_with_growing_delays() -> None:
    """And the names for the socket are kept."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.closed()
    assert state(script) is LinkState.RECONNECTING
    delays: list[float] = []
    for _ in range(4):
        retry_at = script.session.link.retry_at
        assert retry_at is not None
        delays.append(retry_at - script.now)
        while script.session.link.retry_at is not None:
            script.wake()
        script.closed(status=502)
    assert delays == sorted(delays)
    assert script.asked(ReadChats) == 1
    assert script.session.link.attempt == 5


def test_after_reconnecting_the_log_is_read_from_the_cursor() -> None:
    """And what came meanwhile is applied once."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.closed()
    script.wake()
    script.opened()
    script.frame(made(3, seq=3))
    assert len(script.session.markers()) == 1
    script.answer(ReadLog, page(made(2, seq=2), made(3, seq=3), head=3))
    assert state(script) is LinkState.LIVE
    assert [view.id for view in script.session.markers()] == ["m1", "m2", "m3"]
    assert script.session.stats.reconnects == 1


def test_offline_needs_a_failed_attempt_and_a_silent_probe() -> None:
    """Either alone does not make it so, and any HTTP answer ends it."""
    script = Script()
    script.go_live()
    script.closed()
    script.wake()
    script.closed()
    assert state(script) is LinkState.RECONNECTING
    script.lose(Probe, why=Silence.UNREACHABLE)
    assert state(script) is LinkState.OFFLINE
    script.wake()
    script.closed()
    script.answer(Probe, Done(status="success"))
    assert state(script) is LinkState.RECONNECTING


def test_an_attempt_that_the_server_answers_needs_no_probe() -> None:
    """Something is there."""
    script = Script()
    script.go_live()
    script.closed()
    script.wake()
    script.closed(status=503)
    assert script.asked(Probe) == 0
    assert state(script) is LinkState.RECONNECTING


def test_offline_heals_by_itself() -> None:
    """Without anything done by the user."""
    script = Script()
    script.go_live()
    script.closed()
    script.wake()
    script.closed()
    script.lose(Probe, why=Silence.UNREACHABLE)
    script.wake()
    script.opened()
    script.answer(ReadLog, page(head=0))
    assert state(script) is LinkState.LIVE


def test_an_operation_begun_offline_fails_at_once_and_is_never_sent() -> None:
    """Not even when the connection is back."""
    script = Script()
    script.go_live()
    script.closed()
    script.wake()
    script.closed()
    script.lose(Probe, why=Silence.UNREACHABLE)
    script.put(CREATE)
    [end] = script.now_of(OperationEnded)
    assert (end.outcome, end.reason) == (Outcome.REFUSED, Reason.OFFLINE)
    assert script.session.markers()[0].title == "a"
    script.wake()
    script.opened()
    script.answer(ReadLog, page(head=0))
    assert script.asked(WriteMarker) == 0


def test_while_reconnecting_operations_are_tried_over_http() -> None:
    """The host may answer although the socket is gone."""
    script = Script()
    script.go_live()
    script.closed()
    script.put(CREATE)
    assert script.asked(WriteMarker) == 1


@pytest.mark.parametrize(
    ("status", "reason"), [(401, Reason.NOT_SIGNED_IN), (403, Reason.NOT_ALLOWED), (404, Reason.GONE)]
)
def test_a_refused_identity_is_the_end_until_the_user_asks(status: int, reason: Reason) -> None:
    """No alarm, no attempt; ``RetryNow`` is the way out."""
    script = Script()
    script.put(Start())
    script.refuse(ReadChats, status)
    assert (state(script), script.session.link.reason) == (LinkState.REFUSED, reason)
    assert script.of(WakeAt)[-1].at is None
    script.put(RetryNow())
    script.answer(ReadChats, chats())
    assert state(script) is LinkState.CONNECTING


def test_a_refused_socket_asks_for_new_names_once() -> None:
    """They may have run out; if not, the link is refused."""
    script = Script()
    script.go_live()
    script.closed()
    script.wake()
    script.closed(status=403)
    assert script.asked(ReadChats) == 2
    script.answer(ReadChats, chats())
    script.closed(status=403)
    assert (state(script), script.session.link.reason) == (LinkState.REFUSED, Reason.NOT_ALLOWED)


def test_a_log_refused_for_who_asks_gets_a_new_identity() -> None:
    """A session may end while its socket still opens."""
    script = Script()
    script.go_live()
    script.closed()
    script.wake()
    script.opened()
    script.refuse(ReadLog, 401)
    assert script.asked(ReadChats) == 2
    script.refuse(ReadChats, 401)
    assert state(script) is LinkState.REFUSED


def test_an_untrusted_certificate_is_refused_without_a_retry() -> None:
    """Whether the socket or a question met it."""
    script = Script()
    script.put(Start())
    script.lose(ReadChats, why=Silence.INSECURE)
    assert script.session.link.reason is Reason.INSECURE
    other = Script()
    other.start()
    other.put(SocketClosed(attempt=1, insecure=True))
    assert (state(other), other.session.link.reason) == (LinkState.REFUSED, Reason.INSECURE)


def test_something_that_is_no_server_of_ours_is_refused_at_the_start() -> None:
    """It answers, but not in the contract's words."""
    script = Script()
    script.put(Start())
    script.lose(ReadChats, why=Silence.FOREIGN)
    assert (state(script), script.session.link.reason) == (LinkState.REFUSED, Reason.NOT_COMPATIBLE)


def test_a_busy_server_at_the_start_is_asked_again() -> None:
    """503 is no refusal of who asks."""
    script = Script()
    script.put(Start())
    script.refuse(ReadChats, 503)
    assert state(script) is LinkState.RECONNECTING
    script.wake()
    assert script.asked(ReadChats) == 2


def test_a_dial_that_reports_nothing_is_given_up() -> None:
    """The session notices by itself, without the socket layer."""
    script = Script()
    script.start()
    script.answer(ReadSnapshot, snapshot(seq=0))
    while not script.now_of(Disconnect):
        script.wake()
    assert (state(script), script.now) == (LinkState.RECONNECTING, 15.0)


def test_a_log_without_an_answer_takes_the_socket_down() -> None:
    """A socket that only seems open is not waited for."""
    script = Script()
    script.go_live()
    script.closed()
    script.wake()
    script.opened()
    script.lose(ReadLog)
    assert script.now_of(Disconnect)
    assert state(script) is LinkState.RECONNECTING


def test_what_an_earlier_socket_reports_is_ignored() -> None:
    """Frames, openings and endings of an older dial."""
    script = Script()
    script.go_live(marker(1), seq=1)
    script.closed()
    script.wake()
    script.opened()
    for old in (
        FrameReceived(attempt=1, frame=made(2, seq=2)),
        SocketClosed(attempt=1),
        SocketOpened(attempt=1),
    ):
        assert script.put(old) == []
    assert state(script) is LinkState.SYNCING


def test_retry_now_does_not_wait_for_the_countdown() -> None:
    """And does nothing on a live link."""
    script = Script()
    script.go_live()
    assert script.put(RetryNow()) == []
    script.closed()
    script.put(RetryNow())
    assert script.now_of(Connect)
    assert script.now_of(LinkChanged)[0].link.retry_at is None


def test_a_link_that_never_stays_live_keeps_its_long_delays() -> None:
    """A server that accepts and drops at once is not asked twice a second for ever."""
    script = Script()
    script.go_live()
    delays: list[float] = []
    for _ in range(4):
        script.closed()
        delays.append((script.session.link.retry_at or 0) - script.now)
        while script.session.link.retry_at is not None:
            script.wake()
        script.opened()
        script.answer(ReadLog, page(head=0))
    assert delays == sorted(delays)
    assert delays[-1] > 2.0


def test_nobody_is_here_without_a_socket() -> None:
    """People are told again by the next one."""
    script = Script()
    script.go_live()
    script.frame(PresenceUpdate(joined=["t:a"], names={"t:a": "A"}, count=2))
    assert (script.session.viewers, [person.name for person in script.session.people]) == (2, ["A"])
    script.closed()
    assert script.now_of(PeopleChanged) == [PeopleChanged(people=(), count=0)]


def test_stop_ends_everything() -> None:
    """No alarm is left, and later answers change nothing."""
    script = Script()
    script.go_live()
    script.put(Stop())
    assert state(script) is LinkState.CLOSED
    assert script.now_of(Disconnect)
    assert script.of(WakeAt)[-1].at is None
    assert script.put(SocketClosed(attempt=1)) == []
    assert script.put(Start()) == []
