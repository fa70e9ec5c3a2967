"""Has pictures decoded and encoded anew by the worker process; never decodes one in this process."""

import asyncio
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

import imagechat_tui
from imagechat_tui.errors import PictureError
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.throttle import TooOftenError

_WORKER: Final = "imagechat_tui.server.routes.reencoder"
_SECONDS: Final = 60.0
_UPLOADS: Final = 16
_UPLOADS_PER_ADDRESS: Final = 6
_RETRY_SECONDS: Final = 2.0
_AT_ONCE: Final = 2
"""Workers at a time: pictures must not take the machine from the live rooms."""


class Size(Struct, frozen=True):
    """One encoded picture of a worker's answer, in pixels and bytes."""

    width: int
    height: int
    size: int


class Made(Struct, frozen=True, kw_only=True):
    """One encoded picture."""

    png: bytes
    width: int
    height: int


class _Said(Struct):
    made: list[Size] = []
    problem: str | None = None


class Reencoder:
    """Asks workers; a few at a time."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._uploading: Counter[str] = Counter()

    @contextlib.contextmanager
    def place(self, address: str) -> Iterator[None]:
        """A place among those who upload: each of them may hold a whole picture in memory.

        Raises:
            TooOftenError: There is none at the moment, or this address has its share.
        """
        if self._uploading[address] >= _UPLOADS_PER_ADDRESS or self._uploading.total() >= _UPLOADS:
            raise TooOftenError(_RETRY_SECONDS, per_user=False)
        self._uploading[address] += 1
        try:
            yield
        finally:
            self._uploading[address] -= 1
            if not self._uploading[address]:
                del self._uploading[address]

    async def reencode(self, data: bytes, *, sides: Sequence[int] = (0,)) -> list[Made]:
        """The picture as PNG, once for every longest side in pixels (0: as it is).

        Raises:
            PictureError: It cannot be used; says why.
            Refusal: 503, the worker failed.
        """
        async with self._turns:
            answer = await _ask(data, sides)
        head, newline, body = answer.partition(b"\n")
        try:
            said = msgspec.json.decode(head, type=_Said) if newline else _Said()
        except msgspec.MsgspecError:
            said = _Said()
        if said.problem is not None:
            raise PictureError(said.problem)
        if len(said.made) != len(sides) or sum(one.size for one in said.made) != len(body):
            raise PictureError("The picture could not be decoded; export it again, or smaller.")
        made, at = [], 0
        for one in said.made:
            made.append(Made(png=body[at : at + one.size], width=one.width, height=one.height))
            at += one.size
        return made


async def _ask(data: bytes, sides: Sequence[int]) -> bytes:
    # The worker gets nothing of this process's environment but where its code is.
    home = str(Path(imagechat_tui.__file__).parents[1])
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", _WORKER, *map(str, sides)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": home, "PATH": os.defpath, "LANG": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(_SECONDS):
            answer, _ = await worker.communicate(data)
    except TimeoutError:
        raise Refusal(503, "internal", "The picture took too long; try a smaller one.") from None
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
    return answer
