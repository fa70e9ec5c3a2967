"""Calls for attention: off unless wanted, only for others' words, only while somebody looks elsewhere."""

from typing import Any, get_args, get_type_hints

import pytest
from textual import events

from imagechat_tui.config import Config
from imagechat_tui.core.views import LinkState
from imagechat_tui.tui import alerts
from tests.support.board_client import MemoryBoard
from tests.tui.stage import Stage, calm, press, reviewed, shown


@pytest.mark.parametrize(
    ("way", "tmux", "written"),
    [
        ("off", False, ""),
        ("bell", False, "\a"),
        ("osc9", False, "\x1b]9;2 new\x1b\\"),
        ("osc777", False, "\x1b]777;notify;imagechat;2 new\x1b\\"),
        ("osc99", False, "\x1b]99;i=imagechat;2 new\x1b\\"),
        ("osc9", True, "\x1bPtmux;\x1b\x1b]9;2 new\x1b\x1b\\\x1b\\"),
    ],
)
def test_each_way_has_its_bytes(way: str, written: str, *, tmux: bool) -> None:
    """Through tmux as well."""
    assert alerts.sequence(way, "2 new", terminal="unknown", inside_tmux=tmux) == written


@pytest.mark.parametrize(
    ("terminal", "begins"),
    [
        ("kitty", "\x1b]99;"),
        ("foot", "\x1b]777;"),
        ("wezterm", "\x1b]777;"),
        ("iterm2", "\x1b]9;"),
        ("ghostty", "\x1b]9;"),
        ("tmux", "\a"),
        ("xterm", "\a"),
        ("unknown", "\a"),
    ],
)
def test_auto_takes_what_the_terminal_is_known_for(terminal: str, begins: str) -> None:
    """The bell is understood everywhere."""
    assert alerts.sequence("auto", "2 new", terminal=terminal, inside_tmux=False).startswith(begins)


@pytest.mark.parametrize("way", ["osc9", "osc777", "osc99"])
def test_foreign_words_cannot_leave_the_notification(way: str) -> None:
    """A title with the end of the sequence in it stays a title."""
    hostile = alerts.sequence(way, "a\x07\x1b]0;evil\x1b\\\x9cb", terminal="kitty", inside_tmux=False)
    assert (hostile.count("\x1b"), hostile.count("\x07"), hostile.count("\x9c")) == (2, 0, 0)


def test_the_ways_are_those_of_the_settings() -> None:
    """Written down once more, where a person chooses."""
    assert get_args(get_args(get_type_hints(Config, include_extras=True)["notify"])[0]) == alerts.WAYS


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
