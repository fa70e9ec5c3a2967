"""The viewers of one channel or board: three circles by form, and who is here; knows no other room."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from imagechat_tui.protocol import codec
from imagechat_tui.protocol.events import Known, NewComment, NewImageChat, PresenceUpdate, TypingUpdate, Writer
from imagechat_tui.server.bus.crowds import Crowd
from imagechat_tui.server.hub.circle import Circle, Sending
from imagechat_tui.server.hub.frames import text_frame
from imagechat_tui.server.hub.news import (
    BoardNews,
    ChannelNews,
    News,
    Parts,
    TypingNews,
    batch_parts,
    plain_parts,
    single_parts,
)
from imagechat_tui.server.hub.presence import Person, Presence
from imagechat_tui.server.hub.viewers import Viewer

PRESENCE_SECONDS = 0.1
"""Arrivals within this time are told together."""

PRESENCE_PER_SECOND = 500
"""Presence frames a room may cost per second: the larger it is, the longer arrivals are gathered."""

PRESENCE_SLOWEST_SECONDS = 5.0

WRITERS_TOLD = 50
"""Most people told of as writing in one frame; who is left out says it again."""


class Room:
    """One page or thread, and everybody who looks at it."""

    def __init__(
        self,
        tenant: str,
        *,
        sending: Sending,
        window: float,
        grace: float,
        wall_ms: Callable[[], int],
        others: Mapping[str, Crowd],
    ) -> None:
        """``window`` and ``grace`` are in seconds: between batches, and until an absent person has left.

        ``others``: who looks from other nodes already.
        """
        self._plain: Circle[ChannelNews] = Circle(plain_parts, tenant=tenant, sending=sending)
        self._single: Circle[BoardNews] = Circle(single_parts, tenant=tenant, sending=sending)
        self._batched: Circle[BoardNews] = Circle(batch_parts, tenant=tenant, sending=sending, window=window)
        self.presence = Presence(grace=grace)
        self.presence.begin(others, asyncio.get_running_loop().time())
        self._writers: dict[str, Writer] = {}
        """Who is yet to be told of."""
        self._wall_ms = wall_ms
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """Sockets."""
        return sum(len(circle.viewers) for circle in self._circles)

    def viewers(self) -> Iterable[Viewer]:
        """Everybody here; a copy, so that viewers may leave meanwhile."""
        return [viewer for circle in self._circles for viewer in circle.viewers]

    def unplaced(self, board: str) -> Iterable[Viewer]:
        """The viewers of this thread who came before it belonged to ``board``."""
        return [viewer for viewer in self._plain.viewers if viewer.board != board]

    def join(self, viewer: Viewer) -> None:
        """Send to this viewer from now on."""
        self._circle(viewer).viewers.add(viewer)
        self.presence.join(viewer.actor.user_id, viewer.actor.name)
        self._wake()

    def welcome(self, viewer: Viewer) -> None:
        """Tell a board's new viewer who is here already."""
        parts = self._frame(self.presence.here(), (), self.presence.count, names=True)
        self._circle(viewer).send([viewer], parts)
        if len(self) == 1:
            self.presence.take(asyncio.get_running_loop().time())  # Nobody else is there to be told.

    def leave(self, viewer: Viewer) -> None:
        """Send nothing more to this viewer."""
        self._circle(viewer).viewers.discard(viewer)
        if len(self):
            self.presence.leave(viewer.actor.user_id, asyncio.get_running_loop().time())
            self._wake()

    def hear(self, node: str, crowd: Crowd) -> None:
        """Who looks from another node, from now on."""
        self.presence.hear(node, crowd, asyncio.get_running_loop().time())
        self._wake()

    def post(self, news: News) -> None:
        """Take news for those who get its form."""
        if isinstance(news, ChannelNews):
            self._plain.post(news)
        elif isinstance(news, TypingNews):
            self._hear_writer(news.writer)
        else:
            self._writers.pop(_author(news.event) or "", None)
            self._single.post(news)
            self._batched.post(news)

    def _hear_writer(self, writer: Writer) -> None:
        if len(self._writers) < WRITERS_TOLD or writer.user_id in self._writers:
            self._writers[writer.user_id] = writer
            self._wake()

    def close(self) -> None:
        """Nobody is left."""
        if self._timer is not None:
            self._timer.cancel()
        for circle in self._circles:
            circle.close()

    @property
    def _circles(self) -> tuple[Circle[ChannelNews], Circle[BoardNews], Circle[BoardNews]]:
        return self._plain, self._single, self._batched

    def _circle(self, viewer: Viewer) -> Circle[ChannelNews] | Circle[BoardNews]:
        if not viewer.whole_board:
            return self._plain
        return self._batched if viewer.batch else self._single

    def _wake(self) -> None:
        """See to it that people are told of when it is due, and not more often than the room can bear."""
        loop = asyncio.get_running_loop()
        due = loop.time() if self._writers else self.presence.due(loop.time())
        if due is None:
            return
        pause = min(PRESENCE_SLOWEST_SECONDS, max(PRESENCE_SECONDS, len(self) / PRESENCE_PER_SECOND))
        at = max(due, loop.time() + pause)
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = loop.call_at(at, self._tell)

    def _tell(self) -> None:
        self._timer = None
        told = self.presence.take(asyncio.get_running_loop().time())
        if told is not None:
            self._plain.send(self._plain.viewers, self._frame(told.joined, told.left, told.people, names=False))
            with_names = self._frame(told.joined, told.left, told.people, names=True)
            self._send_whole_boards(with_names)
        if self._writers:
            update = TypingUpdate(who=list(self._writers.values()))
            self._writers.clear()
            self._send_whole_boards(Parts(text_frame(codec.encode_frame(update)), 1))
        self._wake()

    def _send_whole_boards(self, parts: Parts) -> None:
        for circle in (self._single, self._batched):
            circle.send(circle.viewers, parts)

    def _frame(self, joined: tuple[Person, ...], left: tuple[str, ...], count: int, *, names: bool) -> Parts:
        update = PresenceUpdate(
            joined=[person.user_id for person in joined],
            left=list(left),
            count=count,
            ts=self._wall_ms(),
            names={person.user_id: person.name for person in joined if person.name} or None if names else None,
        )
        return Parts(text_frame(codec.encode_frame(update)), 1)


def _author(event: Known) -> str | None:
    """Whose comment it brings: that somebody is writing it must not be told after it."""
    if isinstance(event, NewComment):
        return event.comment.user_id or event.comment.anon_user_id
    if isinstance(event, NewImageChat) and event.conversation is not None:
        return event.conversation.user_id
    return None
