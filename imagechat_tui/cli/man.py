"""``imagechat man``: manual pages, made of the same declarations as help, the key table and the settings."""

import os
from pathlib import Path

import click

from imagechat_tui.cli import talk
from imagechat_tui.errors import NotFoundError, UserError
from imagechat_tui.i18n import _, ngettext


@click.command("man")
@click.argument("name", metavar="[COMMAND]", required=False, default="")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write all pages into this folder, such as ~/.local/share/man/man1.",
)
def command(*, name: str, into: Path | None) -> None:
    """Print the manual page of imagechat, or of one of its commands.

    To read it: imagechat man | man -l -
    """
    from imagechat_tui.cli.manual import pages

    made = pages()
    if into is None:
        wanted = f"imagechat-{name}.1" if name else "imagechat.1"
        if wanted not in made:
            raise NotFoundError(_("There is no command “{name}”.").format(name=name))
        print(made[wanted], end="")
        return
    into = into.expanduser()
    try:
        into.mkdir(parents=True, exist_ok=True)
        for file, text in made.items():
            (into / file).write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UserError(
            _("{folder} cannot be used ({reason}): {advice}.").format(
                folder=into,
                reason=problem.strerror or os.strerror(problem.errno or 0),
                advice=_("choose another folder"),
            )
        ) from None
    said = ngettext("{n} page is in {folder}.", "{n} pages are in {folder}.", len(made))
    talk.say(said.format(n=len(made), folder=into))
