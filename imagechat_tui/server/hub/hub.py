"""All rooms of one server process: who is admitted joins one, what is committed reaches the right ones.

It encodes nothing that nobody here or on another node may want, and it never waits for a viewer. Everything is called
on the event loop.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from imagechat_tui.protocol.events import Writer
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.bus.crowds import NOBODY, Crowd, Crowds, NoCrowds
from imagechat_tui.server.bus.port import Bus, Parcel, Topic
from imagechat_tui.server.hub.circle import Sending
from imagechat_tui.server.hub.news import ChannelNews, News, TypingNews, board_news, channel_news
from imagechat_tui.server.hub.presence import Presence, Present
from imagechat_tui.server.hub.room import Room
from imagechat_tui.server.hub.viewers import Viewer
from imagechat_tui.server.store.logged import Logged

SESSION_ENDED = 1008
"""Close code (policy violation, RFC 6455 section 7.4.1) when a viewer's right to look has ended."""


COME_BACK = 1012
"""Close code (service restart) when a client should connect again."""


class HubSettings(Struct, frozen=True, kw_only=True):
    """How the rooms send."""

    batch_ms: int = 20
    """A room under activity sends batches this far apart; a quiet room sends at once."""
    buffer_bytes: int = 512 * 1024
    """A socket with more than this unsent is dropped. The kernel holds some megabytes beside it."""
    slice_viewers: int = 1_000
    spread_seconds: float = 5.0
    """Viewers who have to come back together are told so within this time."""
    grace_seconds: float = 2.0
    """How long a person may be away and still count as here."""


