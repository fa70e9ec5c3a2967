"""What every store keeps, whatever engine is below: one suite, inherited by a test class per engine.

The class that inherits provides a fixture ``database`` (open) and one ``handed_over`` (what ``on_commit`` was given).
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
from sqlalchemy import Connection, select

from imagechat_tui.protocol.events import ImageChatUpdated, NewComment
from imagechat_tui.protocol.models import PubSubComment
from imagechat_tui.server.store import (
    absences,
    boards,
    comments,
    counters,
    events,
    invitations,
    marks,
    pictures,
    replies,
    sessions,
    tables,
    tenants,
    users,
    votes,
    windows,
)
from imagechat_tui.server.store import markers as store_markers
from imagechat_tui.server.store.boards import Board, NewBoard
from imagechat_tui.server.store.comments import Comment
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.events import LogTooOldError, Place, Span
from imagechat_tui.server.store.invitations import Invitation
from imagechat_tui.server.store.logged import Logged
from imagechat_tui.server.store.markers import Marker
from imagechat_tui.server.store.replies import StoredReply, WriteKey
from imagechat_tui.server.store.sessions import Session
from imagechat_tui.server.store.users import User
from imagechat_tui.server.store.votes import StoredVote

NOW = 1_800_000_000_000
DAY = 24 * 3600 * 1_000


class RefusedError(Exception):
    """A write that changes its mind after it wrote."""


def make_tenant(tx: Transaction, name: str = "acme") -> None:
    """A tenant, if there is none of that name."""
    tenants.add(tx, name, secret=f"secret of {name}", now_ms=NOW)


def make_board(tx: Transaction, url_id: str = "page", *, tenant: str = "acme") -> Board:
    """A new board of a tenant."""
    make_tenant(tx, tenant)
    new = NewBoard(url_id=url_id, token=f"token-{url_id}", title="Board", created_by=f"{tenant}:ann")
    board = boards.add(tx, tenant, new, now_ms=NOW)
    assert board is not None
    return board


def a_comment(comment_id: str = "c1", *, window: str = "w", text: str = "hello") -> Comment:
    """A comment by ann."""
    return Comment(
        id=comment_id,
        window_url_id=window,
        parent_id=None,
        user_id="acme:ann",
        session=None,
        edit_key_hash=None,
        name="Ann",
        email=None,
        text=text,
        html=text,
        url="",
        page_title=None,
        locale=None,
        avatar=None,
        link=None,
        label=None,
        role="member",
        created_ms=NOW,
    )


def a_marker(marker_id: str, *, number: int, window: str) -> Marker:
    """A marker by ann."""
    return Marker(
        id=marker_id,
        window_url_id=window,
        number=number,
        x=1.5,
        y=0.0,
        src="",
        page_title="",
        user_id="acme:ann",
        user_name="Ann",
        session=None,
        created_from_comment_id="c1",
        created_ms=NOW,
    )


def log_one(tx: Transaction, board: Board, *, broadcast_id: str = "b", now_ms: int = NOW) -> int:
    """One event on a board; its position."""
    place = Place(channel=board.url_id, marker_id="m")
    return events.append(tx, board, ImageChatUpdated(broadcast_id=broadcast_id), place=place, now_ms=now_ms)


def said(comment_id: str, window: str) -> NewComment:
    """The event of a comment in a thread."""
    comment = PubSubComment(
        id=comment_id,
        tenant_id="acme",
        url_id=window,
        commenter_name="Ann",
        comment_html="",
        comment="",
        verified=True,
        approved=True,
        url="",
        locale=None,
        date=None,
    )
    return NewComment(broadcast_id=comment_id, comment=comment)


def of_board(connection: Connection, board: Board, *, after: int = 0) -> list[Logged]:
    """A board's log."""
    return events.by_position(connection, board, after=after, most=100_000)


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

        async with _held(database):
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
        async with _held(database):
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

    # Comments and markers ----------------------------------------------------------------------------------------

    async def test_a_marker_counts_its_thread(self, database: Database) -> None:
        """First, newest and number of comments follow what is written and deleted."""

        def write(tx: Transaction) -> None:
            board = make_board(tx)
            store_markers.add(tx, board, a_marker("m", number=1, window="w"))
            for name in ("c1", "c2", "c3"):
                comments.add(tx, "acme", a_comment(name))
                store_markers.written(tx, "acme", "m", comment_id=name)

        async def thread() -> tuple[int, str | None, str | None]:
            shown = await database.read(lambda connection: store_markers.find(connection, "acme", "m"))
            assert shown is not None
            first, last = shown.first, shown.last
            return shown.marker.comment_count, first.id if first else None, last.id if last else None

        await database.write(write)
        assert await thread() == (3, "c1", "c3")

        def delete(tx: Transaction, *ids: str) -> None:
            for comment_id in ids:
                comments.remove(tx, "acme", comment_id)
            store_markers.recount(tx, "acme", "m")

        await database.write(lambda tx: delete(tx, "c1", "c3"))
        assert await thread() == (1, "c2", "c2")
        await database.write(lambda tx: delete(tx, "c2"))
        assert await thread() == (0, None, None)

    async def test_a_comment_comes_back_as_it_was_stored(self, database: Database) -> None:
        """Every column survives the way there and back."""
        comment = a_comment(text="čšž \u2603 \U0001f600")

        def write(tx: Transaction) -> None:
            make_tenant(tx)
            comments.add(tx, "acme", comment)
            comments.edit(tx, "acme", "c1", text="new", html="<b>new</b>", now_ms=NOW + 1)
            comments.pin(tx, "acme", "c1", pinned=True)
            comments.tally(tx, "acme", "c1", up=2, down=1)

        await database.write(write)
        found = await database.read(lambda connection: comments.find(connection, "acme", "c1"))
        assert found is not None
        assert (found.text, found.html, found.edited_ms) == ("new", "<b>new</b>", NOW + 1)
        assert (found.pinned, found.locked, found.votes_up, found.votes_down) == (True, False, 2, 1)
        assert found.name == comment.name

    async def test_replies_are_found_however_deep(self, database: Database) -> None:
        """A comment comes with everything that answers it, itself first."""

        def write(tx: Transaction) -> None:
            make_tenant(tx)
            for child, parent in (("a", None), ("b", "a"), ("c", "b"), ("d", "a"), ("e", None)):
                values = {name: getattr(a_comment(child), name) for name in comments.NAMES}
                comments.add(tx, "acme", Comment(**(values | {"parent_id": parent})))

        await database.write(write)
        found = await database.read(lambda connection: comments.with_replies(connection, "acme", "a"))
        assert found[0] == "a"
        assert sorted(found) == ["a", "b", "c", "d"]

    # Identity ----------------------------------------------------------------------------------------------------

    async def test_a_session_ends_with_its_tenants_key(self, database: Database) -> None:
        """Rotating the secret voids what was opened under the old one."""
        session = Session(
            id="s", tenant="acme", user_id="acme:ann", role="member", groups=("g",), created_ms=NOW, expires_ms=NOW + 9
        )
        await database.write(make_tenant)
        assert await database.write(lambda tx: sessions.open_one(tx, session, token_hash="h"))
        assert await database.read(lambda connection: sessions.by_token(connection, "h")) == session
        assert await database.read(lambda c: sessions.alive(c, "acme", ["s", "x"], now_ms=NOW)) == {"s"}
        assert await database.read(lambda c: sessions.alive(c, "acme", ["s"], now_ms=NOW + 9)) == set()
        await database.write(lambda tx: tenants.rotate_key(tx, "acme", secret="another"))
        assert await database.read(lambda connection: sessions.by_token(connection, "h")) is None
        assert await database.write(lambda tx: sessions.prune(tx, now_ms=NOW + 9, most=10)) == 1

    async def test_no_session_without_a_tenant(self, database: Database) -> None:
        """A tenant that was removed meanwhile opens nothing."""
        session = Session(
            id="s", tenant="none", user_id="none:x", role="member", groups=None, created_ms=NOW, expires_ms=NOW
        )
        assert not await database.write(lambda tx: sessions.open_one(tx, session, token_hash="h"))

    async def test_an_invitation_signs_in_once(self, database: Database) -> None:
        """The second time, and after it expired, it is unknown."""
        invited = Invitation(
            tenant="acme", user_id="acme:bob", username="Bob", role="member", groups=None, expires_ms=NOW + 5
        )

        def add(tx: Transaction) -> None:
            make_tenant(tx)
            for secret in ("one", "two"):
                invitations.add(tx, invited, secret_hash=secret, now_ms=NOW)

        await database.write(add)
        assert await database.write(lambda tx: invitations.redeem(tx, secret_hash="one", now_ms=NOW)) == invited
        assert await database.write(lambda tx: invitations.redeem(tx, secret_hash="one", now_ms=NOW)) is None
        assert await database.write(lambda tx: invitations.redeem(tx, secret_hash="two", now_ms=NOW + 5)) is None

    async def test_a_user_is_new_once(self, database: Database) -> None:
        """A later sign-in replaces what an earlier one said."""
        await database.write(make_tenant)
        ann = User(id="acme:ann", username="ann", role="member", email="a@b.c", groups=())
        again = User(id="acme:ann", username="ann", role="admin", display_name="Ann")
        assert await database.write(lambda tx: users.see(tx, "acme", ann, now_ms=NOW))
        assert not await database.write(lambda tx: users.see(tx, "acme", again, now_ms=NOW + 1))
        assert await database.read(lambda connection: users.find(connection, "acme", "acme:ann")) == again

    # Tenants -----------------------------------------------------------------------------------------------------

    async def test_nothing_crosses_tenants(self, database: Database) -> None:
        """The same ids in two tenants are different things; one tenant finds nothing of the other."""

        def fill(tx: Transaction, tenant: str) -> None:
            board = make_board(tx, tenant=tenant)
            _fill(tx, board, tenant)

        await database.write(lambda tx: fill(tx, "acme"))
        await database.write(lambda tx: make_tenant(tx, "other"))
        assert await database.read(lambda connection: _found(connection, "other")) == []
        everything = await database.read(lambda connection: _found(connection, "acme"))
        await database.write(lambda tx: fill(tx, "other"))
        assert await database.read(lambda connection: _found(connection, "acme")) == everything

    async def test_a_removed_tenant_leaves_nothing(self, database: Database) -> None:
        """Not one row of any table; the other tenant keeps its own."""

        def fill(tx: Transaction) -> None:
            for tenant in ("acme", "other"):
                _fill(tx, make_board(tx, tenant=tenant), tenant)

        await database.write(fill)
        assert await database.write(lambda tx: tenants.remove(tx, "acme"))

        def left(connection: Connection) -> dict[str, set[str]]:
            return {
                name: set(connection.execute(select(table.c.tenant)).scalars())
                for name, table in tables.metadata.tables.items()
                if name != "tenants"
            }

        assert set(map(frozenset, (await database.read(left)).values())) == {frozenset({"other"})}

    # Memory ------------------------------------------------------------------------------------------------------

    async def test_a_reply_is_remembered_for_a_day(self, database: Database) -> None:
        """The same write finds what it was answered; a day later nobody asks any longer."""
        key, stored = WriteKey("acme", "acme:ann", "b"), StoredReply(b"hash", b"reply")

        def remember(tx: Transaction) -> None:
            make_tenant(tx)
            replies.remember(tx, key, stored, now_ms=NOW)

        await database.write(remember)
        assert await database.read(lambda connection: replies.find(connection, key)) == stored
        assert await database.read(lambda c: replies.find(c, key._replace(actor="acme:bob"))) is None
        assert await database.write(lambda tx: replies.prune(tx, now_ms=NOW + DAY, most=9)) == 0
        assert await database.write(lambda tx: replies.prune(tx, now_ms=NOW + DAY + 1, most=9)) == 1

    async def test_counts_add_up(self, database: Database) -> None:
        """Per day and name; days come in order, idle ones do not come."""

        def count(tx: Transaction) -> None:
            make_tenant(tx)
            for day, amount in (("2030-01-02", 2), ("2030-01-01", 1), ("2030-01-02", 3)):
                counters.add(tx, "acme", day=day, name="vote_count", amount=amount)

        await database.write(count)
        assert await database.read(lambda connection: counters.days(connection, "acme")) == {
            "2030-01-01": {"vote_count": 1},
            "2030-01-02": {"vote_count": 5},
        }
        skipped = await database.read(lambda connection: counters.days(connection, "acme", skip=1))
        assert list(skipped) == ["2030-01-02"]

    async def test_a_picture_is_there_when_it_is_whole(self, database: Database) -> None:
        """Its bytes come back piece by piece; one that was abandoned goes."""
        data = b"x" * (pictures.CHUNK_BYTES + 5)
        picture = _picture("p.png", size=len(data))

        def begin(tx: Transaction) -> None:
            make_tenant(tx)
            pictures.begin(tx, "acme", picture)
            for number, piece in pictures.pieces(data):
                pictures.add_piece(tx, "acme", picture.id, number=number, data=piece)

        await database.write(begin)
        assert await database.read(lambda connection: pictures.find(connection, "acme", "p.png")) is None
        await database.write(lambda tx: pictures.finish(tx, "acme", "p.png"))
        assert await database.read(lambda connection: pictures.find(connection, "acme", "p.png")) == picture
        found = [
            await database.read(partial(pictures.read_piece, tenant="acme", picture_id="p.png", number=number))
            for number in range(picture.pieces)
        ]
        assert b"".join(found) == data
        await database.write(lambda tx: pictures.begin(tx, "acme", _picture("lost.png", size=9)))
        assert await database.write(lambda tx: pictures.prune(tx, now_ms=NOW + DAY, most=9)) == 1

    async def test_an_absence_is_the_last_one(self, database: Database) -> None:
        """What is remembered of a viewer is when the last socket ended."""

        def leave(tx: Transaction, at: int) -> None:
            make_tenant(tx)
            absences.left(tx, "acme", viewer="v", url_id="page", now_ms=at)

        await database.write(lambda tx: leave(tx, NOW))
        await database.write(lambda tx: leave(tx, NOW + 7))
        assert await database.read(lambda c: absences.since(c, "acme", viewer="v", url_id="page")) == NOW + 7
        assert await database.read(lambda c: absences.since(c, "acme", viewer="v", url_id="else")) is None
        assert await database.write(lambda tx: absences.prune(tx, now_ms=NOW + 2 * DAY, most=9)) == 1


