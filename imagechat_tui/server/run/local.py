"""The background server of one user: who may serve a data directory, its one tenant, where it says where it is.

A lock on the data directory decides who serves. The file ``server.json`` is written after the socket accepts and taken
away at the end; its secret signs in the user whose directory it is.
"""

import fcntl
import hashlib
import os
import secrets
from pathlib import Path
from typing import Final, TextIO

from imagechat_tui import __version__
from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _
from imagechat_tui.server.run.listening import private_folder, write_private
from imagechat_tui.server.settings import Settings
from imagechat_tui.server.store import tenants
from imagechat_tui.server.store.database import Database, Transaction

TENANT: Final = "local"
LOCK_FILE: Final = "lock"
RUNTIME_FILE: Final = "server.json"
_SOCKET: Final = "server.sock"
_MARK_BYTES: Final = 4
"""Of a hash: enough to tell the data directories of one user apart, and short, because sockets' paths have to be."""


def socket_path(settings: Settings) -> Path:
    """Where the local server listens: the user's runtime directory, else the data directory; never a shared folder.

    Each data directory has a socket of its own; clients read its path in the runtime file.
    """
    if settings.socket is not None:
        return settings.socket
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if not runtime:
        return settings.data / _SOCKET
    mark = hashlib.blake2b(os.fsencode(settings.data.resolve()), digest_size=_MARK_BYTES).hexdigest()
    return Path(runtime) / "imagechat" / f"{mark}.s"


def lock(data: Path) -> TextIO:
    """The right to serve this data directory, for as long as the file stays open.

    Raises:
        UserError: Another server has it, or the directory cannot be used.
    """
    try:
        private_folder(data)
        file = (data / LOCK_FILE).open("a")
    except OSError as problem:
        raise UserError(
            _("cannot use the data directory {folder} ({reason}): make it writable, or use another one").format(
                folder=data, reason=problem.strerror
            )
        ) from problem
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise UserError(
            _("another server is using {folder}; stop it, or choose another directory with --data").format(folder=data)
        ) from None
    return file


async def secret(database: Database, *, now_ms: int) -> str:
    """The secret of the one tenant, which is made at the first start."""

    def work(tx: Transaction) -> str:
        known = tenants.find(tx.connection, TENANT)
        if known is not None:
            return known.secret
        made = secrets.token_urlsafe(32)
        tenants.add(tx, TENANT, secret=made, now_ms=now_ms)
        return made

    return await database.write(work)


def announce(settings: Settings, socket: Path, key: str) -> None:
    """Tell the user's clients where the server is and how they sign in."""
    facts: dict[str, object] = {
        "socket": os.fspath(socket),
        "pid": os.getpid(),
        "version": __version__,
        "tenant": TENANT,
        "secret": key,
    }
    write_private(settings.data / RUNTIME_FILE, facts)


def withdraw(settings: Settings, socket: Path) -> None:
    """Nobody should look here any longer."""
    (settings.data / RUNTIME_FILE).unlink(missing_ok=True)
    socket.unlink(missing_ok=True)
