"""One HTTP connection: heads and crowds have an end, bodies are no heads."""

import asyncio
import contextlib
from pathlib import Path

import httpx
import pytest

from imagechat_tui.protocol import paths
from imagechat_tui.server.routes import asking, pictures
from imagechat_tui.server.run import connection
from imagechat_tui.server.run.connection import HEAD_BYTES
from imagechat_tui.server.settings import Limits
from tests.support.servers import PATIENCE, in_process


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


async def _until_closed(url: str, first: bytes, drip: bytes) -> bytes:
    """What comes back of a connection that gets ``first`` and then one byte after another until it is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    answer = asyncio.create_task(reader.read())
    async with asyncio.timeout(PATIENCE):
        with contextlib.suppress(ConnectionError):
            writer.write(first)
            while not answer.done():
                writer.write(drip)
                await writer.drain()
                await asyncio.sleep(0.01)
        writer.close()
        with contextlib.suppress(ConnectionError):
            return await answer
    return b""


async def test_slow_heads_and_bodies_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However steadily they trickle: a head, a body of JSON, a file, a body that nobody asked for."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(connection, "REST_SECONDS", 0.3)
    monkeypatch.setattr(asking, "_BODY_SECONDS", 0.3)
    monkeypatch.setattr(pictures, "_UPLOAD_SECONDS", 0.3)
    async with in_process(tmp_path) as server:
        acme = await server.tenant()
        token = await acme.sign_in(server.url)
        head = f"HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Length: 9999\r\n"
        part = '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        assert await _until_closed(server.url, b"GET / HTTP/1.1\r\nx: ", b"y") == b""
        for method, path, kind, begun, status in (
            ("POST", paths.markers("acme"), "application/json", "{", b"408"),
            ("POST", paths.pictures("acme"), "multipart/form-data; boundary=b", part, b"408"),
            ("GET", paths.HEALTH, "text/plain", "", b"200"),
            ("POST", "/nowhere", "text/plain", "", b"404"),
        ):
            start = f"{method} {path} {head}Content-Type: {kind}\r\n\r\n{begun}".encode()
            answer = await _until_closed(server.url, start, b"x")
            assert answer.split(b" ")[1:2] in ([status], []), (path, answer)
        async with httpx.AsyncClient(base_url=server.url) as client:
            assert (await client.get(paths.READY)).status_code == 200


async def test_a_body_that_stands_still_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its caller hears 408."""
    monkeypatch.setattr(asking, "_BODY_PATIENCE_SECONDS", 0.3)
    async with in_process(tmp_path) as server:
        await server.tenant()
        head = f"POST {paths.SESSIONS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 50\r\n\r\n{{"
        assert (await _raw(server.url, head.encode())).startswith(b"HTTP/1.1 408")


async def test_a_body_that_takes_its_time_within_its_limit_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patience for heads ends with the head."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.2)
    async with in_process(tmp_path) as server:
        await server.tenant()
        body = b'{"tenantId":"acme"}'
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
        async with asyncio.timeout(PATIENCE):
            head = f"POST {paths.SESSIONS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode())
            for byte in body:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.03)
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()