class _held:  # noqa: N801 - reads as a statement
    """While it is held, writes wait, so that those begun meanwhile are committed together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._go_on = threading.Event()
        self._holding: asyncio.Future[bool] | None = None

    async def __aenter__(self) -> None:
        began = threading.Event()

        def hold(_tx: Transaction) -> bool:
            began.set()
            return self._go_on.wait(10)

        self._holding = asyncio.ensure_future(self._database.write(hold))
        assert await asyncio.to_thread(began.wait, 10)

    async def __aexit__(self, *_problem: object) -> None:
        self._go_on.set()
        assert self._holding is not None
        assert await self._holding


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


def _picture(picture_id: str, *, size: int) -> pictures.StoredPicture:
    return pictures.StoredPicture(
        id=picture_id,
        sha256="0" * 64,
        width=2,
        height=1,
        media_type="image/png",
        size=size,
        url_id=None,
        created_by="acme:ann",
        created_ms=NOW,
    )


def _fill(tx: Transaction, board: Board, tenant: str) -> None:
    """At least one row in every table."""
    session = Session(
        id="s", tenant=tenant, user_id="u", role="member", groups=None, created_ms=NOW, expires_ms=NOW + DAY
    )
    invited = Invitation(tenant=tenant, user_id="u", username="U", role="member", groups=None, expires_ms=NOW + DAY)
    users.see(tx, tenant, User(id="u", username="U", role="member"), now_ms=NOW)
    sessions.open_one(tx, session, token_hash=f"{tenant}-token")
    invitations.add(tx, invited, secret_hash=f"{tenant}-secret", now_ms=NOW)
    windows.add(tx, tenant, "w", created_by="u")
    windows.claim(tx, board, "w", marker_id="m")
    store_markers.add(tx, board, a_marker("m", number=1, window="w"))
    comments.add(tx, tenant, a_comment())
    votes.add(
        tx,
        tenant,
        StoredVote(id="v", comment_id="c1", user_id="u", session=None, name="U", direction=1, created_ms=NOW),
    )
    marks.flag(tx, tenant, "c1", user_id="u", now_ms=NOW)
    marks.block(tx, tenant, "u", blocked="x", now_ms=NOW)
    log_one(tx, board)
    replies.remember(tx, WriteKey(tenant, "u", "b"), StoredReply(b"h", b"r"), now_ms=NOW)
    pictures.begin(tx, tenant, _picture("p", size=1))
    pictures.add_piece(tx, tenant, "p", number=0, data=b"x")
    pictures.finish(tx, tenant, "p")
    counters.add(tx, tenant, day="2030-01-01", name="vote_count")
    absences.left(tx, tenant, viewer="v", url_id="page", now_ms=NOW)


def _found(connection: Connection, tenant: str) -> list[object]:
    """Everything that a tenant finds by the ids of ``_fill``."""
    board = boards.find(connection, tenant, "page")
    span = Span(board=board, first_ms=0, last_ms=NOW * 2, viewer=None, moderates=True)
    found: list[object] = [
        board,
        boards.by_token(connection, tenant, "token-page"),
        windows.find(connection, tenant, "w"),
        store_markers.find(connection, tenant, "m"),
        comments.find(connection, tenant, "c1"),
        comments.some(connection, tenant, ["c1"]),
        comments.outlines(connection, tenant, "w"),
        comments.in_window(connection, tenant, "w"),
        comments.authors_in(connection, tenant, "w", after=("", ""), most=9),
        votes.find(connection, tenant, "v"),
        votes.of_user(connection, tenant, "c1", user_id="u"),
        votes.names(connection, tenant, "c1", direction=1, most=9),
        marks.flagged(connection, tenant, ["c1"], user_id="u"),
        marks.blocked_by(connection, tenant, "u"),
        events.by_time(connection, tenant, "page", span=span, most=9),
        replies.find(connection, WriteKey(tenant, "u", "b")),
        pictures.find(connection, tenant, "p"),
        pictures.read_piece(connection, tenant, "p", number=0),
        counters.days(connection, tenant),
        absences.since(connection, tenant, viewer="v", url_id="page"),
        users.find(connection, tenant, "u"),
        users.some(connection, tenant, ["u"]),
        sessions.find(connection, tenant, "s"),
        sessions.alive(connection, tenant, ["s"], now_ms=NOW),
    ]
    return [one for one in found if one]
