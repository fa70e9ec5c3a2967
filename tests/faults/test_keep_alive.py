"""A connection over which nothing travels any more, and nobody says so: each side notices within twenty seconds.

Real sockets and the settings of every day, in virtual time.
"""

import asyncio
import contextlib

import pytest

from imagechat_tui.client.live import WebSockets
from imagechat_tui.client.ports import Socket, SocketEnded
from imagechat_tui.client.server import Server
from imagechat_tui.core.outputs import Connect
from tests.faults import virtual
from tests.server.live_world import BOARD, World, until, world
from tests.support.proxy import Proxy, proxy_to

PROMISED = 20.0
"""Seconds."""
QUIET = 300.0
"""Seconds of a living connection on which nothing is said."""


async def _connected(through: Proxy) -> Socket:
    target = Connect(attempt=1, tenant_id_ws="acme", url_id_ws=BOARD, user_id_ws="ann", board_scope=True)
    return await WebSockets(Server(base_url=through.url)).connect(target)


async def _seconds_until_the_client_knows(silent_after: float) -> float:
    async with world() as here, proxy_to(f"http://127.0.0.1:{here.port}") as proxy:
        socket = await _connected(proxy)
        loop = asyncio.get_running_loop()
        reading = asyncio.create_task(_to_the_end(socket))
        await asyncio.sleep(silent_after)
        assert not reading.done()
        began = loop.time()
        proxy.freeze()
        await reading
        noticed = loop.time() - began
        proxy.reset()
        await socket.close()
        return noticed


async def _to_the_end(socket: Socket) -> None:
    with contextlib.suppress(SocketEnded):
        while True:
            await socket.receive()


async def _seconds_until_the_server_knows(silent_after: float) -> float:
    async with world() as here, proxy_to(f"http://127.0.0.1:{here.port}") as proxy:
        here.port = proxy.port
        client = await here.watch("ann")
        loop = asyncio.get_running_loop()
        await asyncio.sleep(silent_after)
        assert (client.close_code, here.hub.sockets) == (None, 1)
        began = loop.time()
        proxy.freeze()
        await _gone(here)
        noticed = loop.time() - began
        proxy.reset()
        await client.close()
        return noticed


async def _gone(here: World) -> None:
    async with asyncio.timeout(10 * PROMISED):
        while here.hub.sockets or here.server.server_state.connections:  # noqa: ASYNC110 - uvicorn announces nothing
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("silent_after", [0.0, 1.0, 5.0, 9.1, QUIET])
def test_the_client_notices_in_time(silent_after: float) -> None:
    """However long it has been quiet before; and quiet alone is not taken for death."""
    assert 0 < virtual.run(_seconds_until_the_client_knows(silent_after)) <= PROMISED


@pytest.mark.parametrize("silent_after", [0.0, 1.0, 5.0, 9.1, QUIET])
def test_the_server_notices_in_time(silent_after: float) -> None:
    """The person is no longer shown as present, and the socket is gone."""
    assert 0 < virtual.run(_seconds_until_the_server_knows(silent_after)) <= PROMISED


def test_virtual_time_is_the_time_of_timers() -> None:
    """An hour goes by at once."""

    async def an_hour() -> float:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(3600)
        await until(lambda: True)
        return loop.time()

    assert virtual.run(an_hour()) == pytest.approx(3600, abs=1)
