"""How a terminal is asked to call for somebody: its bell, or a notification of the desktop. It writes nothing."""

from collections.abc import Mapping
from typing import Final

from imagechat_tui.plain import line

WAYS: Final = ("off", "bell", "auto", "osc9", "osc777", "osc99")
"""Nothing; the terminal's bell; the best that the terminal is known to take; one of the three sequences by hand."""

_BY_TERMINAL: Final[Mapping[str, str]] = {
    "kitty": "osc99",
    "foot": "osc777",
    "contour": "osc777",
    "wezterm": "osc777",
    "ghostty": "osc9",
    "iterm2": "osc9",
}
"""What each terminal documents (names of ``render.known``); the others, multiplexers among them, take the bell."""

_SEQUENCES: Final[Mapping[str, str]] = {
    "osc9": "\x1b]9;{words}\x1b\\",
    "osc777": "\x1b]777;notify;imagechat;{words}\x1b\\",
    # The same identity each time: a newer sentence takes the place of the one before.
    "osc99": "\x1b]99;i=imagechat;{words}\x1b\\",
}

_MOST: Final = 120


def by_terminal(name: str) -> str:
    """The way that ``auto`` takes on a terminal of this name."""
    return _BY_TERMINAL.get(name, "bell")


def sequence(way: str, sentence: str, *, terminal: str, inside_tmux: bool) -> str:
    """What to write to the terminal.

    Args:
        way: one of ``WAYS``.
        sentence: what has happened; foreign words in it are neutralised.
        terminal: its name, a key of ``render.known.KNOWN`` or anything else.
        inside_tmux: tmux stands between and has to be asked to pass it on.
    """
    if way == "auto":
        way = by_terminal(terminal)
    if way == "bell":
        return "\a"
    if way not in _SEQUENCES:
        return ""
    words = _SEQUENCES[way].format(words=line(sentence, most=_MOST))
    if not inside_tmux:
        return words
    escaped = words.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{escaped}\x1b\\"
