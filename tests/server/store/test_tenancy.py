"""Nobody asks the store without saying whose rows are meant: a function takes a tenant, or something that has one."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import pytest
from sqlalchemy import Connection

from imagechat_tui.server import store
from imagechat_tui.server.store import gathering, tables
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.invitations import Invitation
from imagechat_tui.server.store.replies import WriteKey
from imagechat_tui.server.store.sessions import Session

WITHOUT: dict[str, str] = {
    "absences.prune": "deletes what is old, of everybody",
    "events.prune": "the same",
    "invitations.prune": "the same",
    "pictures.prune": "the same",
    "replies.prune": "the same",
    "sessions.prune": "the same",
    "changes.mark": "says whether anything was committed, and nothing of it",
    "migrate.to_newest": "changes the schema, which everybody shares",
    "invitations.redeem": "the secret, which nobody can guess, says which tenant it is for",
    "sessions.by_token": "the same for a token; its callers compare the tenant",
    "tenants.list_all": "for the operator's command",
    "engines.interrupt": "ends a statement, and reads nothing",
    "locking.lock": "locks rows whose keys begin with the tenant",
}
"""Functions that take none, and why that is right."""
CARRIERS: set[type[Any]] = {Board, Invitation, Session, WriteKey}


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the store that works on a connection."""
    for found in pkgutil.iter_modules(store.__path__):
        module = importlib.import_module(f"{store.__name__}.{found.name}")
        if module is gathering or found.ispkg:
            continue  # Orders statements of others, and makes none.
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if own and first is not None and first.annotation in {Connection, Transaction}:
                yield f"{found.name}.{name}", function


@pytest.mark.parametrize(
    ("name", "function"), list(_functions()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_function_of_the_store_cannot_be_called_without_a_tenant(name: str, function: Callable[..., Any]) -> None:
    """By its signature; an exception has its reason."""
    hints = get_type_hints(function)
    parameter = inspect.signature(function).parameters.get("tenant")
    says = parameter is not None and parameter.default is inspect.Parameter.empty and hints["tenant"] is str
    carries = any(kind in CARRIERS for kind in hints.values())
    assert (says or carries) is not (name in WITHOUT), name


@pytest.mark.parametrize("carrier", sorted(CARRIERS, key=repr))
def test_what_carries_a_tenant_cannot_be_made_without_one(carrier: type[Any]) -> None:
    """It has no default."""
    assert inspect.signature(carrier).parameters["tenant"].default is inspect.Parameter.empty


def test_every_row_names_its_tenant_and_goes_with_it() -> None:
    """By a foreign key that cascades."""
    for table in tables.metadata.sorted_tables:
        if table is tables.tenants:
            continue
        (key,) = table.c.tenant.foreign_keys
        assert not table.c.tenant.nullable, table.name
        assert key.column is tables.tenants.c.id
        assert key.ondelete == "CASCADE", table.name
