"""The app as a whole: sizes, pictures that fail or change, floods, drafts, and its end."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual._compositor import Compositor

from imagechat_tui.core.outputs import MarkerPut, PictureChanged
from imagechat_tui.core.views import LinkState
from imagechat_tui.errors import PictureError, UsageError
from imagechat_tui.tui.app import ImagechatApp
from imagechat_tui.tui.boards import Board
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.settings import TuiSettings
from imagechat_tui.tui.widgets.link_banner import LinkBanner
from imagechat_tui.tui.widgets.marker_badge import MarkerBadge
from imagechat_tui.tui.widgets.marker_list import MarkerList
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import bench, board_screen, calm, picture, press, reviewed, shown, toasts


async def test_resizing_keeps_crosshair_selection_and_draft() -> None:
    """Through every shape and back."""
    async with shown(reviewed(), (160, 45)) as pilot:
        await press(pilot, "n", "right", "right", "R", "h", "i")
        point = bench(pilot).picture.point
        for size in ((100, 30), (80, 24), (40, 12), (30, 8), (160, 45)):
            await pilot.resize_terminal(*size)
            await calm(pilot)
            assert bench(pilot).composer.text == "hi"
            assert bench(pilot).writing
        assert bench(pilot).picture.point == point
        assert "#1 · open" in grid(pilot.app)


async def test_a_narrow_screen_shows_one_pane_at_a_time() -> None:
    """The thread takes all of it, escape goes back to the picture."""
    async with shown(reviewed(), (80, 24)) as pilot:
        await press(pilot, "n", "enter")
        assert bench(pilot).pane is Pane.THREAD
        assert not bench(pilot).query_one("#stage").display
        await press(pilot, "escape")
        assert bench(pilot).query_one("#stage").display
        assert not bench(pilot).query_one("#talk").display


async def test_a_broken_picture_leaves_a_sentence_and_the_markers() -> None:
    """Threads can be read without it."""
    async with shown(reviewed(), data=b"no picture at all") as pilot:
        assert "This is not a picture" in grid(pilot.app)
        await press(pilot, "n")
        assert "Same on my phone" in grid(pilot.app)


async def test_a_picture_that_cannot_be_fetched_leaves_a_sentence() -> None:
    """The board goes on without it."""

    class NoPicture(MemoryBoard):
        async def picture(self, *, told: Callable[[int, int], None] | None = None) -> bytes:  # noqa: ARG002 - the port's
            raise PictureError("The picture is larger than the limit.")

    board = NoPicture()
    app = ImagechatApp(Board(client=board, title="x"))
    async with app.run_test(size=(100, 30)) as pilot:
        await calm(pilot)
        assert "larger than the limit" in grid(pilot.app)


async def test_another_version_of_the_picture_replaces_the_old_one() -> None:
    """The crosshair stays; the user is told."""
    board = reviewed()
    async with shown(board) as pilot:
        before = bench(pilot).picture.viewport
        board.pixels = picture(300, 300)
        board.announce(PictureChanged(src="/q.png", version=3))
        await calm(pilot)
        after = bench(pilot).picture.viewport
        assert before is not None
        assert after is not None
        assert before.picture != after.picture
        assert any("version 3" in said for said in toasts(pilot))


async def test_a_thousand_changes_repaint_a_few_times() -> None:
    """Changes are gathered; what is shown in the end is right."""
    board = reviewed()
    async with shown(board) as pilot:
        shows = []
        marker_list = bench(pilot).query_one(MarkerList)
        original = marker_list.show

        def counted(*args: object, **kwargs: object) -> None:
            shows.append(1)
            original(*args, **kwargs)  # type: ignore[arg-type] # passed on as it came

        marker_list.show = counted  # type: ignore[method-assign] # counts, then does the same
        for i in range(1000):
            marker = board.marker(f"m{i % 5 + 1}")
            assert marker is not None
            changed = msgspec.structs.replace(marker, title=f"title {i}")
            board._markers[marker.id] = changed
            board.announce(MarkerPut(marker=changed))
        await calm(pilot)
        assert len(shows) <= 3
        assert "title 999" in grid(pilot.app)


async def test_another_comment_count_does_not_repaint_the_whole_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the window's title tells it beside the marker's own row and square."""
    painted: list[Any] = []
    original = Compositor.render_full_update
    board = reviewed()

    def paint(*args: Any, **named: Any) -> Any:
        painted.append(args)
        return original(*args, **named)

    async with shown(board) as pilot:
        monkeypatch.setattr(Compositor, "render_full_update", paint)
        titled = pilot.app.sub_title
        marker = board.marker("m2")
        assert marker is not None
        board.put(msgspec.structs.replace(marker, comment_count=marker.comment_count + 1))
        await calm(pilot)
        assert pilot.app.sub_title != titled
        assert not painted


