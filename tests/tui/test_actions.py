"""Every action of the key table by its key, on a board with a review on it."""

from collections.abc import Awaitable, Callable

import pytest

from imagechat_tui.core import inputs
from imagechat_tui.core.views import Delivery, LinkState, Reason
from imagechat_tui.render.geometry import Zoom
from imagechat_tui.tui.keys import TABLE
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.messages import PictureMode
from imagechat_tui.tui.screens.confirm import Confirm
from imagechat_tui.tui.screens.help import Help
from imagechat_tui.tui.screens.sync import SyncDetails
from imagechat_tui.tui.screens.usage import Usage
from imagechat_tui.tui.widgets.filter_line import FilterLine
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import Stage, bench, board_screen, press, reviewed, shown, toasts
from tests.tui.usage import Counted, a_fortnight

Act = Callable[[Stage, MemoryBoard], Awaitable[None]]
ACTS: dict[str, Act] = {}


def acts(*actions: str) -> Callable[[Act], Act]:
    """Says which actions a piece of acting proves."""

    def keep(act: Act) -> Act:
        for action in actions:
            ACTS[action] = act
        return act

    return keep


def last(board: MemoryBoard, kind: type[inputs.Input]) -> inputs.Input:
    """The newest input of a kind."""
    return next(one for one in reversed(board.submitted) if isinstance(one, kind))


@acts("marker_here", "send", "newline")
async def _place(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "m", "O", "k", "ctrl+j", "B", "enter")
    made = last(board, inputs.CreateMarker)
    assert made == inputs.CreateMarker(x=bench(pilot).picture.point.x, y=bench(pilot).picture.point.y, text="Ok\nB")
    assert "#6 · open" in grid(pilot.app)
    assert not bench(pilot).composer.display


@acts("leave")
async def _leave(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "m", "h", "m", "escape")
    assert not any(isinstance(one, inputs.Intent) for one in board.submitted)
    await press(pilot, "m")
    assert bench(pilot).composer.text == "hm"


@acts("complete")
async def _complete(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "m", "@", "a", "tab")
    assert bench(pilot).composer.text == "@Ana "
    assert not any(isinstance(one, inputs.Intent) for one in board.submitted)


@acts("boards")
async def _boards(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "B")
    assert toasts(pilot) == ["There is no list of boards here."]
    assert not board.stopped


@acts("jump")
async def _jump(pilot: Stage, board: MemoryBoard) -> None:
    before = bench(pilot).picture.point
    await press(pilot, "f", "s", "d")
    assert bench(pilot).picture.mode is PictureMode.AIM
    aimed = bench(pilot).picture.point
    assert aimed != before
    await press(pilot, "right", "up")
    nudged = bench(pilot).picture.point
    assert (round(nudged.x - aimed.x, 4), round(nudged.y - aimed.y, 4)) == (0.1, -0.1)
    await press(pilot, "enter", "x", "enter")
    made = last(board, inputs.CreateMarker)
    assert isinstance(made, inputs.CreateMarker)
    assert (made.x, made.y) == tuple(nudged)


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


@acts("open")
async def _open(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "n", "n", "enter")
    assert bench(pilot).pane is Pane.THREAD
    await press(pilot, "enter")
    assert bench(pilot).writing


@acts("resolve")
async def _resolve(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "n", "x")
    assert last(board, inputs.ResolveMarker) == inputs.ResolveMarker(marker_id="m1", resolved=True)
    assert "#1 · resolved" in grid(pilot.app)
    await press(pilot, "x")
    assert last(board, inputs.ResolveMarker) == inputs.ResolveMarker(marker_id="m1", resolved=False)


@acts("move_marker")
async def _move(pilot: Stage, board: MemoryBoard) -> None:
    board.moderator = True
    await press(pilot, "n", "M", "left", "left", "enter")
    moved = last(board, inputs.MoveMarker)
    assert isinstance(moved, inputs.MoveMarker)
    assert moved.x < 75
    assert bench(pilot).picture.mode is PictureMode.POINT


@acts("hide_markers")
async def _hide(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "v")
    assert "[2]" not in grid(pilot.app)
    assert "markers hidden" in grid(pilot.app)
    await press(pilot, "v")
    assert "[2]" in grid(pilot.app)


@acts("mark_all_read")
async def _all_read(pilot: Stage, _board: MemoryBoard) -> None:
    assert "2 new" in grid(pilot.app)
    await press(pilot, "A")
    assert "2 new" not in grid(pilot.app)


