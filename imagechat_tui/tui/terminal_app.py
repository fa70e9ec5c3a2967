"""What the apps of this program have in common with their terminal: colors, window title, calls for attention.

Everything written past Textual goes through here, and what is foreign in it is neutralised. It shows no widget.
"""

import asyncio
import logging
import os
import shutil
import sys
from collections.abc import Sequence
from typing import Final, TypeVar

from textual.driver import Driver
from textual.filter import LineFilter
from textual.reactive import Reactive

from imagechat_tui.plain import line
from imagechat_tui.render.depth import ColorDepth
from imagechat_tui.tui import alerts, clipboard, depths, theme
from imagechat_tui.tui.ordered import OrderedApp

_Result = TypeVar("_Result")

_log = logging.getLogger(__name__)

_KEEP_TITLE: Final = "\x1b[22;2t"
_TITLE: Final = "\x1b]2;{words}\x07"
_RESTORE_TITLE: Final = "\x1b[23;2t"
_TITLE_CHARACTERS: Final = 80
_TITLELESS: Final = ("dumb", "linux", "vt")
"""How the names of terminals begin that would print a title instead of showing it."""


class TerminalApp(OrderedApp[_Result]):
    """Base of both apps."""

    # Only the window shows them: Textual's own would paint the whole screen anew with every comment that comes.
    title = Reactive("", repaint=False, init=False, compute=False)
    sub_title = Reactive("", repaint=False, init=False, compute=False)

    def __init__(self, *, theme_name: str, colors: ColorDepth) -> None:
        """Make an app.

        Args:
            theme_name: one of ``settings.THEMES``; without colors there is one only.
            colors: what the terminal has.
        """
        self._colors = colors
        self._filters_for_depth = depths.filters(colors)
        self._titled = ""
        super().__init__()
        for each in theme.THEMES:
            self.register_theme(each)
        self.theme = theme.NAMES[depths.NO_COLORS if self.colorless else theme_name]

    @property
    def colorless(self) -> bool:
        """Whether the terminal, or the person, wants no colors."""
        return self._colors is ColorDepth.MONO

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Ours instead of Textual's, which make colors gray where none are wanted."""
        return self._filters_for_depth or super().get_line_filters()

    def get_driver_class(self) -> type[Driver]:
        """Textual's own driver for terminals, without its polling."""
        chosen = super().get_driver_class()
        if chosen.__module__ != "textual.drivers.linux_driver":
            return chosen
        from imagechat_tui.tui.driver import QuietDriver  # noqa: PLC0415 - its modules exist on POSIX only

        return QuietDriver

    # Title -----------------------------------------------------------------------------------------------------

    def watch_title(self) -> None:
        """The window is named after the board."""
        self._name_window()

    def watch_sub_title(self) -> None:
        """The same for what is told about it."""
        self._name_window()

    def _name_window(self) -> None:
        words = line(" · ".join(part for part in (self.title, self.sub_title) if part), most=_TITLE_CHARACTERS)
        if words == self._titled or not self._takes_titles():
            return
        self._write(("" if self._titled else _KEEP_TITLE) + _TITLE.format(words=words))
        self._titled = words

    def _takes_titles(self) -> bool:
        return self._driver is not None and not os.environ.get("TERM", "dumb").startswith(_TITLELESS)

    async def on_unmount(self) -> None:
        """Give the window its own name back; Textual calls this one beside that of a subclass."""
        if self._titled:
            self._write(_RESTORE_TITLE)

    # Clipboard -------------------------------------------------------------------------------------------------

    def copy_to_clipboard(self, text: str) -> None:
        """Textual's own by OSC 52, and the program that reaches the clipboard where OSC 52 might not."""
        if len(text.encode()) <= clipboard.MOST_OSC_52:
            super().copy_to_clipboard(text)
        else:
            self._clipboard = text
        if (program := self.clipboard_way.program) is not None:
            self.run_worker(self._hand_over(program, text), group="clipboard", exclusive=True)

    @property
    def clipboard_way(self) -> clipboard.Way:
        """How texts are copied from here."""
        return clipboard.way(os.environ, lambda name: shutil.which(name) is not None, platform=sys.platform)

    async def _hand_over(self, program: Sequence[str], text: str) -> None:
        nowhere = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *program, stdin=asyncio.subprocess.PIPE, stdout=nowhere, stderr=nowhere
            )
            await asyncio.wait_for(process.communicate(text.encode()), clipboard.SECONDS)
        except (OSError, TimeoutError) as problem:
            _log.warning("%s took no text: %s", program[0], type(problem).__name__)

    # Attention -------------------------------------------------------------------------------------------------

    def call_for(self, way: str, sentence: str, *, terminal: str) -> None:
        """Tell somebody who looks elsewhere; ``way`` is one of ``alerts.WAYS``, ``terminal`` its name."""
        if not self.app_focus:
            inside_tmux = bool(os.environ.get("TMUX"))
            self._write(alerts.sequence(way, sentence, terminal=terminal, inside_tmux=inside_tmux))

    def _write(self, text: str) -> None:
        if text and self._driver is not None and not self.is_headless:
            self._driver.write(text)
