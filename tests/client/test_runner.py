"""One session in the real world: effects happen, changes arrive in order, nothing is left running."""

import asyncio
from collections.abc import Sequence
from typing import Any, Self

import pytest

from imagechat_tui.client.ports import SocketEnded
from imagechat_tui.client.runner import Runner
from imagechat_tui.core import asks
from imagechat_tui.core.inputs import (
    Answered,
    FrameReceived,
    Input,
    MarkAllRead,
    RetryNow,
    Silence,
    SocketClosed,
    SocketOpened,
    Start,
    Stop,
    Unanswered,
    Undo,
    Woke,
)
from imagechat_tui.core.outputs import Ask, Change, Connect, Disconnect, MarkerGone, Output, WakeAt
from imagechat_tui.errors import NotFoundError
from imagechat_tui.protocol.events import Unknown
from tests.client.doubles import FakeApi, FakeLive, Rule, ScriptedSession, says_nothing


def connect(attempt: int) -> Connect:
    """An effect that opens the live socket."""
    return Connect(attempt=attempt, tenant_id_ws="t", url_id_ws="u", user_id_ws="w", board_scope=True)


def on(kind: type[Input], *outputs: Output) -> Rule:
    """A rule: these outputs for inputs of that kind, none for others."""

    def rule(happened: Input, _now: float) -> list[Output]:
        return list(outputs) if isinstance(happened, kind) else []

    return rule


class World:
    """A runner among doubles, at work inside ``async with``."""

    def __init__(self, rule: Rule | None = None, **options: Any) -> None:
        self.session = ScriptedSession(rule or says_nothing)
        self.api = FakeApi()
        self.live = FakeLive()
        self.runner = Runner(self.session, api=self.api, live=self.live, **options)
        self.changes: list[Sequence[Change]] = []
        self.runner.listen(self.changes.append)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.runner.run())
        await self.session.saw(Start)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.runner.stop()
        assert self._task is not None
        await self._task


async def test_running_opens_the_board_and_stopping_says_goodbye_to_the_session() -> None:
    """Start comes first, Stop last, and the API's connections are let go."""
    async with World() as world:
        pass
    assert [type(one) for one in world.session.seen] == [Start, Stop]
    assert world.api.closed == 1


async def test_changes_arrive_in_order_and_grouped() -> None:
    """What one slice of inputs caused is announced once: a hundred events, one repaint."""
    rule = on(Undo, MarkerGone(marker_id="a"), WakeAt(at=None), MarkerGone(marker_id="b"))
    async with World(rule) as world:
        world.runner.submit(Undo())
        world.runner.submit(Undo())
        await world.session.saw(Undo, times=2)
    assert [change.marker_id for group in world.changes for change in group if isinstance(change, MarkerGone)] == [
        *"abab"
    ]
    assert len(world.changes) == 1


async def test_a_question_is_asked_and_its_answer_is_an_input() -> None:
    """The effect's number comes back with the answer."""
    async with World(on(Start, Ask(ask=7, body=asks.Probe(), timeout=1))) as world:
        answer = await world.session.saw(Answered)
    assert isinstance(answer, Answered)
    assert answer.ask == 7
    assert world.api.asked == [asks.Probe()]


