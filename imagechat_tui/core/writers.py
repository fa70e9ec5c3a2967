"""Who else is writing, as the host passes it on: each for some seconds only; never stored, never moves a cursor.

There is an alarm while somebody writes, and none otherwise. Without a live socket nobody is known to write.
"""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from imagechat_tui.core.outbox import Outbox
from imagechat_tui.core.outputs import WritersChanged
from imagechat_tui.core.views import Person
from imagechat_tui.protocol.events import Event, NewComment, NewImageChat, PresenceUpdate, TypingUpdate
from imagechat_tui.protocol.events import Writer as WireWriter

LASTS: Final = 8.0
"""Seconds that somebody counts as writing after the last word of it."""

MOST: Final = 200
"""People remembered at once."""

_ALARM: Final = "writers"

Place = str | None
"""A marker; ``None`` is one to come."""


class _Writer(Struct, frozen=True, kw_only=True):
    person: Person
    place: Place
    until: float


class Writers:
    """The others who write."""

    def __init__(self, outbox: Outbox, *, me: Callable[[], str | None]) -> None:
        """``me`` is the id of the user, who is nobody else."""
        self._outbox = outbox
        self._me = me
        self._writers: dict[str, _Writer] = {}
        self._shown: Mapping[Place, tuple[Person, ...]] = {}

    @property
    def shown(self) -> Mapping[Place, tuple[Person, ...]]:
        """See ``BoardReader.writers``."""
        return self._shown

    def hear(self, frame: TypingUpdate | PresenceUpdate, now: float) -> None:
        """Take a frame in; a long one is cut. Who has left writes nothing."""
        if isinstance(frame, TypingUpdate):
            for said in frame.who:
                self._hear(said, now)
        else:
            for person in frame.left:
                self._writers.pop(person, None)
        self._tell(now)

    def _hear(self, said: WireWriter, now: float) -> None:
        user, place = said.user_id, said.chat_id
        if said.ended:
            self._writers.pop(user, None)
        elif user != self._me() and (len(self._writers) < MOST or user in self._writers):
            person = Person(id=user, name=said.user_name or "")
            self._writers[user] = _Writer(person=person, place=place, until=now + LASTS)

    def said(self, event: Event, now: float) -> None:
        """Whose comment is there writes it no longer."""
        if isinstance(event, NewComment):
            self._ended(event.comment.user_id or event.comment.anon_user_id, event.chat_id, now)
        elif isinstance(event, NewImageChat) and event.conversation is not None:
            self._ended(event.conversation.user_id, None, now)

    def _ended(self, user: str | None, place: Place, now: float) -> None:
        writer = self._writers.get(user or "")
        if writer is not None and writer.place == place:
            del self._writers[writer.person.id]
            self._tell(now)

    def clear(self, now: float) -> None:
        """The socket is gone."""
        self._writers.clear()
        self._tell(now)

    def _tell(self, now: float) -> None:
        """Say what is different, and wake up when the next one has fallen silent."""
        self._writers = {user: each for user, each in self._writers.items() if each.until > now}
        if not self._writers and not self._shown:
            return
        shown: dict[Place, tuple[Person, ...]] = {}
        for each in self._writers.values():
            shown[each.place] = (*shown.get(each.place, ()), each.person)
        before, self._shown = self._shown, shown
        if changed := frozenset(place for place in {*before, *shown} if before.get(place) != shown.get(place)):
            self._outbox.announce(WritersChanged(marker_ids=changed))
        if self._writers:
            self._outbox.alarm(_ALARM, min(each.until for each in self._writers.values()), self._tell)
        else:
            self._outbox.cancel(_ALARM)
