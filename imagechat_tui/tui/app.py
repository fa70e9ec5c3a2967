"""The app: one client, one board screen, colors, keys, and an orderly end whatever happens.

It hands the picture to the screen and the drafts to their file; it knows no network: the client runs as its worker.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import SystemCommand
from textual.command import Provider
from textual.screen import Screen

from imagechat_tui.errors import ImagechatError
from imagechat_tui.i18n import _
from imagechat_tui.plain import line
from imagechat_tui.render.frame import Look
from imagechat_tui.render.modes import MODE_NAMES, mode_named
from imagechat_tui.tui import keys, messages, theme
from imagechat_tui.tui.drafts import Drafts
from imagechat_tui.tui.palette import ActionsProvider
from imagechat_tui.tui.ports import BoardClient, UsageSource
from imagechat_tui.tui.screens.board import BoardScreen
from imagechat_tui.tui.screens.help import Help
from imagechat_tui.tui.screens.usage import Usage
from imagechat_tui.tui.settings import THEMES, TO_BOARDS, TuiSettings
from imagechat_tui.tui.terminal_app import TerminalApp

_log = logging.getLogger(__name__)

_TERMINATED = {signal.SIGTERM: 143, signal.SIGHUP: 129}
"""Signals that end the app in good order, and the exit code a shell expects after them."""


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


_WHERE = "\x1b[6n"
"""Asks the terminal for the cursor's position; the answer comes after all that was written before."""


