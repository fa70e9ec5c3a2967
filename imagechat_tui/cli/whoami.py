"""``imagechat whoami``: which server and identity the client uses, as that server sees it."""

import getpass

import click

from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import NotAllowedError


@click.command("whoami")
@flags.as_json
@flags.with_settings(*reaching.CONNECTION_OPTIONS)
def command(*, config: Config, as_json: bool) -> None:
    """Say which server and identity are used."""
    from imagechat_tui.client.signin import who_am_i

    server = reaching.remote_server(config)
    if server is None:
        _tell(
            {"server": None, "tenant": "local", "id": None, "name": getpass.getuser(), "admin": False}, as_json=as_json
        )
        return
    kept = reaching.needed_session(config, server)

    async def ask() -> dict[str, object]:
        async with reaching.exchange_with(server, kept) as exchange:
            me = await who_am_i(exchange)
        if me is None or me.user is None:
            raise NotAllowedError(f"The session for {server.base_url} is over: sign in again with imagechat login.")
        return {
            "server": server.base_url,
            "tenant": me.tenant_id,
            "id": me.user.id,
            "name": me.user.display_name or me.user.username,
            "admin": me.is_site_admin,
        }

    _tell(talk.wait(ask()), as_json=as_json)


def _tell(facts: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        talk.put_json(facts)
        return
    where = facts["server"] or "the local server of this machine"
    role = ", as an administrator" if facts["admin"] else ""
    talk.put(f"{facts['name'] or facts['id'] or 'a guest'} at {where} (tenant {facts['tenant']}){role}")
