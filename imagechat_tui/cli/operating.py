"""What operators' commands share: settings of the server from flags, and the database without the network.

A command that changes nothing makes no database either.
"""

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from imagechat_tui import xdg
from imagechat_tui.cli import progress, talk
from imagechat_tui.config import Config
from imagechat_tui.errors import NotFoundError, UserError
from imagechat_tui.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imagechat_tui.server.settings import Settings
    from imagechat_tui.server.store.database import Database

T = TypeVar("T")

DATABASE_OPTIONS = ("serve.data", "serve.database")


def data_folder(config: Config) -> Path:
    """Where the server keeps its data: as configured, else a folder beside that of the local server."""
    return config.serve.data or xdg.data_dir() / "server"


def server_settings(config: Config, **more: object) -> "Settings":
    """The server's own settings; ``more`` are those that no file holds."""
    from imagechat_tui.server.settings import Settings

    serve = config.serve
    return Settings(
        data=data_folder(config),
        host=serve.host,
        port=serve.port,
        database=_database_url(serve.database),
        redis=serve.redis,
        pictures=serve.pictures,
        tls_cert=serve.tls_cert,
        tls_key=serve.tls_key,
        trusted_proxies=trusted_proxies(config),
        metrics_token=serve.metrics_token,
        log_format=serve.log_format,
        **more,  # type: ignore[arg-type] # names and types are checked where they are given: in `serve`
    )


def trusted_proxies(config: Config) -> tuple[str, ...]:
    """The addresses and networks, as the operator wrote them."""
    return tuple(filter(None, (one.strip() for one in config.serve.trusted_proxies.split(","))))


def without_server(config: Config) -> Config:
    """The settings for the background server of one user: without those of a server for others."""
    serve = replace(
        config.serve, database=None, redis=None, pictures=None, tls_cert=None, tls_key=None, trusted_proxies=""
    )
    return replace(config, serve=serve)


def with_database(config: Config, work: "Callable[[Database], Awaitable[T]]", *, create: bool = False) -> T:
    """Open the server's database, do the work, close it.

    Raises:
        NotFoundError: There is none yet, and ``create`` does not allow to make one.
        UserError: It cannot be opened.
    """
    from imagechat_tui.server.settings import DATABASE_FILE
    from imagechat_tui.server.store.database import Database

    if config.serve.database is None:
        folder = data_folder(config)
        if create:
            make_folder(folder)
        elif not (folder / DATABASE_FILE).exists():
            raise NotFoundError(
                _(
                    "There is no server data in {folder}: name its folder with --data, or begin with "
                    "`imagechat tenant add`."
                ).format(folder=folder)
            )
    database = Database(server_settings(config).database_url, readers=1)

    async def run() -> T:
        with progress.line() as line:
            await database.open(told=lambda _done, _of: line.show(_("Bringing the database up to date")))
        try:
            return await work(database)
        finally:
            await database.close()

    return talk.wait(run())


def make_folder(folder: Path, *, advice: str = N_("choose another folder with --data")) -> None:
    """The folder, for this user only.

    Raises:
        UserError: It cannot be made, or is no folder; ends with the advice.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise UserError(
            _("{folder} cannot be used ({reason}): {advice}.").format(
                folder=folder, reason=problem.strerror, advice=_(advice)
            )
        ) from None


def _database_url(address: str | None) -> str | None:
    """PostgreSQL under the name of the driver that is used, however the person wrote it."""
    for scheme in ("postgresql://", "postgres://"):
        if address and address.startswith(scheme):
            return "postgresql+psycopg://" + address.removeprefix(scheme)
    return address
