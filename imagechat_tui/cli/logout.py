"""``imagechat logout``: ends a session at its server and forgets it here; forgets it also when nobody answers."""

import click

from imagechat_tui import xdg
from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import NotFoundError, UnreachableError
from imagechat_tui.i18n import _


@click.command("logout")
@flags.with_settings("server", "ca", "insecure_transport", says=flags.LAST_SIGNED_IN)
def command(*, config: Config) -> None:
    """End the session of a server (the one signed in to last), and forget it."""
    from imagechat_tui.client import accounts

    try:
        kept = talk.wait(
            accounts.logout(
                state=xdg.state_dir(),
                server=reaching.configured_server(config),
                ca=config.ca,
                insecure_transport=config.insecure_transport,
            )
        )
    except UnreachableError as problem:
        raise UnreachableError(
            _("The session is forgotten here, but may be open there still: {problem}").format(problem=problem)
        ) from None
    if kept is None:
        raise NotFoundError(_("There is no session to end."))
    talk.say(_("Signed out at {server} (tenant {tenant}).").format(server=kept.server, tenant=kept.tenant))