class Hub:
    """The rooms."""

    def __init__(
        self,
        bus: Bus[News],
        *,
        settings: HubSettings,
        wall_ms: Callable[[], int],
        crowds: Crowds | None = None,
        delivered: Callable[[str, int, int], None] = lambda _tenant, _frames, _bytes: None,
        departed: Callable[[Viewer], None] = lambda _viewer: None,
    ) -> None:
        """Make it; ``open`` starts it.

        Args:
            bus: Brings what this and other nodes have committed.
            settings: How the rooms send.
            wall_ms: The time of day, for ``ts`` of presence.
            crowds: Who looks from other nodes; ``None`` when there are none.
            delivered: Called with tenant, frames and bytes whenever some were written to viewers.
            departed: Called with a viewer who has left.
        """
        self._bus = bus
        self._crowds: Crowds = crowds or NoCrowds()
        self._settings = settings
        self._wall_ms = wall_ms
        self._departed = departed
        self._sending = Sending(
            buffer_bytes=settings.buffer_bytes,
            slice_viewers=settings.slice_viewers,
            delivered=delivered,
            dropped=self._drop,
        )
        self._rooms: dict[tuple[str, str], Room] = {}
        self._viewers: set[Viewer] = set()
        self._by_user: Counter[tuple[str, str]] = Counter()
        self._occupied = asyncio.Event()
        self.dropped = 0
        """Sockets ended because they did not read."""
        self.draining = False
        """The server is about to end: nobody new should be sent here."""
        self.closing = False
        """Nobody new is let in."""

    async def open(self) -> None:
        """Start to deliver."""
        await asyncio.gather(
            self._bus.open(self._deliver, self._missed), self._crowds.open(self._mine, self._elsewhere)
        )

    async def close(self) -> None:
        """Deliver nothing any longer."""
        await asyncio.gather(self._bus.close(), self._crowds.close())
        for room in self._rooms.values():
            room.close()

    # What is committed -------------------------------------------------------------------------------------------

    def publish(self, batch: Sequence[Logged]) -> None:
        """Hand over what was committed, in commit order; what ``Database.on_commit`` ends in."""
        parcels: list[Parcel[News]] = []
        for logged in batch:
            if not logged.replayed:
                topic = Topic("channel", logged.tenant, logged.url_id)
                if self._bus.wants(topic):
                    parcels.append(Parcel(topic, None, channel_news(logged)))
            if logged.board is not None and logged.seq is not None:
                topic = Topic("board", logged.tenant, logged.board)
                if self._bus.wants(topic):
                    parcels.append(Parcel(topic, logged.seq, board_news(logged, logged.seq)))
        if parcels:
            self._bus.publish(parcels)

    def tell_writer(self, tenant: str, board: str, writer: Writer) -> None:
        """Tell those who look at a whole board that somebody writes there, or no longer; nothing of it is kept."""
        topic = Topic("board", tenant, board)
        if self._bus.wants(topic):
            self._bus.whisper(Parcel(topic, None, TypingNews(writer=writer)))

    def _deliver(self, parcels: Sequence[Parcel[News]]) -> None:
        for parcel in parcels:
            topic, news = parcel.topic, parcel.body
            room = self._rooms.get((topic.tenant, topic.key))
            if room is None:
                continue
            if isinstance(news, ChannelNews) and news.board is not None and news.board != topic.key:
                self._close_unplaced(room, news.board)
            room.post(news)

    def _close_unplaced(self, room: Room, board: str) -> None:
        """A thread that now belongs to a board: who came before is asked again whether they may see that board."""
        for viewer in room.unplaced(board):
            self.leave(viewer)
            viewer.outlet.close(COME_BACK, "come back, the page has changed")

    def _missed(self, topics: Collection[Topic]) -> None:
        """Something was lost that only the viewers can look for: they come back, and read what they missed."""
        lost = set(topics)
        self._send_away([viewer for viewer in self._viewers if _topic(viewer) in lost], self._settings.spread_seconds)

    async def drain(self, seconds: float) -> None:
        """Let nobody in, and send everybody away at a random moment of the time given; return at its end."""
        self.closing = True
        self._send_away(self._viewers, seconds)
        await asyncio.sleep(seconds)

    def _send_away(self, viewers: Iterable[Viewer], seconds: float) -> None:
        loop = asyncio.get_running_loop()
        for viewer in viewers:
            loop.call_later(random.uniform(0, seconds), self._part_from, viewer)  # noqa: S311 - spreads load

    def _part_from(self, viewer: Viewer) -> None:
        if viewer in self._viewers:
            self.leave(viewer)
            viewer.outlet.close(COME_BACK, "come back")

    # Who looks ---------------------------------------------------------------------------------------------------

    async def expect(self, viewer: Viewer) -> None:
        """Make sure that the viewer's news come to this node; ``join`` or ``forget`` has to follow."""
        topic, page = _topic(viewer), _page(viewer)
        try:
            await self._bus.watch(topic)
        except BaseException:
            self._bus.unwatch(topic)
            raise
        try:
            await self._crowds.watch(page)
        except BaseException:
            self._bus.unwatch(topic)
            self._crowds.unwatch(page)
            raise

    def forget(self, viewer: Viewer) -> None:
        """The expected viewer does not come."""
        self._bus.unwatch(_topic(viewer))
        self._crowds.unwatch(_page(viewer))

    def join(self, viewer: Viewer) -> None:
        """Everything committed from now on goes to this viewer's transport."""
        key = (viewer.tenant, viewer.url_id)
        room = self._rooms.get(key)
        if room is None:
            room = self._rooms[key] = self._new_room(viewer)
        room.join(viewer)
        self._crowds.announce(_page(viewer))
        self._viewers.add(viewer)
        if viewer.actor.user_id is not None:
            self._by_user[viewer.tenant, viewer.actor.user_id] += 1
        self._occupied.set()

    def welcome(self, viewer: Viewer) -> None:
        """Tell a ``scope=board`` viewer who joined who is here already; after the socket's handshake."""
        room = self._rooms.get((viewer.tenant, viewer.url_id))
        if room is not None and viewer.whole_board:
            room.welcome(viewer)

    def leave(self, viewer: Viewer) -> None:
        """Nothing more goes to this viewer; a second call does nothing."""
        if viewer not in self._viewers:
            return
        self._viewers.discard(viewer)
        if not self._viewers:
            self._occupied.clear()
        if viewer.actor.user_id is not None:
            who = (viewer.tenant, viewer.actor.user_id)
            self._by_user[who] -= 1
            if not self._by_user[who]:
                del self._by_user[who]
        key = (viewer.tenant, viewer.url_id)
        room = self._rooms[key]
        room.leave(viewer)
        if not len(room):
            room.close()
            del self._rooms[key]
        self._crowds.announce(_page(viewer))
        self._bus.unwatch(_topic(viewer))
        self._crowds.unwatch(_page(viewer))
        self._departed(viewer)

    def viewers(self) -> Iterator[Viewer]:
        """Everybody who looks now; a copy, so that viewers may leave meanwhile."""
        return iter(tuple(self._viewers))

    async def occupied(self) -> None:
        """Return once somebody looks."""
        await self._occupied.wait()

    @property
    def sockets(self) -> int:
        """Open sockets."""
        return len(self._viewers)

    def sockets_of(self, tenant: str, user_id: str) -> int:
        """Open sockets of one user."""
        return self._by_user[tenant, user_id]

    async def present(self, tenant: str, url_id: str) -> Present:
        """Who looks at a page now, from whichever node."""
        return (await self._presence(tenant, url_id)).present()

    async def online(self, tenant: str, url_id: str, user_ids: Iterable[str]) -> dict[str, bool]:
        """For each user id, whether that user looks at the page now, from whichever node."""
        return (await self._presence(tenant, url_id)).online(user_ids)

    async def _presence(self, tenant: str, url_id: str) -> Presence:
        room = self._rooms.get((tenant, url_id))
        if room is not None:
            return room.presence
        presence = Presence(grace=0.0)
        presence.begin(await self._crowds.look(Topic("channel", tenant, url_id)), 0.0)
        return presence

    def _mine(self, page: Topic) -> Crowd:
        room = self._rooms.get((page.tenant, page.key))
        return NOBODY if room is None else room.presence.mine()

    def _elsewhere(self, page: Topic, node: str, crowd: Crowd) -> None:
        room = self._rooms.get((page.tenant, page.key))
        if room is not None:
            room.hear(node, crowd)

    # Whose right to look has ended -------------------------------------------------------------------------------

    def close_sessions(self, tenant: str, sessions: Collection[str] | None = None) -> None:
        """End the sockets of these sessions (rows, not tokens), or of everybody of the tenant."""
        self.close_where(
            lambda viewer: viewer.tenant == tenant and (sessions is None or viewer.actor.session in sessions)
        )

    def page_changed(
        self, tenant: str, board: str, *, may_see: Callable[[Actor], bool], window: str | None = None
    ) -> None:
        """Who may see a page is another: a board's visibility changed, or a marker of it has claimed ``window``.

        Ends the sockets, also on the board's threads, of those who may not see it; the others stay.
        """
        here = {board, window}
        concerned = [v for v in self.viewers() if v.tenant == tenant and (v.board == board or v.url_id in here)]
        lapsed = {viewer for viewer in concerned if not may_see(viewer.actor)}
        for viewer in concerned:
            viewer.board = board
        self.close_where(lapsed.__contains__)

    def close_where(self, lapsed: Callable[[Viewer], bool], *, reason: str = "not allowed any longer") -> None:
        """End the sockets for which ``lapsed`` is true; their clients come back and are asked again who they are."""
        for viewer in self.viewers():
            if lapsed(viewer):
                self.leave(viewer)
                viewer.outlet.close(SESSION_ENDED, reason)

    def _drop(self, viewer: Viewer) -> None:
        self.dropped += 1
        self.leave(viewer)
        viewer.outlet.abort()

    def _new_room(self, viewer: Viewer) -> Room:
        return Room(
            viewer.tenant,
            others=self._crowds.known(_page(viewer)),
            sending=self._sending,
            window=self._settings.batch_ms / 1000,
            grace=self._settings.grace_seconds,
            wall_ms=self._wall_ms,
        )


def _topic(viewer: Viewer) -> Topic:
    return Topic("board" if viewer.whole_board else "channel", viewer.tenant, viewer.url_id)


def _page(viewer: Viewer) -> Topic:
    """Presence is one for all forms of a page."""
    return Topic("channel", viewer.tenant, viewer.url_id)
