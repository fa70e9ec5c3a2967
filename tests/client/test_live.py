"""The live socket against real WebSocket servers: opening, refusal, faults on the way, and the dead that look alive."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import Server as WsServer
from websockets.asyncio.server import ServerConnection, serve, unix_serve
from websockets.http11 import Request, Response

from imagechat_tui.client.channels import Channels
from imagechat_tui.client.exchange import USER_AGENT
from imagechat_tui.client.live import KeepAlive, WebSockets
from imagechat_tui.client.ports import Socket, SocketEnded
from imagechat_tui.client.server import Server, local_server, server_at
from imagechat_tui.client.traffic import Traffic
from imagechat_tui.core.outputs import Connect
from imagechat_tui.errors import UserError
from imagechat_tui.protocol.events import Batch, PresenceUpdate, Skip, Unknown
from tests.client.certificates import make
from tests.client.hosts import http_host
from tests.support.proxy import proxy_to

BOARD = Connect(attempt=1, tenant_id_ws="acme", url_id_ws="b-1", user_id_ws="w/1&2", board_scope=True)
PLAIN = Connect(attempt=1, tenant_id_ws="acme", url_id_ws="page", user_id_ws="w", board_scope=False)
HASTY = KeepAlive(interval=0.05, answer=0.05, close=0.05)


class Far:
    """The other end: what was asked for, and the connections that were opened."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.opened: list[ServerConnection] = []
        self.refuse: Callable[[ServerConnection], Response | None] | None = None
        self.url = ""
        self._came = asyncio.Condition()

    async def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request)
        return self.refuse(connection) if self.refuse else None

    async def hold(self, connection: ServerConnection) -> None:
        async with self._came:
            self.opened.append(connection)
            self._came.notify_all()
        await connection.wait_closed()

    async def connection(self, number: int = 0) -> ServerConnection:
        async with asyncio.timeout(5), self._came:
            await self._came.wait_for(lambda: len(self.opened) > number)
        return self.opened[number]


@contextlib.asynccontextmanager
async def far_end(*, tls: ssl.SSLContext | None = None, uds: Path | None = None) -> AsyncIterator[Far]:
    """A WebSocket server until the end of the block."""
    far = Far()
    server: WsServer
    if uds is not None:
        server = await unix_serve(far.hold, str(uds), process_request=far.answer)
    else:
        server = await serve(far.hold, "127.0.0.1", 0, ssl=tls, process_request=far.answer)
        port = next(iter(server.sockets)).getsockname()[1]
        far.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    async with server:
        yield far


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    """A WebSocket server on loopback."""
    async with far_end() as far:
        yield far


@contextlib.asynccontextmanager
async def opened(url: str, target: Connect = BOARD, **options: Any) -> AsyncIterator[Socket]:
    """One open socket of ours."""
    socket = await WebSockets(server_at(url), **options).connect(target)
    try:
        yield socket
    finally:
        await socket.close()


async def test_a_board_is_followed_with_its_names_and_nothing_secret(far: Far) -> None:
    """The parameters of the contract and ours; no cookie, no token."""
    async with opened(far.url):
        (request,) = far.requests
    assert request.path == "/sub?urlId=b-1&userIdWS=w%2F1%262&tenantIdWS=acme&scope=board&batch=1"
    assert request.headers["User-Agent"] == USER_AGENT
    assert "Authorization" not in request.headers
    assert "Sec-WebSocket-Extensions" not in request.headers


async def test_a_plain_host_sees_the_plain_names_only(far: Far) -> None:
    """No parameter that the contract does not have."""
    async with opened(far.url, PLAIN):
        assert far.requests[0].path == "/sub?urlId=page&userIdWS=w&tenantIdWS=acme"


async def test_compression_is_asked_for_only_on_request(far: Far) -> None:
    """It costs CPU and memory; thin links may want it."""
    async with opened(far.url, compress=True):
        assert "permessage-deflate" in far.requests[0].headers["Sec-WebSocket-Extensions"]


async def test_frames_become_shapes_in_order(far: Far) -> None:
    """What no rule covers is ``None``: the session counts it and reads the log."""
    async with opened(far.url) as socket:
        there = await far.connection()
        await there.send('{"type":"p-u","uj":["acme:1"],"sc":1}')
        await there.send('{"type":"batch","from":1,"to":2,"events":[{"type":"skip","from":1,"to":2}]}')
        await there.send('{"type":"later","seq":3}')
        await there.send("[1]")
        await there.send(b"\x00")
        frames = [await socket.receive() for _ in range(5)]
    assert frames == [
        PresenceUpdate(joined=["acme:1"], count=1),
        Batch(first=1, last=2, events=(Skip(from_=1, to=2),)),
        Unknown(type="later", seq=3),
        None,
        None,
    ]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 503])
