"""Addresses of empty databases for tests: a SQLite file, and a schema of its own in a PostgreSQL server."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

POSTGRES = os.environ.get("IMAGECHAT_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
"""Parameters of a fixture that runs a test on every engine."""


@contextmanager
def empty_database(engine: str, folder: Path) -> Iterator[str]:
    """The address of a database that nobody else uses; what was in it is gone afterwards."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'store.sqlite3'}"
        return
    name = f"imagechat_{secrets.token_hex(8)}"
    admin = create_engine(POSTGRES, poolclass=NullPool, connect_args={"connect_timeout": 3})
    try:
        with admin.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
    except DBAPIError as problem:
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {str(problem.orig).splitlines()[0]}")
    try:
        url = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={name}"})
        yield url.render_as_string(hide_password=False)
    finally:
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
