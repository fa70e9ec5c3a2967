"""What commands say while a board is opened or shared: how far it is, and what ctrl+c has left of it."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

from imagechat_tui.cli import progress
from imagechat_tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagechat_tui.client.work import Told, Work


@contextlib.contextmanager
def told(*, plain: bool = False) -> "Iterator[Told]":
    """To be told of the work that is done inside.

    Args:
        plain: say it once and move nothing.

    Raises:
        StoppedError: ctrl+c came.
    """
    last: Work | None = None

    def heard(work: "Work", done: int, of: int) -> None:
        nonlocal last
        last = work
        line.show(doing(work), done, of)

    try:
        with progress.line(plain=plain) as line:
            yield heard
    except asyncio.CancelledError:
        # In an event loop ctrl+c cancels, and nothing else does here.
        raise progress.stopped(left(last)) from None


def doing(work: "Work") -> str:
    """What goes on."""
    from imagechat_tui.client.work import Work

    match work:
        case Work.READING:
            return _("Reading the picture")
        case Work.LOADING:
            return _("Loading the picture")
        case Work.STARTING:
            return _("Starting the local server")
        case Work.SENDING:
            return _("Sending the picture")
        case Work.SETTING_UP:
            return _("Setting up the board")


def left(work: "Work | None") -> str:
    """What is left of what was stopped."""
    from imagechat_tui.client.work import Work

    match work:
        case Work.STARTING:
            return _("Stopped: nothing was opened. The local server goes on starting, and ends when nobody uses it.")
        case Work.SENDING:
            return _("Stopped while the picture was being sent: no board was made or changed.")
        case Work.SETTING_UP:
            return _("Stopped when the picture had been sent: its board may be there already.")
        case _:
            return _("Stopped: nothing was opened or sent.")
