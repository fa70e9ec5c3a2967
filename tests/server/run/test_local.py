"""The background server of one user: found by its file, alone in its directory, gone when nobody needs it."""

import asyncio
import contextlib
import json
import os
import socket
import stat
from pathlib import Path

import httpx
import pytest
import websockets

from imagechat_tui import __version__
from imagechat_tui.errors import UserError
from imagechat_tui.protocol import paths
from imagechat_tui.server.run import local, running
from imagechat_tui.server.run.local import LOCK_FILE, RUNTIME_FILE, TENANT
from imagechat_tui.server.run.serving import serve_until_ended
from imagechat_tui.server.settings import Settings
from tests.support.servers import PATIENCE, TenantKey


async def _start(settings: Settings) -> None:
    async with running(settings):
        raise AssertionError("it started")


def _local(tmp_path: Path, **more: object) -> Settings:
    return Settings(data=tmp_path / "data", local=True, socket=tmp_path / "run" / "s.sock", **more)  # type: ignore[arg-type] # a test's short hand


async def test_the_local_server_is_found_by_its_file(tmp_path: Path) -> None:
    """Socket, tenant and secret, for its user only; gone at the end."""
    settings = _local(tmp_path)
    file = settings.data / RUNTIME_FILE
    async with running(settings):
        facts = json.loads(file.read_text())
        assert facts["pid"] == os.getpid()
        assert facts["tenant"] == TENANT
        for path, mode in ((file, 0o600), (Path(facts["socket"]), 0o600), (Path(facts["socket"]).parent, 0o700)):
            assert stat.S_IMODE(path.stat().st_mode) == mode, path
        key = TenantKey(name=TENANT, secret=facts["secret"])
        transport = httpx.AsyncHTTPTransport(uds=facts["socket"])
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            opened = await client.post(paths.SESSIONS, json={"tenantId": TENANT, "sso": key.sso("me")})
            assert opened.json()["user"]["id"] == "local:me"
    assert not file.exists()
    assert not Path(facts["socket"]).exists()
    async with running(settings):
        assert json.loads(file.read_text())["secret"] == facts["secret"]


async def test_two_local_servers_never_share_a_directory(tmp_path: Path) -> None:
    """The lock decides; the second one says so and touches nothing."""
    settings = _local(tmp_path)
    async with running(settings):
        before = (settings.data / RUNTIME_FILE).read_text()
        with pytest.raises(UserError, match="another server"):
            await _start(settings)
        assert (settings.data / RUNTIME_FILE).read_text() == before
        assert (settings.data / LOCK_FILE).exists()


async def test_a_stale_socket_file_is_replaced(tmp_path: Path) -> None:
    """A server that was killed left it behind."""
    settings = _local(tmp_path)
    assert settings.socket is not None
    settings.socket.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(settings.socket))
    async with running(settings) as server:
        assert server.url == f"unix:{settings.socket}"


async def test_a_path_too_long_for_a_socket_is_one_sentence(tmp_path: Path) -> None:
    """Before the kernel says something odd."""
    with pytest.raises(UserError, match="too long"):
        await _start(Settings(data=tmp_path, local=True, socket=tmp_path / ("x" * 120) / "s"))


async def test_a_local_server_that_is_told_to_end_leaves_nothing_to_find(tmp_path: Path) -> None:
    """Its file and its socket are gone, though the listener was closed before they could be taken away."""
    settings = _local(tmp_path)
    assert settings.socket is not None
    async with asyncio.timeout(PATIENCE), running(settings) as server:
        server.stop()
        with contextlib.suppress(ConnectionError):
            while True:
                _, writer = await asyncio.open_unix_connection(settings.socket)
                writer.close()
    assert not (settings.data / RUNTIME_FILE).exists()
    assert not settings.socket.exists()


async def test_the_local_server_ends_when_nobody_needs_it(tmp_path: Path) -> None:
    """Without sockets and requests for a while; an open socket keeps it."""
    settings = _local(tmp_path, idle_seconds=0.3)
    async with asyncio.timeout(PATIENCE):
        await serve_until_ended(settings)
    assert not (settings.data / RUNTIME_FILE).exists()
    started = asyncio.Event()
    serving = asyncio.create_task(serve_until_ended(settings, ready=lambda _server: started.set()))
    async with asyncio.timeout(PATIENCE):
        await started.wait()
        url = f"ws://localhost{paths.LIVE}?urlId=page&tenantIdWS={TENANT}"
        async with websockets.unix_connect(str(settings.socket), url):
            done, _ = await asyncio.wait({serving}, timeout=4 * settings.idle_seconds)
            assert not done
        await serving


def test_each_data_directory_has_a_socket_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them share one runtime directory; the same one is the same, however it is written."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.chdir(tmp_path)
    one, other, same = (local.socket_path(Settings(data=Path(data), local=True)) for data in ("a", "b", "./a"))
    assert one != other
    assert one == same
    assert one.parent == tmp_path / "run" / "imagechat"


async def test_the_local_server_says_its_version(tmp_path: Path) -> None:
    """Clients of another version know what they talk to."""
    settings = _local(tmp_path)
    async with running(settings):
        assert json.loads((settings.data / RUNTIME_FILE).read_text())["version"] == __version__
