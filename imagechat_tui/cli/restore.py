"""``imagechat restore``: makes a backup the server's data again; what was there before is kept beside it."""

import time
from functools import partial
from pathlib import Path

import click

from imagechat_tui.cli import copying, flags, operating, progress, talk
from imagechat_tui.config import Config
from imagechat_tui.i18n import _


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@flags.with_settings("serve.data", "serve.database")
def command(*, config: Config, file: Path) -> None:
    """Put back what imagechat backup has copied into FILE.

    The server must not be running on these data: people who look at a board would see it jump into the past.
    """
    from imagechat_tui.server.run import local
    from imagechat_tui.server.store import copies

    target = copying.database_file(config)
    operating.make_folder(target.parent)
    kept = target.with_name(f"{target.name}.before-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
    left = _("The restore was stopped: {parent} is as it was.").format(parent=target.parent)
    with progress.stoppable(left), local.lock(target.parent), progress.line() as line:
        was_there = copies.put_in_place(
            file, target, kept=kept, told=partial(line.show, _("Copying")), undisturbed=progress.undisturbed()
        )
    talk.say(
        _("{parent} is as it was in {file}.").format(parent=target.parent, file=file)
        + (_(" What was there is in {kept}.").format(kept=kept) if was_there else "")
    )
