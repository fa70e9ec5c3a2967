"""``imagechat share``: uploads a picture at full size and prints the one line that others need."""

from typing import TYPE_CHECKING

import click

from imagechat_tui.cli import flags, reaching, talk, waiting
from imagechat_tui.config import Config
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _

if TYPE_CHECKING:
    from imagechat_tui.client.opening import Visibility


@click.command("share")
@click.argument("image")
@click.option("--private", is_flag=True, help="Only people who are signed in at the server may see it.")
@click.option("--groups", metavar="A,B", help="Only people of these groups may see it.")
@flags.as_json
@flags.with_settings(*reaching.CONNECTION_OPTIONS, says=flags.LAST_SIGNED_IN)
def command(*, config: Config, image: str, private: bool, groups: str | None, as_json: bool) -> None:
    """Upload IMAGE (a file, an address, or - for stdin) and print the link to its board.

    Whoever has the link sees the board, unless --private or --groups says otherwise.
    """
    if private and groups is not None:
        raise UsageError(_("--private and --groups contradict each other: groups are private already."))
    names = [name.strip() for name in (groups or "").split(",") if name.strip()]
    if groups is not None and not names:
        raise UsageError(_("--groups names no group: write --groups design,product."))
    visibility: Visibility = "groups" if names else "tenant" if private else "link"
    link = talk.wait(_shared(image, config, visibility=visibility, groups=names or None))
    if as_json:
        talk.put_json({"link": link, "visibility": visibility, "groups": names})
    else:
        talk.put(link)


async def _shared(image: str, config: Config, *, visibility: "Visibility", groups: list[str] | None) -> str:
    from imagechat_tui.client.opening import share

    with waiting.told(plain=config.plain) as told:
        return await share(image, place=reaching.place(config), visibility=visibility, groups=groups, told=told)
