"""The Python servers that the benchmark starts: ``python -m tests.benchmarks.live.stage NAME TEXT_BYTES``.

Each prints ``{"port": N}`` and then publishes one event per line of stdin; the line is the event's stamp. A text of
``TEXT_BYTES`` makes the event larger.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

import uvloop

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import NewComment
from tests.server.live_world import full_comment, logged


def event(stamp: int, text: str) -> NewComment:
    """A comment; its id on the wire is the moment of its publication in ns."""
    comment = full_comment(f"c{stamp}", text=text)
    return NewComment(comment=comment, timestamp=stamp // 1_000_000, broadcast_id=f"{stamp:020d}")


def words(size: int) -> str:
    """A text of so many characters."""
    return ("The label touches the edge of the card on a narrow window. " * (size // 59 + 1))[:size]


async def obey(port: int, publish: Callable[[int], object]) -> None:
    """Say the port; publish an event per line, until there are no more."""
    print(json.dumps({"port": port}), flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        published = publish(int(line))
        if asyncio.iscoroutine(published):
            await published


async def ours(text: str) -> None:
    """The live socket on uvicorn, with a gate that lets everybody in."""
    from imagechat_tui.server.hub import HubSettings
    from tests.server.live_world import world

    async with world(rooms=HubSettings()) as here:
        seq = 0

        def publish(stamp: int) -> None:
            nonlocal seq
            seq += 1
            here.hub.publish([logged(event(stamp, text), seq=seq)])

        await obey(here.port, publish)


async def websockets(text: str) -> None:
    """The library's own server and its own broadcast."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    connections: set[ServerConnection] = set()

    async def keep(connection: ServerConnection) -> None:
        connections.add(connection)
        try:
            await connection.wait_closed()
        finally:
            connections.discard(connection)

    async with serve(keep, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        await obey(port, lambda stamp: broadcast(connections, codec.encode_frame(event(stamp, text)).decode()))


async def python_socketio(text: str) -> None:
    """The same event emitted to everybody, on uvicorn as its manual shows."""
    import socket

    import socketio  # type: ignore[import-not-found] # installed by the benchmark into a folder of its own
    import uvicorn

    server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(socketio.ASGIApp(server), lifespan="off", log_config=None, ws_per_message_deflate=False)
    running = asyncio.create_task(uvicorn.Server(config).serve(sockets=[listener]))

    async def publish(stamp: int) -> None:
        body: dict[str, Any] = json.loads(codec.encode_frame(event(stamp, text)))
        await server.emit("event", body)

    await obey(listener.getsockname()[1], publish)
    running.cancel()


if __name__ == "__main__":
    chosen = {"ours": ours, "websockets": websockets, "python-socketio": python_socketio}[sys.argv[1]]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(chosen(words(int(sys.argv[2]))))
