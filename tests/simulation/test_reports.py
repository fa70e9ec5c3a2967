"""Reports of simulated sessions are played again: also those that have lost how the board was opened."""

from dataclasses import replace

from imagechat_tui.client.trace import read_report
from imagechat_tui.core.session import Session
from tests.simulation.driver import make, play
from tests.simulation.replay import Replay

KEPT = 60
"""Inputs: some sessions handle twice as many, and their reports begin in the middle."""


def shape(session: Session) -> list[object]:
    """A board without anybody's words."""
    return [
        (
            (view.id, view.number, view.x, view.y, view.resolved, view.comment_count, view.unread, view.delivery),
            sorted((each.id, each.votes, each.unread, each.delivery) for each in session.thread(view.id) or ()),
        )
        for view in session.markers()
    ]


def test_a_report_from_the_middle_is_played_to_the_same_board() -> None:
    """Markers, threads, news, failed changes and the position are those of the session that wrote it."""
    played = 0
    for seed in range(120):
        schedule = make(seed)
        # What was done before the report begins cannot be undone in it.
        steps = tuple(step for step in schedule.steps if step.what != "undo")
        world = play(replace(schedule, steps=steps, as_served=True), kept=KEPT)
        for runner in world.runners:
            assert runner.trace is not None
            report = read_report(runner.trace.report())
            if report.scene is None:
                continue
            replay = Replay()
            replay.play(report)
            assert (seed, shape(replay.session)) == (seed, shape(runner.session))
            assert replay.session.cursor == runner.session.cursor
            played += 1
    assert played > 20