async def test_a_refused_upgrade_says_its_status(far: Far, status: int) -> None:
    """The session tells a lost right from a lost network by it."""
    far.refuse = lambda connection: connection.respond(status, "no")
    with pytest.raises(SocketEnded) as ended:
        await WebSockets(server_at(far.url)).connect(BOARD)
    assert ended.value.status == status


async def test_a_redirect_is_a_refusal(far: Far) -> None:
    """The viewer's name is not carried to another address."""

    def redirect(connection: ServerConnection) -> Response:
        response = connection.respond(302, "")
        response.headers["Location"] = far.url.replace("http", "ws") + "/elsewhere"
        return response

    far.refuse = redirect
    with pytest.raises(SocketEnded) as ended:
        await WebSockets(server_at(far.url)).connect(BOARD)
    assert ended.value.status == 302
    assert len(far.requests) == 1


async def test_nobody_listening_has_no_status(far: Far) -> None:
    """There was no HTTP answer."""
    async with proxy_to(far.url) as proxy:
        await proxy.refuse()
        with pytest.raises(SocketEnded) as ended:
            await WebSockets(server_at(proxy.url)).connect(BOARD)
    assert ended.value.status is None
    assert "refused" in ended.value.detail.lower()


async def test_something_that_is_no_http_has_no_status() -> None:
    """A port of another program."""

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SocketEnded) as ended:
            await WebSockets(server_at(f"http://127.0.0.1:{port}")).connect(BOARD)
    assert ended.value.status is None


async def test_an_http_host_without_live_socket_says_its_status() -> None:
    """A web server that knows no ``/sub``."""
    async with http_host() as host:
        with pytest.raises(SocketEnded) as ended:
            await WebSockets(server_at(host.url)).connect(BOARD)
    assert ended.value.status == 404


@pytest.mark.parametrize("fault", ["cut", "reset"])
async def test_a_cut_ends_the_socket(far: Far, fault: str) -> None:
    """Orderly or not."""
    async with proxy_to(far.url) as proxy, opened(proxy.url) as socket:
        await far.connection()
        getattr(proxy, fault)()
        with pytest.raises(SocketEnded):
            await asyncio.wait_for(socket.receive(), 5)


async def test_a_reset_in_the_middle_of_a_frame_ends_the_socket(far: Far) -> None:
    """Half a frame is never delivered."""
    async with proxy_to(far.url) as proxy, opened(proxy.url) as socket:
        there = await far.connection()
        proxy.down.reset_after = 20
        await there.send('{"type":"later","seq":1,"more":"0123456789"}')
        with pytest.raises(SocketEnded):
            await asyncio.wait_for(socket.receive(), 5)


async def test_a_frame_byte_by_byte_arrives_whole(far: Far) -> None:
    """Slow is not broken."""
    async with proxy_to(far.url) as proxy:
        proxy.down.trickle = True
        async with opened(proxy.url) as socket:
            there = await far.connection()
            await there.send('{"type":"later","seq":1}')
            assert await asyncio.wait_for(socket.receive(), 5) == Unknown(type="later", seq=1)


async def test_a_half_open_connection_is_noticed(far: Far) -> None:
    """Nothing arrives any more, nothing says so: the unanswered ping does."""
    async with proxy_to(far.url) as proxy, opened(proxy.url, keep_alive=HASTY) as socket:
        await far.connection()
        proxy.freeze()
        with pytest.raises(SocketEnded):
            await asyncio.wait_for(socket.receive(), 5)


async def test_a_quiet_connection_stays_open(far: Far) -> None:
    """Pongs are enough."""
    keen = KeepAlive(interval=0.01, answer=5)
    async with proxy_to(far.url) as proxy, opened(proxy.url, keep_alive=keen) as socket:
        there = await far.connection()
        before = proxy.up.bytes
        await proxy.until(lambda: proxy.up.bytes > before + 30)
        await there.send('{"type":"later","seq":1}')
        assert await asyncio.wait_for(socket.receive(), 5) == Unknown(type="later", seq=1)


def test_a_dead_connection_is_noticed_within_twenty_seconds() -> None:
    """The promise, as a sum: a ping is sent, its pong awaited, the farewell cut short."""
    rule = KeepAlive()
    assert rule.interval + rule.answer + rule.close <= 20


async def test_the_servers_farewell_ends_the_socket_with_its_words(far: Far) -> None:
    """A shutdown, a revoked session."""
    async with opened(far.url) as socket:
        there = await far.connection()
        await there.close(1001, "going away")
        with pytest.raises(SocketEnded, match="going away"):
            await socket.receive()


async def test_closing_is_seen_by_the_server_at_once(far: Far) -> None:
    """The others see that the person left."""
    async with opened(far.url):
        there = await far.connection()
    await asyncio.wait_for(there.wait_closed(), 5)


