"""Who looks at the board now, from presence frames; never stored, never moves a cursor.

Without a live socket nobody is known to be here. A frame with more joined ids than fit is cut: names are for reading.
"""

from typing import Final

from imagechat_tui.core.views import Person
from imagechat_tui.protocol.events import PresenceUpdate
from imagechat_tui.protocol.ids import is_anonymous

MOST: Final = 2_000
"""People kept by name; the count goes on beyond."""


class Presence:
    """The people in the room."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._count = 0
        self._people: tuple[Person, ...] | None = ()
        self.version = 0
        """Grows with every change."""

    @property
    def people(self) -> tuple[Person, ...]:
        """Those with a name, by name."""
        if self._people is None:
            known = (Person(id=key, name=name) for key, name in self._names.items() if name)
            self._people = tuple(sorted(known, key=lambda person: (person.name.casefold(), person.id)))
        return self._people

    @property
    def count(self) -> int:
        """Everybody, those without a name included."""
        return max(self._count, len(self._names))

    def update(self, frame: PresenceUpdate) -> bool:
        """Take a frame in; whether anything is different."""
        before = (dict(self._names), self._count)
        for person in frame.left:
            self._names.pop(person, None)
        names = frame.names or {}
        for person in frame.joined:
            if len(self._names) < MOST or person in self._names:
                self._names[person] = names.get(person) or self._names.get(person) or self._plain_name(person)
        if frame.count is not None:
            self._count = frame.count
        else:
            self._count = max(0, self._count + len(frame.joined) - len(frame.left))
        if (self._names, self._count) == before:
            return False
        self._people = None
        self.version += 1
        return True

    def clear(self) -> bool:
        """The socket is gone; whether anybody was here."""
        if not self._names and not self._count:
            return False
        self._names.clear()
        self._count = 0
        self._people = ()
        self.version += 1
        return True

    @staticmethod
    def _plain_name(person: str) -> str:
        return "" if is_anonymous(person) else person.rpartition(":")[2]
