"""Servers that start at once and can be killed: forked from a process that has loaded the server already.

What runs in the fork is the server of ``imagechat serve``; only the loading of modules, which takes most of a start and
has nothing to lose, is done once.
"""

import asyncio
import contextlib
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from msgspec.structs import replace

from imagechat_tui import log
from imagechat_tui.server.run import Running, serve
from imagechat_tui.server.settings import Limits, Rate, Settings
from tests.support.judge import judge
from tests.support.servers import PATIENCE
from tests.support.watched import written_down

_PLENTY = Rate(per_minute=1e9, burst=1e9)
UNLIMITED = Limits(comments=_PLENTY, tenant=_PLENTY, reads=_PLENTY, uploads=_PLENTY, sign_ins=_PLENTY)
"""People who write without pause are not told to slow down: it is the server's end that is looked at."""
_LOOK_SECONDS = 0.005

_forks = multiprocessing.get_context("forkserver")
_LOADED = ("imagechat_tui.server.run", __name__)
_forks.set_forkserver_preload([*_LOADED])


def load_also(*modules: str) -> None:
    """Load these before the first fork as well: what the main module of a command imports, every fork would import."""
    _forks.set_forkserver_preload([*_LOADED, *modules])


def _serve(settings: Settings, watched: Path | None) -> None:
    """What a fork does until it is killed; ``watched`` is where what it says is written down."""
    log.to_file(settings.data / "server.log", level="warning")

    def ready(server: Running) -> None:
        (settings.data / "url").write_text(server.url)

    with contextlib.nullcontext() if watched is None else written_down(watched):
        serve(settings, ready=ready)


@dataclass(kw_only=True)
class Nursling:
    """A server in a process of its own."""

    settings: Settings
    url: str
    process: ForkServerProcess

    @property
    def port(self) -> int:
        """Where it listens; a later one over the same data takes it over."""
        return int(self.url.rpartition(":")[2])

    async def kill(self) -> None:
        """End it without a word (SIGKILL)."""
        self.process.kill()
        await asyncio.to_thread(self.process.join, PATIENCE)


@asynccontextmanager
async def nursling(settings: Settings, *, port: int = 0) -> AsyncIterator[Nursling]:
    """A server that accepts when the block begins; killed at the latest when the block is left."""
    settings = replace(settings, port=port, limits=UNLIMITED)
    settings.data.mkdir(parents=True, exist_ok=True)
    said = settings.data / "url"
    said.unlink(missing_ok=True)
    process = _forks.Process(target=_serve, args=(settings, judge.folder), daemon=True)
    process.start()
    server = Nursling(settings=settings, url="", process=process)
    try:
        async with asyncio.timeout(PATIENCE):
            while not (said.exists() and (url := said.read_text())):
                assert process.is_alive(), f"the server ended with {process.exitcode}"
                await asyncio.sleep(_LOOK_SECONDS)
        server.url = url
        yield server
    finally:
        await server.kill()
        process.close()
