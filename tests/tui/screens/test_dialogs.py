"""Help, connection details, questions, stacks: opened, read and left by keyboard."""

import pytest

from imagechat_tui.core import inputs
from imagechat_tui.tui.keys import TABLE
from imagechat_tui.tui.screens.help import Help, KeyTable
from tests.support.grid import grid
from tests.tui.stage import bench, calm, press, reviewed, shown


async def test_help_lists_every_action_with_its_present_key() -> None:
    """From the same table as the bindings."""
    async with shown(reviewed(), (100, 30), keys={"reply": "w"}) as pilot:
        await press(pilot, "?")
        text = ""
        for _ in range(8):
            text += grid(pilot.app)
            await press(pilot, "pagedown")
        words = " ".join(text.replace("│", " ").split())
        for key in TABLE:
            assert key.help.split(":", maxsplit=1)[0].split(",", maxsplit=1)[0] in words
        assert "w Reply in the open thread" in words


async def test_help_stands_out_by_its_subjects_and_keys() -> None:
    """Both are bold, sentences are not."""
    async with shown(reviewed(), (100, 30)) as pilot:
        await press(pilot, "?")
        table = pilot.app.screen.query_one(KeyTable)
        rows = [list(table.render_line(row)) for row in range(2)]
        bold = ["".join(each.text for each in row if each.style and each.style.bold).strip() for row in rows]
        assert bold == ["Markers", "m"]


@pytest.mark.parametrize("key", ["escape", "q", "?", "f1", "enter"])
async def test_help_closes_by_any_way_out(key: str) -> None:
    """And leaves the board as it was."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "?", "j", "k", "pagedown", key)
        assert not isinstance(pilot.app.screen, Help)
        assert pilot.app.return_value is None


@pytest.mark.parametrize("keys", [("escape",), ("n",), ("enter",), ("q",)])
async def test_a_deletion_needs_a_yes(keys: tuple[str, ...]) -> None:
    """The safe answer has the focus."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n", "n", "n", "d", *keys)
        assert not any(isinstance(one, inputs.DeleteMarker) for one in board.submitted)
        assert board.marker("m3") is not None


async def test_yes_can_be_reached_by_arrows_and_by_mouse() -> None:
    """Both delete once."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n", "n", "n", "d", "right", "enter")
        assert [one for one in board.submitted if isinstance(one, inputs.DeleteMarker)]
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n", "n", "n", "d")
        await pilot.click("#yes")
        await calm(pilot)
        assert [one for one in board.submitted if isinstance(one, inputs.DeleteMarker)]


async def test_a_moderator_deletes_a_comment_with_its_replies() -> None:
    """The first comment stands for the marker."""
    board = reviewed()
    board.moderator = True
    async with shown(board) as pilot:
        await press(pilot, "n", "enter", "up", "d")
        assert "Delete this comment?" in grid(pilot.app)
        await press(pilot, "y")
        deleted = board.submitted[-1]
        assert isinstance(deleted, inputs.DeleteComment)
        await press(pilot, "up", "up", "d")
        assert "Delete marker #1?" in grid(pilot.app)


async def test_details_of_the_connection_are_facts() -> None:
    """And who is here."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "S")
        text = grid(pilot.app)
        assert "everybody who has the link" in text
        assert "3: Mia, Ana" in text
        await press(pilot, "S")
        assert "everybody" not in grid(pilot.app)


async def test_a_stack_is_left_without_a_choice() -> None:
    """The selection stays."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "p", "escape", "enter", "down", "escape")
        assert bench(pilot).thread.marker_id is None
