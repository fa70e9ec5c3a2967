"""Markers, threads and the composer."""

from imagechat_tui.core import inputs
from imagechat_tui.core.views import Delivery, Reason
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.messages import PictureMode
from imagechat_tui.tui.screens.confirm import Confirm
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.acts.register import acts, last
from tests.tui.stage import Stage, bench, press, toasts


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
    assert "#1 ✓" in grid(pilot.app)
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


@acts("editor")
async def _editor(pilot: Stage, _board: MemoryBoard) -> None:
    await press(pilot, "m", "a", "ctrl+o")
    assert bench(pilot).composer.text == "a"
    assert toasts(pilot)
