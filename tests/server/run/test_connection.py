"""One HTTP connection: heads and crowds have an end, bodies are no heads."""

import asyncio
from pathlib import Path

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
