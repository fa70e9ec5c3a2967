"""What every operation weighs on the wire: the real client, the real server, every byte that a proxy between carried.

The connection is kept alive, the person is signed in, and one socket (that person's own) gets the broadcast;
another one, past a proxy of its own, gets it compressed.
"""

from dataclasses import dataclass
from pathlib import Path

from imagechat_tui.client.channels import Channels
from imagechat_tui.client.exchange import Exchange, Identity
from imagechat_tui.client.live import KeepAlive, WebSockets
from imagechat_tui.client.opening import new_id
from imagechat_tui.client.ports import Socket
from imagechat_tui.client.rest import Rest
from imagechat_tui.client.server import Server
from imagechat_tui.client.traffic import Traffic
from imagechat_tui.core import asks
from imagechat_tui.core.inputs import Answered
from imagechat_tui.core.outputs import Connect
from imagechat_tui.protocol.events import Batch, Frame, LiveEvent, NewImageChat, PresenceUpdate, Skip
from imagechat_tui.protocol.replies import CommentSaved, ImageChats, MarkerCreated, Reply
from tests.support.people import make_board
from tests.support.proxy import Proxy, count_from_here, proxy_to
from tests.support.servers import in_process

TEXT = "Label touches edge!!"
"""Twenty characters."""


@dataclass(frozen=True, kw_only=True)
class Weight:
    """Bytes of one operation, heads included."""

    request: int
    reply: int
    broadcast: int
    compressed: int
    """The broadcast, to a client that asked for that."""

    @property
    def total(self) -> int:
        """All of it."""
        return self.request + self.reply + self.broadcast


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """Every operation by name, and what the first one brought about."""

    weights: dict[str, Weight]
    created: MarkerCreated
    heard: NewImageChat


class _Scale:
    """One person's connection, and the proxy's counters."""

    def __init__(
        self, rest: Rest, socket: Socket, thin: Socket, *, proxy: Proxy, thin_proxy: Proxy, live: Traffic
    ) -> None:
        self.rest, self.socket, self.proxy, self.live = rest, socket, proxy, live
        self.thin, self.thin_proxy = thin, thin_proxy
        self.weights: dict[str, Weight] = {}
        self.heard: list[LiveEvent | Skip] = []

    async def weigh(self, name: str, body: asks.Write) -> Reply:
        """Do it, and wait for its broadcast."""
        count, thin, before = count_from_here(self.proxy), count_from_here(self.thin_proxy), self.live.bytes_in
        answer = await self.rest.ask(1, body, timeout=10)
        assert isinstance(answer, Answered), answer
        frame = await _news(self.socket)
        assert await _news(self.thin) == frame
        self.heard = list(frame.events) if isinstance(frame, Batch) else [frame]
        await self.proxy.until(lambda: count.down > self.live.bytes_in - before)
        broadcast = self.live.bytes_in - before
        self.weights[name] = Weight(
            request=count.up, reply=count.down - broadcast, broadcast=broadcast, compressed=thin.down
        )
        return answer.reply


async def _news(socket: Socket) -> Frame:
    """The next frame that is not presence."""
    while True:
        frame = await socket.receive()
        if frame is not None and not isinstance(frame, PresenceUpdate):
            return frame


async def weigh(data: Path) -> Weighed:
    """Weigh every operation once, on a server of its own in ``data``."""
    async with in_process(data) as server:
        tenant = await server.tenant("acme")
        place = await make_board(server.url, tenant)
        token = await tenant.sign_in(server.url, "ann")
        async with proxy_to(server.url) as proxy, proxy_to(server.url) as thin_proxy:
            reached, channels, live = Server(base_url=proxy.url), Channels(), Traffic()
            rest = Rest(
                Exchange(reached, identity=Identity(token=token)), tenant="acme", url_id=place.url_id, channels=channels
            )
            sockets = WebSockets(reached, channels=channels, traffic=live, keep_alive=KeepAlive(interval=3600.0))
            chats = await rest.ask(1, asks.ReadChats(), timeout=10)
            assert isinstance(chats, Answered)
            assert isinstance(chats.reply, ImageChats)
            named = chats.reply
            target = Connect(
                attempt=1,
                board_scope=True,
                url_id_ws=named.url_id_ws,
                user_id_ws=named.user_id_ws,
                tenant_id_ws=named.tenant_id_ws,
            )
            thinly = WebSockets(
                Server(base_url=thin_proxy.url), channels=channels, keep_alive=KeepAlive(interval=3600.0), compress=True
            )
            socket, thin = await sockets.connect(target), await thinly.connect(target)
            for one in (socket, thin):
                while not isinstance(await one.receive(), PresenceUpdate):
                    pass
            scale = _Scale(rest, socket, thin, proxy=proxy, thin_proxy=thin_proxy, live=live)
            try:
                created, heard = await _all(scale)
            finally:
                await socket.close()
                await thin.close()
                await rest.close()
    return Weighed(weights=scale.weights, created=created, heard=heard)


async def _all(scale: _Scale) -> tuple[MarkerCreated, NewImageChat]:
    marker = asks.WriteMarker(broadcast_id=new_id(), x=25.4883, y=30.2174, comment=TEXT)
    created = await scale.weigh("a marker with its first comment", marker)
    assert isinstance(created, MarkerCreated)
    (heard,) = scale.heard
    assert isinstance(heard, NewImageChat)
    key, window = created.marker.id, created.marker.url_id
    reply = asks.WriteComment(broadcast_id=new_id(), window_url_id=window, comment=TEXT)
    saved = await scale.weigh("a reply", reply)
    assert isinstance(saved, CommentSaved)
    other = created.comment.id
    await scale.weigh(
        "an edit", asks.WriteText(broadcast_id=new_id(), comment_id=saved.comment.id, comment=TEXT.upper())
    )
    vote = asks.WriteVote(broadcast_id=new_id(), window_url_id=window, comment_id=other, up=True)
    await scale.weigh("a vote", vote)
    move = asks.ChangeMarker(broadcast_id=new_id(), marker_id=key, x=40.1287, y=60.5519)
    await scale.weigh("a move", move)
    await scale.weigh("a resolution", asks.ChangeMarker(broadcast_id=new_id(), marker_id=key, resolved=True))
    await scale.weigh("a comment's deletion", asks.RemoveComment(broadcast_id=new_id(), comment_id=saved.comment.id))
    await scale.weigh("a marker's deletion", asks.RemoveMarker(broadcast_id=new_id(), marker_id=key))
    return created, heard
