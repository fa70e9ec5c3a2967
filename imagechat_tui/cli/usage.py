"""``imagechat usage``: messages, bytes and conversations of a tenant by day, from the server's API."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import NotFoundError, UsageError, UserError
from imagechat_tui.i18n import N_, _
from imagechat_tui.render.sparkline import sparkline
from imagechat_tui.tui import words

if TYPE_CHECKING:
    from imagechat_tui.client.usage import UsageDay

# Secrets have 43 characters.
_LONGEST_KEY = 200
_COLUMNS = {
    "messages": ("pubSubMessageCount", N_("MESSAGES")),
    "bytes": ("pubSubBandwidth", N_("BYTES")),
    "conversations": ("conversationCreateCount", N_("CONVERSATIONS")),
    "comments": ("commentCreateCount", N_("COMMENTS")),
    "votes": ("voteCount", N_("VOTES")),
}
"""Fields of a day: the contract's name, for programs, and the head of the column, for people."""


@click.command("usage")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How far to look back.")
@click.option(
    "--api-key-file",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Ask with the tenant's API secret, which is in this file, instead of a session. [IMAGECHAT_API_KEY: the key]",
)
@flags.as_json
@flags.with_settings(*reaching.CONNECTION_OPTIONS, says=flags.LAST_SIGNED_IN)
def command(*, config: Config, days: int, api_key_file: Path | None, as_json: bool) -> None:
    """Show what a tenant used, day by day (UTC): to its administrators, and to who has its API secret."""
    from imagechat_tui.client.usage import UsageReader

    api_key = _read_key(api_key_file) if api_key_file is not None else config.api_key
    if api_key is None:
        server, kept = reaching.signed_in(config)
        reader = UsageReader(server, kept.tenant, kept=kept)
    elif config.tenant is None:
        raise UsageError(_("An API secret belongs to one tenant: name it with --tenant."))
    else:
        reader = UsageReader(reaching.named_server(config), config.tenant, api_key=api_key)
    found = talk.wait(reader.read(days))
    if as_json:
        talk.put_json([_row(day) for day in found])
        return
    shown = [[day.day.isoformat(), *(words.count(getattr(day, name)) for name in _COLUMNS)] for day in found]
    if found:
        shown.append(["", *(sparkline([getattr(day, name) for day in found]) for name in _COLUMNS)])
    heads = [_(head) for _key, head in _COLUMNS.values()]
    talk.put_table([_("DAY"), *heads], shown, right=range(1, len(_COLUMNS) + 1))


def _read_key(path: Path) -> str:
    """The secret that a file holds on its first line."""
    try:
        with path.open(encoding="utf-8") as file:
            key = file.readline(_LONGEST_KEY).strip()
    except FileNotFoundError:
        raise NotFoundError(_("There is no file {path}.").format(path=path)) from None
    except (OSError, UnicodeDecodeError):
        raise UserError(_("{path} cannot be read.").format(path=path)) from None
    if not key.isascii() or not key.isprintable() or not key:
        raise UserError(_("{path} holds no API secret.").format(path=path))
    return key


def _row(day: "UsageDay") -> dict[str, object]:
    return {"day": day.day.isoformat()} | {key: getattr(day, name) for name, (key, _) in _COLUMNS.items()}
