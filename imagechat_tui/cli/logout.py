"""``imagechat logout``: ends a session at its server and forgets it here; forgets it also when nobody answers."""

import click

from imagechat_tui.cli import flags, reaching, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import NotFoundError


@click.command("logout")
@flags.with_settings(*reaching.CONNECTION_OPTIONS)
def command(*, config: Config) -> None:
    """End the session of a server (the one signed in to last), and forget it."""
    from imagechat_tui.client.signin import sign_out

    server = reaching.needed_server(config)
    kept = reaching.credentials().of(server.key, config.tenant)
    if kept is None:
        raise NotFoundError(f"There is no session for {server.base_url}.")

    async def end() -> None:
        async with reaching.exchange_with(server, kept) as exchange:
            await sign_out(exchange)

    try:
        talk.wait(end())
    finally:
        reaching.credentials().forget(kept)
        talk.say(f"The session for {server.base_url} is forgotten here.")
