"""``imagechat open``: the app on a picture or on the board of a link."""

import asyncio
import sys

import click
from msgspec.structs import replace

from imagechat_tui import config as settings
from imagechat_tui.cli import flags, looking, reaching, talk
from imagechat_tui.config import Config


@click.command("open")
@click.argument("image")
@flags.with_settings(*reaching.CONNECTION_OPTIONS, "url_id", *looking.APP_OPTIONS)
def command(*, config: Config, image: str) -> int:
    """Open IMAGE: a file, an http(s) address of a picture, - for stdin, or a link to a board.

    Without --server, pictures are opened on a local server, which is started when needed: whoever opens the same file
    in another terminal of yours is on the same board.
    """
    if config.plain:
        from imagechat_tui.cli.speaking import open_and_more

        return talk.wait(open_and_more(image, config))
    return talk.wait(_open_and_more(image, config))


async def _open_and_more(image: str, config: Config) -> int:
    """The board, and then the list of boards when the person leaves for it."""
    from imagechat_tui.cli.recent import look_around
    from imagechat_tui.tui.settings import TO_BOARDS

    code = await open_and_look(image, config)
    return await look_around(replace(config, url_id=None)) if code == TO_BOARDS else code


async def open_and_look(image: str, config: Config) -> int:
    """Load, open, look; everything that can be wrong is found before the screen changes."""
    from imagechat_tui.cli.counting import read_command
    from imagechat_tui.cli.recent import count, remember
    from imagechat_tui.client import pictures
    from imagechat_tui.client.address import BoardLink, read_address
    from imagechat_tui.client.opening import open_board

    keyboard = looking.has_keyboard()
    address = read_address(image)
    if not keyboard and not isinstance(address, BoardLink):
        # What is wrong with the picture matters more than the missing terminal, and no server is needed to tell.
        await pictures.load(address, ca=config.ca)
        raise looking.no_terminal()
    if config.on_count is not None:
        read_command(config.on_count)
    session = looking.session_settings(config)
    opening = open_board(image, place=reaching.place(config), url_id=config.url_id, settings=session)
    if keyboard and sys.stdin.isatty():
        looking.take_terminal()
        facts = looking.prepare_app(config)
        opened, _ = await asyncio.gather(opening, looking.load_app())
    else:
        # The picture comes through stdin: it has to be read before keys can.
        opened = await opening
        if not keyboard:
            await opened.runner.stop()
            raise looking.no_terminal()
        looking.take_terminal()
        facts = looking.prepare_app(config)
    remember(address, title=opened.title)
    drafts = settings.state_dir() / "drafts.json"
    code = await looking.run_app(opened, config, facts=facts, drafts=drafts, boards=True)
    board = opened.runner.view.board
    count(address, open=board.open, resolved=board.resolved)
    return code
