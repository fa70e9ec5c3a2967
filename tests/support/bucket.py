"""An S3-compatible bucket on this machine, in a process of its own."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.support.servers import PATIENCE

_LOOK_SECONDS = 0.05


@asynccontextmanager
async def bucket(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """Its address, which the usual variables make complete, and the process that serves it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"},
    )
    name = f"pins-{secrets.token_hex(4)}"
    for variable, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(variable, value)
    try:
        await _made(f"http://127.0.0.1:{port}/{name}", child)
        yield f"s3://{name}/pictures", child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _made(url: str, child: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
        while True:
            if child.returncode is not None:
                raise AssertionError(f"the bucket's server ended with {child.returncode}")
            try:
                answer = await client.put(url)
            except httpx.TransportError:
                await asyncio.sleep(_LOOK_SECONDS)
                continue
            answer.raise_for_status()
            return
