"""``imagechat show``: prints a picture, and the markers of its board if asked, and leaves."""

import re
import shutil
from typing import TYPE_CHECKING

import click

from imagechat_tui.cli import flags, looking, reaching, talk, waiting
from imagechat_tui.config import Config
from imagechat_tui.errors import NotFoundError, ServerError, UnreachableError, UsageError
from imagechat_tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imagechat_tui.client.opening import OpenedBoard
    from imagechat_tui.core.views import MarkerView

_SIZE = re.compile(r"([1-9][0-9]{0,3})x([1-9][0-9]{0,3})")
# A board on the other side of the world is read well within this.
_PATIENCE_SECONDS = 15.0


@click.command("show")
@click.argument("image")
@click.option("--size", metavar="COLSxROWS", help="Cells to use at most; the terminal's size by default.")
@click.option("--markers", is_flag=True, help="Draw the board's markers, and list them below.")
@click.option("--words", is_flag=True, help="List the markers in words and draw nothing.")
@flags.as_json
@flags.with_settings(*reaching.CONNECTION_OPTIONS, "url_id", *looking.LOOK_OPTIONS, "marker_size")
def command(*, config: Config, image: str, size: str | None, markers: bool, words: bool, as_json: bool) -> None:
    """Print IMAGE: a file, an http(s) address of a picture, - for stdin, or a link to a board.

    With --json the markers are printed as data, and nothing is drawn.
    """
    cells = _cells(size)
    picture, found = talk.wait(_gathered(image, config, markers=markers or words or as_json))
    if as_json:
        talk.put_json([_facts(marker) for marker in found])
        return
    from imagechat_tui.cli import printing

    if not words:
        _print(picture, cells, found if markers else (), config=config)
    if markers or words:
        for sentence in printing.sentences(found):
            talk.put(sentence)
        if not found:
            talk.say(_("This board has no markers."))


async def _gathered(image: str, config: Config, *, markers: bool) -> "tuple[bytes, list[MarkerView]]":
    """The picture's bytes, and the markers of its board if they are wanted."""
    from imagechat_tui.client import pictures
    from imagechat_tui.client.address import BoardLink, read_address
    from imagechat_tui.client.opening import open_board

    address = read_address(image)
    if not markers and not isinstance(address, BoardLink):
        with waiting.told() as told:
            loaded = await pictures.load(address, ca=config.ca, told=told)
        _say_all(loaded.notices)
        return loaded.data, []
    with waiting.told() as told:
        opened = await open_board(image, place=reaching.place(config), url_id=config.url_id, told=told)
    _say_all(opened.notices)
    try:
        found = await _markers(opened) if markers else []
    finally:
        await opened.runner.stop()
    if opened.picture is None:
        raise NotFoundError(_("This board has no picture."))
    return opened.picture, found


async def _markers(opened: "OpenedBoard") -> "list[MarkerView]":
    """The markers, once the board has been read completely."""
    import asyncio

    from imagechat_tui.core.views import LinkState

    runner = opened.runner
    changed = asyncio.Event()
    unlisten = runner.listen(lambda _changes: changed.set())
    running = asyncio.create_task(runner.run())
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while runner.view.link.state is not LinkState.LIVE:
                if runner.view.link.state is LinkState.REFUSED:
                    raise ServerError(
                        _("The server does not let this board be read: {detail}").format(detail=runner.view.link.detail)
                    )
                await changed.wait()
                changed.clear()
        return list(runner.view.markers())
    except TimeoutError:
        raise UnreachableError(_("The board could not be read in time: try again.")) from None
    finally:
        unlisten()
        await runner.stop()
        await asyncio.gather(running, return_exceptions=True)


def _print(picture: bytes, cells: tuple[int, int], markers: "Sequence[MarkerView]", *, config: Config) -> None:
    from imagechat_tui.cli import printing
    from imagechat_tui.render.frame import Look
    from imagechat_tui.render.geometry import Size

    facts = looking.terminal_facts(config)
    look = Look(glyphs=facts.glyphs, colors=facts.colors, mode=looking.mode_of(config))
    for line in printing.lines(picture, Size(*cells), look=look, markers=markers, square_percent=config.marker_size):
        print(line)


def _cells(size: str | None) -> tuple[int, int]:
    if size is None:
        columns, rows = shutil.get_terminal_size()
        # The prompt comes back below the picture.
        return columns, max(1, rows - 1)
    found = _SIZE.fullmatch(size)
    if found is None:
        raise UsageError(_("--size: {size!r} is no size; write columns and rows, such as 100x40.").format(size=size))
    return int(found[1]), int(found[2])


def _facts(marker: "MarkerView") -> dict[str, object]:
    return {
        "number": marker.number,
        "id": marker.id,
        "x": marker.x,
        "y": marker.y,
        "title": marker.title,
        "author": marker.author_name,
        "comments": marker.comment_count,
        "resolved": marker.resolved,
    }


def _say_all(notices: "Sequence[str]") -> None:
    for notice in notices:
        talk.say(notice)
