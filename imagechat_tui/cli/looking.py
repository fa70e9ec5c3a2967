"""What commands share that show pictures: what the terminal can do, how a person wants it, and the app on a board."""

import asyncio
import contextlib
import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from imagechat_tui import log, xdg
from imagechat_tui.config import Config
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imagechat_tui.client.opening import OpenedBoard
    from imagechat_tui.core.settings import SessionSettings
    from imagechat_tui.render.terminal import TerminalFacts

LOOK_OPTIONS = ("mode", "colors")
APP_OPTIONS = (
    *LOOK_OPTIONS,
    "graphics",
    "theme",
    "marker_size",
    "minimap",
    "compress",
    "typing",
    "mouse",
    "notify",
    "plain",
    "readonly",
    "max_reply_depth",
    "on_count",
    "locale",
    "log_level",
)
_AUTO = "auto"
_TERMINAL = "/dev/tty"
# Perceived brightness of a background, of 255, from which on a dark theme would glare.
_BRIGHT = 140


def terminal_facts(config: Config, *, anew: bool = False) -> "TerminalFacts":
    """What this terminal shows, asked where that is harmless; the person's own choice of colors and graphics wins.

    Args:
        config: the person's choice.
        anew: ask the terminal, whatever is remembered of it.
    """
    from dataclasses import replace

    from imagechat_tui.cli.asking import Answers, answers
    from imagechat_tui.render.depth import ColorDepth
    from imagechat_tui.render.known import multiplexer
    from imagechat_tui.render.terminal import decide, may_ask

    said = Answers(None, _("not asked"))
    if sys.stdin.isatty() and sys.stdout.isatty() and may_ask(os.environ):
        graphics = config.graphics != "off" and multiplexer(os.environ) is None
        said = answers(sys.stdin.fileno(), sys.stdout.fileno(), graphics=graphics, anew=anew)
    chosen = None if config.colors == _AUTO else ColorDepth.from_flag(config.colors)
    facts = decide(os.environ, said.replies, colors=chosen, graphics=config.graphics)
    return replace(facts, reasons=(*facts.reasons, ("answers", said.how)))


def mode_of(config: Config) -> str | None:
    """The mode that the person wants, ``None`` for the best one."""
    return None if config.mode == _AUTO else config.mode


def session_settings(config: Config) -> "SessionSettings":
    """How a session behaves."""
    from imagechat_tui.core.settings import SessionSettings

    return SessionSettings(read_only=config.readonly, max_reply_depth=config.max_reply_depth, typing=config.typing)


def has_keyboard() -> bool:
    """Whether an app could open: a screen at stdout, and a terminal that keys come from, be it stdin or not."""
    if not sys.stdout.isatty():
        return False
    return sys.stdin.isatty() or _controlling_terminal() is not None


def no_terminal() -> UsageError:
    """What to say where no app can open."""
    return UsageError(_("This opens an app and needs a terminal; `imagechat show` prints a picture without one."))


def take_terminal() -> None:
    """Read keys from the controlling terminal when stdin brought a picture, and paint where stdout is.

    Textual reads descriptor 0 and paints on descriptor 2, wherever a shell has led them.
    """
    if not sys.stdin.isatty() and (terminal := _controlling_terminal()) is not None:
        with Path(terminal).open("rb", buffering=0) as keyboard:
            os.dup2(keyboard.fileno(), 0)
    if not sys.stderr.isatty():
        os.dup2(1, 2)


def _controlling_terminal() -> str | None:
    try:
        os.close(os.open(_TERMINAL, os.O_RDWR))
    except OSError:
        return None
    return _TERMINAL


def prepare_app(config: Config) -> "TerminalFacts":
    """Language, log and what the terminal shows; everything that has to be settled before the app is loaded."""
    log.to_file(xdg.log_file(), level=config.log_level)
    facts = terminal_facts(config)
    # Textual looks at the environment only, when it is imported, and guesses less than was asked here.
    os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", facts.color_system)
    return facts


async def load_app() -> None:
    """Load the app's modules beside whatever else is waited for; they are the slowest part of a start."""
    await asyncio.to_thread(importlib.import_module, "imagechat_tui.tui.app")


async def run_app(
    boards: "Sequence[OpenedBoard]",
    config: Config,
    *,
    facts: "TerminalFacts",
    drafts: Path | None,
    others: bool = False,
) -> int:
    """The app on one or more boards until the person leaves; the exit code, or ``settings.TO_BOARDS``.

    Args:
        boards: the first one is shown.
        config: how the person wants it.
        facts: what the terminal shows.
        drafts: keeps unsent text between runs.
        others: the person may leave for a list of boards.
    """
    from imagechat_tui.cli import memory
    from imagechat_tui.cli.counting import read_command, told
    from imagechat_tui.tui.app import ImagechatApp
    from imagechat_tui.tui.boards import Board
    from imagechat_tui.tui.settings import TuiSettings

    app = ImagechatApp(
        *(
            Board(
                client=opened.runner,
                picture=opened.picture,
                title=opened.title,
                link=opened.link,
                key=opened.key,
                notices=opened.notices,
                usage=opened.usage,
            )
            for opened in boards
        ),
        settings=TuiSettings(
            theme=theme_of(config, facts),
            background=facts.background,
            notify=config.notify,
            terminal=facts.name,
            boards=others,
            keys=config.keys,
            mouse=config.mouse,
            glyphs=facts.glyphs,
            colors=facts.colors,
            mode=mode_of(config),
            cell=facts.cell if facts.graphics else None,
            square_percent=config.marker_size,
            minimap=config.minimap,
            read_only=config.readonly,
            drafts=drafts,
            log=xdg.log_file(),
        ),
    )
    command = None if config.on_count is None else read_command(config.on_count)
    memory.spare_what_is_loaded()
    async with contextlib.AsyncExitStack() as telling:
        for opened in boards:
            await telling.enter_async_context(told(opened.runner, command))
            telling.enter_context(memory.sparing(opened.runner))
        code = await app.run_async(mouse=config.mouse)
    return code if code is not None else app.return_code or 0


def theme_of(config: Config, facts: "TerminalFacts") -> str:
    """The name of the theme that fits the terminal, unless the person chose one."""
    from imagechat_tui.render.depth import ColorDepth

    if config.theme != _AUTO:
        return config.theme
    if facts.colors <= ColorDepth.COLORS_16:
        return "ansi"
    red, green, blue = facts.background or (0, 0, 0)
    return "light" if 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT else "dark"
