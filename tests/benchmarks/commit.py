"""Durable operations per second through the store's own interface, and what a slow disk does to them.

``python -m tests.benchmarks.commit [--seconds N] [--rounds N] [--database URL]``: prints tables as Markdown. One
operation is what one change of a board costs the store: a row changed, an event appended at the board's next position,
a reply remembered. Then the same with one transaction each, in alternating rounds, with the sync of this machine and
with one that takes 3 ms longer (every commit of ours waits so long before it is sent). On a busy machine the CPU and
the ratios are what to compare.
"""

import argparse
import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Final
from unittest import mock

import uvloop
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text
from sqlalchemy import event as hooks

from imagechat_tui.protocol.events import ImageChatUpdated
from imagechat_tui.protocol.models import Conversation, LiveComment
from imagechat_tui.server.store import boards, engines, events, replies, tenants
from imagechat_tui.server.store import database as store_database
from imagechat_tui.server.store import markers as store_markers
from imagechat_tui.server.store.boards import Board, NewBoard
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.events import Place
from imagechat_tui.server.store.locking import About
from imagechat_tui.server.store.markers import Marker
from imagechat_tui.server.store.replies import StoredReply, WriteKey

IN_FLIGHT: Final = (1, 16, 32, 256)
TOGETHER: Final = 32
CONNECTIONS: Final = 8
SLOW_SYNC_MS: Final = 3.0
BOARDS: Final = 20


def event(number: int) -> ImageChatUpdated:
    """About 300 bytes, as an event with a short comment."""
    last = LiveComment(id=f"comment-{number}", user_id="acme:ann", commenter_name="Ann", comment="twenty characters ok")
    marker = Conversation(id=f"marker-{number % 50}", x=25.5, y=30.25, comment_count=number, last_comment=last)
    return ImageChatUpdated(broadcast_id=f"broadcast-{number}", chat_id=marker.id, conversation=marker)


