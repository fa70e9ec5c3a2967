"""What commands share that talk to a server: which one, as whom, from which folders; decides no more than that."""

from typing import TYPE_CHECKING

from imagechat_tui import xdg
from imagechat_tui.config import Config
from imagechat_tui.errors import NotAllowedError, UsageError
from imagechat_tui.i18n import _

if TYPE_CHECKING:
    from imagechat_tui.client.arriving import Place
    from imagechat_tui.client.credentials import Credentials, Kept
    from imagechat_tui.client.server import Server

CONNECTION_OPTIONS = ("server", "tenant", "ca", "insecure_transport")


def place(config: Config) -> "Place":
    """Server, identity and folders for opening boards."""
    from imagechat_tui.client.arriving import Place

    return Place(
        data=xdg.data_dir(),
        state=xdg.state_dir(),
        server=configured_server(config),
        tenant=config.tenant,
        ca=config.ca,
        insecure_transport=config.insecure_transport,
        compress=config.compress,
        api_key=config.api_key,
    )


def credentials() -> "Credentials":
    """The sessions that this user keeps."""
    from imagechat_tui.client.credentials import Credentials

    return Credentials(xdg.state_dir())


def configured_server(config: Config) -> "Server | None":
    """The server that flag, environment or file name."""
    return _server(config, config.server) if config.server else None


def usual_server(config: Config) -> "Server | None":
    """The configured server, else the one signed in to last; ``None`` when there is neither."""
    if (configured := configured_server(config)) is not None:
        return configured
    latest = credentials().latest_named()
    return _server(config, latest.server) if latest else None


def named_server(config: Config) -> "Server":
    """The usual server.

    Raises:
        UsageError: None is known.
    """
    server = usual_server(config)
    if server is None:
        raise UsageError(_("Which server? Name it with --server URL, or sign in first with `imagechat login LINK`."))
    return server


def signed_in(config: Config) -> "tuple[Server, Kept]":
    """The usual server and the session kept for it.

    Raises:
        UsageError: No server is known.
        NotAllowedError: There is no session.
    """
    server = named_server(config)
    kept = credentials().of(server.key, config.tenant)
    if kept is None:
        raise NotAllowedError(
            _("You are not signed in at {server}: use `imagechat login LINK`.").format(server=server.base_url)
        )
    return server, kept


def _server(config: Config, url: str) -> "Server":
    from imagechat_tui.client.server import server_at

    return server_at(url, ca=config.ca, insecure_transport=config.insecure_transport)
