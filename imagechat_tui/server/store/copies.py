"""Copies of a whole SQLite database as one file each, made while others use it; knows no table but the schema's mark.

A copy appears under its name only when it is complete, checked and on the disk; nobody else may read it. Whoever
interrupts it finds everything as it was.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final, TypeAlias

from imagechat_tui.errors import NotFoundError, UserError
from imagechat_tui.i18n import _

_BESIDE: Final = ("-wal", "-shm", "-journal")
_PAGES: Final = 1_000
"""Of one step, 4 MB: some milliseconds."""
_INSTRUCTIONS: Final = 10_000
"""Of SQLite's machine, between two moments in which a check can be interrupted."""

Told: TypeAlias = Callable[[int, int], None]
"""Told of the bytes that are copied, and of how many there are."""


def _nobody(_done: int, _of: int) -> None:
    """Nobody wants to know."""


def copy(
    source: Path, target: Path, *, told: Told = _nobody, undisturbed: AbstractContextManager[None] | None = None
) -> int:
    """Copy the database as it is at one moment; writers go on meanwhile. The bytes of the copy.

    Args:
        source: the database.
        target: where the copy goes.
        told: how far the copying is.
        undisturbed: around the moment in which the copy gets its name, which nothing may interrupt.

    Raises:
        NotFoundError: There is no such database.
        UserError: It is none of imagechat's, is damaged, or the copy cannot be written.
    """
    if not source.is_file():
        raise NotFoundError(_("There is no file {name}.").format(name=source))
    try:
        with _new_file(target, undisturbed) as unfinished:
            _copy_pages(source, unfinished, told)
            size = unfinished.stat().st_size
    except OSError as problem:
        raise UserError(
            _("{target} cannot be written ({reason}): choose another place.").format(
                target=target, reason=problem.strerror
            )
        ) from None
    except sqlite3.Error as problem:
        if problem.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            # Nobody else interrupts: SQLite has swallowed what was raised between two of its instructions.
            raise KeyboardInterrupt from None
        raise UserError(
            _("{source} cannot be copied: it is no database of imagechat, or damaged ({problem}).").format(
                source=source, problem=problem
            )
        ) from None
    return size


def put_in_place(
    copied: Path,
    database: Path,
    *,
    kept: Path,
    told: Told = _nobody,
    undisturbed: AbstractContextManager[None] | None = None,
) -> bool:
    """Make a copy the database of a folder in which nobody serves; whether there was one, which is now ``kept``.

    Args:
        copied: the copy.
        database: what is replaced.
        kept: where it is kept.
        told: how far the copying is.
        undisturbed: around the moment of change, which nothing may interrupt.

    Raises:
        NotFoundError, UserError: As ``copy``; then nothing is changed.
    """
    was_there = database.is_file()
    with tempfile.TemporaryDirectory(dir=database.parent, prefix="restore-") as folder:
        fresh, before = Path(folder) / database.name, Path(folder) / kept.name
        copy(copied, fresh, told=told)
        if was_there:
            copy(database, before, told=told)
        with undisturbed or nullcontext():
            if was_there:
                before.replace(kept)
            for ending in _BESIDE:
                database.with_name(database.name + ending).unlink(missing_ok=True)
            fresh.replace(database)
            _sync_folder(database.parent)
    return was_there


@contextlib.contextmanager
def _new_file(target: Path, undisturbed: AbstractContextManager[None] | None) -> Iterator[Path]:
    """A private file beside ``target`` that takes its place if the block ends well."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        with undisturbed or nullcontext():
            unfinished.replace(target)
            _sync_folder(target.parent)
    finally:
        for left in (unfinished, *(Path(name + ending) for ending in _BESIDE)):
            left.unlink(missing_ok=True)


def _copy_pages(source: Path, target: Path, told: Told) -> None:
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        # One transaction around all steps: one moment of the database, and in a write-ahead log nobody waits for a
        # reader.
        old.execute("BEGIN")
        size = old.execute("PRAGMA page_size").fetchone()[0]
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        old.backup(new, pages=_PAGES, progress=lambda _status, left, of: told((of - left) * size, of * size))
        # One file is the whole copy: no log beside it that somebody could forget to take along.
        new.execute("PRAGMA journal_mode=DELETE")
        new.set_progress_handler(lambda: 0, _INSTRUCTIONS)
        _check(new, source)


def _check(connection: sqlite3.Connection, source: Path) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found is None or found[0] != "ok":
        raise UserError(_("{source} is damaged: {found}.").format(source=source, found=found and found[0]))
    ours = connection.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'tenants')")
    if ours.fetchone()[0] != 2:  # noqa: PLR2004 - both tables of the question
        raise UserError(_("{source} is not a database of imagechat.").format(source=source))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
