"""Boards looked at lately: kept in a small file and shown by ``imagechat`` alone; never leaves this machine."""

import time
from typing import TYPE_CHECKING

import click
import msgspec
from msgspec import Struct

from imagechat_tui import config as settings
from imagechat_tui import plain
from imagechat_tui.cli import talk

if TYPE_CHECKING:
    from imagechat_tui.client.address import Address

_FILE = "recent.json"
_MOST = 20
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


class Recent(Struct, frozen=True, kw_only=True):
    """One board."""

    target: str
    """What ``imagechat open`` takes."""
    title: str
    seen: int
    """Seconds since the epoch."""


def entries() -> list[Recent]:
    """The boards, the latest first; a damaged file is an empty one."""
    try:
        return msgspec.json.decode((settings.state_dir() / _FILE).read_bytes(), type=list[Recent])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return []


def remember(address: "Address", *, title: str) -> None:
    """Put a board first; what came through a pipe cannot be opened again, so it is not kept."""
    from imagechat_tui.client.credentials import replace_file

    target = _target(address)
    if target is None:
        return
    now = Recent(target=target, title=plain.line(title, most=200), seen=int(time.time()))
    kept = [now, *(entry for entry in entries() if entry.target != target)][:_MOST]
    folder = settings.state_dir()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(folder / _FILE, msgspec.json.encode(kept))
    except OSError:
        # A list of conveniences is no reason to keep somebody from a board.
        return


def look() -> int:
    """Show the boards on a terminal, and open the one that is chosen."""
    found = entries()
    if not found:
        talk.say(
            "No boards yet. Try everything at once with `imagechat demo`, or open a picture with `imagechat open FILE`."
        )
        return 0
    width = len(str(len(found)))
    talk.put_table(
        ["", "BOARD", "SEEN", "WHERE"],
        [
            [f"{number:{width}}", entry.title, _ago(entry.seen), entry.target]
            for number, entry in enumerate(found, start=1)
        ],
    )
    choice = click.prompt(
        "\nOpen which one (enter leaves)", default="", show_default=False, err=True, type=_choices(len(found))
    )
    if not choice:
        return 0
    from imagechat_tui.cli.open import open_and_look

    return talk.wait(open_and_look(found[int(choice) - 1].target, settings.load()))


def _choices(count: int) -> click.Choice[str]:
    return click.Choice(["", *(str(number) for number in range(1, count + 1))])


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


def _ago(seen: int) -> str:
    seconds = max(0, int(time.time()) - seen)
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min ago"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h ago"
    return time.strftime("%Y-%m-%d", time.localtime(seen))
