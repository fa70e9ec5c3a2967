"""The app that ``imagechat`` alone opens: choose one of the boards looked at lately. It opens no board."""

import time
from collections.abc import Callable, Sequence

from textual.app import App

from imagechat_tui.tui import theme
from imagechat_tui.tui.screens.recent import RecentBoard, RecentBoards


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class RecentApp(App[str]):
    """``RecentApp(boards, theme_name="dark").run()`` is the target of the chosen board, or ``None``."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self, boards: Sequence[RecentBoard], *, theme_name: str = "dark", wall_ms: Callable[[], int] = _wall_ms
    ) -> None:
        """Make the app.

        Args:
            boards: the latest first.
            theme_name: one of ``settings.THEMES``.
            wall_ms: milliseconds since the epoch, for relative times.
        """
        super().__init__()
        for each in theme.THEMES:
            self.register_theme(each)
        self.theme = theme.NAMES[theme_name]
        self._boards = boards
        self._wall_ms = wall_ms

    def on_mount(self) -> None:
        """Ask."""
        self.push_screen(RecentBoards(self._boards, wall_ms=self._wall_ms), self.exit)
