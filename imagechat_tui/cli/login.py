"""``imagechat login``: redeems an invitation or exchanges a signed payload; keeps the session private."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import UsageError

if TYPE_CHECKING:
    from imagechat_tui.client.credentials import Kept
    from imagechat_tui.client.server import Server

_STDIN = "-"
# A link is far shorter; more is a picture that was piped by mistake.
_LONGEST_LINK = 4_096


@click.command("login")
@click.argument("link", required=False)
@click.option(
    "--sso-file",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A signed SSO payload as JSON, or a tenant's secret with a user; needs --server.",
)
@flags.with_settings(*reaching.CONNECTION_OPTIONS)
def command(*, config: Config, link: str | None, sso_file: Path | None) -> None:
    """Sign in with an invitation LINK (- reads it from stdin), or with --server URL --sso-file FILE.

    The session is kept in a file that only you can read, until imagechat logout.
    """
    if (link is None) == (sso_file is None):
        raise UsageError("Give either an invitation LINK, or --server URL with --sso-file FILE.")
    if sso_file is not None:
        server, kept = talk.wait(_with_payload(config, sso_file))
    else:
        server, kept = talk.wait(_with_invitation(config, _read(link or "")))
    reaching.credentials().keep(kept)
    talk.say(f"Signed in at {server.base_url} as {kept.name or kept.user_id or 'a guest'} (tenant {kept.tenant}).")


def _read(link: str) -> str:
    if link != _STDIN:
        return link
    if sys.stdin.isatty():
        talk.say("Paste the invitation link, then press enter:")
    return sys.stdin.readline(_LONGEST_LINK).strip()


async def _with_invitation(config: Config, link: str) -> "tuple[Server, Kept]":
    from imagechat_tui.client.signin import redeem
    from imagechat_tui.protocol.paths import read_invitation

    invitation = read_invitation(link)
    if invitation is None:
        raise UsageError("This is no invitation: it looks like https://host/imagechat/v1/invite#…")
    server = reaching.server_of(config, invitation.server)
    async with reaching.exchange_with(server) as exchange:
        return server, await redeem(exchange, invitation.secret)


async def _with_payload(config: Config, file: Path) -> "tuple[Server, Kept]":
    from imagechat_tui.client.signin import open_session, read_sso_file

    if not config.server:
        raise UsageError("--sso-file needs --server URL.")
    payload = read_sso_file(file)
    tenant = config.tenant or payload.tenant
    if not tenant:
        raise UsageError("The file names no tenant: add --tenant NAME.")
    server = reaching.server_of(config, config.server)
    async with reaching.exchange_with(server) as exchange:
        return server, await open_session(exchange, tenant, sso=payload.payload)
