"""What a user copies from the sync screen can be played again in the simulator, to the same end."""

from pathlib import Path

import pytest

from imagechat_tui.client.trace import Trace, read_report
from imagechat_tui.core.inputs import AddComment, DeleteMarker, MoveMarker, ResolveMarker, RetryNow, Start, Woke
from imagechat_tui.core.views import BoardReader, LinkState
from tests.simulation.__main__ import main
from tests.simulation.demands import Broken
from tests.simulation.replay import Replay
from tests.support.people import make_board, person
from tests.support.proxy import proxy_to
from tests.support.servers import in_process


def shape(view: BoardReader) -> list[tuple[object, ...]]:
    """A board without anybody's words."""
    return [
        (one.id, one.number, one.x, one.y, one.resolved, one.comment_count, one.mine, one.delivery, len(one.title))
        for one in view.markers()
    ]


async def test_a_users_report_replays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An hour with losses, refusals and lost answers: the same operations, the same board, from the report alone."""
    report = tmp_path / "report.jsonl"
    async with in_process(tmp_path / "data") as server, proxy_to(server.url) as wire:
        place = await make_board(server.url, await server.tenant())
        async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
            await ann.live()
            await ben.live()
            first = await ann.pin("mine, secret words", x=12.5)
            theirs = await ben.pin("theirs")
            await ann.sees("theirs")
            await ann.change(MoveMarker(marker_id=first.id, x=70.0, y=30.0))
            await ann.change(AddComment(marker_id=theirs.id, text="an answer"))
            await wire.refuse()
            wire.reset()
            await ann.state(LinkState.OFFLINE)
            await ann.change(AddComment(marker_id=theirs.id, text="refused, for there is no connection"))
            await ben.change(ResolveMarker(marker_id=first.id, resolved=True))
            await ben.pin("meanwhile")
            await wire.listen()
            ann.do(RetryNow())
            await ann.live()
            wire.lose_answer_to(b"/imagechat/v1/markers/")
            await ann.change(ResolveMarker(marker_id=theirs.id, resolved=True))
            await ann.live()
            await ann.change(DeleteMarker(marker_id=first.id))
            await ann.sees("theirs", like=lambda one: one.resolved)
            ended, stats = shape(ann.view), ann.view.stats
            report.write_bytes(ann.runner.report())
            assert [state for _, state in ann.runner.link_history()][:2] == [LinkState.LIVE, LinkState.SYNCING]
    assert b"secret" not in report.read_bytes()
    replay = Replay()
    replay.play(read_report(report.read_bytes()))
    session = replay.session
    assert shape(session) == ended
    assert session.stats == stats
    assert main(["--replay", str(report)]) == 0
    assert "every invariant held" in capsys.readouterr().out


def test_a_report_without_its_beginning_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The ring had to forget it; or there is no such file, or it is something else."""
    trace = Trace(most=1)
    trace.add(0.0, Start())
    trace.add(1.0, Woke())
    with pytest.raises(Broken, match="lacks its beginning"):
        Replay().play(read_report(trace.report()))
    other = tmp_path / "notes.txt"
    assert main(["--replay", str(other)]) == 1
    other.write_text("nothing of the kind")
    assert main(["--replay", str(other)]) == 1
    assert "No such file" in capsys.readouterr().out
