"""Durable operations per second through the store's own interface, and what a slow disk does to them.

``python -m tests.benchmarks.commit [--seconds N] [--database URL]``: prints a table as Markdown. One operation is what
one change of a board costs the store: a row changed, an event appended at the board's next position, a reply
remembered. Beside it the same rows written with one transaction each. On a busy machine the last column is the one to
compare.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Final

import uvloop
from sqlalchemy import Connection, Engine
from sqlalchemy import event as hooks

from imagechat_tui.protocol.events import ImageChatUpdated
from imagechat_tui.protocol.models import Conversation, LiveComment
from imagechat_tui.server.store import boards, engines, events, replies, tenants
from imagechat_tui.server.store import markers as store_markers
from imagechat_tui.server.store.boards import Board, NewBoard
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.events import Place
from imagechat_tui.server.store.markers import Marker
from imagechat_tui.server.store.replies import StoredReply, WriteKey

IN_FLIGHT: Final = (1, 32, 256)
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
            await database.write(partial(operation, board=made[number % BOARDS], number=number))
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


async def measure_all(url: str, *, seconds: float) -> None:
    """Measure every number in flight, then the same one by one; print as it comes."""
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
    await database.close()
    with engines.writer_engine(url).connect() as connection:
        done = one_by_one(connection, made, seconds=seconds, first=first)
    print(f"| one transaction each | {done / seconds:,.0f} | | | |")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each row")
    parser.add_argument("--database", help="an empty one; default: a SQLite file that is deleted afterwards")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.database or f"sqlite:///{Path(folder) / 'commit.sqlite3'}"
        uvloop.run(measure_all(url, seconds=chosen.seconds))


if __name__ == "__main__":
    main()