@acts("reply")
async def _reply(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "n", "R", "y", "o", "enter")
    assert last(board, inputs.AddComment) == inputs.AddComment(marker_id="m1", text="yo")
    assert "yo" in grid(pilot.app)


@acts("edit")
async def _edit(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "n", "e")
    assert bench(pilot).composer.text == "Yes, and more padding."
    await press(pilot, "!", "enter")
    edited = last(board, inputs.EditComment)
    assert isinstance(edited, inputs.EditComment)
    assert edited.text == "Yes, and more padding.!"
    assert "edited" in grid(pilot.app)


@acts("delete")
async def _delete(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "n", "n", "n", "d")
    assert isinstance(pilot.app.screen, Confirm)
    await press(pilot, "enter")
    assert not any(isinstance(one, inputs.DeleteMarker) for one in board.submitted)
    await press(pilot, "d", "y")
    assert last(board, inputs.DeleteMarker) == inputs.DeleteMarker(marker_id="m3")
    assert "Spacing" not in grid(pilot.app)


@acts("undo")
async def _undo(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "u")
    assert last(board, inputs.Undo) == inputs.Undo()
    assert "There is nothing to undo." in toasts(pilot)


@acts("retry")
async def _retry(pilot: Stage, board: MemoryBoard) -> None:
    board.answer, board.refusal = "refuse", Reason.BUSY
    await press(pilot, "m", "a", "enter")
    assert any("the server is busy" in said and "r tries again" in said for said in toasts(pilot))
    assert "not sent" in grid(pilot.app)
    await press(pilot, "r")
    assert isinstance(last(board, inputs.Retry), inputs.Retry)
    assert "not sent" not in grid(pilot.app)


@acts("discard")
async def _discard(pilot: Stage, board: MemoryBoard) -> None:
    board.answer = "refuse"
    await press(pilot, "m", "a", "enter", "D")
    assert len(board.markers()) == 5
    assert all(marker.delivery is Delivery.CONFIRMED for marker in board.markers())


@acts("vote_up", "vote_down")
async def _vote(pilot: Stage, board: MemoryBoard) -> None:
    await press(pilot, "n", "enter", "k", "t")
    vote = last(board, inputs.Vote)
    assert isinstance(vote, inputs.Vote)
    assert vote.direction == 1
    assert "▲ 1 · you voted up" in grid(pilot.app)
    await press(pilot, "t", "T")
    assert "▼ -1" in grid(pilot.app)


@acts("copy_comment", "comment_up", "comment_down")
async def _copy_comment(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "n", "enter", "up", "up", "down", "Y")
    assert pilot.app.clipboard == "Same on my phone. Should we shorten it to “Pay”?"


@acts("thread_page_up", "thread_page_down")
async def _pages(pilot: Stage, board: MemoryBoard) -> None:
    for i in range(40):
        board.put_comment(board.comment("m1", "Bo", f"line {i}"))
    await press(pilot, "n", "enter", "pageup")
    above = bench(pilot).thread.scroll_offset.y
    await press(pilot, "pagedown")
    assert above < bench(pilot).thread.scroll_offset.y


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


@acts("go_left", "go_right", "go_up", "go_down", "far_left", "far_right", "far_up", "far_down")
async def _crosshair(pilot: Stage, _board: MemoryBoard) -> None:
    def cell() -> tuple[int, int]:
        picture = bench(pilot).picture
        assert picture.viewport is not None
        return picture.viewport.cell_at(picture.point)

    x, y = cell()
    for key, across, down in (
        ("right", 1, 0), ("l", 1, 0), ("down", 0, 1), ("j", 0, 1), ("left", -1, 0), ("up", 0, -1), ("h", -1, 0),
        ("k", 0, -1), ("shift+right", 8, 0), ("H", -8, 0), ("J", 0, 4), ("shift+up", 0, -4),
    ):  # fmt: skip
        x, y = x + across, y + down
        await press(pilot, key)
        assert cell() == (x, y), key


@acts("zoom_in", "zoom_out", "zoom_fit", "zoom_actual", "zoom_marker")
async def _zoom(pilot: Stage, _board: MemoryBoard) -> None:
    picture = bench(pilot).picture

    def scale() -> float:
        assert picture.viewport is not None
        return picture.viewport.pixels_per_column

    fitted = scale()
    await press(pilot, "+")
    near = scale()
    await press(pilot, "+")
    assert scale() < near < fitted
    await press(pilot, "-")
    assert scale() == near
    await press(pilot, "1")
    assert picture.viewport is not None
    assert picture.viewport.zoom is Zoom.ACTUAL
    await press(pilot, "0")
    assert scale() == fitted
    await press(pilot, "n", "z")
    assert scale() < fitted
    assert tuple(picture.point) == (75, 65)


