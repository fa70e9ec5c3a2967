"""``imagechat serve``: runs the server until it is told to end; its words go to stderr as log lines."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from imagechat_tui import log
from imagechat_tui.cli import flags, operating, progress, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import ImagechatError, UsageError, UserError
from imagechat_tui.i18n import N_, _

if TYPE_CHECKING:
    from imagechat_tui.server.run import Running

_LOCK_FILE = "lock"
"""The name is the server's; its module is loaded only when it runs."""


@click.command("serve")
@flags.with_settings(
    "serve.host",
    "serve.port",
    *operating.DATABASE_OPTIONS,
    "serve.redis",
    "serve.pictures",
    "serve.tls_cert",
    "serve.tls_key",
    "serve.trusted_proxies",
    "serve.log_format",
    "serve.metrics_token",
    "log_level",
)
@click.option("--dev-cert", is_flag=True, help="TLS with a certificate of our own making, for development.")
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help='Write {"url","pid"} there when connections are accepted.',
)
@click.option("--allow-host", multiple=True, metavar="HOST", help="Answer requests for this name only; repeatable.")
@click.option(
    "--drain",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Time to send everybody on when asked to end. Default: 10 with --redis, else 0.",
)
@click.option("--local", is_flag=True, hidden=True)
@click.option("--socket", type=click.Path(path_type=Path), hidden=True)
def command(
    *,
    config: Config,
    dev_cert: bool,
    ready_file: Path | None,
    allow_host: tuple[str, ...],
    drain: float | None,
    local: bool,
    socket: Path | None,
) -> int:
    """Run the server.

    Without options it listens on this machine only and keeps everything in one SQLite file. Behind a proxy that speaks
    TLS, or with --tls-cert and --tls-key, others can reach it. Make a tenant first: imagechat tenant add NAME.
    """
    if local:
        config = operating.without_server(config)
    _check(config, dev_cert=dev_cert)
    from imagechat_tui.server.run import serve

    settings = operating.server_settings(
        config,
        dev_cert=dev_cert,
        ready_file=ready_file,
        allowed_hosts=allow_host,
        drain_seconds=drain,
        local=local,
        socket=socket,
    )
    with _folder(settings.data, local=local):
        if local:
            log.to_file(settings.data / "server.log", level=config.log_level)
        else:
            log.to_stream(form=config.serve.log_format, level=config.log_level)
        # Once it serves, ctrl+c is how it is asked to end.
        left = _("The start was stopped: nobody was served, and the database is whole. Start it again at any time.")
        with progress.stoppable(left):
            return serve(settings, ready=None if config.serve.log_format == "json" else _tell)


def _tell(server: "Running") -> None:
    """What an operator has to pass on."""
    if server.ca is not None:
        talk.say(_("Clients need the certificate authority of this server: --ca {ca}").format(ca=server.ca))


@contextlib.contextmanager
def _folder(data: Path, *, local: bool) -> Iterator[None]:
    """The data folder; one that was made for a server that could not start is taken away again."""
    new = not data.exists()
    if local:
        # It was started by `open`, which has no flag for the folder.
        operating.make_folder(data, advice=N_("set XDG_DATA_HOME to a folder that can be written"))
    else:
        operating.make_folder(data)
    try:
        yield
    except ImagechatError:
        if new:
            _take_away(data)
        raise


def _take_away(data: Path) -> None:
    """Remove a folder that holds nothing but the lock, unless a server that came up meanwhile has it."""
    lock = data / _LOCK_FILE
    with contextlib.suppress(OSError), lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if [file.name for file in data.iterdir()] == [_LOCK_FILE]:
            lock.unlink()
            data.rmdir()


def _check(config: Config, *, dev_cert: bool) -> None:
    cert, key = config.serve.tls_cert, config.serve.tls_key
    if (cert is None) != (key is None):
        raise UsageError(_("--tls-cert and --tls-key belong together: give both."))
    if cert is not None and dev_cert:
        raise UsageError(_("Use either --dev-cert or --tls-cert, not both."))
    from imagechat_tui.server.auth.proxies import proxies

    try:
        proxies(operating.trusted_proxies(config))
    except UserError as problem:
        raise UsageError(f"--trusted-proxies: {problem}") from None
    if config.serve.redis and config.serve.database is None:
        raise UsageError(_("--redis joins several nodes, which need one database: give --database as well."))
