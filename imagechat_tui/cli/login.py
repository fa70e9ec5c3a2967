"""``imagechat login``: redeems an invitation or exchanges a signed payload; keeps the session private."""

import sys
from pathlib import Path

import click

from imagechat_tui import xdg
from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import N_, _

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
@flags.with_settings(*reaching.CONNECTION_OPTIONS, says={"server": N_("Where to sign in with --sso-file.")})
def command(*, config: Config, link: str | None, sso_file: Path | None) -> None:
    """Sign in with an invitation LINK (- reads it from stdin), or with --server URL --sso-file FILE.

    The session is kept in a file that only you can read, until imagechat logout.
    """
    from imagechat_tui.client import accounts

    state = xdg.state_dir()
    if (link is None) == (sso_file is None):
        raise UsageError(_("Give either an invitation LINK, or --server URL with --sso-file FILE."))
    if sso_file is not None:
        server = reaching.configured_server(config)
        if server is None:
            raise UsageError(_("--sso-file needs --server URL."))
        work = accounts.login_with_file(server, sso_file, tenant=config.tenant, state=state)
    else:
        work = accounts.login(
            _read(link or ""), state=state, ca=config.ca, insecure_transport=config.insecure_transport
        )
    kept = talk.wait(work)
    talk.say(
        _("Signed in at {server} as {name} (tenant {tenant}).").format(
            server=kept.server, name=kept.name or kept.user_id, tenant=kept.tenant
        )
    )


def _read(link: str) -> str:
    if link != _STDIN:
        return link
    if sys.stdin.isatty():
        talk.say(_("Paste the invitation link, then press enter:"))
    return sys.stdin.readline(_LONGEST_LINK).strip()
