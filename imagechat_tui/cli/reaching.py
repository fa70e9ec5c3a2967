"""What commands share that talk to a server: which one, as whom, over which connection; decides no more than that."""

import contextlib
from typing import TYPE_CHECKING

from imagechat_tui import config as settings
from imagechat_tui.config import Config
from imagechat_tui.errors import NotAllowedError, UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from imagechat_tui.client.credentials import Credentials, Kept
    from imagechat_tui.client.exchange import Exchange
    from imagechat_tui.client.server import Server

CONNECTION_OPTIONS = ("server", "tenant", "ca", "insecure_transport")

_UNIX = "unix:"


def credentials() -> "Credentials":
    """The sessions that this user keeps."""
    from imagechat_tui.client.credentials import Credentials

    return Credentials(settings.state_dir())


def server_of(config: Config, url: str) -> "Server":
    """The server at an address, under the person's transport rules."""
    from imagechat_tui.client.server import server_at

    return server_at(url, ca=config.ca, insecure_transport=config.insecure_transport)


def remote_server(config: Config) -> "Server | None":
    """The server that is configured, else the one signed in to last; ``None`` when there is neither."""
    if config.server:
        return server_of(config, config.server)
    latest = next((kept for kept in credentials().all() if not kept.server.startswith(_UNIX)), None)
    return server_of(config, latest.server) if latest else None


def needed_server(config: Config) -> "Server":
    """The same, where there is no way without.

    Raises:
        UsageError: None is configured, and nobody signed in anywhere.
    """
    server = remote_server(config)
    if server is None:
        raise UsageError("Which server? Name it with --server URL, or sign in first: imagechat login LINK")
    return server


def needed_session(config: Config, server: "Server") -> "Kept":
    """The session kept for a server.

    Raises:
        NotAllowedError: There is none.
    """
    kept = credentials().of(server.key, config.tenant)
    if kept is None:
        raise NotAllowedError(f"You are not signed in at {server.base_url}: imagechat login LINK")
    return kept


@contextlib.asynccontextmanager
async def exchange_with(server: "Server", kept: "Kept | None" = None) -> "AsyncIterator[Exchange]":
    """An exchange with a server, as the owner of a session or as nobody; closed at the end."""
    from imagechat_tui.client.exchange import Exchange
    from imagechat_tui.client.signin import identity_of

    exchange = Exchange(server, identity=identity_of(kept))
    try:
        yield exchange
    finally:
        await exchange.close()
