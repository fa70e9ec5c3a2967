"""The board: what keys and news lead to."""

import msgspec
import pytest

from imagechat_tui.core import inputs, outputs
from imagechat_tui.core.views import LinkState, LinkView
from imagechat_tui.tui.layout import Pane
from imagechat_tui.tui.screens import choosing
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import bench, calm, picture, press, reviewed, shown, toasts


async def test_an_own_marker_is_selected_and_stays_so_when_it_is_confirmed() -> None:
    """From pending to its number."""
    board = reviewed()
    board.answer = "hold"
    async with shown(board) as pilot:
        await press(pilot, "m", "h", "i", "enter")
        assert "New marker · sending" in grid(pilot.app)
        board.settle()
        await calm(pilot)
        assert "#6 · open" in grid(pilot.app)


async def test_a_refused_change_says_why_and_keeps_the_text() -> None:
    """The reply stays in the thread, marked, with the way out."""
    board = reviewed()
    async with shown(board) as pilot:
        board.answer = "refuse"
        await press(pilot, "n", "R", "n", "o", "enter")
        text = " ".join(grid(pilot.app).replace("│", " ").split())
        assert "not sent: you may not do this" in text
        assert any("Your text is kept" in said for said in toasts(pilot))
        assert grid(pilot.app).splitlines()[-1].split()[:2] == ["r", "retry"]


async def test_a_marker_that_somebody_deletes_closes_its_thread() -> None:
    """The rest of the board stays usable."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n", "enter")
        del board._markers["m1"]
        board.announce(outputs.MarkerGone(marker_id="m1"))
        await calm(pilot)
        assert "#1" not in grid(pilot.app)
        await press(pilot, "n")
        assert "#2 · open" in grid(pilot.app)


async def test_a_replaced_board_is_shown_anew() -> None:
    """After a snapshot everything may be different."""
    board = reviewed()
    async with shown(board) as pilot:
        board._markers.clear()
        board.add("Only one left", x=1, y=1)
        board.announce(outputs.BoardReplaced())
        await calm(pilot)
        assert "Only one left" in grid(pilot.app)
        assert "Wrong blue" not in grid(pilot.app)


async def test_people_and_counts_follow_the_news() -> None:
    """In the header."""
    board = reviewed()
    async with shown(board) as pilot:
        board.viewers = 9
        board.announce(outputs.PeopleChanged(people=board.people, count=9))
        await calm(pilot)
        assert "9 here" in grid(pilot.app)


async def test_a_list_cursor_opens_the_thread_only_when_it_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walking through a long list asks the server once, also where every key takes its time."""
    monkeypatch.setattr(choosing, "_REST", 2.0)
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "tab")
        await pilot.press("down", "down", "down")
        await pilot.pause()
        assert not [one for one in board.submitted if isinstance(one, inputs.OpenThread)]
        while not board.submitted:
            await pilot.pause(0.01)
        assert board.submitted == [inputs.OpenThread(marker_id="m3")]


async def test_an_empty_board_answers_every_key() -> None:
    """With a word, never with an error."""
    board = MemoryBoard(pixels=picture())
    async with shown(board) as pilot:
        await press(pilot, "n", "p", "]", "[", "x", "d", "e", "R", "t", "Y", "M", "z", "r", "D", "enter", "A", "u")
        assert pilot.app.is_running
        assert len(toasts(pilot)) >= 8


async def test_a_foreign_detail_of_a_refusal_is_made_harmless() -> None:
    """It is shown in parentheses."""
    board = reviewed()
    async with shown(board) as pilot:
        board.link = LinkView(state=LinkState.REFUSED, detail="go \x1b[31maway")
        board.announce(outputs.LinkChanged(link=board.link))
        await calm(pilot)
        assert "go away" in grid(pilot.app)


async def test_nothing_selected_enter_on_the_picture_explains() -> None:
    """Near a marker it opens it."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "enter")
        assert any("places one" in said for said in toasts(pilot))
        await press(pilot, "p", "escape", "enter")
        assert "2 markers here" in grid(pilot.app)


async def test_back_leaves_one_thing_at_a_time_on_a_narrow_screen() -> None:
    """Thread, then picture; the thread is closed for the server as well."""
    board = reviewed()
    async with shown(board, (80, 24)) as pilot:
        await press(pilot, "n", "enter", "escape")
        assert bench(pilot).pane is Pane.PICTURE
        assert isinstance(board.submitted[-1], inputs.CloseThread)


async def test_a_change_elsewhere_never_moves_the_crosshair_or_the_focus() -> None:
    """Others' work does not disturb."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n", "R", "a")
        point = bench(pilot).picture.point
        marker = board.marker("m2")
        assert marker is not None
        board.put(msgspec.structs.replace(marker, x=1, y=1, resolved=True))
        await press(pilot, "b")
        assert bench(pilot).picture.point == point
        assert bench(pilot).composer.text == "ab"
