"""Who gets in, what is refused, how a socket stays alive and ends; through a real uvicorn."""

import asyncio
import contextlib
import inspect
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from imagechat_tui.protocol.ids import url_id_ws
from imagechat_tui.server.live import Knock, LiveSettings, Rejection
from imagechat_tui.server.live.socket import LiveSocket
from imagechat_tui.server.live.watch import ROUNDS, watch_rights
from tests.server.live_world import BOARD, PATIENCE, OpenGate, World, commented, news, until, world


async def refusal(address: str, **headers: str) -> InvalidStatus:
    """The refusal of an upgrade."""
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, additional_headers=headers, compression=None):
            pass
    return refused.value


async def closing(client: ClientConnection) -> tuple[int, str]:
    """How the server said goodbye."""
    async with asyncio.timeout(PATIENCE):
        with contextlib.suppress(ConnectionClosed):
            async for _frame in client:
                pass
        await client.wait_closed()
    assert client.close_code is not None
    return client.close_code, client.close_reason or ""


@asynccontextmanager
async def raw_socket(here: World, **headers: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A socket that has asked for the upgrade by hand."""
    reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
    sent = {
        "Host": "127.0.0.1",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    } | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    writer.write(f"GET /sub?tenantIdWS=acme&urlId={BOARD} HTTP/1.1\r\n{lines}\r\n".encode())
    try:
        yield reader, writer
    finally:
        writer.close()


def test_uvicorn_makes_the_class_with_the_arguments_it_takes() -> None:
    """The arguments are not documented: the same names as uvicorn's own class, and as its HTTP side passes them."""
    theirs, ours = (list(inspect.signature(kind).parameters) for kind in (WebSocketsSansIOProtocol, LiveSocket))
    assert ours == theirs
    passed = re.findall(r"(\w+)=self\.", inspect.getsource(HttpToolsProtocol.handle_websocket_upgrade))
    assert set(passed) <= set(ours)
    assert callable(LiveSocket.shutdown)


# Getting in ----------------------------------------------------------------------------------------------------------


async def test_any_form_of_the_page_key_means_the_same_page() -> None:
    """Clients send the token, the plain key, and both encoded once or twice; one sends the plain key raw."""
    key = "https://example.com/a b?x=1:2"
    token = url_id_ws(key)
    async with world() as here:
        base = f"ws://127.0.0.1:{here.port}/sub?tenantIdWS=acme&userIdWS=&urlId="
        raw = "https://example.com/a%20b?x=1:2"
        once = "https%3A%2F%2Fexample.com%2Fa%20b%3Fx%3D1%3A2"
        plus = "https%3A%2F%2Fexample.com%2Fa+b%3Fx%3D1%3A2"
        twice = once.replace("%", "%25")
        for form in (token, token.replace("~", "%7E"), raw, once, plus, twice):
            async with connect(base + form, compression=None):
                assert key in here.gate.knocks[-1].url_ids, form


async def test_another_path_is_no_live_socket() -> None:
    """404, and nobody is asked who it is."""
    async with world() as here:
        refused = await refusal(here.address().replace("/sub", "/elsewhere"))
        assert refused.response.status_code == 404
        assert here.gate.knocks == []


@pytest.mark.parametrize("query", ["", "?urlId=page", "?tenantIdWS=acme", "?tenantIdWS=a%00b&urlId=page"])
async def test_without_tenant_and_page_there_is_nothing_to_open(query: str) -> None:
    """400."""
    async with world() as here:
        refused = await refusal(f"ws://127.0.0.1:{here.port}/sub{query}")
        assert refused.response.status_code == 400


async def test_what_the_gate_refuses_is_refused_at_the_upgrade() -> None:
    """With its status and its sentence, and a connection that is closed: cheap for clients that retry for ever."""
    gate = OpenGate(refused=lambda _knock: Rejection(status=403, reason="This page is not open to you."))
    async with world(gate=gate) as here:
        refused = await refusal(here.address())
        assert refused.response.status_code == 403
        assert refused.response.body == b"This page is not open to you.\n"
        assert here.hub.sockets == 0
        await until(lambda: not here.server.server_state.connections)


async def test_a_gate_that_fails_is_a_busy_server(caplog: pytest.LogCaptureFixture) -> None:
    """503 with Retry-After; the cause is in the log and not in the answer."""

    def fail() -> None:
        raise RuntimeError("the database is away")

    async with world(gate=OpenGate(before=fail)) as here:
        refused = await refusal(here.address())
    assert refused.response.status_code == 503
    assert "Retry-After" in refused.response.headers
    assert "away" not in str(refused.response.body)
    assert "the database is away" in caplog.text


async def test_a_gate_that_takes_too_long_is_a_busy_server() -> None:
    """503."""
    gate = OpenGate()

    async def forever(_knock: Knock) -> Rejection:
        await asyncio.Event().wait()
        raise AssertionError

    gate.admit = forever  # type: ignore[method-assign, assignment] # a gate whose database hangs
    async with world(gate=gate, live=LiveSettings(admit_seconds=0.05)) as here:
        assert (await refusal(here.address())).response.status_code == 503


async def test_a_foreign_host_name_is_not_answered() -> None:
    """A page that had its own name resolve to this machine does not get in."""
    async with world(host_allowed=lambda host: host.startswith("127.0.0.1")) as here:
        async with here.join():
            pass
        refused = await refusal(here.address(), Host="evil.example")
        assert refused.response.status_code in {400, 421}


@pytest.mark.parametrize(
    ("origin", "asked"),
    [
        (None, None),
        ("http://127.0.0.1:{port}", None),
        ("https://127.0.0.1:{port}", None),
        ("https://evil.example", "https://evil.example"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("null", "null"),
    ],
)
async def test_only_foreign_origins_are_asked_about(origin: str | None, asked: str | None) -> None:
    """None and this very host are let in; any other one has to be on the tenant's list."""
    async with world() as here:
        headers = {} if origin is None else {"Origin": origin.format(port=here.port)}
        async with connect(here.address(), additional_headers=headers, compression=None):
            assert here.gate.knocks[-1].origin == asked


async def test_cookies_are_not_looked_at() -> None:
    """The pass in the address is the only identity."""
    async with world() as here, connect(here.address(), additional_headers={"Cookie": "fastcomments.sid=ann"}):
        (viewer,) = here.hub.viewers()
        assert viewer.actor.user_id is None


@pytest.mark.parametrize(
    ("settings", "status"),
    [(LiveSettings(sockets=1), 503), (LiveSettings(sockets_per_user=1), 429)],
)
async def test_one_connection_too_many_is_refused(settings: LiveSettings, status: int) -> None:
    """And once somebody has left there is room again."""
    async with world(live=settings) as here:
        async with here.join("ann"):
            assert (await refusal(here.address(userIdWS="ann"))).response.status_code == status
        await here.until_sockets(0)
        async with here.join("ann"):
            pass


async def test_a_request_that_is_no_websocket_handshake_is_answered_as_such() -> None:
    """A missing key is 400, a wrong version 400, a POST 405."""
    async with world() as here, httpx.AsyncClient() as http:
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        address = here.address().replace("ws://", "http://")
        assert (await http.get(address, headers=upgrade)).status_code == 400
        key = {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
        assert (await http.get(address, headers=upgrade | key | {"Sec-WebSocket-Version": "7"})).status_code == 400
        assert (await http.post(address, headers=upgrade | key)).status_code == 405


async def test_a_header_line_without_end_does_not_get_in() -> None:
    """The limits of websockets hold: 431."""
    async with world() as here:
        refused = await refusal(here.address(), **{"X-Long": "x" * 9000})
        assert refused.response.status_code == 431


async def test_frames_before_the_handshake_is_answered_end_the_connection() -> None:
    """Nobody can fill memory while the database is asked who it is."""
    gate = OpenGate()
    asked = asyncio.Event()

    async def never(_knock: Knock) -> Rejection:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    gate.admit = never  # type: ignore[method-assign, assignment] # a gate that is still thinking
    async with world(gate=gate) as here, raw_socket(here) as (reader, writer):
        await asked.wait()
        writer.write(b"\x81\x80\x00\x00\x00\x00")
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        await until(lambda: not here.server.server_state.connections)


# Staying -------------------------------------------------------------------------------------------------------------


async def test_a_text_ping_is_met_with_silence() -> None:
    """An answer would be parsed as an event by the client that sends it."""
    async with world() as here, here.join() as client:
        for word in ("ping", "", '{"type":"new-comment"}'):
            await client.send(word)
        await client.send(b"binary")
        await (await client.ping())
        here.hub.publish([commented(1)])
        async with here.join(urlId="page:/pic.png:25.5:30.2") as thread:
            here.hub.publish([commented(2)])
            assert (await news(thread))["comment"]["_id"] == "c2"  # type: ignore[index] # an object
        assert client.state.name == "OPEN"


async def test_a_protocol_ping_is_answered_with_its_own_bytes() -> None:
    """Some clients use it as their keep-alive."""
    async with world() as here, here.join() as client:
        async with asyncio.timeout(PATIENCE):
            await (await client.ping(b"still there?"))


@pytest.mark.parametrize("message", ["x" * 5000, b"x" * 5000, ["x" * 3000, "x" * 3000]])
async def test_a_message_of_more_than_four_kilobytes_ends_the_socket(message: str | bytes | list[str]) -> None:
    """1009, also when it comes in fragments; the others do not notice."""
    async with world() as here, here.join("ann") as ann, here.watch("bob") as bob:
        await ann.send(message)
        assert (await closing(ann))[0] == 1009
        here.hub.publish([commented(1)])
        assert (await news(bob))["seq"] == 1


async def test_who_talks_without_end_is_sent_away() -> None:
    """There is nothing to say on this socket."""
    async with world(live=LiveSettings(inbound_bytes=2_000)) as here, here.join() as client:
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await client.send("ping" * 20)
                    await asyncio.sleep(0)
        assert here.hub.sockets == 0


async def test_the_server_pings_and_lets_a_living_client_be() -> None:
    """Several intervals pass; the pongs keep the socket open."""
    async with world(live=LiveSettings(beat_seconds=0.1)) as here, here.join() as client:
        beats = 0
        answer = client.protocol.recv_frame

        def count(frame: object) -> None:
            nonlocal beats
            beats += getattr(frame, "opcode", None) == 9
            answer(frame)  # type: ignore[arg-type] # a frame

        client.protocol.recv_frame = count  # type: ignore[method-assign] # counts what comes in
        await until(lambda: beats >= 4)
        assert here.hub.sockets == 1


async def test_a_client_that_pings_by_itself_is_not_pinged() -> None:
    """It has shown that it is there; the next silence is asked about."""
    async with world(live=LiveSettings(beat_seconds=60)) as here, here.join() as client:
        await here.until_sockets(1)
        (socket,) = here.server.server_state.connections
        assert isinstance(socket, LiveSocket)
        asked: list[int] = []
        answer = client.protocol.recv_frame

        def note(frame: object) -> None:
            asked.append(getattr(frame, "opcode", -1))
            answer(frame)  # type: ignore[arg-type] # a frame

        client.protocol.recv_frame = note  # type: ignore[method-assign] # notes what comes in
        socket.beat()
        await (await client.ping())
        socket.beat()
        await (await client.ping())
        assert 9 not in asked
        socket.beat()
        socket.beat()
        await until(lambda: 9 in asked)


async def test_a_client_without_a_sign_of_life_is_ended() -> None:
    """A peer that went away without a word leaves its room."""
    async with world(live=LiveSettings(beat_seconds=0.1, close_seconds=0.1)) as here, raw_socket(here) as (reader, _):
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        await here.until_sockets(0)
        await until(lambda: not here.server.server_state.connections)


async def test_a_server_that_ends_tells_clients_when_to_come_back() -> None:
    """1012 with a spread-out hint, and no waiting for clients that say nothing."""
    settings = LiveSettings(close_seconds=0.2)
    async with world(live=settings) as here, here.join() as client, raw_socket(here) as (reader, _):
        await reader.readuntil(b"\r\n\r\n")
        here.server.should_exit = True
        code, reason = await closing(client)
        await until(lambda: not here.server.server_state.connections)
    assert code == 1012
    assert re.fullmatch(r"restarting, come back in \d\.\d s", reason)


async def test_a_client_that_says_goodbye_leaves_at_once() -> None:
    """Its code is echoed, its room forgotten."""
    async with world() as here:
        async with here.join() as client:
            await client.close(4321, "bye")
            assert client.close_code == 4321
        await here.until_sockets(0)
        await until(lambda: not here.server.server_state.connections)


async def test_rights_taken_away_elsewhere_end_the_socket() -> None:
    """The watch asks the gate again once something was committed, and only then."""
    async with world() as here, here.join("ann") as ann, here.join("bob") as bob:
        watching = asyncio.create_task(watch_rights(here.hub, here.gate, seconds=0.01))
        await bob.send("ping")
        here.gate.ended.add("s-ann")
        here.gate.changes += 1
        assert (await closing(ann))[0] == 1008
        assert here.hub.sockets == 1
        watching.cancel()


async def test_who_was_let_in_by_what_is_out_of_date_is_found_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate remembers for a moment: one look at a change is not enough, and after some there is rest."""
    looked = 0

    async def count(_hub: object, _gate: object) -> None:
        nonlocal looked
        looked += 1

    monkeypatch.setattr("imagechat_tui.server.live.watch.close_lapsed", count)
    async with world() as here, here.join("ann"):
        asked = 0
        revision = here.gate.revision

        async def asking() -> object:
            nonlocal asked
            asked += 1
            return await revision()

        monkeypatch.setattr(here.gate, "revision", asking)
        watching = asyncio.create_task(watch_rights(here.hub, here.gate, seconds=0.001))
        await until(lambda: asked > 10)
        assert looked == ROUNDS
        here.gate.changes += 1
        at = asked
        await until(lambda: asked > at + 10)
        assert looked == 2 * ROUNDS
        watching.cancel()
