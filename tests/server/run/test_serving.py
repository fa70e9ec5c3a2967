"""A server as a process: ready when it says so, ended when asked, and one clear sentence when it cannot start."""

import asyncio
import json
import os
import socket
import stat
from pathlib import Path

import httpx
import pytest
import websockets

from imagechat_tui.errors import UserError
from imagechat_tui.protocol import paths
from imagechat_tui.server.run import running
from imagechat_tui.server.run.connection import HEAD_BYTES
from imagechat_tui.server.run.local import LOCK_FILE, RUNTIME_FILE, TENANT
from imagechat_tui.server.run.serving import serve_until_ended
from imagechat_tui.server.settings import Limits, Settings
from tests.support.servers import PATIENCE, TenantKey, in_process, process


async def _start(settings: Settings) -> None:
    async with running(settings):
        raise AssertionError("it started")


async def test_a_process_says_when_it_is_ready_and_ends_when_asked(tmp_path: Path) -> None:
    """The file is there when requests are answered, and gone afterwards; the exit code is 0."""
    async with process(tmp_path) as server:
        ready = next(tmp_path.glob("ready-*.json"))
        assert json.loads(ready.read_text()) == {"url": server.url, "pid": server.process.pid}
        acme = await server.tenant("acme")
        async with await acme.client(server.url) as ann:
            body = {"urlId": "page", "x": 1, "y": 1, "comment": "kept", "broadcastId": "b1"}
            assert (await ann.post(paths.markers("acme"), json=body)).status_code == 200
        assert await server.terminate() == 0
        assert not ready.exists()
    async with process(tmp_path) as again, await acme.client(again.url, None) as guest:
        markers = (await guest.get(paths.boards("acme"), params={"urlId": "page"})).json()["markers"]
        assert [marker["firstComment"]["comment"] for marker in markers] == ["kept"]


async def test_live_sockets_are_told_to_come_back(tmp_path: Path) -> None:
    """Code 1012, and the server does not wait for ever for them to go."""
    async with process(tmp_path) as server:
        await server.tenant("acme")
        url = f"{server.url.replace('http', 'ws')}{paths.LIVE}?urlId=page&tenantIdWS=acme"
        async with websockets.connect(url) as socket_, asyncio.timeout(PATIENCE):
            ending = asyncio.create_task(server.terminate())
            await socket_.wait_closed()
            assert socket_.close_code == 1012
            assert await ending == 0


async def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    """That names the port and the way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=rf"port {port} .* in use.*--port 0"):
            await _start(Settings(data=tmp_path, port=port))


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
async def test_an_address_of_another_machine_is_one_sentence(tmp_path: Path, host: str) -> None:
    """That names the flag."""
    with pytest.raises(UserError, match="--host"):
        await _start(Settings(data=tmp_path, host=host, port=0))


async def test_a_data_directory_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    """And nothing is written."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError, match="--data"):
        await _start(Settings(data=tmp_path / "file", port=0))
    assert (tmp_path / "file").read_text() == "mine"


async def test_a_ready_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """And the server does not stay behind."""
    with pytest.raises(UserError, match="cannot write"):
        await _start(Settings(data=tmp_path / "data", port=0, ready_file=tmp_path / "no" / "ready.json"))


async def test_the_data_directory_is_for_its_owner(tmp_path: Path) -> None:
    """Mode 0700 when the server makes it."""
    async with in_process(tmp_path / "new" / "data"):
        assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700


# The local server -----------------------------------------------------------------------------------------------------


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


# One connection -------------------------------------------------------------------------------------------------------


async def _raw(url: str, *sent: bytes) -> bytes:
    port = int(url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(PATIENCE):
            for part in sent:
                writer.write(part)
                await writer.drain()
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_a_head_that_never_ends_is_refused(tmp_path: Path) -> None:
    """One endless header, many headers, an endless address: the connection ends, memory does not grow."""
    chunk = b"x" * 16_384
    async with in_process(tmp_path) as server:
        for start, repeated in ((b"GET / HTTP/1.1\r\na: ", chunk), (b"GET /", chunk)):
            answer = await _raw(server.url, start, *[repeated] * (HEAD_BYTES // len(chunk) + 4))
            assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
        many = b"".join(b"h%d: x\r\n" % number for number in range(2_000))
        answer = await _raw(server.url, b"GET / HTTP/1.1\r\n", *[many] * (HEAD_BYTES // len(many) + 4))
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


async def test_what_is_no_http_is_refused_in_json(tmp_path: Path) -> None:
    """Like every other refusal."""
    async with in_process(tmp_path) as server:
        answer = await _raw(server.url, b"\x16\x03\x01 hello\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 400")
        assert b'"status":"failed"' in answer


async def test_several_requests_share_a_connection_whatever_their_bodies(tmp_path: Path) -> None:
    """Bodies do not count as heads."""
    async with in_process(tmp_path) as server:
        await server.tenant("acme")
        body = b"x" * (200 * 1024)
        request = b"POST /imagechat/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)
        last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        answer = await _raw(server.url, request, body, request, body, last)
        assert answer.count(b"HTTP/1.1 400") == 2
        assert answer.count(b"HTTP/1.1 200") == 1


async def test_one_address_cannot_take_every_connection(tmp_path: Path) -> None:
    """The first ones are served, further ones are told to come back; another address is not concerned."""
    most = 3

    async def connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))

    async with in_process(tmp_path, limits=Limits(connections_per_address=most)) as server, asyncio.timeout(PATIENCE):
        port = int(server.url.rpartition(":")[2])
        opened = [await connect("127.0.0.2") for _ in range(most)]
        request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        for address, status in (("127.0.0.2", b"503"), ("127.0.0.3", b"200")):
            reader, writer = await connect(address)
            writer.write(request)
            assert (await reader.read()).split(b" ")[1] == status
            writer.close()
        for reader, writer in opened:
            writer.write(request)
            assert (await reader.read()).split(b" ")[1] == b"200"
            writer.close()
