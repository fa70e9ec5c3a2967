"""Tenants and sessions as they were a moment ago: spares the store a read per request; never older than it was told.

What this process changes is forgotten at once; what another process changes is seen when the entry is over.
"""

from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

from imagechat_tui.server.store import sessions, tenants, users
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.sessions import Session
from imagechat_tui.server.store.tenants import Tenant
from imagechat_tui.server.store.users import User

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST_ENTRIES: Final = 20_000


class _Shelf(Generic[K, V]):
    """Values that are good for ``seconds``."""

    def __init__(self, *, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._entries: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> tuple[V] | None:
        """The value in a tuple, so that ``None`` may be a value."""
        entry = self._entries.get(key)
        if entry is None or entry[0] <= self._clock():
            return None
        return (entry[1],)

    def put(self, key: K, value: V) -> None:
        if len(self._entries) >= _MOST_ENTRIES:
            self._entries.clear()
        self._entries[key] = (self._clock() + self._seconds, value)

    def clear(self) -> None:
        self._entries.clear()


class Directory:
    """Looks up tenants, sessions and users; remembers the answers for a moment."""

    def __init__(self, database: Database, *, clock: Callable[[], float], seconds: float) -> None:
        """``clock`` counts seconds and never goes back; ``seconds`` is how long an answer is good."""
        self._database = database
        self._tenants: _Shelf[str, Tenant | None] = _Shelf(clock=clock, seconds=seconds)
        self._by_token: _Shelf[str, Session | None] = _Shelf(clock=clock, seconds=seconds)
        self._by_id: _Shelf[tuple[str, str], Session | None] = _Shelf(clock=clock, seconds=seconds)
        self._users: _Shelf[tuple[str, str], User | None] = _Shelf(clock=clock, seconds=seconds)

    async def tenant(self, tenant: str) -> Tenant | None:
        """The tenant, ``None`` when there is none of that name."""
        known = self._tenants.get(tenant)
        if known is None:
            known = (await self._database.read(lambda connection: tenants.find(connection, tenant)),)
            self._tenants.put(tenant, known[0])
        return known[0]

    async def session_of(self, token_hash: str) -> Session | None:
        """The session whose token has this hash; it may be over."""
        known = self._by_token.get(token_hash)
        if known is None:
            known = (await self._database.read(lambda connection: sessions.by_token(connection, token_hash)),)
            self._by_token.put(token_hash, known[0])
        return known[0]

    async def session(self, tenant: str, session_id: str) -> Session | None:
        """The session of this row; it may be over."""
        known = self._by_id.get((tenant, session_id))
        if known is None:
            known = (await self._database.read(lambda connection: sessions.find(connection, tenant, session_id)),)
            self._by_id.put((tenant, session_id), known[0])
        return known[0]

    async def user(self, tenant: str, user_id: str) -> User | None:
        """The stored user behind a wire id."""
        known = self._users.get((tenant, user_id))
        if known is None:
            known = (await self._database.read(lambda connection: users.find(connection, tenant, user_id)),)
            self._users.put((tenant, user_id), known[0])
        return known[0]

    def forget(self) -> None:
        """Look everything up again: something that matters for identity was changed."""
        for shelf in (self._tenants, self._by_token, self._by_id, self._users):
            shelf.clear()
