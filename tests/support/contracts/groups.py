"""What every store keeps when writes are committed together, whatever engine is below: inherited by a class per engine.

The class that inherits provides a fixture ``database`` (open).
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import func, select

from imagechat_tui.server.store import boards, counters, events, replies, tables, tenants
from imagechat_tui.server.store import markers as store_markers
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.events import Place
from imagechat_tui.server.store.locking import About
from imagechat_tui.server.store.replies import StoredReply, WriteKey
from tests.support.contracts.holding import held
from tests.support.contracts.rows import NOW, a_marker, log_one, make_board, of_board, said

Work = Callable[[Transaction], object]


class GroupContract:
    """The suite."""

    async def test_the_last_move_of_a_marker_counts(self, database: Database) -> None:
        """Everybody sees what they and those before them did, and the rest of the world the last of it."""
        await database.write(_board_with_marker)
        seen: list[float] = []

        def move(tx: Transaction, x: float) -> None:
            store_markers.move(tx, "acme", "m", x=x, y=2.0)
            shown = store_markers.find(tx.connection, "acme", "m")
            seen.append(-1 if shown is None else shown.marker.x)

        def push(tx: Transaction, x: float) -> None:
            store_markers.move(tx, "acme", "m", x=x, y=3.0)

        await _at_once(database, [partial(move, x=5.0), partial(move, x=6.0), partial(push, x=7.0), partial(push, x=8)])
        shown = await database.read(lambda connection: store_markers.find(connection, "acme", "m"))
        assert shown is not None
        assert (seen, shown.marker.x, shown.marker.y) == ([5.0, 6.0], 8.0, 3.0)

    async def test_the_same_write_twice_at_once_is_remembered_once(self, database: Database) -> None:
        """Of two that come together the second is told; their neighbours do not notice."""
        board = await database.write(make_board)

        def write(tx: Transaction, name: str) -> bool:
            log_one(tx, board, broadcast_id=name)
            key = WriteKey("acme", "acme:ann", name)
            return replies.remember(tx, key, StoredReply(b"hash", name.encode()), now_ms=NOW)

        names = ("a", "b", "b", "c")
        assert await _at_once(database, [partial(write, name=name) for name in names]) == [True, True, False, True]
        log = await database.read(partial(of_board, board=board))
        assert [(one.seq, one.event.broadcast_id) for one in log] == [(1, "a"), (2, "b"), (3, "b"), (4, "c")]

    async def test_counts_are_added_up(self, database: Database) -> None:
        """Whoever counts how much in the same group, beside what was there before."""
        await database.write(make_board)
        for _ in range(2):
            works = [partial(_count, name=name, amount=n) for n in (1, 10, 100) for name in ("vote_count", "other")]
            await _at_once(database, works)
        found = await database.read(lambda connection: counters.days(connection, "acme"))
        assert found == {"2030-01-31": {"vote_count": 222, "other": 222}}

    async def test_numbers_and_claims_go_on_from_each_other(self, database: Database) -> None:
        """Marker numbers, positions taken one by one and in a row: nothing is given twice, nothing left out."""
        board = await database.write(make_board)

        def number(tx: Transaction) -> int:
            log_one(tx, board)
            return boards.next_number(tx, "acme", board.id)

        def row(tx: Transaction) -> int:
            return boards.reserve(tx, "acme", board.id, amount=3, least_ms=NOW + 10)

        assert await _at_once(database, [number, row, number, row, number]) == [1, 1, 2, 5, 3]
        found = await database.read(lambda connection: boards.find(connection, "acme", "page"))
        assert found is not None
        assert found.head == 9
        assert await _at_once(database, [number] * 200) == list(range(4, 204))
        assert await database.write(number) == 204
        log = await database.read(partial(of_board, board=board))
        times = [(1, 0), (5, 11), (9, 12), (10, 13)]
        assert [(one.seq, one.timestamp - NOW) for one in log[:4]] == times
        assert [one.seq for one in log[4:]] == list(range(11, 211))

    async def test_a_write_sees_the_positions_of_its_group(self, database: Database) -> None:
        """A board that is read in the middle of a group is as its members left it."""
        board = await database.write(make_board)

        def look(tx: Transaction) -> tuple[int, int]:
            log_one(tx, board)
            found = boards.find(tx.connection, "acme", "page")
            there = tx.connection.execute(select(func.count()).select_from(tables.events)).scalar_one()
            return (-1 if found is None else found.head), there

        assert await _at_once(database, [look, look, look]) == [(1, 1), (2, 2), (3, 3)]

    async def test_whatever_names_a_board_may_be_given(self, database: Database) -> None:
        """Its key, a thread's, a marker's or comment's id, or something that nobody has heard of."""
        board = await database.write(_board_with_marker)

        def write(tx: Transaction) -> int:
            place = Place(channel="w", marker_id="m")
            return events.append(tx, board, said("c1", "w"), place=place, now_ms=NOW)

        keys = ("page", "w", "m", "c1", "nothing", "")
        found = await _at_once(database, [write for _ in keys], about=[About("acme", key) for key in keys])
        assert found == [1, 2, 3, 4, 5, 6]
        assert await database.write(lambda tx: tenants.remove(tx, "acme"))


async def _at_once(database: Database, works: Sequence[Work], *, about: Sequence[About] | None = None) -> list[object]:
    """What each returned, of writes that are committed together."""
    meant = about or [About("acme", "page")] * len(works)
    async with held(database):
        waiting = [
            asyncio.ensure_future(database.write(work, about=key)) for work, key in zip(works, meant, strict=True)
        ]
        await asyncio.sleep(0)
    return list(await asyncio.gather(*waiting))


def _count(tx: Transaction, name: str, amount: int) -> None:
    counters.add(tx, "acme", day="2030-01-31", name=name, amount=amount)


def _board_with_marker(tx: Transaction) -> Board:
    board = make_board(tx)
    store_markers.add(tx, board, a_marker("m", number=1, window="w"))
    return board
