"""What is promised of the file itself: what was acknowledged survives, and a start that cannot work says why."""

import asyncio
import contextlib
import secrets
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg.adapt import PyFormat
from psycopg.pq import Format
from sqlalchemy import Connection, NullPool, create_engine, make_url, text

from imagechat_tui.errors import UserError
from imagechat_tui.server.store import boards, counters, engines, tables
from imagechat_tui.server.store import database as store_database
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.locking import About
from imagechat_tui.server.store.logged import Logged
from tests.support.contracts.databases import empty_database
from tests.support.contracts.holding import held
from tests.support.contracts.rows import log_one, make_board, make_tenant, of_board

ROUNDS = 3
WRITES = 300


@pytest.mark.parametrize("round_number", range(ROUNDS))
async def test_a_killed_process_loses_nothing_that_it_acknowledged(engine_url: str, round_number: int) -> None:
    """``kill -9`` in the middle of a burst: every number that was printed is in the log, and positions have no gap."""
    command = [sys.executable, "-m", "tests.server.store.writing", engine_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: ASYNC220 - a burst to kill
        assert process.stdout is not None
        acknowledged = {process.stdout.readline().strip() for _ in range(WRITES + 50 * round_number)}
        process.kill()
        acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
    assert "" not in acknowledged
    database = Database(engine_url)
    await database.open()

    def look(connection: Connection) -> tuple[set[str | None], list[int | None], int]:
        board = boards.find(connection, "acme", "page")
        assert board is not None
        log = of_board(connection, board)
        return {one.event.broadcast_id for one in log}, [one.seq for one in log], board.head

    stored, positions, head = await database.read(look)
    await database.close()
    assert acknowledged <= stored
    assert positions == list(range(1, head + 1))


async def test_the_migrations_make_these_tables(database: Database) -> None:
    """The last migration and ``tables`` say the same."""

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), tables.metadata))

    assert await database.read(differences) == []


async def test_a_second_start_finds_everything(engine_url: str) -> None:
    """Closing waits for what was begun; opening again changes nothing."""
    first = Database(engine_url)
    await first.open()
    board = await first.write(make_board)
    waiting = [asyncio.ensure_future(first.write(lambda tx: log_one(tx, board))) for _ in range(20)]
    await asyncio.sleep(0)
    await first.close()
    assert sorted(await asyncio.gather(*waiting)) == list(range(1, 21))
    with pytest.raises(RuntimeError, match="not open"):
        await first.read(lambda connection: connection)
    second = Database(engine_url)
    await second.open()
    found = await second.read(lambda connection: boards.find(connection, "acme", "page"))
    await second.close()
    await second.close()
    assert found is not None
    assert found.head == 20


async def test_two_processes_may_write(tmp_path: Path) -> None:
    """A command beside the server: each sees what the other wrote."""
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    one, other = Database(url), Database(url)
    await one.open()
    await other.open()
    board = await one.write(make_board)
    await asyncio.gather(*(side.write(lambda tx: log_one(tx, board)) for side in (one, other) for _ in range(50)))
    log = await other.read(lambda connection: of_board(connection, board))
    assert [logged.seq for logged in log] == list(range(1, 101))
    await one.close()
    await other.close()


