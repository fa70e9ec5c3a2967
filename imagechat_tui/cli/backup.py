"""``imagechat backup``: copies the server's data into one file, also while the server runs."""

from functools import partial
from pathlib import Path

import click

from imagechat_tui.cli import copying, flags, progress, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@flags.as_json
@flags.with_settings("serve.data", "serve.database")
def command(*, config: Config, file: Path, overwrite: bool, as_json: bool) -> None:
    """Copy everything the server keeps (boards, comments, pictures, people, secrets) into FILE.

    The server may be running: the copy shows one moment, and nobody waits for it. imagechat restore puts it back.
    """
    from imagechat_tui.server.store import copies

    source = copying.database_file(config)
    if file.exists() and not overwrite:
        raise UserError(_("{file} exists already: choose another name, or say --overwrite.").format(file=file))
    left = _("The backup was stopped: there is no new {file}.").format(file=file)
    with progress.stoppable(left), progress.line() as line:
        told = partial(line.show, _("Copying"))
        size = copies.copy(source, file, told=told, undisturbed=progress.undisturbed())
    if as_json:
        talk.put_json({"file": str(file), "bytes": size})
    else:
        talk.say(
            _("{file} has everything ({size:.1f} MB). It holds the secrets of tenants: keep it private.").format(
                file=file, size=size / 1e6
            )
        )
