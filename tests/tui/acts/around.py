"""Panes, lists, dialogs, boards, the app itself."""

from imagechat_tui.core import inputs
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.screens.help import Help
from imagechat_tui.tui.screens.sync import SyncDetails
from imagechat_tui.tui.screens.usage import Usage
from imagechat_tui.tui.widgets.filter_line import FilterLine
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.acts.register import acts, last
from tests.tui.stage import Stage, bench, board_screen, press, toasts


@acts("boards")
async def _boards(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "B")
    assert toasts(pilot) == ["There is no list of boards here."]
    assert not board.stopped


@acts("next_marker", "previous_marker", "next_open", "previous_open")
async def _walk(pilot: Stage, board: MemoryBoard) -> None:
    seen = []
    for key in ("n", "n", "n", "p", "]", "]", "]", "]", "["):
        await press(pilot, key)
        opened = last(board, inputs.OpenThread)
        assert isinstance(opened, inputs.OpenThread)
        marker = board.marker(opened.marker_id)
        assert marker is not None
        seen.append(marker.number)
    assert seen == [1, 2, 3, 2, 4, 5, 1, 2, 1]
    assert any("first again" in said for said in toasts(pilot))


@acts("next_pane", "previous_pane")
async def _panes(pilot: Stage, _board: MemoryBoard) -> None:
    walked = []
    for key in ("tab", "tab", "tab", "shift+tab"):
        await press(pilot, key)
        walked.append(bench(pilot).pane)
    assert walked == [Pane.LIST, Pane.THREAD, Pane.PICTURE, Pane.THREAD]


@acts("filter", "apply_filter", "clear_filter")
async def _filter(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "/", *"blue")
    assert "1 of 5" in grid(pilot.app)
    assert "Spacing" not in grid(pilot.app)
    await press(pilot, "enter")
    assert board_screen(pilot).query_one(FilterLine).display
    await press(pilot, "/", "escape")
    assert "Spacing" in grid(pilot.app)
    assert not board_screen(pilot).query_one(FilterLine).display


@acts("copy_link")
async def _copy_link(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "y")
    assert pilot.app.clipboard == "https://chat.example/b"
    assert "https://chat.example/b" in toasts(pilot)


@acts("row_up", "row_down", "row_first", "row_last")
async def _rows(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "tab", "down", "down", "up")
    assert "▌ 1 ●" in grid(pilot.app)
    await press(pilot, "G")
    assert "▌ 5 ●" in grid(pilot.app)
    await press(pilot, "g")
    assert "▌ 1 ●" in grid(pilot.app)


@acts("back")
async def _back(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "n", "enter", "escape")
    assert bench(pilot).pane is Pane.PICTURE
    await press(pilot, "escape")
    assert "#1 · open" not in grid(pilot.app)


@acts("sync")
async def _sync(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "S")
    assert isinstance(pilot.app.screen, SyncDetails)
    assert "Log read to" in grid(pilot.app)
    await press(pilot, "escape")


@acts("usage")
async def _usage(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "U")
    assert isinstance(pilot.app.screen, Usage)
    assert "18,850" in grid(pilot.app)
    await press(pilot, "escape")


@acts("colors")
async def _colors(pilot: Stage, _board: MemoryBoard) -> None:
    names = []
    for _ in range(4):
        await press(pilot, "C")
        names.append(pilot.app.theme)
    assert names == ["imagechat-light", "imagechat-contrast", "imagechat-ansi", "imagechat-dark"]


@acts("help")
async def _help(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "?")
    assert isinstance(pilot.app.screen, Help)
    assert "Place a marker at the crosshair" in grid(pilot.app)
    await press(pilot, "escape", "m", "f1")
    assert isinstance(pilot.app.screen, Help)


@acts("command_palette")
async def _palette(pilot: Stage, _board: MemoryBoard) -> None:
    await pilot.press("ctrl+p")
    await pilot.pause()
    assert "Search for actions" in grid(pilot.app)


@acts("quit")
async def _quit(pilot: Stage, _board: MemoryBoard) -> None:
    await pilot.press("q")
    assert pilot.app.return_value == 0


@acts("next_board", "previous_board")
async def _other_boards(pilot: Stage, _board: MemoryBoard) -> None:
    """Where there is one only; sets of several are in ``test_boards``."""
    before = board_screen(pilot)
    await press(pilot, "greater_than_sign", "less_than_sign")
    assert board_screen(pilot) is before
    assert set(toasts(pilot)) == {"There is one image only; “imagechat open” takes several."}
