"""``imagechat open``: the app on pictures or on the boards of links, one or several."""

import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click
from msgspec.structs import replace

from imagechat_tui import xdg
from imagechat_tui.cli import flags, looking, reaching, talk, waiting
from imagechat_tui.config import Config
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _

if TYPE_CHECKING:
    from imagechat_tui.client.address import Address
    from imagechat_tui.client.opening import OpenedBoard
    from imagechat_tui.client.work import Told


MOST_BOARDS: Final = 30
"""Each has a connection of its own while the app runs; a review of more images than that is several reviews."""


@click.command("open")
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@flags.with_settings(*reaching.CONNECTION_OPTIONS, "url_id", *looking.APP_OPTIONS)
def command(*, config: Config, images: tuple[str, ...]) -> int:
    """Open IMAGE: a file, an http(s) address of a picture, - for stdin, or a link to a board.

    Several at once are a set: > and < lead from one to the next, and the header says where news is.

    Without --server, pictures are opened on a local server, which is started when needed: whoever opens the same file
    in another terminal of yours is on the same board.
    """
    if config.plain:
        from imagechat_tui.cli.speaking import open_and_more

        if len(images) > 1:
            raise UsageError(_("--plain reads one image at a time: name one."))
        return talk.wait(open_and_more(images[0], config))
    return talk.wait(_open_and_more(images, config))


async def _open_and_more(images: Sequence[str], config: Config) -> int:
    """The boards, and then the list of boards when the person leaves for it."""
    from imagechat_tui.cli.recent import look_around
    from imagechat_tui.tui.settings import TO_BOARDS

    code = await open_and_look(images, config)
    return await look_around(replace(config, url_id=None)) if code == TO_BOARDS else code


async def open_and_look(images: Sequence[str], config: Config) -> int:
    """Load, open, look; everything that can be wrong is found before the screen changes."""
    from imagechat_tui.cli.counting import read_command
    from imagechat_tui.cli.recent import count, remember
    from imagechat_tui.client import pictures
    from imagechat_tui.client.address import BoardLink

    keyboard = looking.has_keyboard()
    addresses = _addresses(images, config)
    for address in addresses:
        if not keyboard and not isinstance(address, BoardLink):
            # What is wrong with the picture matters more than the missing terminal, and no server is needed to tell.
            with waiting.told() as told:
                await pictures.load(address, ca=config.ca, told=told)
            raise looking.no_terminal()
    if config.on_count is not None:
        read_command(config.on_count)
    if keyboard and sys.stdin.isatty():
        looking.take_terminal()
        facts = looking.prepare_app(config)
        with waiting.told() as told:
            boards, _loaded = await asyncio.gather(_open_all(images, config, told), looking.load_app())
    else:
        # The picture comes through stdin: it has to be read before keys can.
        with waiting.told() as told:
            boards = await _open_all(images, config, told)
        if not keyboard:
            await _stop_all(boards)
            raise looking.no_terminal()
        looking.take_terminal()
        facts = looking.prepare_app(config)
    for address, opened in zip(addresses, boards, strict=True):
        remember(address, title=opened.title)
    drafts = xdg.state_dir() / "drafts.json"
    code = await looking.run_app(boards, config, facts=facts, drafts=drafts, others=True)
    for address, opened in zip(addresses, boards, strict=True):
        board = opened.runner.view.board
        count(address, open=board.open, resolved=board.resolved)
    return code


def _addresses(images: Sequence[str], config: Config) -> "list[Address]":
    """What the words mean; each board once."""
    from imagechat_tui.client.address import read_address

    if len(images) > MOST_BOARDS:
        raise UsageError(
            _("These are {n} images; open at most {most} at once.").format(n=len(images), most=MOST_BOARDS)
        )
    if len(images) > 1 and config.url_id is not None:
        raise UsageError(_("--url-id is the key of one board: open one image with it."))
    addresses = [read_address(image) for image in images]
    for place, address in enumerate(addresses):
        if address in addresses[:place]:
            raise UsageError(_("{image} is named twice.").format(image=images[place]))
    return addresses


async def _open_all(images: Sequence[str], config: Config, told: "Told") -> "list[OpenedBoard]":
    """All boards, or none: the first problem closes those that are open. The first one may start the local server."""
    from imagechat_tui.client.opening import open_board

    place, session = reaching.place(config), looking.session_settings(config)
    boards: list[OpenedBoard] = []
    try:
        for image in images:
            boards.append(  # noqa: PERF401 - what is open when a problem comes is closed
                await open_board(image, place=place, url_id=config.url_id, settings=session, told=told)
            )
    except BaseException:
        await _stop_all(boards)
        raise
    return boards


async def _stop_all(boards: "Sequence[OpenedBoard]") -> None:
    for opened in boards:
        await opened.runner.stop()
