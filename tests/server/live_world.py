"""A real uvicorn with the live socket, a gate that says what a test wants, and builders of stored events."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect

from imagechat_tui.protocol.events import ImageChatUpdated, Known, NewComment, NewImageChat
from imagechat_tui.protocol.models import Conversation, LiveComment, PubSubComment
from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.bus.memory import MemoryBus
from imagechat_tui.server.hub import Hub, HubSettings, News, Viewer
from imagechat_tui.server.live import Admission, Entrance, Knock, LiveSettings, Rejection, make_live
from imagechat_tui.server.store.logged import Logged

BOARD = "page"
WINDOW = "page:/pic.png:25.5:30.2"
PATIENCE = 5.0
"""Seconds until a test gives up waiting for something that has to happen."""


def member(name: str = "ann", *, tenant: str = "acme", role: Role = Role.MEMBER, session: str | None = None) -> Actor:
    """Somebody signed in."""
    return Actor(
        tenant=tenant, role=role, user_id=f"{tenant}:{name}", name=name.title(), session=session or f"s-{name}"
    )


def full_comment(comment_id: str = "c1", *, text: str = "Wrong blue", author: str = "acme:ann") -> PubSubComment:
    """A comment as the store keeps it."""
    return PubSubComment(
        id=comment_id,
        tenant_id="acme",
        url_id=WINDOW,
        user_id=author,
        commenter_name=author.partition(":")[2].title(),
        comment_html=f"<b>{text}</b>",
        comment=text,
        verified=True,
        approved=True,
        url="https://example.com/page",
        locale=None,
        date="2030-01-01T00:00:00.000Z",
    )


def marker(marker_id: str = "m1", *, x: float = 25.5, first: LiveComment | None = None) -> Conversation:
    """A marker as the store keeps it."""
    return Conversation(
        id=marker_id,
        url_id=WINDOW,
        x=x,
        y=30.2,
        src="/pic.png",
        page_title="Checkout",
        user_id="acme:ann",
        user_name="Ann",
        created_from_comment_id="c1",
        created_at="2030-01-01T00:00:00.000Z",
        comment_count=1,
        number=1,
        first_comment=first,
        last_comment=first,
    )


def logged(
    event: Known,
    *,
    seq: int | None = 1,
    tenant: str = "acme",
    board: str | None = BOARD,
    channel: str | None = None,
    marker_id: str | None = "m1",
    only_for: str | None = None,
    replayed: bool = False,
) -> Logged:
    """An event as the writer hands it over."""
    about_thread = isinstance(event, NewComment)
    timestamp = 1_900_000_000_000 + (seq or 0)
    return Logged(
        tenant=tenant,
        url_id=channel or (WINDOW if about_thread else BOARD),
        board=board,
        marker_id=marker_id,
        seq=seq,
        timestamp=timestamp,
        event=msgspec.structs.replace(event, timestamp=timestamp),
        only_for=only_for,
        replayed=replayed,
    )


def commented(seq: int, text: str = "Wrong blue", *, write: str | None = None, only_for: str | None = None) -> Logged:
    """A new comment on marker ``m1``."""
    event = NewComment(comment=full_comment(f"c{seq}", text=text), broadcast_id=write or f"w{seq}")
    return logged(event, seq=seq, only_for=only_for)


def pinned(seq: int, *, write: str | None = None, first: LiveComment | None = None) -> Logged:
    """A new marker ``m1``."""
    event = NewImageChat(chat_id="m1", conversation=marker(first=first), broadcast_id=write or f"w{seq}")
    return logged(event, seq=seq)


def moved(seq: int, *, x: float, marker_id: str = "m1") -> Logged:
    """A marker elsewhere."""
    event = ImageChatUpdated(chat_id=marker_id, conversation=marker(marker_id, x=x), broadcast_id=f"w{seq}")
    return logged(event, seq=seq, marker_id=marker_id)


@dataclass
class OpenGate:
    """Admits by name: a pass is a user's name, ``mod`` moderates, no pass is a guest; says no where a test wants it."""

    refused: Callable[[Knock], Rejection | None] = lambda _knock: None
    boards: dict[str, str] = field(default_factory=lambda: {WINDOW: BOARD, BOARD: BOARD})
    knocks: list[Knock] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    changes: int = 0
    before: Callable[[], object] = lambda: None

    async def admit(self, knock: Knock) -> Admission | Rejection:
        self.knocks.append(knock)
        self.before()
        await asyncio.sleep(0)
        rejection = self.refused(knock)
        if rejection is not None:
            return rejection
        role = {"": Role.GUEST, "mod": Role.MODERATOR}.get(knock.user_id_ws, Role.MEMBER)
        name = knock.user_id_ws
        actor = member(name, tenant=knock.tenant, role=role) if name else Actor(tenant=knock.tenant, role=role)
        url_id = knock.url_ids[0]
        return Admission(actor=actor, url_id=url_id, board=self.boards.get(url_id))

    async def revision(self) -> object:
        return self.changes

    async def lapsed(self, viewers: Sequence[Viewer]) -> Sequence[Viewer]:
        return [viewer for viewer in viewers if viewer.actor.session in self.ended]


