"""The local server is found, started once however many look for it, and brought back when it has ended.

A script of a few lines plays the server, so that every way of starting and failing can be played quickly.
"""

import asyncio
import fcntl
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from imagechat_tui import __version__
from imagechat_tui.client import local
from imagechat_tui.client.exchange import Exchange
from imagechat_tui.client.local import LocalServer
from imagechat_tui.errors import UnreachableError, UserError
from imagechat_tui.protocol import paths

SERVER = """
import fcntl, json, os, socket, sys, time
data, version = sys.argv[1], sys.argv[2]
settings = sorted(name for name in os.environ if name.startswith("IMAGECHAT"))
with open(f"{data}/starts", "a") as starts:
    starts.write(f"{os.getpid()} {settings} {os.getcwd()} {os.getsid(0) == os.getpid()}\\n")
lock = open(f"{data}/lock", "a")
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    sys.exit("another server is using it")
path = f"{data}/s"
if os.path.exists(path):
    os.unlink(path)
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen()
facts = {"socket": path, "pid": os.getpid(), "version": version, "tenant": "local", "secret": "k"}
with open(f"{data}/new", "w") as file:
    json.dump(facts, file)
os.rename(f"{data}/new", f"{data}/server.json")
while True:
    connection, _ = listener.accept()
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\n{}")
    connection.close()
"""


class Ground:
    """A data folder, and what was started for it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        (data / "server.py").write_text(SERVER)

    def server(self, *, version: str = __version__, patience: float = 20) -> LocalServer:
        command = (sys.executable, "-S", str(self.data / "server.py"), str(self.data), version)
        return LocalServer(self.data, command=command, patience=patience)

    @property
    def starts(self) -> list[str]:
        path = self.data / "starts"
        return path.read_text().splitlines() if path.exists() else []

    def kill(self) -> None:
        """End what serves now, and collect it."""
        pid = json.loads((self.data / "server.json").read_text())["pid"]
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@pytest.fixture
def ground(tmp_path: Path, spawned: set[int]) -> Ground:  # noqa: ARG001 - ends what is started
    """Nothing runs yet; at the end nothing runs any more."""
    return Ground(tmp_path)


async def test_the_first_one_starts_it_and_the_next_one_finds_it(ground: Ground) -> None:
    """A second terminal of the same person meets the same server."""
    first = await ground.server().find_or_start()
    second = await ground.server().find_or_start()
    assert first == second
    assert first.server.uds == ground.data / "s"
    assert len(ground.starts) == 1


async def test_many_at_once_meet_one_server(ground: Ground) -> None:
    """The lock decides who serves; the others wait for it."""
    found = await asyncio.gather(*(ground.server().find_or_start() for _ in range(4)))
    assert len({one.pid for one in found}) == 1


async def test_who_was_too_late_is_not_left_waiting_for_its_turn(ground: Ground, spawned: set[int]) -> None:
    """Otherwise it would serve once the first one ends, and nobody would know of it."""
    found = await asyncio.gather(*(ground.server().find_or_start() for _ in range(3)))
    for pid in spawned - {found[0].pid}:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_who_comes_up_slowly_is_waited_for(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that fails because somebody else holds the lock is no failure, and is not repeated meanwhile."""
    looks = 0
    serves = LocalServer._somebody_serves

    def counted(server: LocalServer) -> bool:
        nonlocal looks
        looks += 1
        return serves(server)

    monkeypatch.setattr(LocalServer, "_somebody_serves", counted)
    with (ground.data / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        finding = asyncio.create_task(ground.server().find_or_start())
        async with asyncio.timeout(20):
            while looks < 5:  # noqa: ASYNC110 - the other end is a process
                await asyncio.sleep(0.01)
        assert len(ground.starts) == 1
    assert (await finding).socket == str(ground.data / "s")
    assert len(ground.starts) == 2


async def test_it_is_brought_back_for_the_next_request(ground: Ground) -> None:
    """Killed, or ended when idle: the client notices nothing."""
    server = ground.server()
    found = await server.find_or_start()
    exchange = Exchange(found.server, wake=server.wake)
    ground.kill()
    answer = await exchange.send("GET", paths.HEALTH)
    await exchange.close()
    assert answer.ok
    assert len(ground.starts) == 2


async def test_a_file_of_a_server_that_is_gone_is_no_server(ground: Ground) -> None:
    """It was killed before it could take its file away."""
    (ground.data / "server.json").write_text(
        json.dumps({"socket": str(ground.data / "none"), "pid": 1, "version": "0", "tenant": "t", "secret": "k"})
    )
    found = await ground.server().find_or_start()
    assert found.socket == str(ground.data / "s")


async def test_another_version_is_said_so(ground: Ground) -> None:
    """Its screens are still open somewhere; ours must not talk to it."""
    await ground.server().find_or_start()
    facts = json.loads((ground.data / "server.json").read_text())
    (ground.data / "server.json").write_text(json.dumps({**facts, "version": "9.9\x1b[31m"}))
    with pytest.raises(UserError, match=rf"version 9\.9 is running.*kill {facts['pid']}") as refusal:
        await ground.server().find_or_start()
    assert "\x1b" not in str(refusal.value)


async def test_a_server_that_cannot_start_says_why(ground: Ground) -> None:
    """In its own words, without waiting for the deadline."""
    command = (sys.executable, "-S", "-c", "import sys; sys.exit('cannot use the data directory: read-only')")
    with pytest.raises(UserError, match="cannot start: cannot use the data directory: read-only"):
        await LocalServer(ground.data, command=command).find_or_start()


async def test_a_server_that_never_answers_is_given_up(ground: Ground) -> None:
    """With the place to look at."""
    slow = f"import os, time; print(os.getpid(), file=open({str(ground.data / 'starts')!r}, 'w')); time.sleep(60)"
    command = (sys.executable, "-S", "-c", slow)
    with pytest.raises(UnreachableError, match=r"server\.log"):
        await LocalServer(ground.data, command=command, patience=0.2).find_or_start()


async def test_what_is_not_meant_for_it_does_not_reach_it(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor a folder that it would hold busy, nor the terminal, with which it would end."""
    monkeypatch.setenv("IMAGECHAT_SERVE_DATABASE", "postgresql://elsewhere")
    monkeypatch.setenv("IMAGECHAT_LOCALE", "sl")
    await ground.server().find_or_start()
    assert ground.starts[0].endswith(" ['IMAGECHAT_LOCALE'] / True")


def test_it_runs_this_very_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from a checkout, where the working folder was what made it importable."""
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    home = Path(local.__file__).parents[2]
    assert local._environment()["PYTHONPATH"].split(os.pathsep) == [str(home), "/elsewhere"]


async def test_what_is_found_never_shows_its_secret(ground: Ground) -> None:
    """A log or a traceback may print it."""
    found = await ground.server().find_or_start()
    assert found.secret == "k"
    assert "secret" not in repr(found)
