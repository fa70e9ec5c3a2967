"""The app: a client and a screen for each board, colors, keys, and an orderly end whatever happens.

It hands the picture to the screen and the drafts to their file; it knows no network: the client runs as its worker.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events, on
from textual.app import App, SystemCommand
from textual.command import CommandPalette, Provider
from textual.screen import Screen

from imagechat_tui.i18n import _
from imagechat_tui.plain import line
from imagechat_tui.render.frame import Look
from imagechat_tui.render.modes import MODE_NAMES, mode_named
from imagechat_tui.tui import keys, messages, theme
from imagechat_tui.tui.boards import Board, BoardSet
from imagechat_tui.tui.drafts import Drafts
from imagechat_tui.tui.palette import ActionsProvider
from imagechat_tui.tui.projector import Projector
from imagechat_tui.tui.screens.board import BoardScreen
from imagechat_tui.tui.screens.copied import Copied
from imagechat_tui.tui.screens.help import Help
from imagechat_tui.tui.screens.usage import Usage
from imagechat_tui.tui.settings import THEMES, TO_BOARDS, TuiSettings
from imagechat_tui.tui.terminal_app import TerminalApp

if TYPE_CHECKING:
    from textual.timer import Timer

_log = logging.getLogger(__name__)

_TERMINATED = {signal.SIGTERM: 143, signal.SIGHUP: 129}
"""Signals that end the app in good order, and the exit code a shell expects after them."""


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


_SHOWN_CHARACTERS = 200
"""Of a copied text in the notice that it was; an address fits."""

_SOON = 0.05
"""Seconds between a change on any board and the look at what is new on all of them."""

_WHERE = "\x1b[6n"
"""Asks the terminal for the cursor's position; the answer comes after all that was written before."""


