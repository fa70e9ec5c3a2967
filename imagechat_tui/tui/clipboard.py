"""How a text gets to the clipboard of the machine that a person sits at. Decides only; it writes and runs nothing.

OSC 52 asks the terminal, which is right over SSH as well: a program on the remote machine would fill the clipboard
there. tmux takes the text itself and passes it on in its own way. Some terminals ignore OSC 52, so on one's own machine
the desktop's program gets the text too, and no way can tell whether it worked: the text can always be shown.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

SECONDS: Final = 2.0
"""As long as a program may take; they hand the text over and leave."""

MOST_OSC_52: Final = 74_994
"""Bytes of text; longer sequences are dropped by xterm and by those who followed it."""

_PROGRAMS: Final = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-in", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--input", "--clipboard")),
)
_MAC: Final = ("pbcopy",)
_TMUX: Final = ("tmux", "load-buffer", "-w", "-")


class Way(NamedTuple):
    """Who is given the text."""

    osc52: bool
    """The terminal, by its sequence."""
    program: tuple[str, ...] | None
    """A program, on its stdin."""
    name: str
    """How it is called for people."""


def way(environ: Mapping[str, str], has: Callable[[str], bool], *, platform: str) -> Way:
    """The best way from here.

    Args:
        environ: the process's variables.
        has: whether a program can be run.
        platform: ``sys.platform``.
    """
    if environ.get("TMUX") and has(_TMUX[0]):
        return Way(osc52=True, program=_TMUX, name=f"OSC 52, {_TMUX[0]}")
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return Way(osc52=True, program=None, name="OSC 52")
    if platform == "darwin" and has(_MAC[0]):
        return Way(osc52=True, program=_MAC, name=f"OSC 52, {_MAC[0]}")
    for variable, program in _PROGRAMS:
        if environ.get(variable) and has(program[0]):
            return Way(osc52=True, program=program, name=f"OSC 52, {program[0]}")
    return Way(osc52=True, program=None, name="OSC 52")
