"""Plain mode for commands: the board, or the list of boards, in lines on stdin and stdout."""

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from imagechat_tui import log, xdg
from imagechat_tui.config import Config
from imagechat_tui.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagechat_tui.client.opening import OpenedBoard
    from imagechat_tui.plain_mode.terminal import Terminal
    from imagechat_tui.tui.recent_boards import RecentBoard

_TERMINAL = "/dev/tty"


def prepare(config: Config) -> None:
    """Language and log."""
    log.to_file(xdg.log_file(), level=config.log_level)


async def open_and_more(image: str, config: Config) -> int:
    """The board, and then the list of boards when the person leaves for it; the exit code."""
    from imagechat_tui.client.address import PipedPicture, read_address
    from imagechat_tui.tui.settings import TO_BOARDS

    prepare(config)
    piped = isinstance(read_address(image), PipedPicture)
    with typing(piped=piped) as terminal:
        code = await _open_and_talk(image, config, terminal)
        return await _choose_boards(config, terminal) if code == TO_BOARDS else code


async def choose_boards(config: Config) -> int:
    """The boards looked at last, as numbered lines, until the person has enough; the exit code."""
    prepare(config)
    with typing() as terminal:
        return await _choose_boards(config, terminal)


async def run(opened: "OpenedBoard", config: Config, *, drafts: Path | None, terminal: "Terminal") -> int:
    """The talk on a board until the person leaves; the exit code, or ``settings.TO_BOARDS``.

    Args:
        opened: the board.
        config: how the person wants it.
        drafts: keeps unsent text between runs.
        terminal: where lines come from and go to; open.
    """
    from imagechat_tui.cli.counting import read_command, told
    from imagechat_tui.plain_mode.dialogue import Dialogue
    from imagechat_tui.plain_mode.run import Talk
    from imagechat_tui.tui.drafts import Drafts

    dialogue = Dialogue(
        opened.runner,
        title=opened.title,
        drafts=Drafts(path=drafts, board=opened.key),
        link=opened.link,
        read_only=config.readonly,
        wall_ms=_wall_ms,
    )
    command = None if config.on_count is None else read_command(config.on_count)
    async with told(opened.runner, command):
        return await Talk(opened.runner, dialogue, terminal).run(opened.notices)


@contextlib.contextmanager
def typing(*, piped: bool = False) -> "Iterator[Terminal]":
    """Where lines come from and go to; with ``piped``, stdin has brought a picture, and keys come from elsewhere."""
    from imagechat_tui.plain_mode.terminal import Terminal

    keys = _keyboard() if piped else sys.stdin.fileno()
    terminal = Terminal(keys=keys, out=sys.stdout)
    with terminal.open():
        yield terminal


def _keyboard() -> int:
    """The controlling terminal, or nothing to read from; open until the program ends, because a thread reads it."""
    try:
        return os.open(_TERMINAL, os.O_RDWR)
    except OSError:
        return os.open(os.devnull, os.O_RDONLY)


async def _open_and_talk(image: str, config: Config, terminal: "Terminal") -> int:
    from imagechat_tui.cli import looking, reaching, waiting
    from imagechat_tui.cli.counting import read_command
    from imagechat_tui.cli.recent import count, remember
    from imagechat_tui.client.address import read_address
    from imagechat_tui.client.opening import open_board

    address = read_address(image)
    if config.on_count is not None:
        read_command(config.on_count)
    session = looking.session_settings(config)
    with waiting.told(plain=True) as told:
        opened = await open_board(
            image, place=reaching.place(config), url_id=config.url_id, settings=session, told=told
        )
    remember(address, title=opened.title)
    code = await run(opened, config, drafts=xdg.state_dir() / "drafts.json", terminal=terminal)
    board = opened.runner.view.board
    count(address, open=board.open, resolved=board.resolved)
    return code


async def _choose_boards(config: Config, terminal: "Terminal") -> int:
    from imagechat_tui.cli.recent import boards
    from imagechat_tui.plain_mode.boards import chosen, listed
    from imagechat_tui.tui.settings import TO_BOARDS

    config = replace(config, url_id=None)
    code = TO_BOARDS
    while code == TO_BOARDS:
        rows = boards()
        terminal.say(listed(rows, now_ms=_wall_ms()))
        board: RecentBoard | None = None
        while board is None:
            typed = await terminal.line()
            if typed is None:
                return 0
            try:
                board = chosen(rows, typed)
            except UsageError as mistake:
                terminal.say([str(mistake)])
                continue
            if board is None:
                return 0
        code = await _open_and_talk(board.target, config, terminal)
    return code


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
