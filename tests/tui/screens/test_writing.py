"""Writing: drafts, editors, targets."""

import stat
from pathlib import Path

import pytest

from imagechat_tui.core import inputs
from imagechat_tui.tui.screens import writing
from tests.support.board_client import MemoryBoard
from tests.support.grid import grid
from tests.tui.stage import bench, press, reviewed, shown, toasts


async def test_drafts_are_kept_for_each_marker() -> None:
    """And offered again in the right place."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "n", "R", "o", "n", "e", "escape", "n", "R", "t", "w", "o", "escape")
        await press(pilot, "p", "R")
        assert bench(pilot).composer.text == "one"
        await press(pilot, "escape", "n", "R")
        assert bench(pilot).composer.text == "two"


async def test_a_sent_text_is_no_draft_any_longer() -> None:
    """The composer is empty the next time."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "n", "R", "h", "i", "enter", "R")
        assert bench(pilot).composer.text == ""


async def test_a_reply_answers_the_comment_under_the_cursor() -> None:
    """In the thread; from elsewhere it answers the thread."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n", "enter", "up", "R", "a", "enter")
        answered = board.submitted[-1]
        assert isinstance(answered, inputs.AddComment)
        assert answered.parent_id == (board.thread("m1") or ())[1].id


async def test_others_comments_cannot_be_edited() -> None:
    """It says whose they are."""
    async with shown(reviewed()) as pilot:
        await press(pilot, "n", "enter", "up", "e")
        assert any("Only Bo can edit" in said for said in toasts(pilot))
        assert not bench(pilot).composer.display


def test_an_editor_gets_a_private_file_and_gives_the_text_back(tmp_path: Path) -> None:
    """The file is gone afterwards."""
    script = tmp_path / "editor"
    script.write_text(f'#!/bin/sh\nls -l "$1" > {tmp_path}/mode\nprintf "%s\\nmore" "$(cat "$1")" > "$1"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    assert writing._edited([str(script)], "žuto 日本") == "žuto 日本\nmore"
    assert (tmp_path / "mode").read_text().startswith("-rw-------")
    assert not Path((tmp_path / "mode").read_text().split()[-1]).exists()


@pytest.mark.parametrize(("editor", "said"), [("", "Set EDITOR"), ("no-such-editor", "cannot be started")])
async def test_without_an_editor_the_text_stays(editor: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the user hears why."""
    monkeypatch.setenv("EDITOR", editor)
    monkeypatch.delenv("VISUAL", raising=False)
    async with shown(reviewed()) as pilot:
        await press(pilot, "m", "h", "i", "ctrl+o")
        assert bench(pilot).composer.text == "hi"
        assert any(said in one for one in toasts(pilot))


async def test_a_read_only_board_opens_no_composer() -> None:
    """Reading goes on."""
    async with shown(reviewed(), read_only=True) as pilot:
        await press(pilot, "m", "n", "R", "e")
        assert not bench(pilot).composer.display
        assert "#1 · open" in grid(pilot.app)


async def test_others_are_told_that_something_is_typed_and_when_it_is_left() -> None:
    """Once for many keys, for the thread or the marker to come; a draft that is only opened says nothing."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n", "R", "h", "m", "escape")
        assert told(board) == [inputs.Writing(marker_id="m1"), inputs.WritingEnded()]
        await press(pilot, "R", "escape")
        await press(pilot, "p", "m")
        assert len(told(board)) == 2
        await press(pilot, "h", "m", "backspace", "backspace")
        assert told(board)[2:] == [inputs.Writing(marker_id=None), inputs.WritingEnded()]


async def test_a_text_that_is_sent_or_empty_is_not_told_to_be_left() -> None:
    """The comment says it; nothing typed is nothing to tell."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n", "R", "space", "escape", "R", "h", "m", "enter")
        assert told(board) == [inputs.Writing(marker_id="m1")]


async def test_an_edit_is_told_as_well() -> None:
    """From the first key on, not from its opening."""
    board = reviewed()
    async with shown(board) as pilot:
        await press(pilot, "n", "enter", "e")
        assert told(board) == []
        await press(pilot, "h")
        assert told(board) == [inputs.Writing(marker_id="m1")]


def told(board: MemoryBoard) -> list[inputs.Input]:
    """What others may know of one's writing."""
    return [one for one in board.submitted if isinstance(one, inputs.Writing | inputs.WritingEnded)]
