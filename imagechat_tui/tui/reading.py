"""The bytes of a picture to something to look at, outside the event loop: large photos coarsely first, then whole.

It knows no widgets: how far the reading is goes to whoever asks, in the event loop's own thread.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Final

from imagechat_tui.i18n import _
from imagechat_tui.tui import painter

if TYPE_CHECKING:
    from imagechat_tui.render.scale import Pyramid

_PARTS: Final = 20
"""Cells of the bar; it is told of no smaller steps."""


class _StoppedError(Exception):
    """Nobody waits for the picture any longer."""


def bar(part: float | None, *, loading: bool = False) -> str:
    """A sentence for the place of the picture; ``part`` of it has been read, or has come from the server."""
    if part is None:
        return _("Loading the picture …")
    full = round(part * _PARTS)
    drawn = "█" * full + "░" * (_PARTS - full)
    words = _("Loading the picture {bar} {percent} %") if loading else _("Reading the picture {bar} {percent} %")
    return words.format(bar=drawn, percent=round(part * 100))


async def read(
    data: bytes, *, told: Callable[[float], None]
) -> "AsyncIterator[tuple[Pyramid, tuple[str, ...] | None]]":
    """The picture, perhaps twice: coarse with ``None``, and at last whole with sentences about what was left out.

    Whoever stops waiting ends the thread that reads as well, with the next piece of the file.

    Args:
        data: a whole file.
        told: called with the part of it that has been read, 0 to 1, now and then.

    Raises:
        PictureError: It cannot be shown.
    """
    loop = asyncio.get_running_loop()
    steps = 0
    ended = False

    def read_so_far(part: float) -> None:
        nonlocal steps
        if ended:
            raise _StoppedError
        if int(part * _PARTS) > steps and not loop.is_closed():
            steps = int(part * _PARTS)
            loop.call_soon_threadsafe(told, part)

    try:
        glimpse = await asyncio.to_thread(painter.glimpse, data)
        if glimpse is not None:
            yield glimpse, None
        yield await asyncio.to_thread(painter.read, data, told=read_so_far)
    finally:
        ended = True