async def test_durability_is_full(tmp_path: Path) -> None:
    """A power cut takes nothing: synchronous FULL (2), write-ahead log, foreign keys checked."""
    database = Database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    await database.open()

    def ask(tx: Transaction) -> list[object]:
        names = ("synchronous", "journal_mode", "foreign_keys")
        return [tx.connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert await database.write(ask) == [2, "wal", 1]
    await database.close()


async def test_a_newer_schema_is_left_alone(engine_url: str) -> None:
    """One sentence that says to update, and nothing changed."""
    database = Database(engine_url)
    await database.open()
    await database.write(lambda tx: tx.connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await database.close()
    with pytest.raises(UserError, match="newer version of imagechat"):
        await Database(engine_url).open()


async def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    """Tables that are not ours: nothing is added to them."""
    path = tmp_path / "other.sqlite3"
    with create_engine(f"sqlite:///{path}", poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(UserError, match="belongs to another program"):
        await Database(f"sqlite:///{path}").open()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """Said in one sentence; the file stays as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, not a database " * 100)
    before = path.read_bytes()
    with pytest.raises(UserError, match="is not a database of imagechat"):
        await Database(f"sqlite:///{path}").open()
    assert path.read_bytes() == before


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Says which folder, and what to do."""
    with pytest.raises(UserError, match=r"Cannot write to .*missing.*--data"):
        await Database(f"sqlite:///{tmp_path / 'missing' / 'store.sqlite3'}").open()


async def test_a_folder_where_nobody_may_write() -> None:
    """The same, root or not."""
    with pytest.raises(UserError, match="Cannot write to /proc"):
        await Database("sqlite:////proc/store.sqlite3").open()


async def test_a_database_that_somebody_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Says that another program uses it."""
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    monkeypatch.setattr("imagechat_tui.server.store.engines.BUSY_MS", 50)
    with create_engine(url, poolclass=NullPool).connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        with pytest.raises(UserError, match="in use by another program"):
            await Database(url).open()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "postgresql+psycopg://u:secret@127.0.0.1:1/none"])
async def test_an_address_that_leads_nowhere(url: str) -> None:
    """One sentence, without the password."""
    with pytest.raises(UserError) as refused:
        await Database(url).open()
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_a_tenant_is_needed(database: Database) -> None:
    """A row without its tenant is refused by the database itself."""
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await database.write(log_orphan)
    await database.write(make_tenant)


def log_orphan(tx: Transaction) -> None:
    """A board of nobody."""
    tx.connection.execute(
        tables.boards.insert().values(tenant="nobody", url_id="u", token="t", created_ms=0, last_ms=0)
    )


@pytest.mark.postgres
async def test_a_lost_connection_is_opened_again(tmp_path: Path) -> None:
    """The database's server drops everybody: the next write and the next read go through."""
    with empty_database("postgres", tmp_path) as url:
        name = f"test-{secrets.token_hex(8)}"
        named = make_url(url).update_query_dict({"application_name": name}).render_as_string(hide_password=False)
        database = Database(named, readers=1)
        await database.open()
        board = await database.write(make_board)
        await database.read(lambda connection: of_board(connection, board))
        drop = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name")
        with create_engine(url, poolclass=NullPool).begin() as connection:
            assert len(connection.execute(drop, {"name": name}).all()) == 2
        assert await database.write(lambda tx: log_one(tx, board)) == 1
        assert len(await database.read(lambda connection: of_board(connection, board))) == 1
        await database.close()


@pytest.mark.postgres
async def test_nodes_that_lock_each_other_out_both_get_through(tmp_path: Path) -> None:
    """Two nodes write two boards in opposite orders at once: no position is lost, none is given twice."""
    with empty_database("postgres", tmp_path) as url:
        nodes = [Database(url), Database(url)]
        for node in nodes:
            await node.open()
        made = [await nodes[0].write(partial(make_board, url_id=name)) for name in ("a", "b")]

        def both(tx: Transaction, order: list[Board]) -> None:
            for board in order:
                log_one(tx, board)

        await asyncio.gather(
            *(
                node.write(partial(both, order=made if node is nodes[0] else made[::-1]))
                for _ in range(100)
                for node in nodes
            )
        )
        for board in made:
            log = await nodes[0].read(partial(of_board, board=board))
            assert [logged.seq for logged in log] == list(range(1, 201))
        for node in nodes:
            await node.close()


@pytest.mark.postgres
async def test_groups_of_two_nodes_do_not_wait_in_a_circle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They write the same boards and the same counters in opposite orders: neither group has to be done anew."""
    anew: list[int] = []

    def apart(connection: Connection, group: list[Any]) -> list[Logged]:
        anew.append(len(group))
        return one_by_one(connection, group)

    one_by_one = store_database._apart
    monkeypatch.setattr(store_database, "_apart", apart)
    both_began = threading.Barrier(2)
    with empty_database("postgres", tmp_path) as url:
        nodes = [Database(url), Database(url)]
        for node in nodes:
            await node.open()
        made = [await nodes[0].write(partial(make_board, url_id=f"page-{n}")) for n in range(4)]

        def write(tx: Transaction, board: Board) -> None:
            log_one(tx, board)
            counters.add(tx, "acme", day="2030-01-31", name=f"count-{board.id}")

        def wait(_tx: Transaction) -> None:
            # One of them waits for the other's boards by now, unless both hold some.
            with contextlib.suppress(threading.BrokenBarrierError):
                both_began.wait(0.5)

        async def work(node: Database, order: list[Board]) -> None:
            works: list[partial[None]] = [partial(write, board=board) for board in order]
            works.insert(2, partial(wait))
            about = [About("acme", board.url_id) for board in order]
            about.insert(2, About("acme", ""))
            async with held(node):
                waiting = [
                    asyncio.ensure_future(node.write(one, about=key)) for one, key in zip(works, about, strict=True)
                ]
                await asyncio.sleep(0)
            await asyncio.gather(*waiting)

        await asyncio.gather(work(nodes[0], made), work(nodes[1], made[::-1]))
        assert anew == []
        for board in made:
            log = await nodes[0].read(partial(of_board, board=board))
            assert [logged.seq for logged in log] == [1, 2]
        counted = await nodes[1].read(lambda connection: counters.days(connection, "acme"))
        assert sum(counted["2030-01-31"].values()) == 2 * len(made)
        for node in nodes:
            await node.close()


@pytest.mark.postgres
async def test_arrays_of_a_group_travel_in_binary_form(tmp_path: Path) -> None:
    """Quoting every element as text would cost the writer a third of its time; what is in them does not matter."""
    with empty_database("postgres", tmp_path) as url, engines.writer_engine(url).connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        assert driver.adapters.get_dumper(list, PyFormat.AUTO).format == Format.BINARY
        words = ["{a,\"b\\'}", None, "", "NULL", "é\n"]
        assert driver.execute("SELECT %s::TEXT[], %s::BIGINT[]", (words, [None, 1 << 40])).fetchone() == (
            words,
            [None, 1 << 40],
        )
