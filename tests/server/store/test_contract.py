"""The store keeps its contract on every engine."""

from tests.support.contracts.store import StoreContract


class TestStore(StoreContract):
    """The whole suite, on SQLite and on PostgreSQL."""
