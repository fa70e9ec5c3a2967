"""Calls for attention: off unless wanted, only for others' words, only while somebody looks elsewhere."""

from typing import Any

import pytest
from textual import events

from imagechat_tui.core.views import LinkState
from imagechat_tui.tui import alerts
from tests.support.board_client import MemoryBoard
from tests.tui.stage import Stage, calm, press, reviewed, shown


@pytest.mark.parametrize(
    ("way", "tmux", "written"),
    [
        ("off", False, ""),
        ("bell", False, "\a"),
        ("osc9", False, "\x1b]9;2 new\x07"),
        ("osc9", True, "\x1bPtmux;\x1b\x1b]9;2 new\x07\x1b\\"),
    ],
)
def test_each_way_has_its_bytes(way: str, written: str, *, tmux: bool) -> None:
    """Through tmux as well."""
    assert alerts.sequence(way, "2 new", inside_tmux=tmux) == written


def test_foreign_words_cannot_leave_the_notification() -> None:
    """A title with the end of the sequence in it stays a title."""
    assert alerts.sequence("osc9", "a\x07\x1b]0;evil\x07b", inside_tmux=False).count("\x07") == 1


async def called(pilot: Stage, board: MemoryBoard, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is written when somebody else comments on the first marker."""
    written: list[Any] = []
    monkeypatch.setattr(pilot.app, "_write", written.append)
    board.put(board.add("From somebody else", x=10, y=10, author="Bo", unread=1))
    await calm(pilot)
    return [one for one in written if "\x1b]2;" not in one]


@pytest.mark.parametrize(("notify", "heard"), [("bell", ["\a"]), ("off", [""])])
async def test_somebody_elsewhere_is_called_if_they_want(
    notify: str, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off by default."""
    board = reviewed()
    async with shown(board, notify=notify) as pilot:
        pilot.app.post_message(events.AppBlur())
        board.set_link(LinkState.LIVE)
        await calm(pilot)
        assert await called(pilot, board, monkeypatch) == heard


async def test_nobody_is_called_who_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen shows it already."""
    board = reviewed()
    async with shown(board, notify="bell") as pilot:
        board.set_link(LinkState.LIVE)
        await calm(pilot)
        assert await called(pilot, board, monkeypatch) == []


async def test_ones_own_words_call_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even from another terminal of the same person."""
    board = reviewed()
    async with shown(board, notify="bell") as pilot:
        board.set_link(LinkState.LIVE)
        await press(pilot, "m", "x")
        written: list[str] = []
        monkeypatch.setattr(pilot.app, "_write", written.append)
        pilot.app.app_focus = False
        board.put(board.add("Mine, from elsewhere", x=10, y=10, author="Mia"))
        await calm(pilot)
        assert [one for one in written if "\x1b]2;" not in one] == []
