"""Small real servers on loopback: an HTTP host that answers as told and remembers what it was asked."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import msgspec


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Without the query, still percent-encoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """Decoded parameters."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> object:
        """The decoded body."""
        return msgspec.json.decode(self.body)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer; ``raw`` replaces everything that would be written."""

    status: int = 200
    body: bytes = b'{"status":"success"}'
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


def said(value: object, *, status: int = 200, **headers: str) -> Said:
    """A JSON answer."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Said(status=status, body=msgspec.json.encode(value), headers=named)


@dataclass
class Host:
    """Answers by exact path, everything else with 404."""

    answers: dict[str, Said] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    mute: bool = False
    """Read requests and never answer."""
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        self.connections += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                while await self._answer(reader, writer):
                    pass
        finally:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await _read(reader)
        self.seen.append(request)
        if self.mute:
            await reader.read()
            return False
        missing = Said(status=404, body=b'{"status":"failed","code":"not-found"}')
        answer = self.answers.get(request.path, missing)
        writer.write(_written(answer))
        await writer.drain()
        return answer.raw is None


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Seen(method=method, target=target, headers=headers, body=body)


def _written(answer: Said) -> bytes:
    if answer.raw is not None:
        return answer.raw
    headers = {"Content-Length": str(len(answer.body)), **answer.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {answer.status} X\r\n{lines}\r\n".encode() + answer.body


@contextlib.asynccontextmanager
async def http_host(*, uds: Path | None = None, tls: ssl.SSLContext | None = None) -> AsyncIterator[Host]:
    """A host that listens until the end of the block."""
    host = Host()
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(host.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    if uds is not None:
        server = await asyncio.start_unix_server(accept, path=str(uds))
    else:
        server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
        port = server.sockets[0].getsockname()[1]
        host.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    try:
        yield host
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
