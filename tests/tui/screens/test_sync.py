"""The sync screen: what the link went through, what went over the wire, and a report to pass on."""

from pathlib import Path

from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import press, reviewed, shown


async def _report(board: MemoryBoard, *, drafts: Path | None) -> str:
    async with shown(board, (100, 40), drafts=drafts) as pilot:
        await press(pilot, "S")
        screen = grid(pilot.app)
        await press(pilot, "c")
        assert pilot.app.clipboard == board.report().decode()
        return screen


async def test_it_tells_the_links_history_and_the_traffic() -> None:
    """Newest state first, with the time since; bytes and round trip."""
    screen = await _report(reviewed(), drafts=None)
    assert "live 1 min ← syncing 1 min" in screen
    for fact in ("12 ms", "48.2 kB", "1.9 kB", "Reconnects", "Gaps healed"):
        assert fact in screen


async def test_at_a_plain_host_it_names_the_thread_that_is_followed() -> None:
    """Any other thread is read when it is opened."""
    board = reviewed()
    assert "Thread followed" not in await _report(board, drafts=None)
    board.followed = board.markers()[1].id
    assert "Thread followed     #2" in await _report(board, drafts=None)


async def test_a_copied_report_is_also_a_file_for_its_owner_only(tmp_path: Path) -> None:
    """Many terminals take no clipboard; the file lies beside the drafts."""
    board = reviewed()
    await _report(board, drafts=tmp_path / "state" / "drafts.json")
    written = tmp_path / "state" / "report.jsonl"
    assert written.read_bytes() == board.report()
    assert written.stat().st_mode & 0o077 == 0


async def test_a_report_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """The clipboard has it all the same, and the app goes on."""
    (tmp_path / "state").write_text("in the way")
    await _report(reviewed(), drafts=tmp_path / "state" / "drafts.json")