async def test_a_farewell_that_is_cut_short_leaves_no_connection(far: Far) -> None:
    """Leaving twice, or while the other end says nothing: nothing waits for it."""
    async with opened(far.url) as socket:
        there = await far.connection()
        there.transport.pause_reading()
        closing = asyncio.create_task(socket.close())
        await asyncio.sleep(0)
        assert not closing.done()
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        with pytest.raises(SocketEnded):
            await asyncio.wait_for(socket.receive(), 5)
        there.transport.resume_reading()


async def test_an_untrusted_certificate_is_insecure_until_its_authority_is_named(tmp_path: Path) -> None:
    """As with every other request."""
    ca, context = make(tmp_path)
    async with far_end(tls=context) as far:
        with pytest.raises(SocketEnded) as ended:
            await WebSockets(server_at(far.url)).connect(BOARD)
        assert ended.value.insecure
        socket = await WebSockets(server_at(far.url, ca=ca)).connect(BOARD)
        await socket.close()


async def test_the_local_server_is_reached_through_its_socket(tmp_path: Path) -> None:
    """And started first when it is not there."""
    path = tmp_path / "s"
    stack = contextlib.AsyncExitStack()
    fars: list[Far] = []

    async def wake() -> Server:
        fars.append(await stack.enter_async_context(far_end(uds=path)))
        return local_server(path)

    async with stack:
        socket = await WebSockets(local_server(path), wake=wake).connect(BOARD)
        assert fars[0].requests[0].headers["Host"] == "localhost"
        await socket.close()


async def test_a_local_server_that_cannot_be_brought_back_says_why(tmp_path: Path) -> None:
    """The sentence stands in the banner."""

    async def wake() -> Server:
        raise UserError("The disk is full.")

    async def cannot() -> None:
        return None

    for attempt, words in ((wake, "The disk is full."), (cannot, "No such file")):
        with pytest.raises(SocketEnded, match=words):
            await WebSockets(local_server(tmp_path / "none"), wake=attempt).connect(BOARD)


async def test_a_plain_host_needs_two_connections_that_look_like_one(far: Far) -> None:
    """Page events and the open thread's arrive through one socket; the thread's names are those its host gave."""
    channels = Channels()
    channels.learn("page:/p.png:1:2", tenant="acme", url="named", user="w2")
    target = Connect(
        attempt=1,
        tenant_id_ws="acme",
        url_id_ws="page",
        user_id_ws="w",
        board_scope=False,
        thread_url_id="page:/p.png:1:2",
    )
    async with opened(far.url, target, channels=channels) as socket:
        page, thread = await far.connection(0), await far.connection(1)
        await thread.send('{"type":"of-thread"}')
        assert await socket.receive() == Unknown(type="of-thread")
        await page.send('{"type":"of-page"}')
        assert await socket.receive() == Unknown(type="of-page")
        await thread.close()
        with pytest.raises(SocketEnded):
            await socket.receive()
    await asyncio.wait_for(page.wait_closed(), 5)
    assert far.requests[1].path == "/sub?urlId=named&userIdWS=w2&tenantIdWS=acme"


async def test_a_plain_host_that_refuses_the_thread_keeps_no_half(far: Far) -> None:
    """The page's connection is closed again."""
    far.refuse = lambda connection: connection.respond(403, "no") if len(far.requests) > 1 else None
    target = Connect(
        attempt=1, tenant_id_ws="acme", url_id_ws="page", user_id_ws="w", board_scope=False, thread_url_id="t"
    )
    with pytest.raises(SocketEnded) as ended:
        await WebSockets(server_at(far.url)).connect(target)
    assert ended.value.status == 403
    page = await far.connection()
    await asyncio.wait_for(page.wait_closed(), 5)


async def test_a_thread_without_names_is_asked_for_by_its_key(far: Far) -> None:
    """In the form that survives every way of encoding it."""
    target = Connect(
        attempt=1, tenant_id_ws="acme", url_id_ws="page", user_id_ws="w", board_scope=False, thread_url_id="a b"
    )
    async with opened(far.url, target):
        await far.connection(1)
    assert far.requests[1].path == "/sub?urlId=~b64.YSBi&userIdWS=w&tenantIdWS=acme"


async def test_frames_are_counted(far: Far) -> None:
    """As bytes on the wire, headers of frames included."""
    traffic = Traffic()
    async with proxy_to(far.url) as proxy, opened(proxy.url, traffic=traffic) as socket:
        there = await far.connection()
        before, counted = proxy.down.bytes, traffic.bytes_in
        await there.send('{"type":"later","more":"%s"}' % ("x" * 300))
        await socket.receive()
        assert traffic.bytes_in - counted == proxy.down.bytes - before
    assert traffic.frames == 1
    assert traffic.bytes_out > 100
