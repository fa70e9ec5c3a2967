"""Who is in one room, and what the others have yet to be told about it; sans-I/O: time is given, nothing is sent.

A person joins with the first socket and leaves some seconds after the last one, so that a reconnection is no news.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, NamedTuple

from msgspec import Struct

from imagechat_tui.protocol.ids import is_anonymous
from imagechat_tui.server.bus.crowds import NOBODY, Crowd

PEOPLE_LISTED: Final = 200
"""Most people named at once to somebody who arrives; the count is always complete."""


class Person(NamedTuple):
    """Somebody who is here, by the id that everybody sees."""

    user_id: str
    name: str


class Present(Struct, frozen=True, kw_only=True):
    """Who looks at a page now."""

    users: tuple[Person, ...] = ()
    """Signed-in users, by name."""
    total_count: int = 0
    """People and anonymous viewers."""
    anon_count: int = 0


class Told(NamedTuple):
    """What has changed since the others were told last."""

    joined: tuple[Person, ...]
    left: tuple[str, ...]
    people: int


class Presence:
    """The people of one page, on this node and on others. ``now`` is monotonic seconds."""

    def __init__(self, *, grace: float) -> None:
        """``grace``: seconds after the last socket of a person until that person has left."""
        self._grace = grace
        self._sockets: dict[str, int] = {}
        """Per person: sockets here, and one for every other node with that person; 0 within the grace."""
        self._names: dict[str, str] = {}
        self._guests = 0
        self._mine: Counter[str] = Counter()
        self._my_guests = 0
        self._others: dict[str, Crowd] = {}
        self._told: set[str] = set()
        self._told_count = 0
        self._joining: dict[str, None] = {}
        self._leaving: dict[str, float] = {}

    def join(self, user_id: str | None, name: str) -> None:
        """One socket more; ``None`` is a guest, who is only counted."""
        if user_id is None:
            self._my_guests += 1
            self._guests += 1
            return
        self._mine[user_id] += 1
        self._came(user_id, name)

    def leave(self, user_id: str | None, now: float) -> None:
        """One socket less."""
        if user_id is None:
            self._my_guests -= 1
            self._guests -= 1
            return
        self._mine[user_id] -= 1
        if not self._mine[user_id]:
            del self._mine[user_id]
        self._went(user_id, now)

    def hear(self, node: str, crowd: Crowd, now: float) -> None:
        """Who looks from another node, from now on; whoever changes nodes within the grace has not left."""
        before = self._others.pop(node, NOBODY)
        if crowd:
            self._others[node] = crowd
        for user_id, name in crowd.people.items():
            if user_id not in before.people:
                self._came(user_id, name)
        for user_id in before.people:
            if user_id not in crowd.people:
                self._went(user_id, now)
        self._guests += crowd.guests - before.guests

    def begin(self, others: Mapping[str, Crowd], now: float) -> None:
        """Who was there before anybody looked from this node: no news for whoever comes."""
        for node, crowd in others.items():
            self.hear(node, crowd, now)
        self._told.update(self._sockets)
        self._joining.clear()

    def mine(self) -> Crowd:
        """Who looks from this node."""
        return Crowd(people={user_id: self._names[user_id] for user_id in self._mine}, guests=self._my_guests)

    def _came(self, user_id: str, name: str) -> None:
        self._leaving.pop(user_id, None)
        self._sockets[user_id] = self._sockets.get(user_id, 0) + 1
        self._names[user_id] = name
        if user_id not in self._told:
            self._joining[user_id] = None

    def _went(self, user_id: str, now: float) -> None:
        self._sockets[user_id] -= 1
        if self._sockets[user_id] == 0:
            self._leaving[user_id] = now + self._grace

    def take(self, now: float) -> Told | None:
        """What the others are to be told now; ``None`` when there is nothing. It counts as told."""
        gone = [user_id for user_id, due in self._leaving.items() if due <= now]
        for user_id in gone:
            del self._leaving[user_id], self._sockets[user_id], self._names[user_id]
        left = tuple(user_id for user_id in gone if user_id in self._told)
        joined = tuple(Person(user_id, self._names[user_id]) for user_id in self._joining if user_id in self._sockets)
        if not joined and not left and self.count == self._told_count:
            return None
        self._joining.clear()
        self._told.difference_update(left)
        self._told.update(person.user_id for person in joined)
        self._told_count = self.count
        return Told(joined, left, self.count)

    def due(self, now: float) -> float | None:
        """When there is something to tell: ``now``, later, or never."""
        if self._joining or self.count != self._told_count:
            return now
        return min(self._leaving.values(), default=None)

    @property
    def count(self) -> int:
        """People and guests; somebody who may be back within the grace still counts."""
        return len(self._sockets) + self._guests

    def here(self) -> tuple[Person, ...]:
        """The people, as far as one frame lists them, those with a name of their own first."""
        named = sorted(self._people(), key=lambda person: is_anonymous(person.user_id))
        return tuple(islice(named, PEOPLE_LISTED))

    def present(self) -> Present:
        """The room for a REST answer; only open sockets count."""
        online = [person for person in self._people() if self._sockets[person.user_id]]
        users = sorted((p for p in online if not is_anonymous(p.user_id)), key=lambda p: (p.name.casefold(), p.user_id))
        total = len(online) + self._guests
        return Present(users=tuple(users), total_count=total, anon_count=total - len(users))

    def online(self, user_ids: Iterable[str]) -> dict[str, bool]:
        """For each id, whether it has an open socket anywhere."""
        return {user_id: self._sockets.get(user_id, 0) > 0 for user_id in user_ids}

    def _people(self) -> Iterable[Person]:
        return (Person(user_id, name) for user_id, name in self._names.items())
