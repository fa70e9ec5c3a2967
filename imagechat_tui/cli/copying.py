"""What ``backup`` and ``restore`` share: where the one file is that holds everything the server keeps."""

from pathlib import Path

from imagechat_tui.cli import operating
from imagechat_tui.config import Config
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _


def database_file(config: Config) -> Path:
    """The file of the server's database.

    Raises:
        UsageError: The data are in PostgreSQL, which has tools of its own.
    """
    from imagechat_tui.server.settings import DATABASE_FILE

    if config.serve.database is not None:
        raise UsageError(_("This server keeps its data in PostgreSQL: use pg_dump and pg_restore."))
    return operating.data_folder(config) / DATABASE_FILE
