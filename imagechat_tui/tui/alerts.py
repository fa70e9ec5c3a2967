"""How a terminal is asked to call for somebody: its bell, or a notification of the desktop. It writes nothing."""

from typing import Final

from imagechat_tui.plain import line

WAYS: Final = ("off", "bell", "osc9")
"""Nothing; the terminal's bell; a notification of the desktop (iTerm2, WezTerm, kitty, Ghostty, Windows Terminal)."""

_MOST: Final = 120


def sequence(way: str, sentence: str, *, inside_tmux: bool) -> str:
    """What to write to the terminal.

    Args:
        way: one of ``WAYS``.
        sentence: what has happened; foreign words in it are neutralised.
        inside_tmux: tmux stands between and has to be asked to pass it on.
    """
    if way == "bell":
        return "\a"
    if way != "osc9":
        return ""
    words = f"\x1b]9;{line(sentence, most=_MOST)}\x07"
    if not inside_tmux:
        return words
    escaped = words.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{escaped}\x1b\\"