class ImagechatApp(TerminalApp[int]):
    """One board, or several, in a terminal.

    ``ImagechatApp(Board(client=client, title="checkout.png")).start()`` blocks until the user leaves and returns the
    exit code. The app runs the clients (``run``, ``stop``) itself.
    """

    CSS_PATH = "app.tcss"
    BINDINGS = keys.bindings(keys.Place.APP)
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionsProvider}
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-broad")]  # noqa: RUF012 - an instance variable of Textual's App
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012 - the same
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self,
        *boards: Board,
        settings: TuiSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_ms: Callable[[], int] = _wall_ms,
    ) -> None:
        """Make the app; nothing happens until it runs.

        Args:
            boards: one or more, not running yet; the first one is shown.
            settings: how it looks and answers.
            clock: the clients' clock, for countdowns.
            wall_ms: milliseconds since the epoch, for relative times.

        Raises:
            UsageError: The settings' keys contradict each other.
        """
        self.settings = settings or TuiSettings()
        self.keymap = keys.checked(self.settings.keys)
        self.boards = BoardSet(boards)
        super().__init__(theme_name=self.settings.theme, colors=self.settings.colors)
        cell = self.settings.cell
        self._projector = None if cell is None else Projector(write=self._write, cell=cell)
        self._mode = self.settings.mode
        self._clock = clock
        self._wall_ms = wall_ms
        self._drafts: list[Drafts] = []
        self._looking: Timer | None = None
        self._copied = ""
        self.set_keymap(self.keymap)

    def start(self) -> int:
        """Run until the user leaves; the exit code."""
        code = self.run(mouse=self.settings.mouse)
        return code if code is not None else self.return_code or 0

    # Life ------------------------------------------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Open the first board, and run all of them."""
        self._catch_signals()
        self.title = line(self.boards.current.title)
        await self.push_screen(self._screen_of(self.boards.current))
        self._project()
        self.app_suspend_signal.subscribe(self, self._suspended, immediate=True)
        self.app_resume_signal.subscribe(self, self._resumed)
        for board in self.boards.boards:
            self.run_worker(board.client.run(), name="client", exit_on_error=True)
        self._unlisten = self.boards.listen(self._stirred)
        self._look_around()

    def _screen_of(self, board: Board) -> str:
        """The name of the board's screen, which is made when it is wanted first, and kept."""
        name = f"board-{self.boards.boards.index(board)}"
        if not self.is_screen_installed(name):
            drafts = Drafts(path=self.settings.drafts, board=board.key or board.title)
            self._drafts.append(drafts)
            screen = BoardScreen(
                board,
                settings=self.settings,
                drafts=drafts,
                look=self._look(),
                clock=self._clock,
                wall_ms=self._wall_ms,
            )
            self.install_screen(screen, name)
        return name

    async def on_unmount(self) -> None:
        """Stop the clients and keep the drafts."""
        self._unlisten()
        self._end_pixels()
        for drafts in self._drafts:
            try:
                drafts.save()
            except OSError:
                _log.exception("drafts not saved")
        await asyncio.gather(*(board.client.stop() for board in self.boards.boards))

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave, without a picture in the terminal, which keeps those of each of its two screens for itself."""
        self._end_pixels()
        super().exit(result, return_code, message)

    def _end_pixels(self) -> None:
        if self._projector is not None:
            self._projector.end()

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
        self._end_pixels()
        self._exit_renderables.append(Text(said.format(what=what, where=where).strip()))
        self._close_messages_no_wait()

    # Boards ----------------------------------------------------------------------------------------------------

    @property
    def _board(self) -> BoardScreen | None:
        return next((screen for screen in self.screen_stack if isinstance(screen, BoardScreen)), None)

    def _stirred(self) -> None:
        """Something changed somewhere: look soon, once for all that comes until then."""
        if self._looking is None:
            self._looking = self.set_timer(_SOON, self._look_around)

    def _look_around(self) -> None:
        self._looking = None
        for sentence in self.boards.news():
            self.call_for(self.settings.notify, sentence, terminal=self.settings.terminal)
        if self._board is not None:
            self._board.show_standing(self.boards.standing)

    async def action_board(self, by: int) -> None:
        """Another image of the set."""
        left = self._board
        if left is None or left is not self.screen:
            return
        if not self.boards.step(by):
            self.notify(_("There is one image only; “imagechat open” takes several."), markup=False)
            return
        left.leave()
        left.picture.project(None)
        await self.switch_screen(self._screen_of(self.boards.current))
        if (board := self._board) is not None:
            board.picture.set_look(self._look())
            board.come_back()
        self._project()
        self._look_around()

    # Picture ---------------------------------------------------------------------------------------------------

    @on(messages.FramePainted)
    def _frame_painted(self) -> None:
        board = self._board
        if board is None:
            return
        if self.is_headless or self._driver is None:
            board.picture.pacing.shown()
        elif not board.picture.pacing.silent:
            board.picture.pacing.written()
            self._driver.write(_WHERE)

    def on_cursor_position(self) -> None:
        """The terminal has painted everything up to the question."""
        if self._board is not None:
            self._board.picture.pacing.shown()

    def _project(self) -> None:
        """The board on the screen has the projector."""
        if self._projector is not None and self._board is not None:
            self._board.picture.project(self._projector)

    def on_resize(self, event: events.Resize) -> None:
        """Cells may have other pixels now."""
        if self._projector is not None and event.pixel_size is not None:
            self._projector.measure(event.size, event.pixel_size)

    def _suspended(self, _app: App[Any]) -> None:
        """Another program has the terminal."""
        if self._projector is not None:
            self._projector.clear()

    def _resumed(self, _app: App[Any]) -> None:
        self._project()

    @on(messages.CopyWanted)
    def _copy_wanted(self, event: messages.CopyWanted) -> None:
        """To the clipboard; the same again to the screen, because no terminal tells whether it took it."""
        again, self._copied = event.text == self._copied, event.text
        self.copy_to_clipboard(event.text)
        if again:
            self._copied = ""
            self.push_screen(Copied(event.text))
            return
        title = _("{what} copied ({way}); again: shown alone").format(what=event.what, way=self.clipboard_way.name)
        self.notify(line(event.text, most=_SHOWN_CHARACTERS), title=title, timeout=8, markup=False)

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

    def action_command_palette(self) -> None:
        """Every action by name; Textual's own palette, in the reader's language."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(id="--command-palette", placeholder=_("Search for actions …")))

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
        usage = self.boards.current.usage
        if usage is None:
            self.notify(_("Nobody counts the usage of this board."), markup=False)
        elif not isinstance(self.screen, Usage):
            self.push_screen(Usage(usage, wall_ms=self._wall_ms))

    def action_boards(self) -> None:
        """Leave for the list of recent boards."""
        if self.settings.boards:
            self.exit(TO_BOARDS)
        else:
            self.notify(_("There is no list of boards here."), markup=False)

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)
