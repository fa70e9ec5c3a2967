"""Sessions kept between runs: one file that only its owner may read, changed by replacing it whole.

Filed by server and tenant. Tokens never leave this file except into the header of a request to their own server.
"""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import ids

FILE_NAME: Final = "sessions.json"
_OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077


class Kept(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One session of this person."""

    server: str
    """``Server.key``: an origin, or the path of a Unix socket."""
    tenant: str
    token: str | None = None
    sso: str | None = None
    """A plain host opens no sessions: the signed payload is kept instead."""
    name: str = ""
    """Who that is, as the server calls them (foreign text)."""
    user_id: str | None = None

    @property
    def named(self) -> bool:
        """Somebody signed in, unlike an anonymous session."""
        return self.sso is not None or (self.user_id is not None and not ids.is_anonymous(self.user_id))

    def __repr__(self) -> str:
        return f"Kept({self.server!r}, {self.tenant!r}, {self.user_id!r})"


class _File(Struct, frozen=True, kw_only=True):
    version: int = 1
    sessions: list[Kept] = []
    """The last one used to sign in comes first."""


class Credentials:
    """The file of sessions in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / FILE_NAME

    def all(self) -> list[Kept]:
        """Every session, the latest sign-in first.

        Raises:
            UserError: The file is there but cannot be read.
        """
        return self._read().sessions

    def of(self, server: str, tenant: str | None = None) -> Kept | None:
        """The session at a server; without a tenant the latest one there."""
        for kept in self.all():
            if kept.server == server and tenant in {None, kept.tenant}:
                return kept
        return None

    def latest_named(self) -> Kept | None:
        """The last sign-in at a server that a person named; the local server signs in by itself."""
        return next((kept for kept in self.all() if kept.named and kept.server.startswith("http")), None)

    def keep(self, session: Kept) -> None:
        """Put a session first, in place of an earlier one of the same server and tenant.

        Raises:
            UserError: The file cannot be written.
        """
        with self._changing() as sessions:
            sessions[:] = [session, *(kept for kept in sessions if not _same_place(kept, session))]

    def forget(self, session: Kept) -> None:
        """Drop a session."""
        with self._changing() as sessions:
            sessions[:] = [kept for kept in sessions if not _same_place(kept, session)]

    def _read(self) -> _File:
        try:
            with self.path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & _OTHERS:
                    # Somebody widened it, or copied it carelessly: close it again before going on.
                    os.fchmod(file.fileno(), _OWNER_ONLY)
                return msgspec.json.decode(file.read(), type=_File)
        except FileNotFoundError:
            return _File()
        except OSError as problem:
            raise UserError(
                _("{path} cannot be read ({reason}): check who owns it.").format(
                    path=self.path, reason=problem.strerror
                )
            ) from None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise UserError(_("{path} is damaged: remove it and sign in again.").format(path=self.path)) from None

    @contextlib.contextmanager
    def _changing(self) -> Iterator[list[Kept]]:
        """What is kept, to be changed by the caller; two processes take turns."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self._folder / f"{FILE_NAME}.lock", "a", opener=_private) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                sessions = list(self._read().sessions)
                before = list(sessions)
                yield sessions
                if sessions != before or not self.path.exists():
                    replace_file(self.path, msgspec.json.format(msgspec.json.encode(_File(sessions=sessions))))
        except OSError as problem:
            raise UserError(
                _("The session cannot be kept in {folder} ({reason}): make that folder writable.").format(
                    folder=self._folder, reason=problem.strerror
                )
            ) from None


def replace_file(path: Path, data: bytes) -> None:
    """Write a file of the owner's, whole or not at all, also when the machine stops in between."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ONLY)


def _same_place(one: Kept, other: Kept) -> bool:
    return (one.server, one.tenant) == (other.server, other.tenant)
