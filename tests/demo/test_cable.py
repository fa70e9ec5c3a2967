"""A pulled cable ends what is open and lets nothing new through; plugged in again, everything passes."""

import asyncio

import pytest

from imagechat_tui.client.ports import Socket, SocketEnded
from imagechat_tui.client.work import Counted
from imagechat_tui.core.asks import AskBody, Probe
from imagechat_tui.core.inputs import Answered, Silence, Unanswered
from imagechat_tui.core.outputs import Connect
from imagechat_tui.demo.cable import Cable, CabledApi, CabledLive
from imagechat_tui.errors import UnreachableError
from imagechat_tui.protocol.events import Frame
from imagechat_tui.protocol.replies import Done

TARGET = Connect(attempt=1, tenant_id_ws="t", url_id_ws="u", user_id_ws="", board_scope=True)


class SilentSocket:
    """Open, and nothing ever comes."""

    closed = False

    async def receive(self) -> Frame | None:
        await asyncio.Event().wait()
        return None

    async def close(self) -> None:
        self.closed = True


class Network:
    """Answers everything."""

    def __init__(self) -> None:
        self.socket = SilentSocket()

    async def ask(self, number: int, body: AskBody, *, timeout: float) -> Answered:  # noqa: ASYNC109 - see ports.Api
        assert isinstance(body, Probe)
        assert timeout
        return Answered(ask=number, reply=Done(status="success"))

    async def fetch_picture(self, src: str, *, told: Counted | None = None) -> bytes:  # noqa: ARG002 - the port's
        return src.encode()

    async def close(self) -> None:
        """Nothing to let go."""

    async def connect(self, _target: Connect) -> Socket:
        return self.socket


async def test_an_open_socket_ends_when_the_cable_is_pulled() -> None:
    """Also one that is waiting for a frame."""
    cable, network = Cable(), Network()
    socket = await CabledLive(network, cable).connect(TARGET)
    waiting = asyncio.create_task(socket.receive())
    await asyncio.sleep(0)
    assert not waiting.done()
    cable.pull()
    with pytest.raises(SocketEnded):
        await waiting
    await socket.close()
    assert network.socket.closed


async def test_nothing_new_gets_through_until_it_is_plugged_in() -> None:
    """Neither sockets nor questions nor pictures."""
    cable, network = Cable(), Network()
    api, live = CabledApi(network, cable), CabledLive(network, cable)
    cable.pull()
    answer = await api.ask(1, Probe(), timeout=1)
    assert isinstance(answer, Unanswered)
    assert answer.why is Silence.UNREACHABLE
    with pytest.raises(SocketEnded):
        await live.connect(TARGET)
    with pytest.raises(UnreachableError):
        await api.fetch_picture("x")
    cable.plug()
    assert isinstance(await api.ask(1, Probe(), timeout=1), Answered)
    await (await live.connect(TARGET)).close()
    assert await api.fetch_picture("x") == b"x"
    await api.close()


async def test_giving_up_on_a_frame_leaves_no_task() -> None:
    """A reader that is cancelled takes its waiting with it."""
    cable, network = Cable(), Network()
    socket = await CabledLive(network, cable).connect(TARGET)
    before = asyncio.all_tasks()
    waiting = asyncio.create_task(socket.receive())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert asyncio.all_tasks() == before
