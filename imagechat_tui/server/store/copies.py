"""Copies of a whole SQLite database as one file each, made while others use it; knows no table but the schema's mark.

A copy appears under its name only when it is complete, checked and on the disk; nobody else may read it.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from imagechat_tui.errors import NotFoundError, UserError

_BESIDE: Final = ("-wal", "-shm", "-journal")


def copy(source: Path, target: Path) -> int:
    """Copy the database as it is at one moment; writers go on meanwhile. The bytes of the copy.

    Raises:
        NotFoundError: There is no such database.
        UserError: It is none of imagechat's, is damaged, or the copy cannot be written.
    """
    if not source.is_file():
        raise NotFoundError(f"There is no file {source}.")
    try:
        with _new_file(target) as unfinished:
            _copy_pages(source, unfinished)
            size = unfinished.stat().st_size
    except OSError as problem:
        raise UserError(f"{target} cannot be written ({problem.strerror}): choose another place.") from None
    except sqlite3.Error as problem:
        raise UserError(f"{source} cannot be copied: it is no database of imagechat, or damaged ({problem}).") from None
    return size


def put_in_place(copied: Path, database: Path, *, kept: Path) -> bool:
    """Make a copy the database of a folder in which nobody serves; whether there was one, which is now ``kept``.

    Raises:
        NotFoundError, UserError: As ``copy``; then nothing is changed.
    """
    was_there = database.is_file()
    with tempfile.TemporaryDirectory(dir=database.parent, prefix="restore-") as folder:
        fresh = Path(folder) / database.name
        copy(copied, fresh)
        if was_there:
            copy(database, kept)
        for ending in _BESIDE:
            database.with_name(database.name + ending).unlink(missing_ok=True)
        fresh.replace(database)
    _sync_folder(database.parent)
    return was_there


@contextlib.contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """A private file beside ``target`` that takes its place if the block ends well."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
        _sync_folder(target.parent)
    finally:
        for left in (unfinished, *(Path(name + ending) for ending in _BESIDE)):
            left.unlink(missing_ok=True)


def _copy_pages(source: Path, target: Path) -> None:
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        # All pages in one step: one moment of the database, and in a write-ahead log nobody waits for a reader.
        old.backup(new, pages=-1)
        # One file is the whole copy: no log beside it that somebody could forget to take along.
        new.execute("PRAGMA journal_mode=DELETE")
        _check(new, source)


def _check(connection: sqlite3.Connection, source: Path) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found is None or found[0] != "ok":
        raise UserError(f"{source} is damaged: {found and found[0]}.")
    ours = connection.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'tenants')")
    if ours.fetchone()[0] != 2:  # noqa: PLR2004 - both tables of the question
        raise UserError(f"{source} is not a database of imagechat.")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
