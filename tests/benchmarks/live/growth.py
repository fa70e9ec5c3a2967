"""What a change costs the store, and a delivery the server, as a board, a server and a log grow; and a large board.

Processor time, because it holds on a busy machine. A cost that does not grow with the number beside it is the goal.
"""

import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, insert, update

from imagechat_tui.server.hub.news import batch_parts, board_news
from imagechat_tui.server.store import boards, engines, events, migrate, tables, tenants
from imagechat_tui.server.store import markers as store_markers
from imagechat_tui.server.store.boards import Board, NewBoard
from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.gathering import gathering
from imagechat_tui.server.store.markers import Marker
from tests.benchmarks.commit import operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagechat_tui.server.store.logged import Logged

_TOGETHER: Final = 32
"""Changes of one group."""
_MEASURED: Final = 3_200
"""Changes that are measured."""
_FRAMES: Final = 1_000
_AT_ONCE: Final = 10_000
"""Rows of one statement where a table is filled."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one size."""

    size: str
    change_us: float
    """Storing one change."""
    frame_us: float
    """Making its frame for the viewers of the board."""
    log_us: float
    """Reading the last hundred events of the board."""


@contextmanager
def _store() -> "Iterator[Connection]":
    with TemporaryDirectory() as folder:
        engine = engines.writer_engine(f"sqlite:///{Path(folder) / 'growth.sqlite3'}")
        with engine.connect() as connection:
            migrate.to_newest(connection, told=lambda _done, _of: None)
            yield connection


def _board(tx: Transaction, number: int, markers: int) -> Board:
    new = NewBoard(url_id=f"page-{number}", token=f"token-{number}", title="", created_by=None)
    board = boards.add(tx, "acme", new, now_ms=0)
    assert board is not None
    for each in range(markers):
        store_markers.add(tx, board, _marker(board, each))
    return board


def _marker(board: Board, number: int) -> Marker:
    return Marker(
        id=f"{board.id}-{number}", window_url_id=f"{board.id}-{number}", number=number, x=1.0, y=1.0, src="",
        page_title="", user_id="acme:ann", user_name="Ann", session=None, created_from_comment_id="", created_ms=0,
    )  # fmt: skip


def _measure(connection: Connection, made: Sequence[Board], size: str) -> Cost:
    began, number = time.thread_time(), 0
    while number < _MEASURED:
        with connection.begin(), gathering(connection):
            for _ in range(_TOGETHER):
                operation(Transaction(connection), made[number % len(made)], number)
                number += 1
    change = (time.thread_time() - began) / number
    with connection.begin():
        found: list[Logged] = []
        began = time.thread_time()
        for each in range(100):
            board = boards.find(connection, "acme", made[each % len(made)].url_id)
            assert board is not None
            found = events.by_position(connection, board, after=max(board.floor, board.head - 100), most=100)
        log = (time.thread_time() - began) / 100
        began = time.thread_time()
        for each in range(_FRAMES):
            logged = found[each % len(found)]
            batch_parts([board_news(logged, logged.seq or 0)], lambda _only_for: True)
        frame = (time.thread_time() - began) / _FRAMES
    return Cost(size=size, change_us=change * 1e6, frame_us=frame * 1e6, log_us=log * 1e6)


def by_markers(counts: Sequence[int]) -> list[Cost]:
    """One board with so many markers."""
    found: list[Cost] = []
    for count in counts:
        with _store() as connection:
            with connection.begin():
                tx = Transaction(connection)
                tenants.add(tx, "acme", secret="secret", now_ms=0)
                board = _board(tx, 0, max(count, 50))
            found.append(_measure(connection, [board], f"{count:,}"))
    return found


def by_boards(counts: Sequence[int]) -> list[Cost]:
    """So many boards, changed in turns."""
    found: list[Cost] = []
    for count in counts:
        with _store() as connection:
            with connection.begin():
                tx = Transaction(connection)
                tenants.add(tx, "acme", secret="secret", now_ms=0)
                made = [_board(tx, number, 1) for number in range(count)]
            found.append(_measure(connection, made, f"{count:,}"))
    return found


def by_log(counts: Sequence[int]) -> list[Cost]:
    """A board whose log has so many events; one that is never pruned, as none can be within a day."""
    found: list[Cost] = []
    for count in counts:
        with _store() as connection:
            with connection.begin():
                tx = Transaction(connection)
                tenants.add(tx, "acme", secret="secret", now_ms=0)
                board = _board(tx, 0, 50)
                _fill_log(connection, board, count)
            found.append(_measure(connection, [board], f"{count:,}"))
    return found


def _fill_log(connection: Connection, board: Board, count: int) -> None:
    data = b'{"type":"image-chat-updated","imageChatId":"m","conversation":{"_id":"m","x":1.0,"y":2.0}}' + b" " * 210
    for start in range(0, count, _AT_ONCE):
        rows = [
            {"tenant": "acme", "url_id": board.url_id, "timestamp": seq, "board_id": board.id, "seq": seq, "data": data}
            for seq in range(start + 1, min(start + _AT_ONCE, count) + 1)
        ]
        connection.execute(insert(tables.events), rows)
    connection.execute(update(tables.boards).where(tables.boards.c.id == board.id).values(head=count, last_ms=count))