class ImagechatApp(TerminalApp[int]):
    """One board in a terminal.

    ``ImagechatApp(client, picture=data, title="checkout.png").start()`` blocks until the user leaves and returns the
    exit code. The app runs the client (``run``, ``stop``) itself.
    """

    CSS_PATH = "app.tcss"
    BINDINGS = keys.bindings(keys.Place.APP)
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionsProvider}
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-broad")]  # noqa: RUF012 - an instance variable of Textual's App
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012 - the same
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(  # noqa: PLR0913 - all but the client have defaults and names
        self,
        client: BoardClient,
        *,
        picture: bytes | None = None,
        title: str = "imagechat",
        settings: TuiSettings | None = None,
        notices: Iterable[str] = (),
        usage: UsageSource | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_ms: Callable[[], int] = _wall_ms,
    ) -> None:
        """Make the app; nothing happens until it runs.

        Args:
            client: the board, not running yet.
            picture: the bytes of its picture; ``None`` to ask the client for them.
            title: shown until the board tells its own.
            settings: how it looks and answers.
            notices: sentences to show at the start ("the picture changed since last time").
            usage: tells what the board's tenant uses; ``None`` where nobody counts.
            clock: the client's clock, for countdowns.
            wall_ms: milliseconds since the epoch, for relative times.

        Raises:
            UsageError: The settings' keys contradict each other.
        """
        self.settings = settings or TuiSettings()
        self.keymap = keys.checked(self.settings.keys)
        self.client = client
        super().__init__(theme_name=self.settings.theme, colors=self.settings.colors)
        self._board_title = title
        self._picture = picture
        self._mode = self.settings.mode
        self._notices = tuple(notices)
        self._usage = usage
        self._clock = clock
        self._wall_ms = wall_ms
        self._drafts = Drafts(path=self.settings.drafts, board=self.settings.link or title)
        self.set_keymap(self.keymap)

    def start(self) -> int:
        """Run until the user leaves; the exit code."""
        code = self.run(mouse=self.settings.mouse)
        return code if code is not None else self.return_code or 0

    # Life ------------------------------------------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Open the board."""
        self._catch_signals()
        self.title = line(self._board_title)
        board = BoardScreen(
            self.client,
            title=self._board_title,
            settings=self.settings,
            drafts=self._drafts,
            look=self._look(),
            clock=self._clock,
            wall_ms=self._wall_ms,
        )
        await self.push_screen(board)
        self.run_worker(self.client.run(), name="client", exit_on_error=True)
        self.run_worker(self._show_picture(self._picture), group="picture", exclusive=True)
        for sentence in self._notices:
            self.notify(sentence, timeout=10, markup=False)

    async def on_unmount(self) -> None:
        """Stop the client and keep the drafts."""
        try:
            self._drafts.save()
        except OSError:
            _log.exception("drafts not saved")
        await self.client.stop()

    def _catch_signals(self) -> None:
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for number, code in _TERMINATED.items():
            loop.add_signal_handler(number, self.exit, code)

    def _fatal_error(self) -> None:
        """Say little and name the log, instead of Textual's pages of local variables, which hold others' words."""
        _log.error("the app failed", exc_info=self._exception)
        where = _("Details are in {path}.").format(path=self.settings.log) if self.settings.log else ""
        what = line(f"{type(self._exception).__name__}: {self._exception}", most=200)
        said = _("imagechat stopped because of a mistake of its own ({what}). Your drafts are kept. {where}")
        self._exit_renderables.append(Text(said.format(what=what, where=where).strip()))
        self._close_messages_no_wait()

    # Picture ---------------------------------------------------------------------------------------------------

    @property
    def _board(self) -> BoardScreen | None:
        return next((screen for screen in self.screen_stack if isinstance(screen, BoardScreen)), None)

    async def _show_picture(self, data: bytes | None) -> None:
        board = self._board
        if board is None:
            return
        try:
            await board.picture.load(data if data is not None else await self.client.picture())
        except ImagechatError as error:
            board.picture.fail(line(str(error), most=300))

    @on(messages.FramePainted)
    def _frame_painted(self) -> None:
        board = self._board
        if board is None:
            return
        if self.is_headless or self._driver is None:
            board.picture.pacing.shown()
        elif not board.picture.pacing.silent:
            self._driver.write(_WHERE)

    def on_cursor_position(self) -> None:
        """The terminal has painted everything up to the question."""
        if self._board is not None:
            self._board.picture.pacing.shown()

    @on(messages.PictureOutdated)
    def _picture_outdated(self, event: messages.PictureOutdated) -> None:
        self.notify(_("The picture is now version {n}.").format(n=event.version), markup=False)
        self.run_worker(self._show_picture(None), group="picture", exclusive=True)

    @on(messages.AttentionWanted)
    def _attention_wanted(self, event: messages.AttentionWanted) -> None:
        self.call_for(self.settings.notify, event.sentence, terminal=self.settings.terminal)

    @on(messages.PictureRead)
    def _picture_read(self, event: messages.PictureRead) -> None:
        for sentence in event.notes:
            self.notify(sentence, markup=False)

    def _look(self) -> Look:
        current = self.current_theme
        return Look(
            glyphs=self.settings.glyphs,
            colors=self.settings.colors,
            mode=self._mode,
            background=theme.picture_background(current, terminal=self.settings.background),
            tolerance=self.settings.tolerance,
        )

    # Actions ---------------------------------------------------------------------------------------------------

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002 - Textual's shape
        """None of Textual's own: everything stands in the key table."""
        return ()

    def action_help(self) -> None:
        """All keys."""
        if not isinstance(self.screen, Help):
            self.push_screen(Help(self.keymap))

    def action_colors(self) -> None:
        """The next theme."""
        if self.colorless:
            self.notify(_("Colors are off: NO_COLOR is set, or the terminal has none."), markup=False)
            return
        names = [theme.NAMES[name] for name in THEMES]
        here = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(here + 1) % len(names)]
        board = self._board
        if board is not None:
            board.picture.set_look(self._look())
        self.notify(_("Colors: {name}").format(name=THEMES[(here + 1) % len(names)]), timeout=2, markup=False)

    def action_drawing(self) -> None:
        """The next way to draw among those that the terminal has the glyphs for; after the last one, the best again."""
        board = self._board
        if board is None:
            return
        names = (None, *(name for name in MODE_NAMES if mode_named(name).level <= self.settings.glyphs))
        here = names.index(self._mode) if self._mode in names else 0
        self._mode = names[(here + 1) % len(names)]
        board.picture.set_look(self._look())
        self.notify(_("Glyphs: {name}").format(name=self._mode or _("chosen by zoom")), timeout=2, markup=False)

    def action_usage(self) -> None:
        """What the tenant uses, day by day."""
        if self._usage is None:
            self.notify(_("Nobody counts the usage of this board."), markup=False)
        elif not isinstance(self.screen, Usage):
            self.push_screen(Usage(self._usage, wall_ms=self._wall_ms))

    def action_boards(self) -> None:
        """Leave for the list of recent boards."""
        if self.settings.boards:
            self.exit(TO_BOARDS)
        else:
            self.notify(_("There is no list of boards here."), markup=False)

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)