def operation(tx: Transaction, board: Board, number: int) -> int:
    """One change of a board."""
    key = WriteKey("acme", "acme:ann", f"broadcast-{number}")
    marker_id = f"{board.id}-{number % 50}"
    store_markers.move(tx, "acme", marker_id, x=number % 100, y=5.0)
    place = Place(channel=board.url_id, marker_id=marker_id)
    seq = events.append(tx, board, event(number), place=place, now_ms=time.time_ns() // 1_000_000)
    replies.remember(tx, key, StoredReply(b"0" * 32, b"r" * 80), now_ms=number)
    return seq


def prepare(tx: Transaction) -> list[Board]:
    """A tenant with boards of fifty markers each."""
    tenants.add(tx, "acme", secret="secret", now_ms=0)
    made: list[Board] = []
    for page in range(BOARDS):
        new = NewBoard(url_id=f"page-{page}", token=f"token-{page}", title="", created_by=None)
        board = boards.add(tx, "acme", new, now_ms=0)
        assert board is not None
        made.append(board)
        for number in range(50):
            marker = Marker(
                id=f"{board.id}-{number}",
                window_url_id=f"{board.id}-{number}",
                number=number,
                x=1.0,
                y=1.0,
                src="",
                page_title="",
                user_id="acme:ann",
                user_name="Ann",
                session=None,
                created_from_comment_id="",
                created_ms=0,
            )
            store_markers.add(tx, board, marker)
    return made


async def measure(database: Database, made: list[Board], *, in_flight: int, seconds: float, first: int) -> list[float]:
    """How long each operation took, in ms, with so many at once."""
    until = time.perf_counter() + seconds
    numbers = iter(range(first, first + 100_000_000))
    took: list[float] = []

    async def one_after_another() -> None:
        while time.perf_counter() < until:
            number = next(numbers)
            began = time.perf_counter()
            board = made[number % BOARDS]
            await database.write(partial(operation, board=board, number=number), about=About("acme", board.url_id))
            took.append((time.perf_counter() - began) * 1_000)

    await asyncio.gather(*(one_after_another() for _ in range(in_flight)))
    return took


def one_by_one(connection: Connection, made: list[Board], *, seconds: float, first: int) -> int:
    """The same operations, one transaction each, on this thread; how many were done."""
    until, number = time.perf_counter() + seconds, first
    while time.perf_counter() < until:
        with connection.begin():
            operation(Transaction(connection), made[number % BOARDS], number)
        number += 1
    return number - first


def side_by_side(url: str, made: list[Board], *, seconds: float, first: int) -> int:
    """The same, by several threads with a connection each; how many were done."""

    def one(thread: int) -> int:
        # Each thread has boards of its own: two transactions on one board would wait for each other.
        mine = made[thread::CONNECTIONS]
        with engines.writer_engine(url).connect() as connection:
            numbers = first + thread * 1_000_000
            return one_by_one(connection, [mine[i % len(mine)] for i in range(BOARDS)], seconds=seconds, first=numbers)

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return sum(threads.map(one, range(CONNECTIONS)))


@contextmanager
def slow_sync() -> Iterator[None]:
    """Every commit takes as long as on a disk that needs some milliseconds for a sync."""

    def wait(_connection: Connection) -> None:
        time.sleep(SLOW_SYNC_MS / 1_000)

    hooks.listen(Engine, "commit", wait)
    try:
        yield
    finally:
        hooks.remove(Engine, "commit", wait)


async def measure_all(url: str, *, seconds: float, rounds: int) -> None:
    """Measure every number in flight, then the gain over one transaction each; print as it comes."""
    database = Database(url)
    await database.open()
    made = await database.write(prepare)
    print("| in flight | operations/s | p50 ms | p99 ms | CPU us/operation |\n|---|---|---|---|---|")
    first = 0
    for slow in (nullcontext, slow_sync):
        note = "" if slow is nullcontext else f", sync +{SLOW_SYNC_MS:g} ms"
        for in_flight in IN_FLIGHT:
            with slow():
                began, busy = time.perf_counter(), time.process_time()
                took = await measure(database, made, in_flight=in_flight, seconds=seconds, first=first)
                rate = len(took) / (time.perf_counter() - began)
                cost = (time.process_time() - busy) / len(took) * 1_000_000
            first += len(took)
            p50, p99 = statistics.median(took), statistics.quantiles(took, n=100)[98]
            print(f"| {in_flight}{note} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {cost:.0f} |", flush=True)
    for slow in (nullcontext, slow_sync):
        with slow():
            print("" if slow is nullcontext else f"\nSync +{SLOW_SYNC_MS:g} ms:")
            first = await compare(database, made, seconds=seconds, rounds=rounds, first=first)
    await database.close()


@contextmanager
def alone() -> Iterator[None]:
    """The store commits every write by itself."""
    with mock.patch.object(store_database, "MOST_TOGETHER", 1):
        yield


async def compare(database: Database, made: list[Board], *, seconds: float, rounds: int, first: int) -> int:
    """Operations per second in groups, and in one transaction each, in alternating rounds; the next number to use.

    The peers: the same store with groups of one and as many operations in flight; one thread without any queue; and
    with PostgreSQL several threads, each with a connection and boards of its own.
    """
    several = not engines.is_sqlite(database.url)
    peers = ["one each, same store", "one each, one thread", "one each, 8 connections"][: 3 if several else 2]
    print(f"| round | {TOGETHER} in flight | " + " | ratio | ".join(peers) + " | ratio |")
    print("|---|---|" + "---|---|" * len(peers))
    ratios: list[list[float]] = [[] for _ in peers]
    for number in range(rounds):
        rates: list[float] = []
        for how in (nullcontext, alone):
            with how():
                began = time.perf_counter()
                took = await measure(database, made, in_flight=TOGETHER, seconds=seconds, first=first)
                rates.append(len(took) / (time.perf_counter() - began))
            first += len(took)
        with engines.writer_engine(database.url).connect() as connection:
            done = one_by_one(connection, made, seconds=seconds, first=first)
        first += done
        rates.append(done / seconds)
        if several:
            fresh = 1_000_000_000 + first
            rates.append(side_by_side(database.url, made, seconds=seconds, first=fresh) / seconds)
        cells = [f"{rates[0]:,.0f}"]
        for slower, found in zip(rates[1:], ratios, strict=True):
            found.append(rates[0] / slower)
            cells += [f"{slower:,.0f}", f"{found[-1]:.1f}"]
        print(f"| {number + 1} | " + " | ".join(cells) + " |", flush=True)
    medians = [f"{statistics.median(found):.1f} ({min(found):.1f} to {max(found):.1f})" for found in ratios]
    print("Median ratio: " + ", ".join(medians))
    return first


@contextmanager
def own_database(server: str | None) -> Iterator[str]:
    """The address of a new database, in a file or on this server; it is gone afterwards."""
    if server is None or engines.is_sqlite(server):
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'commit.sqlite3'}"
        return
    name = f"imagechat_commit_{secrets.token_hex(6)}"
    admin = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each row")
    parser.add_argument("--rounds", type=int, default=3, help="of the comparison with one transaction each")
    parser.add_argument("--database", help="postgresql+psycopg://...: a database is made there and dropped afterwards")
    chosen = parser.parse_args()
    with own_database(chosen.database) as url:
        uvloop.run(measure_all(url, seconds=chosen.seconds, rounds=chosen.rounds))


if __name__ == "__main__":
    main()
