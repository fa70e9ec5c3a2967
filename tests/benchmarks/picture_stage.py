"""The programs that ``picture_app`` starts on a terminal: ours on a board in memory, and the peers.

Run as ``python -m tests.benchmarks.picture_stage NAME FILE``. Each shows the picture ``FILE`` and ends with ``q``;
those that pan do so with the right arrow, as far each time.
"""

import sys
from pathlib import Path

STEP = 8
"""Source pixels per step of a peer that pans; as many as four columns at the zoom that is measured."""


def minimal(_file: Path) -> None:
    """The least that a Textual app can be."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Minimal(App[None]):
        BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - Textual's shape

        def compose(self) -> ComposeResult:
            yield Static("hello")

    Minimal().run()


def rich_pixels(file: Path) -> None:
    """A part of the picture in a Static, as rich-pixels' manual shows it."""
    from PIL import Image
    from rich_pixels import Pixels
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Panning(App[None]):
        BINDINGS = [("q", "quit", "Quit"), ("right", "go", "Right")]  # noqa: RUF012 - Textual's shape

        def compose(self) -> ComposeResult:
            self.image = Image.open(file)
            self.image.load()
            self.left = 0
            yield Static(id="picture")

        def on_mount(self) -> None:
            self.call_after_refresh(self.show)

        def show(self) -> None:
            columns, rows = self.size
            part = self.image.crop((self.left, 0, self.left + columns * 4, rows * 8))
            pixels = Pixels.from_image(part, resize=(columns, rows * 2))
            self.query_one("#picture", Static).update(pixels)

        def action_go(self) -> None:
            self.left = (self.left + STEP * 2) % (self.image.width // 2)
            self.show()

    Panning().run()


def ours(file: Path) -> None:
    """The app on a board in memory."""
    from imagechat_tui.render.depth import GlyphLevel
    from imagechat_tui.tui.app import ImagechatApp
    from imagechat_tui.tui.boards import Board
    from imagechat_tui.tui.settings import TuiSettings
    from tests.support.board_client import MemoryBoard

    data = file.read_bytes()
    board = MemoryBoard(pixels=data)
    board.add("The label touches the edge", x=30, y=30)
    board.add("Wrong blue", x=70, y=60)
    ImagechatApp(Board(client=board, picture=data), settings=TuiSettings(glyphs=GlyphLevel.OCTANT)).start()


if __name__ == "__main__":
    {"minimal": minimal, "rich-pixels": rich_pixels, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))
