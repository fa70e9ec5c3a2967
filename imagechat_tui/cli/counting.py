"""``--on-count``: tells a command of the person's how many comments the board has; it never goes through a shell.

The count is the command's last argument and ``IMAGECHAT_COUNT``; nothing that others wrote is handed over. One run at a
time, beside the app: while one lasts only the latest count waits, and one that does not end is ended.
"""

import asyncio
import contextlib
import logging
import os
import shlex
import shutil
from collections.abc import AsyncIterator, Sequence
from typing import Final

from imagechat_tui.core.outputs import Change
from imagechat_tui.core.views import BoardReader, LinkState
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _
from imagechat_tui.tui.ports import BoardClient

VARIABLE: Final = "IMAGECHAT_COUNT"

_log = logging.getLogger(__name__)

_RUN_SECONDS: Final = 30.0
_LAST_SECONDS: Final = 2.0
"""For a run that is under way when the person leaves."""


def read_command(text: str) -> list[str]:
    """A command line as words.

    Raises:
        UsageError: It has an open quote, is empty, or names no program.
    """
    try:
        words = shlex.split(text)
    except ValueError as problem:
        raise UsageError(
            _("--on-count: the command cannot be read ({problem}): check its quotes.").format(problem=problem)
        ) from None
    if not words or shutil.which(words[0]) is None:
        raise UsageError(
            _("--on-count: there is no program {program!r}: name one that can be run.").format(
                program=words[0] if words else text
            )
        )
    return words


@contextlib.asynccontextmanager
async def told(client: BoardClient, command: Sequence[str] | None) -> AsyncIterator[None]:
    """Within the block the command is told of each new count, from the first one on."""
    if command is None:
        yield
        return
    changed = asyncio.Event()

    def heard(changes: Sequence[Change]) -> None:
        if changes:
            changed.set()

    unlisten = client.listen(heard)
    telling = asyncio.create_task(_tell(client, command, changed))
    try:
        yield
    finally:
        unlisten()
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


async def _tell(client: BoardClient, command: Sequence[str], changed: asyncio.Event) -> None:
    told_last: int | None = None
    while await changed.wait():
        changed.clear()
        count = _count(client.view)
        if count is None or count == told_last:
            continue
        told_last = count
        try:
            await _run(command, count)
        except OSError as problem:
            _log.warning("--on-count: the command does not run: %s", problem.strerror)


def _count(view: BoardReader) -> int | None:
    """Comments of the whole board; ``None`` while it is not known to be complete."""
    if view.link.state is not LinkState.LIVE:
        return None
    return sum(marker.comment_count for marker in view.markers())


async def _run(command: Sequence[str], count: int) -> None:
    nowhere = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command,
        str(count),
        stdin=nowhere,
        stdout=nowhere,
        stderr=nowhere,
        env=os.environ | {VARIABLE: str(count)},
    )
    try:
        await _ended(process, _RUN_SECONDS)
    except asyncio.CancelledError:
        await _ended(process, _LAST_SECONDS)
        raise


async def _ended(process: asyncio.subprocess.Process, seconds: float) -> None:
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        _log.warning("--on-count: the command did not end within %s s and was ended", seconds)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
