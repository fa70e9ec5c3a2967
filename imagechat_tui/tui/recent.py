"""The app that ``imagechat`` alone opens: choose one of the boards looked at lately. It opens no board."""

import time
from collections.abc import Callable, Sequence

from imagechat_tui.i18n import _
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.tui.recent_boards import RecentBoard
from imagechat_tui.tui.screens.recent import RecentBoards
from imagechat_tui.tui.terminal_app import TerminalApp


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class RecentApp(TerminalApp[str]):
    """``RecentApp(boards, theme_name="dark").run()`` is the target of the chosen board, or ``None``."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        boards: Sequence[RecentBoard],
        *,
        theme_name: str = "dark",
        colors: ColorDepth = ColorDepth.TRUECOLOR,
        wall_ms: Callable[[], int] = _wall_ms,
    ) -> None:
        """Make the app.

        Args:
            boards: the latest first.
            theme_name: one of ``settings.THEMES``.
            colors: what the terminal has.
            wall_ms: milliseconds since the epoch, for relative times.
        """
        super().__init__(theme_name=theme_name, colors=colors)
        self._boards = boards
        self._wall_ms = wall_ms

    def on_mount(self) -> None:
        """Ask."""
        self.title = _("Recent boards")
        self.push_screen(RecentBoards(self._boards, wall_ms=self._wall_ms), self.exit)
