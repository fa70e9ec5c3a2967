"""``imagechat whoami``: which server and identity the client uses, as that server sees it."""

import getpass

import click

from imagechat_tui import xdg
from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import NotAllowedError
from imagechat_tui.i18n import _


@click.command("whoami")
@flags.as_json
@flags.with_settings("server", "ca", "insecure_transport", says=flags.LAST_SIGNED_IN)
def command(*, config: Config, as_json: bool) -> None:
    """Say which server and identity are used."""
    from imagechat_tui.client import accounts

    server = reaching.configured_server(config)
    account = talk.wait(
        accounts.whoami(
            state=xdg.state_dir(), server=server, ca=config.ca, insecure_transport=config.insecure_transport
        )
    )
    if account is None and server is not None:
        raise NotAllowedError(
            _("You are not signed in at {server}: use `imagechat login LINK`.").format(server=server.base_url)
        )
    if account is None:
        facts = _facts(server=None, tenant="local", id=None, name=getpass.getuser(), admin=False)
    elif account.who is None and account.kept.token is not None:
        raise NotAllowedError(
            _("The session at {server} is over: sign in again with `imagechat login`.").format(
                server=account.kept.server
            )
        )
    else:
        kept, who = account.kept, account.who
        user = who.user if who else None
        name = (user.display_name or user.username) if user else kept.name
        facts = _facts(
            server=kept.server,
            tenant=kept.tenant,
            id=kept.user_id,
            name=name or kept.name,
            admin=bool(who and who.is_site_admin),
        )
    if as_json:
        talk.put_json(facts)
    else:
        talk.put(_sentence(facts))


def _facts(**facts: object) -> dict[str, object]:
    return facts


def _sentence(facts: dict[str, object]) -> str:
    where = facts["server"] or _("the local server of this machine")
    role = _(", as an administrator") if facts["admin"] else ""
    name = facts["name"] or facts["id"] or _("a guest")
    return _("{name} at {where} (tenant {tenant}){role}").format(
        name=name, where=where, tenant=facts["tenant"], role=role
    )
