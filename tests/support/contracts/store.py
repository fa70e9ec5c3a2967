"""What every store keeps of writes, positions and the log, whatever engine is below: inherited by a class per engine.

The class that inherits provides fixtures: ``database`` (open), ``handed_over`` (what ``on_commit`` was given) and
``engine_url`` (the address of the same database).
"""

import asyncio
import threading
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from imagechat_tui.server.store import (
    boards,
    events,
    tables,
    tenants,
    windows,
)
from imagechat_tui.server.store import markers as store_markers
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.events import LogTooOldError, Place, Span
from imagechat_tui.server.store.logged import Logged
from tests.support.contracts.holding import held
from tests.support.contracts.rows import (
    DAY,
    NOW,
    RefusedError,
    a_marker,
    log_one,
    make_board,
    make_tenant,
    of_board,
    said,
)


class StoreContract:
    """The suite."""

    # Writing -----------------------------------------------------------------------------------------------------

    async def test_what_was_written_is_read(self, database: Database) -> None:
        """After ``write`` returns, a read sees it."""
        await database.write(make_board)
        found = await database.read(lambda connection: boards.find(connection, "acme", "page"))
        assert found is not None
        assert (found.title, found.head, found.image) == ("Board", 0, None)

    async def test_a_failing_write_leaves_nothing_behind(
        self, database: Database, handed_over: list[list[Logged]]
    ) -> None:
        """Its exception comes out, its rows and its events do not."""
        board = await database.write(make_board)

        def fail(tx: Transaction) -> NoReturn:
            log_one(tx, board)
            raise RefusedError

        with pytest.raises(RefusedError):
            await database.write(fail)
        assert await database.read(lambda connection: of_board(connection, board)) == []
        assert handed_over == []

    async def test_a_failing_member_does_not_hurt_its_group(
        self, database: Database, handed_over: list[list[Logged]]
    ) -> None:
        """Of writes that are committed together each one succeeds or fails alone, and positions have no gap."""
        board = await database.write(make_board)

        def write(tx: Transaction, number: int) -> int:
            seq = log_one(tx, board, broadcast_id=str(number))
            if number % 3 == 0:
                raise RefusedError
            return seq

        async with held(database):
            waiting = [asyncio.ensure_future(database.write(partial(write, number=number))) for number in range(30)]
            await asyncio.sleep(0)
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [isinstance(result, RefusedError) for result in results] == [n % 3 == 0 for n in range(30)]
        log = await database.read(lambda connection: of_board(connection, board))
        assert [logged.seq for logged in log] == list(range(1, 21))
        assert [logged.event.broadcast_id for logged in log] == [str(n) for n in range(30) if n % 3]
        assert [logged for batch in handed_over for logged in batch] == log

    async def test_published_before_the_writer_is_told(self, database: Database) -> None:
        """``on_commit`` has been called with a write's events when ``write`` returns them."""
        seen: list[Logged] = []
        database.on_commit = seen.extend
        board = await database.write(make_board)
        for number in range(5):
            seq = await database.write(lambda tx: log_one(tx, board))
            assert seen[-1].seq == seq == number + 1

    async def test_a_listener_that_fails_does_not_keep_the_writer_waiting(
        self, database: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The write was committed, so it is answered; the failure is logged."""

        def broken(_batch: Sequence[Logged]) -> NoReturn:
            raise RefusedError

        board = await database.write(make_board)
        database.on_commit = broken
        assert await database.write(lambda tx: log_one(tx, board)) == 1
        assert "publishing 1 events failed" in caplog.text

    async def test_a_cancelled_writer_disturbs_nobody(self, database: Database) -> None:
        """Who no longer waits is not answered; the others are."""
        board = await database.write(make_board)
        async with held(database):
            lost = asyncio.ensure_future(database.write(lambda tx: log_one(tx, board)))
            kept = asyncio.ensure_future(database.write(lambda tx: log_one(tx, board)))
            await asyncio.sleep(0)
            lost.cancel()
        assert await kept == 2

    async def test_a_read_sees_one_moment(self, database: Database) -> None:
        """What is committed in the middle of a read transaction is not seen by it."""
        board = await database.write(make_board)
        began, go_on = threading.Event(), threading.Event()

        def look(connection: Connection) -> tuple[int, int]:
            before = len(of_board(connection, board))
            began.set()
            assert go_on.wait(10)
            return before, len(of_board(connection, board))

        looking = asyncio.ensure_future(database.read(look))
        assert await asyncio.to_thread(began.wait, 10)
        await database.write(lambda tx: log_one(tx, board))
        go_on.set()
        assert await looking == (0, 0)
        assert len(await database.read(lambda connection: of_board(connection, board))) == 1

    async def test_a_read_cannot_write(self, database: Database) -> None:
        """Readers have no way around the one writer."""
        with pytest.raises(Exception, match=r"(?i)read-?\s?only"):
            await database.read(lambda connection: connection.execute(tables.tenants.delete()))

    # Positions and times -----------------------------------------------------------------------------------------

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(-2_000, 2_000)), max_size=60))
    def test_positions_have_no_gaps_and_times_no_equals(
        self, engine_url: str, data: list[tuple[int, bool, int]]
    ) -> None:
        """Whoever writes where and fails: per board 1, 2, 3 ...; timestamps increase whatever the clock does."""
        asyncio.run(_play(engine_url, data))

    async def test_a_board_never_runs_far_ahead_of_the_clock(self, database: Database) -> None:
        """More than a thousand events in one millisecond: five seconds ahead, timestamps stand still."""
        board = await database.write(make_board)

        def many(tx: Transaction) -> None:
            for _ in range(5_010):
                log_one(tx, board)

        await database.write(many)
        log = await database.read(lambda connection: of_board(connection, board))
        assert [logged.timestamp for logged in log[:3]] == [NOW, NOW + 1, NOW + 2]
        assert log[-1].timestamp == log[-2].timestamp == NOW + 5_000
        assert [logged.seq for logged in log] == list(range(1, 5_011))

    async def test_numbers_are_given_once(self, database: Database) -> None:
        """A deleted marker's number does not come back."""
        board = await database.write(make_board)

        def add(tx: Transaction, marker_id: str) -> int:
            number = boards.next_number(tx, "acme", board.id)
            store_markers.add(tx, board, a_marker(marker_id, number=number, window=marker_id))
            return number

        assert await database.write(lambda tx: add(tx, "m1")) == 1
        await database.write(lambda tx: store_markers.remove(tx, "acme", "m1"))
        assert await database.write(lambda tx: add(tx, "m2")) == 2

    # Windows -----------------------------------------------------------------------------------------------------

    async def test_a_claimed_window_brings_its_events(
        self, database: Database, handed_over: list[list[Logged]]
    ) -> None:
        """They get the next positions in order and everybody may see them; their times stay."""

        def before(tx: Transaction) -> Board:
            board = make_board(tx)
            log_one(tx, board)
            windows.add(tx, "acme", "w", created_by="acme:ann")
            for name in ("c1", "c2"):
                events.append_unclaimed(tx, "acme", "w", said(name, "w"), only_for="acme:ann", now_ms=NOW)
            return board

        board = await database.write(before)
        assert [logged.seq for logged in handed_over[-1]] == [1, None, None]
        assert {logged.only_for for logged in handed_over[-1][1:]} == {"acme:ann"}

        def claim(tx: Transaction) -> int:
            last_ms = windows.claim(tx, board, "w", marker_id="m")
            assert last_ms == NOW + 1
            events.claim(tx, board, "w", marker_id="m", last_ms=last_ms)
            return log_one(tx, board)

        assert await database.write(claim) == 4
        replayed = handed_over[-1][:2]
        assert [(one.seq, one.replayed, one.only_for, one.marker_id) for one in replayed] == [
            (2, True, None, "m"),
            (3, True, None, "m"),
        ]
        log = await database.read(lambda connection: of_board(connection, board))
        assert [one.event.broadcast_id for one in log] == ["b", "c1", "c2", "b"]
        assert [one.timestamp for one in log] == [NOW, NOW, NOW + 1, NOW + 2]

    async def test_a_window_is_claimed_once(self, database: Database) -> None:
        """The first marker gets it, every later one is told."""

        def claim(tx: Transaction) -> int | None:
            return windows.claim(tx, board, "w", marker_id="m")

        board = await database.write(make_board)
        await database.write(lambda tx: windows.add(tx, "acme", "w", created_by=None))
        assert await database.write(claim) == 0
        assert await database.write(claim) is None
        await database.write(lambda tx: windows.add(tx, "acme", "page", created_by=None))
        taken = await database.write(lambda tx: windows.claim(tx, board, "page", marker_id="m"))
        assert taken is None, "it is the key of a board"
        window = await database.read(lambda connection: windows.find(connection, "acme", "w"))
        assert window is not None
        assert window.board is not None
        assert (window.board.url_id, window.marker_id) == ("page", "m")

    # The log -----------------------------------------------------------------------------------------------------

    async def test_the_log_by_time_shows_only_what_the_viewer_may_see(self, database: Database) -> None:
        """An event that is for one person is read by that person and by moderators."""

        def write(tx: Transaction) -> None:
            make_tenant(tx)
            windows.add(tx, "acme", "w", created_by="acme:ann")
            for name in ("acme:ann", "acme:bob"):
                events.append_unclaimed(tx, "acme", "w", said(name, "w"), only_for=name, now_ms=NOW)

        await database.write(write)

        async def seen(viewer: str | None, *, moderates: bool = False) -> int:
            span = Span(board=None, first_ms=0, last_ms=NOW * 2, viewer=viewer, moderates=moderates)
            found = await database.read(lambda connection: events.by_time(connection, "acme", "w", span=span, most=10))
            return len(found)

        assert [await seen("acme:ann"), await seen(None), await seen("acme:mod", moderates=True)] == [1, 0, 2]

    async def test_a_board_takes_its_log_along(self, database: Database) -> None:
        """A thread whose marker is gone shows nothing of what was said on the board."""

        def write(tx: Transaction) -> Board:
            board = make_board(tx)
            place = Place(channel="w", marker_id="m")
            events.append(tx, board, said("c1", "w"), place=place, now_ms=NOW)
            return board

        board = await database.write(write)

        async def seen(owner: Board | None) -> int:
            span = Span(board=owner, first_ms=0, last_ms=NOW * 2, viewer="acme:ann")
            return len(
                await database.read(lambda connection: events.by_time(connection, "acme", "w", span=span, most=10))
            )

        assert (await seen(board), await seen(None)) == (1, 0)

    async def test_old_events_go_and_the_log_says_so(self, database: Database) -> None:
        """After pruning, whoever is behind the floor is told; who is not reads on."""
        board = await database.write(make_board)
        for at in (NOW - 3 * DAY, NOW - 3 * DAY + 1, NOW):
            await database.write(partial(log_one, board=board, now_ms=at))
        assert await database.write(lambda tx: events.prune(tx, now_ms=NOW, most=1)) == 1
        assert await database.write(lambda tx: events.prune(tx, now_ms=NOW, most=10)) == 1
        assert await database.write(lambda tx: events.prune(tx, now_ms=NOW, most=10)) == 0
        found = await database.read(lambda connection: boards.find(connection, "acme", "page"))
        assert found is not None
        assert (found.floor, found.head) == (2, 3)
        assert [one.seq for one in await database.read(lambda c: of_board(c, found, after=2))] == [3]
        with pytest.raises(LogTooOldError):
            await database.read(lambda connection: of_board(connection, found, after=1))

    async def test_a_long_log_is_cut(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """More positions than are kept: the oldest go, however young."""
        monkeypatch.setattr(events, "KEPT_POSITIONS", 10)
        board = await database.write(make_board)

        def many(tx: Transaction) -> None:
            for _ in range(11_050):
                log_one(tx, board)

        await database.write(many)
        assert await database.write(lambda tx: events.prune(tx, now_ms=NOW, most=500)) == 500
        found = await database.read(lambda connection: boards.find(connection, "acme", "page"))
        assert found is not None
        assert found.floor == 500


async def _play(url: str, data: list[tuple[int, bool, int]]) -> None:
    """Write all of it at once, then compare every board's log with what succeeded."""
    database = Database(url)
    handed_over: list[Logged] = []
    database.on_commit = handed_over.extend
    await database.open()
    try:
        await database.write(lambda tx: tenants.remove(tx, "acme"))
        made = [await database.write(partial(make_board, url_id=f"page-{n}")) for n in range(3)]

        def write(tx: Transaction, board: Board, at: int, *, fails: bool) -> None:
            log_one(tx, board, now_ms=NOW + at)
            if fails:
                raise RefusedError

        await asyncio.gather(
            *(database.write(partial(write, board=made[number], at=at, fails=fails)) for number, fails, at in data),
            return_exceptions=True,
        )
        for number, board in enumerate(made):
            log = await database.read(partial(of_board, board=board))
            assert len(log) == sum(1 for where, fails, _ in data if where == number and not fails)
            assert [logged.seq for logged in log] == list(range(1, len(log) + 1))
            times = [logged.timestamp for logged in log]
            assert all(later > earlier for earlier, later in pairwise(times))
            assert [logged for logged in handed_over if logged.board == board.url_id] == log
    finally:
        await database.close()