async def test_a_question_that_breaks_inside_ends_all_the_same_and_is_not_hidden(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The session waits for exactly one ending; the bug is in the log and among the faults."""
    world = World(on(Start, Ask(ask=7, body=asks.Probe(), timeout=1)))
    world.api.fails_with = ZeroDivisionError("a bug")
    async with world:
        ending = await world.session.saw(Unanswered)
    assert isinstance(ending, Unanswered)
    assert (ending.ask, ending.why) == (7, Silence.LOST)
    assert "a bug" in caplog.text
    assert list(world.runner.faults) == ["Probe failed: ZeroDivisionError"]


async def test_frames_carry_the_attempt_of_their_connection() -> None:
    """So the session can tell an old connection's frames from a new one's."""
    async with World(on(Start, connect(3))) as world:
        assert await world.session.saw(SocketOpened) == SocketOpened(attempt=3)
        world.live.opened[0].frames.put_nowait(Unknown(type="new-thing", seq=4))
        world.live.opened[0].frames.put_nowait(None)
        await world.session.saw(FrameReceived, times=2)
        world.live.opened[0].frames.put_nowait(SocketEnded(detail="gone"))
        assert await world.session.saw(SocketClosed) == SocketClosed(attempt=3, detail="gone")
    assert [one.frame for one in world.session.seen if isinstance(one, FrameReceived)] == [
        Unknown(type="new-thing", seq=4),
        None,
    ]
    assert world.live.opened[0].closed


async def test_a_refused_upgrade_reports_its_status() -> None:
    """401 and 403 mean something else than silence."""
    world = World(on(Start, connect(1)))
    world.live.refuses_with = SocketEnded(status=403, detail="no")
    async with world:
        assert await world.session.saw(SocketClosed) == SocketClosed(attempt=1, status=403, detail="no")


async def test_a_socket_that_breaks_inside_counts_as_closed(caplog: pytest.LogCaptureFixture) -> None:
    """The session reconnects; the bug is in the log."""
    async with World(on(Start, connect(1))) as world:
        await world.session.saw(SocketOpened)
        world.live.opened[0].frames.put_nowait(ZeroDivisionError("a bug"))
        assert await world.session.saw(SocketClosed) == SocketClosed(attempt=1, detail="ZeroDivisionError")
    assert "a bug" in caplog.text


async def test_a_new_connection_drops_the_old_one_without_a_word_from_it() -> None:
    """The session asked for the change, so it needs no report of it."""
    numbers = iter(range(1, 9))

    def rule(happened: Input, _now: float) -> list[Output]:
        return [connect(next(numbers))] if isinstance(happened, Start | RetryNow) else []

    async with World(rule) as world:
        await world.session.saw(SocketOpened)
        world.runner.submit(RetryNow())
        await world.session.saw(SocketOpened, times=2)
        old, new = world.live.opened
        await until(lambda: old.closed)
        assert not new.closed
    assert not any(isinstance(one, SocketClosed) for one in world.session.seen)


async def test_disconnect_closes_the_socket() -> None:
    """And nothing is reported, because it was asked for."""

    def rule(happened: Input, _now: float) -> list[Output]:
        return [connect(1)] if isinstance(happened, Start) else [Disconnect()] if isinstance(happened, Undo) else []

    async with World(rule) as world:
        await world.session.saw(SocketOpened)
        world.runner.submit(Undo())
        await until(lambda: world.live.opened[0].closed)


async def test_the_one_timer_is_replaced_and_taken_back() -> None:
    """Only the last WakeAt counts."""

    def rule(happened: Input, now: float) -> list[Output]:
        match happened:
            case Start():
                return [WakeAt(at=now + 3600), WakeAt(at=now)]
            case Woke():
                return [WakeAt(at=now + 0.001), WakeAt(at=None)]
            case _:
                return []

    async with World(rule) as world:
        await world.session.saw(Woke)
        assert world.runner._timer is None
    assert sum(isinstance(one, Woke) for one in world.session.seen) == 1


async def test_a_listener_that_fails_is_logged_and_the_others_still_hear(caplog: pytest.LogCaptureFixture) -> None:
    """A screen's bug must not stop the sync."""
    world = World(on(Undo, MarkerGone(marker_id="a")))
    world.changes.clear()

    def broken(_changes: Sequence[Change]) -> None:
        raise ZeroDivisionError("a screen's bug")

    heard: list[Sequence[Change]] = []
    world.runner.listen(broken)
    unlisten = world.runner.listen(heard.append)
    async with world:
        world.runner.submit(Undo())
        await world.session.saw(Undo)
        unlisten()
        world.runner.submit(Undo())
        await world.session.saw(Undo, times=2)
    assert len(heard) == 1
    assert len(world.changes) == 2
    assert "a screen's bug" in caplog.text
    assert world.runner.faults


async def test_a_listener_may_submit() -> None:
    """Submitting only queues; nothing is handled twice at once."""
    world = World(on(Start, MarkerGone(marker_id="a")))
    world.runner.listen(lambda _changes: world.runner.submit(MarkAllRead()))
    async with world:
        await world.session.saw(MarkAllRead)


async def test_a_session_that_fails_ends_the_run_loudly_and_leaves_nothing_behind() -> None:
    """Its state is not to be trusted any more."""

    def rule(happened: Input, _now: float) -> list[Output]:
        if isinstance(happened, Undo):
            raise ZeroDivisionError("a bug")
        return [connect(1), Ask(ask=1, body=asks.Probe(), timeout=1)] if isinstance(happened, Start) else []

    world = World(rule)
    world.api.gate.clear()
    run = asyncio.create_task(world.runner.run())
    await world.session.saw(SocketOpened)
    world.runner.submit(Undo())
    with pytest.raises(ZeroDivisionError):
        await run
    assert world.live.opened[0].closed
    assert world.api.cancelled == 1
    await world.runner.stop()


async def test_cancelling_the_run_leaves_nothing_behind() -> None:
    """Every task ends and is awaited, the timer is off."""
    world = World(on(Start, connect(1), Ask(ask=1, body=asks.Probe(), timeout=1), WakeAt(at=1e12)))
    world.api.gate.clear()
    run = asyncio.create_task(world.runner.run())
    await world.session.saw(SocketOpened)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert world.live.opened[0].closed
    assert (world.api.cancelled, world.api.closed) == (1, 1)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_cancelling_a_run_that_says_goodbye_ends_it() -> None:
    """Whoever waits for its end hears of it, and the connections are let go."""
    world = World(on(Start, connect(1)))
    run = asyncio.create_task(world.runner.run())
    await world.session.saw(SocketOpened)
    socket = world.live.opened[0]
    socket.farewell.clear()
    leaving = asyncio.create_task(world.runner.stop())
    await until(lambda: socket.closed)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    await asyncio.wait_for(leaving, 5)
    assert world.api.closed == 1


async def test_stopping_waits_for_a_cancelled_run_to_say_goodbye() -> None:
    """What ends an app cancels the run first and asks it to stop then: nothing of it may be left when that returns."""
    world = World(on(Start, connect(1)))
    run = asyncio.create_task(world.runner.run())
    await world.session.saw(SocketOpened)
    socket = world.live.opened[0]
    socket.farewell.clear()
    run.cancel()
    await until(lambda: socket.closed)
    leaving = asyncio.create_task(world.runner.stop())
    await asyncio.wait([leaving], timeout=0.05)
    assert not leaving.done()
    socket.farewell.set()
    await asyncio.wait_for(leaving, 5)
    with pytest.raises(asyncio.CancelledError):
        await run
    assert world.api.closed == 1


async def test_a_write_on_its_way_is_allowed_to_finish_when_the_person_leaves() -> None:
    """Quitting right after sending does not lose what was sent."""
    write = asks.RemoveMarker(broadcast_id="b", marker_id="m")
    world = World(on(Start, Ask(ask=1, body=write, timeout=1), Ask(ask=2, body=asks.Probe(), timeout=1)))
    world.api.gate.clear()
    run = asyncio.create_task(world.runner.run())
    await until(lambda: len(world.api.asked) == 2)
    world.runner.submit(Stop())
    await world.session.saw(Stop)
    world.api.gate.set()
    await run
    assert world.api.cancelled == 0


async def test_a_flood_of_frames_does_not_starve_others() -> None:
    """Other tasks get a turn at least every 64 frames."""
    async with World(on(Start, connect(1))) as world:
        await world.session.saw(SocketOpened)
        for _ in range(5_000):
            world.live.opened[0].frames.put_nowait(None)
        turns = 0
        while sum(isinstance(one, FrameReceived) for one in world.session.seen) < 5_000:
            await asyncio.sleep(0)
            turns += 1
        assert turns >= 5_000 // 64
        assert max(len(group) for group in [*world.changes, []]) <= 64


async def test_stopping_before_running_closes_the_api_once() -> None:
    """And a run that begins too late ends at once: the app may be closed while it starts."""
    world = World()
    await world.runner.stop()
    await world.runner.stop()
    assert world.api.closed == 1
    await world.runner.run()
    assert world.session.seen == []


async def test_a_runner_runs_once() -> None:
    """Two loops on one session would tear it apart."""
    async with World() as world:
        with pytest.raises(RuntimeError):
            await world.runner.run()


async def test_the_picture_is_fetched_once_per_version() -> None:
    """A board that changes its picture is asked again."""
    world = World()
    world.api.pictures = {"/1.png": b"one", "/2.png": b"two"}
    with pytest.raises(NotFoundError):
        await world.runner.picture()
    world.session.src = "/1.png"
    assert await world.runner.picture() == await world.runner.picture() == b"one"
    world.session.src = "/2.png"
    assert await world.runner.picture() == b"two"
    assert world.api.fetched == ["/1.png", "/2.png"]
    world.session.src = "/3.png"
    world.runner.keep_picture("/3.png", b"three")
    assert await world.runner.picture() == b"three"
    await world.runner.stop()


async def test_the_trace_keeps_what_happened() -> None:
    """For a bug report."""
    async with World() as world:
        world.runner.submit(Undo())
        await world.session.saw(Undo)
    assert [type(entry.input) for entry in world.runner.trace.entries()] == [Start, Undo, Stop]


async def until(holds: Any) -> None:
    """Wait for something that needs a few turns of the loop."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - the doubles have no event for every fact
            await asyncio.sleep(0)
