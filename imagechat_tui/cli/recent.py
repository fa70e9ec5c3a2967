"""Boards looked at lately: kept in a small file and shown by ``imagechat`` alone; never leaves this machine."""

import time
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from imagechat_tui import plain, xdg
from imagechat_tui.cli import talk
from imagechat_tui.i18n import _

if TYPE_CHECKING:
    from imagechat_tui.client.address import Address
    from imagechat_tui.config import Config
    from imagechat_tui.tui.recent_boards import RecentBoard

_FILE = "recent.json"
_MOST = 20


class Recent(Struct, frozen=True, kw_only=True):
    """One board."""

    target: str
    """What ``imagechat open`` takes."""
    title: str
    seen: int
    """Seconds since the epoch."""
    open: int | None = None
    """Unresolved markers when it was left; ``None`` before that."""
    resolved: int | None = None
    """The same of the resolved ones."""


def entries() -> list[Recent]:
    """The boards, the latest first; a damaged file is an empty one."""
    try:
        return msgspec.json.decode((xdg.state_dir() / _FILE).read_bytes(), type=list[Recent])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return []


def boards() -> "list[RecentBoard]":
    """The boards as lists say them, the latest first."""
    from imagechat_tui.tui.recent_boards import RecentBoard

    return [
        RecentBoard(
            target=entry.target,
            title=entry.title,
            seen_ms=entry.seen * 1000,
            open=entry.open,
            resolved=entry.resolved,
        )
        for entry in entries()
    ]


def remember(address: "Address", *, title: str) -> None:
    """Put a board first; what came through a pipe cannot be opened again, so it is not kept."""
    target = _target(address)
    if target is None:
        return
    now = Recent(target=target, title=plain.line(title, most=200), seen=int(time.time()))
    kept = [now, *(entry for entry in entries() if entry.target != target)][:_MOST]
    _write(kept)


def _write(kept: list[Recent]) -> None:
    from imagechat_tui.client.credentials import replace_file

    folder = xdg.state_dir()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(folder / _FILE, msgspec.json.encode(kept))
    except OSError:
        # A list of conveniences is no reason to keep somebody from a board.
        return


def count(address: "Address", *, open: int, resolved: int) -> None:  # noqa: A002 - the field's name
    """Keep how many markers a board had when it was left."""
    target = _target(address)
    found = [
        msgspec.structs.replace(entry, open=open, resolved=resolved) if entry.target == target else entry
        for entry in entries()
    ]
    if target is not None and found:
        _write(found)


def look(config: "Config") -> int:
    """Let a person choose among the boards on a terminal, and open them until it is enough."""
    if not entries():
        talk.say(
            _(
                "No boards yet. Try everything at once with `imagechat demo`, or open a picture with "
                "`imagechat open FILE`."
            )
        )
        return 0
    if config.plain:
        from imagechat_tui.cli.speaking import choose_boards

        return talk.wait(choose_boards(config))
    return talk.wait(look_around(config))


async def look_around(config: "Config") -> int:
    """The list, a board, the list again, until the person leaves one of them; the exit code."""
    from imagechat_tui.cli import looking
    from imagechat_tui.cli.open import open_and_look
    from imagechat_tui.tui.recent import RecentApp
    from imagechat_tui.tui.settings import TO_BOARDS

    looking.take_terminal()
    code = TO_BOARDS
    while code == TO_BOARDS:
        facts = looking.prepare_app(config)
        app = RecentApp(boards(), theme_name=looking.theme_of(config, facts), colors=facts.colors)
        chosen = await app.run_async(mouse=config.mouse)
        if chosen is None:
            return app.return_code or 0
        code = await open_and_look([chosen], config)
    return code


def _target(address: "Address") -> str | None:
    from imagechat_tui.client.address import BoardLink, FilePicture, WebPicture
    from imagechat_tui.protocol.paths import board_link

    match address:
        case FilePicture():
            return str(address.path)
        case WebPicture():
            return address.url
        case BoardLink():
            return address.server + board_link(address.tenant, address.token)
        case _:
            return None
