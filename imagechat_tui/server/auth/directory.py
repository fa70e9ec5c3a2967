"""Tenants, sessions and users as they were a moment ago: spares the store a read per request; decides nothing.

What this process changes is forgotten at once (``forget``); what another process changes is seen when an answer is
``seconds`` old.
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
    """Values that are good for a while."""

    def __init__(self, *, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._entries: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> tuple[V] | None:
        """The value in a tuple, so that ``None`` can be one."""
        entry = self._entries.get(key)
        return None if entry is None or entry[0] <= self._clock() else (entry[1],)

    def put(self, key: K, value: V) -> None:
        """Keep it; a full shelf is emptied first."""
        if len(self._entries) >= _MOST_ENTRIES:
            self._entries.clear()
        self._entries[key] = (self._clock() + self._seconds, value)

    def clear(self) -> None:
        """Forget everything."""
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
        self._changes = 0

    async def tenant(self, tenant: str) -> Tenant | None:
        """The tenant; ``None`` when there is none of that name."""
        known = self._tenants.get(tenant)
        if known is not None:
            return known[0]
        changes = self._changes
        found = await self._database.read(lambda connection: tenants.find(connection, tenant))
        if changes == self._changes:
            self._tenants.put(tenant, found)
        return found

    async def session_of(self, token_hash: str) -> Session | None:
        """The session whose token has this hash; ``None`` when it never was or was ended. It may have expired."""
        known = self._by_token.get(token_hash)
        if known is not None:
            return known[0]
        changes = self._changes
        found = await self._database.read(lambda connection: sessions.by_token(connection, token_hash))
        if changes == self._changes:
            self._by_token.put(token_hash, found)
        return found

    async def session(self, tenant: str, session_id: str) -> Session | None:
        """The session of this row; ``None`` when it never was or was ended. It may have expired."""
        known = self._by_id.get((tenant, session_id))
        if known is not None:
            return known[0]
        changes = self._changes
        found = await self._database.read(lambda connection: sessions.find(connection, tenant, session_id))
        if changes == self._changes:
            self._by_id.put((tenant, session_id), found)
        return found

    async def user(self, tenant: str, user_id: str) -> User | None:
        """The person behind a wire id; ``None`` for anonymous sessions and for who was removed."""
        known = self._users.get((tenant, user_id))
        if known is not None:
            return known[0]
        changes = self._changes
        found = await self._database.read(lambda connection: users.find(connection, tenant, user_id))
        if changes == self._changes:
            self._users.put((tenant, user_id), found)
        return found

    def forget(self) -> None:
        """Look everything up again: something that identity hangs on was changed. Reads under way are not kept."""
        self._changes += 1
        for shelf in (self._tenants, self._by_token, self._by_id, self._users):
            shelf.clear()
