"""Finds this user's local server, starts it when there is none, and brings it back when it has ended.

The server decides by a lock who serves a folder, and says where it listens in a file; here that file is read, the
socket is tried, and a process is started in the background. It shares nothing with the server but that file.
"""

import asyncio
import fcntl
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from msgspec import Struct

import imagechat_tui
from imagechat_tui import __version__, plain
from imagechat_tui.client.exchange import Exchange, NoAnswer
from imagechat_tui.client.server import Server, local_server
from imagechat_tui.client.work import Told, Work, nobody
from imagechat_tui.errors import ProtocolError, UnreachableError, UserError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import codec, paths

RUNTIME_FILE: Final = "server.json"
LOCK_FILE: Final = "lock"
# A first start makes the database and its schema; on a slow disk that takes seconds.
_PATIENCE_SECONDS: Final = 20.0
_LOOK_AGAIN_SECONDS: Final = 0.05
_HEALTH_SECONDS: Final = 2.0
_END_SECONDS: Final = 5.0
# One failed start may be the other side of a race: a server that was just ending still held the lock.
_FAILURES: Final = 2


class Found(Struct, frozen=True, kw_only=True):
    """What the local server says of itself."""

    socket: str
    pid: int
    version: str
    tenant: str
    secret: str

    def __repr__(self) -> str:
        return f"Found({self.socket!r}, pid={self.pid}, version={self.version!r})"

    @property
    def server(self) -> Server:
        """How it is reached."""
        return local_server(Path(self.socket))


@dataclass
class _Child:
    process: subprocess.Popen[bytes]
    words: IO[bytes]

    def last_words(self) -> str:
        """What it said before it ended."""
        with self.words:
            self.words.seek(0)
            return plain.line(self.words.read(4000).decode(errors="replace"), most=500)

    def let_go(self) -> None:
        """From here on its life is its own: it outlives this program, which does not wait for it."""
        self.words.close()
        self.process.returncode = 0


@dataclass
class LocalServer:
    """The local server of one data folder, wherever it is in its life."""

    data: Path
    command: Sequence[str] = ()
    """What starts it; this very program by default."""
    patience: float = _PATIENCE_SECONDS
    """Seconds that a start may take."""
    told: Told = nobody
    """Hears that it is being started."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _child: _Child | None = None

    async def find_or_start(self) -> Found:
        """The server that answers, started if there is none.

        Raises:
            UserError: It cannot be started (the folder cannot be used ...), or another version is running.
            UnreachableError: It did not come up in time.
        """
        async with self._turn:
            return await self._running() or await self._started()

    async def wake(self) -> Server | None:
        """Bring it back for a connection that found nobody: where it is now.

        Raises:
            UserError, UnreachableError: As ``find_or_start``.
        """
        return (await self.find_or_start()).server

    async def _running(self) -> Found | None:
        """The server of the runtime file, if it answers."""
        found = self._read()
        if found is None:
            return None
        exchange = Exchange(found.server)
        try:
            answer = await exchange.send("GET", paths.HEALTH, lean=True, timeout=_HEALTH_SECONDS)
        except NoAnswer:
            return None
        finally:
            await exchange.close()
        if not answer.ok:
            return None
        if found.version != __version__:
            raise UserError(
                _(
                    "A local server of version {name} is running, this is version {version}: close its "
                    "windows, end it with `kill {pid}`, and try again."
                ).format(name=plain.line(found.version, most=20), version=__version__, pid=found.pid)
            )
        return found

    def _read(self) -> Found | None:
        path = self.data / RUNTIME_FILE
        try:
            if path.stat().st_uid != os.getuid():
                raise UserError(_("{path} belongs to somebody else: choose another data folder.").format(path=path))
            return codec.decode(path.read_bytes(), Found)
        except (OSError, ProtocolError):
            # Not there, or of a version that wrote it differently and no longer answers.
            return None

    async def _started(self) -> Found:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.patience
        failures = 0
        self.told(Work.STARTING, 0, 0)
        while loop.time() < deadline:
            if self._child is None:
                # After a start that failed: as long as somebody holds the lock, that one is coming up, or going.
                if not (failures and await asyncio.to_thread(self._somebody_serves)):
                    self._child = await asyncio.to_thread(self._spawn)
            elif self._child.process.poll() is not None:
                words = self._child.last_words()
                self._child = None
                failures += 1
                if failures >= _FAILURES and not await asyncio.to_thread(self._somebody_serves):
                    raise UserError(
                        _("The local server cannot start: {reason}").format(reason=words or _("it gave no reason"))
                    )
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            found = await self._running()
            if found is not None:
                await self._settle(found)
                return found
        self._let_go()
        raise UnreachableError(
            _("The local server did not start within {seconds:.0f} s: see {file}").format(
                seconds=self.patience, file=self.data / "server.log"
            )
        )

    async def _settle(self, found: Found) -> None:
        """Let the server live that was started here; end it when another one was quicker, before it gets its turn."""
        if self._child is not None and self._child.process.pid != found.pid:
            await asyncio.to_thread(_end, self._child.process)
        self._let_go()

    def _let_go(self) -> None:
        if self._child is not None:
            self._child.let_go()
            self._child = None

    def _spawn(self) -> _Child:
        command = self.command or (
            *(sys.executable, "-m", "imagechat_tui", "serve"),
            *("--local", "--data", str(self.data.absolute())),
        )
        words = tempfile.TemporaryFile()  # noqa: SIM115 - read when the process has failed, gone with it otherwise
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            # It outlives this terminal, holds no folder busy, and makes no file that others can read.
            start_new_session=True,
            cwd="/",
            umask=0o077,
            env=_environment(),
        )
        return _Child(process=process, words=words)

    def _somebody_serves(self) -> bool:
        """Whether the lock of the folder is held: then a start that failed has lost a race, and somebody comes up."""
        try:
            with (self.data / LOCK_FILE).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    """The environment without settings meant for other servers, in which this very package is found."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IMAGECHAT_SERVE_")}
    home = str(Path(imagechat_tui.__file__).resolve().parent.parent)
    if home not in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        # Run from a checkout: the process starts in another folder and has to find it all the same.
        environment["PYTHONPATH"] = os.pathsep.join([home, *filter(None, [os.environ.get("PYTHONPATH")])])
    return environment