@dataclass
class World:
    """A running server and what a test touches of it."""

    hub: Hub
    gate: OpenGate
    server: uvicorn.Server
    port: int
    delivered: list[tuple[str, int, int]]

    def address(self, **values: str) -> str:
        """A live address; the board's, of tenant ``acme``, unless told otherwise."""
        asked = {"tenantIdWS": "acme", "urlId": BOARD, "userIdWS": ""} | values
        return f"ws://127.0.0.1:{self.port}/sub?{urlencode(asked)}"

    def join(self, user: str = "", **values: str) -> connect:
        """A client of the contract: single, full objects."""
        return connect(self.address(userIdWS=user, **values), compression=None, ping_interval=None)

    def watch(self, user: str = "", *, batch: bool = True, **values: str) -> connect:
        """A client of ours, on the whole board."""
        return self.join(user, scope="board", batch="1" if batch else "0", **values)

    async def until_sockets(self, count: int) -> None:
        """Wait until so many sockets are open."""
        await until(lambda: self.hub.sockets == count)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is true, or fail."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - any condition, not one that somebody announces
            await asyncio.sleep(0.005)


async def news(client: ClientConnection) -> dict[str, object]:
    """The next frame that is not presence."""
    async with asyncio.timeout(PATIENCE):
        while True:
            frame = await client.recv()
            assert isinstance(frame, str)
            said: dict[str, object] = msgspec.json.decode(frame)
            if said["type"] != "p-u":
                return said


async def presence(client: ClientConnection) -> dict[str, object]:
    """The next presence frame."""
    async with asyncio.timeout(PATIENCE):
        while True:
            said: dict[str, object] = msgspec.json.decode(await client.recv())
            if said["type"] == "p-u":
                return said


@asynccontextmanager
async def world(
    *,
    gate: OpenGate | None = None,
    live: LiveSettings | None = None,
    rooms: HubSettings | None = None,
    host_allowed: Callable[[str], bool] = lambda _host: True,
) -> AsyncIterator[World]:
    """A server on a free port of loopback."""
    gate = gate or OpenGate()
    delivered: list[tuple[str, int, int]] = []
    hub = Hub(
        MemoryBus[News](),
        settings=rooms or HubSettings(grace_seconds=0.05),
        wall_ms=lambda: 1_900_000_000_000,
        delivered=lambda *counted: delivered.append(counted),
    )
    await hub.open()
    entrance = Entrance(hub=hub, gate=gate, host_allowed=host_allowed, settings=live)
    config = uvicorn.Config(
        Starlette(), ws=make_live(entrance), lifespan="off", log_config=None, timeout_graceful_shutdown=3
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await until(lambda: server.started)
        yield World(hub=hub, gate=gate, server=server, port=listener.getsockname()[1], delivered=delivered)
    finally:
        server.should_exit = True
        await running
        await hub.close()
