"""A host with the plain contract only: stands before a real server and hides what is ours.

No ``imagechat`` object, nothing below ``/imagechat/v1``, no positions in answers, no wishes on ``/sub``; of a marker
in a list only the four documented keys. It adds nothing: what is left is the real server's own word.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from imagechat_tui.protocol import paths
from tests.support.servers import PATIENCE

_CONVERSATION = ("_id", "urlId", "x", "y")
_WISHES = ("scope", "batch", "raw")
_DROPPED = {"host", "content-length", "connection", "transfer-encoding", "content-encoding", "accept-encoding"}
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_NOT_FOUND = {"status": "failed", "reason": "Not found.", "code": "not-found"}


class PlainHost:
    """Answers as a host of the contract would."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.asked: list[str] = []
        """Method and path of every request, sockets included."""

    async def http(self, request: Request) -> Response:
        """Pass a request on, and the answer back without what is ours."""
        self.asked.append(f"{request.method} {request.url.path}")
        if request.url.path.startswith(paths.OURS):
            return JSONResponse(_NOT_FOUND, status_code=404)
        async with httpx.AsyncClient(base_url=self.target, timeout=PATIENCE) as client:
            answer = await client.request(
                request.method,
                request.url.path + _query(request.query_params.multi_items()),
                content=await request.body(),
                headers=[(name, value) for name, value in request.headers.items() if name not in _DROPPED],
            )
        headers = {name: value for name, value in answer.headers.items() if name not in _DROPPED}
        if answer.headers.get("content-type", "").startswith("application/json"):
            content = json.dumps(_plain(answer.json())).encode()
        else:
            content = answer.content
        return Response(content, status_code=answer.status_code, headers=headers)

    async def live(self, socket: WebSocket) -> None:
        """Pass a live channel on, frame by frame, until either side ends it."""
        self.asked.append(f"WS {socket.url.path}")
        url = self.target.replace("http", "ws", 1) + socket.url.path + _query(socket.query_params.multi_items())
        try:
            upstream = await connect(url)
        except (InvalidStatus, OSError):
            await socket.close()
            return
        try:
            await socket.accept()
            async with asyncio.TaskGroup() as group:
                group.create_task(_down(upstream, socket))
                await _until_gone(socket)
                await upstream.close()
        except WebSocketDisconnect:
            pass  # It was gone before it could be let in.
        finally:
            # Whoever was cancelled in the middle of a farewell has not closed anything.
            upstream.transport.abort()


async def _until_gone(socket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()


async def _down(upstream: ClientConnection, socket: WebSocket) -> None:
    with contextlib.suppress(ConnectionClosed, RuntimeError, WebSocketDisconnect):
        async for frame in upstream:
            assert isinstance(frame, str), "the contract knows text frames only"
            assert "seq" not in json.loads(frame), "a position where none was asked for"
            await socket.send_text(frame)
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.close()


def _plain(answer: Any) -> Any:
    if not isinstance(answer, dict):
        return answer
    found = {key: value for key, value in answer.items() if key not in {"imagechat", "seq"}}
    if "conversations" in found:
        found["conversations"] = [{key: one[key] for key in _CONVERSATION} for one in found["conversations"]]
    return found


def _query(items: list[tuple[str, str]]) -> str:
    left = [(name, value) for name, value in items if name not in _WISHES]
    return f"?{urlencode(left)}" if left else ""


class _Server(uvicorn.Server):
    """uvicorn without its signals, which belong to the test."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@asynccontextmanager
async def plain_host(target: str) -> AsyncIterator[tuple[str, PlainHost]]:
    """The address of a plain host before the server at ``target``, and the host."""
    host = PlainHost(target)
    app = Starlette(
        routes=[
            WebSocketRoute(paths.LIVE, host.live),
            Route("/{rest:path}", host.http, methods=_METHODS),
        ]
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_ping_interval=None,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", host
        finally:
            server.should_exit = True
            await serving
