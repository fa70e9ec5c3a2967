"""The demo as a process beside the app, so that its work never makes the app stutter; it ends with its owner.

The child lives until its stdin closes: whatever happens to this process, nothing is left behind.
"""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Final

import imagechat_tui
from imagechat_tui import plain
from imagechat_tui.demo.stage import Facts
from imagechat_tui.errors import ProtocolError, UserError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import codec

# A first start on a slow disk makes a database and draws from a cold cache.
_START_SECONDS: Final = 40.0
_END_SECONDS: Final = 8.0


@contextlib.asynccontextmanager
async def embedded(arguments: list[str]) -> AsyncIterator[Facts]:
    """A running demo; ``arguments`` are further flags for ``imagechat demo``.

    Raises:
        UserError: It does not start; with its own words.
    """
    with tempfile.TemporaryFile() as words:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "imagechat_tui", "demo", "--no-app", "--until-stdin-closes"),
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=words,
            env=_environment(),
            # Keys such as control-C belong to the app alone.
            start_new_session=True,
        )
        try:
            yield await _facts(child, words)
        finally:
            await _end(child)


async def _facts(child: asyncio.subprocess.Process, words: IO[bytes]) -> Facts:
    line = b""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_START_SECONDS):
            if child.stdout is not None:
                line = await child.stdout.readline()
    try:
        return codec.decode(line, Facts)
    except ProtocolError:
        words.seek(0)
        said = plain.line(words.read(4_000).decode(errors="replace"), most=500)
        raise UserError(_("The demo cannot start: {reason}").format(reason=said or _("it gave no reason"))) from None


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        async with asyncio.timeout(_END_SECONDS):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()


def _environment() -> dict[str, str]:
    """The environment, in which this very package is found."""
    home = str(Path(imagechat_tui.__file__).resolve().parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))}
