"""Makes the pictures of README: plays scenes with the real program on a terminal in memory, and paints its screen.

``python -m screenshots.make [NAME...]`` writes ``screenshots/<name>.png``. Scenes use the demo with a fixed seed and
a pause longer than any scene, so that the same pictures come out again.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from tests.cli.painted import paint
from tests.cli.terminal import Terminal, on_terminal

FOLDER: Final = Path(__file__).parent
_PAUSE: Final = "600"
# A terminal that draws everything, and one person whose name is the same on every machine.
VARIABLES: Final = {"TERM_PROGRAM": "ghostty", "TERM_PROGRAM_VERSION": "1.2.0", "LOGNAME": "maja", "USER": "maja"}


class Scene(Struct, frozen=True, kw_only=True):
    """One picture."""

    name: str
    size: tuple[int, int]
    """Columns and rows."""
    play: Callable[[Terminal], None]
    """From the first full screen to the one that is painted."""
    flags: tuple[str, ...] = ()
    ready: str = "live"
    """What is on the screen when the board is."""


def _look(terminal: Terminal) -> None:
    """The first marker's thread."""
    terminal.press("n")
    terminal.press("\r")
    terminal.until_shown("is enough")


def _first_marker(terminal: Terminal) -> None:
    """A marker chosen, nothing opened."""
    terminal.press("n")
    terminal.settle()


def _write(terminal: Terminal) -> None:
    """A marker of one's own, half written."""
    for key in ("h", "h", "k", "k", "m"):
        terminal.press(key)
        terminal.settle()
    terminal.press("Could this be a date picker?")
    terminal.until_shown("date picker")


def _zoom(terminal: Terminal) -> None:
    """Close to the second marker."""
    for key in ("n", "n", "z"):
        terminal.press(key)
        terminal.settle()


def _help(terminal: Terminal) -> None:
    """All keys."""
    terminal.press("?")
    terminal.settle()


def _jump(terminal: Terminal) -> None:
    """Two letters lead anywhere."""
    terminal.press("f")
    terminal.settle()


def _lost(terminal: Terminal) -> None:
    """The server is gone; everything can still be read."""
    _look(terminal)
    for child in _children(terminal.process.pid):
        os.kill(child, signal.SIGKILL)
    terminal.until(lambda: "live" not in terminal.text.splitlines()[0])
    terminal.settle()


def _usage(terminal: Terminal) -> None:
    """What the tenant uses."""
    terminal.press("U")
    terminal.until_shown("Messages")


def _read(terminal: Terminal) -> None:
    """The board in lines of words, and one of its threads."""
    for line in ("list", "read 1"):
        terminal.press(f"{line}\r")
        terminal.settle()


def _nothing(terminal: Terminal) -> None:
    """As it comes up."""
    terminal.settle()


SCENES: Final = (
    Scene(name="board-160x45", size=(160, 45), play=_look),
    Scene(name="board-100x30", size=(100, 30), play=_look),
    Scene(name="board-80x24", size=(80, 24), play=_first_marker),
    Scene(name="thread-80x24", size=(80, 24), play=_look),
    Scene(name="board-40x12", size=(40, 12), play=_first_marker),
    Scene(name="list-36x10", size=(36, 10), play=_first_marker),
    Scene(name="light-120x36", size=(120, 36), play=_look, flags=("--theme", "light")),
    Scene(name="composer-120x36", size=(120, 36), play=_write),
    Scene(name="zoomed-120x36", size=(120, 36), play=_zoom),
    Scene(name="jump-120x36", size=(120, 36), play=_jump),
    Scene(name="offline-120x36", size=(120, 36), play=_lost),
    Scene(name="half-blocks-120x36", size=(120, 36), play=_nothing, flags=("--mode", "half", "--colors", "256")),
    Scene(name="slovene-120x36", size=(120, 36), play=_look, flags=("--locale", "sl"), ready="v živo"),
    Scene(name="help-120x40", size=(120, 40), play=_help),
    Scene(name="usage-100x30", size=(100, 30), play=_usage),
    Scene(name="contrast-100x30", size=(100, 30), play=_look, flags=("--theme", "contrast")),
    Scene(name="plain-100x30", size=(100, 30), play=_read, flags=("--plain",), ready="Connected"),
)


def make(scene: Scene) -> Path:
    """Play a scene and write its picture."""
    columns, rows = scene.size
    words = ("demo", "--seed", "1", "--pause", _PAUSE, *scene.flags)
    with (
        tempfile.TemporaryDirectory(prefix="imagechat-screenshot-") as home,
        on_terminal(Path(home), *words, columns=columns, rows=rows, variables=VARIABLES) as terminal,
    ):
        terminal.until_shown(scene.ready)
        terminal.settle()
        scene.play(terminal)
        terminal.settle()
        file = FOLDER / f"{scene.name}.png"
        paint(terminal.screen).save(file, optimize=True)
        terminal.press("quit\r" if scene.ready == "Connected" else "q")
        return file


def _children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def main() -> None:
    """The scenes that were named, or all."""
    wanted = set(sys.argv[1:])
    for scene in SCENES:
        if not wanted or scene.name in wanted:
            file = make(scene)
            print(f"{file.relative_to(FOLDER.parent)}  {file.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
