"""The store keeps its contract on every engine."""

from tests.support.contracts.groups import GroupContract
from tests.support.contracts.store import StoreContract
from tests.support.contracts.stored_things import StoredThingsContract


class TestStore(StoreContract):
    """Writes, positions and the log, on SQLite and on PostgreSQL."""


class TestStoredThings(StoredThingsContract):
    """Comments, identities, tenants and memory, on both."""


class TestGroups(GroupContract):
    """Writes that are committed together, on both."""