@acts("pan", "pan_left", "pan_right", "pan_up", "pan_down")
async def _pan(pilot: Stage, _board: MemoryBoard) -> None:
    picture = bench(pilot).picture

    def corner() -> tuple[int, int]:
        assert picture.viewport is not None
        return picture.viewport.left, picture.viewport.top

    await press(pilot, "+", "+", "+")
    left, top = corner()
    await press(pilot, "ctrl+right", "ctrl+down")
    assert corner() == (left + 4, top + 2)
    await press(pilot, "ctrl+left", "ctrl+up", "space", "right", "down")
    assert corner() == (left + 2, top + 1)
    assert "PAN" in grid(pilot.app)
    await press(pilot, "escape")
    assert picture.mode is PictureMode.POINT


@acts("inspect")
async def _inspect(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "i", "up", "up", "up", "up", "up", "up", "up", "up", "up", "i")
    said = toasts(pilot)
    assert any(one.startswith("#") and "rgb(" in one for one in said)
    assert any("contrast" in one and ":1" in one for one in said)


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


@acts("drawing")
async def _drawing(pilot: Stage, _board: MemoryBoard) -> None:
    modes = []
    for _ in range(5):
        await press(pilot, "o")
        modes.append(bench(pilot).picture.look.mode)
    assert modes == ["quadrant", "half", "braille", "ascii", None]


@acts("fill")
async def _fill(pilot: Stage, _board: MemoryBoard) -> None:
    picture = bench(pilot).picture
    assert picture.viewport is not None
    assert picture.viewport.drawn[2:] != picture.viewport.window
    await press(pilot, "2")
    assert picture.viewport.drawn[2:] == picture.viewport.window
    assert picture.viewport.shows(picture.point)


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
    assert "Search for commands" in grid(pilot.app)


@acts("editor")
async def _editor(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "m", "a", "ctrl+o")
    assert bench(pilot).composer.text == "a"
    assert toasts(pilot)


@acts("quit")
async def _quit(pilot: Stage, _board: MemoryBoard) -> None:
    await pilot.press("q")
    assert pilot.app.return_value == 0


def test_every_action_is_acted() -> None:
    """A new one without an act fails."""
    assert set(ACTS) == {key.action for key in TABLE}


@pytest.mark.parametrize("act", dict.fromkeys(ACTS.values()), ids=lambda act: act.__name__.strip("_"))
async def test_an_action_does_what_its_key_says(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the key that the table names."""
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    board = reviewed()
    async with shown(board, link="https://chat.example/b", usage=Counted(a_fortnight())) as pilot:
        await act(pilot, board)


async def test_a_remapped_key_acts_and_is_named_everywhere() -> None:
    """The old key means nothing then; footer and help name the new one."""
    board = reviewed()
    async with shown(board, keys={"marker_here": "w"}) as pilot:
        assert "w marker" in grid(pilot.app)
        await press(pilot, "m")
        assert not bench(pilot).writing
        await press(pilot, "w")
        assert bench(pilot).writing


async def test_offline_nothing_is_sent_and_the_text_stays() -> None:
    """The composer stays open with what was typed, and the reason is said."""
    board = reviewed()
    board.set_link(LinkState.OFFLINE)
    async with shown(board) as pilot:
        await press(pilot, "m", "h", "i", "enter")
        assert not any(isinstance(one, inputs.Intent) for one in board.submitted)
        assert bench(pilot).composer.text == "hi"
        assert any("offline" in said for said in toasts(pilot))
        board.set_link(LinkState.LIVE)
        await press(pilot, "enter")
        assert isinstance(last(board, inputs.CreateMarker), inputs.CreateMarker)


@pytest.mark.parametrize("state", [LinkState.OFFLINE, LinkState.RECONNECTING, LinkState.REFUSED])
async def test_r_connects_now(state: LinkState) -> None:
    """Whatever the banner says."""
    board = reviewed()
    board.set_link(state)
    async with shown(board) as pilot:
        await press(pilot, "r")
        assert board.submitted[-1] == inputs.RetryNow()