async def test_a_changed_marker_touches_only_its_own_square() -> None:
    """The others are not asked to repaint."""
    board = reviewed()
    async with shown(board) as pilot:
        drawn: list[tuple[str, ...]] = []

        def watch(badge: MarkerBadge) -> None:
            original = badge.refresh

            def refresh(*args: Any, **kwargs: Any) -> Any:
                drawn.append(badge.keys)
                return original(*args, **kwargs)

            badge.refresh = refresh  # type: ignore[method-assign] # counts, then does the same

        for badge in pilot.app.screen.query(MarkerBadge):
            watch(badge)
        marker = board.marker("m2")
        assert marker is not None
        board.put(msgspec.structs.replace(marker, resolved=True))
        await calm(pilot)
        assert set(drawn) == {("m2",)}


async def test_the_banner_comes_and_goes_by_itself_and_counts_only_while_seen() -> None:
    """No timer is left when the link is live again."""
    board = reviewed()
    async with shown(board) as pilot:
        banner = board_screen(pilot).query_one(LinkBanner)
        assert not banner.display
        board.set_link(LinkState.OFFLINE, retry_at=1_010.0)
        await calm(pilot)
        assert "trying again in 10 s" in grid(pilot.app)
        assert banner._timer is not None
        board.set_link(LinkState.LIVE)
        await calm(pilot)
        assert not banner.display
        assert banner._timer is None


async def test_drafts_survive_the_end_of_the_app(tmp_path: Path) -> None:
    """What stood in the composer is there again, next time."""
    drafts = tmp_path / "state" / "drafts.json"
    async with shown(reviewed(), drafts=drafts) as pilot:
        await press(pilot, "m", "h", "e", "y")
        pilot.app.exit(0)
    assert drafts.stat().st_mode & 0o777 == 0o600
    async with shown(reviewed(), drafts=drafts) as pilot:
        await press(pilot, "m")
        assert bench(pilot).composer.text == "hey"


async def test_leaving_stops_the_client() -> None:
    """Nothing is left running."""
    board = reviewed()
    async with shown(board) as pilot:
        await pilot.press("q")
    assert board.stopped


def test_contradicting_keys_are_refused_before_anything_starts() -> None:
    """The sentence names both meanings."""
    with pytest.raises(UsageError, match="resolve"):
        ImagechatApp(Board(client=MemoryBoard()), settings=TuiSettings(keys={"resolve": "m"}))


ROOT = Path(__file__).parents[2]
RUN = """
    import sys
    from imagechat_tui.tui.app import ImagechatApp
    from imagechat_tui.tui.boards import Board
    from imagechat_tui.tui.settings import TuiSettings
    from pathlib import Path
    sys.path.insert(0, {root!r})
    from tests.tui.stage import reviewed, picture
    class Broken(type(reviewed())):
        def submit(self, input):
            raise RuntimeError("boom " + "secret " * 3)
    board = reviewed()
    if {broken}:
        board.__class__ = Broken
    app = ImagechatApp(Board(client=board, picture=picture()), settings=TuiSettings(log=Path("app.log")))
    sys.exit(app.start())
"""


def _in_a_terminal(*, broken: bool, act: str | signal.Signals) -> tuple[int, str]:
    """Run the app on a pseudo terminal until it shows a board, act, and wait for its end."""
    import pty  # noqa: PLC0415 - only these tests need a terminal

    master, slave = pty.openpty()
    code = textwrap.dedent(RUN).format(broken=broken, root=str(ROOT))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=slave, stdout=slave, stderr=slave, env=environment, close_fds=True
    )
    os.close(slave)
    seen = ""
    acted = False
    while True:
        try:
            seen += os.read(master, 65536).decode(errors="replace")
        except OSError:
            break
        if not acted and "Markers" in seen and "quit" in seen:
            acted = True
            if isinstance(act, str):
                os.write(master, act.encode())
            else:
                process.send_signal(act)
    os.close(master)
    return process.wait(timeout=20), seen


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_app_and_restores_the_terminal(number: signal.Signals, code: int) -> None:
    """Cursor shown, alternate screen left, mouse off."""
    ended, seen = _in_a_terminal(broken=False, act=number)
    assert ended == code
    for sequence in ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l"):
        assert sequence in seen


def test_a_mistake_of_ours_ends_in_one_sentence_on_a_restored_terminal() -> None:
    """It names the log and shows no pages of local variables."""
    ended, seen = _in_a_terminal(broken=True, act="n")
    assert ended == 1
    after = seen.rpartition("\x1b[?1049l")[2]
    assert "app.log" in after
    assert "Traceback" not in after
    assert "locals" not in after
