"""What every store keeps of the things in it, whatever engine is below: inherited by a class per engine.

The class that inherits provides a fixture ``database`` (open).
"""

from functools import partial

from sqlalchemy import Connection, select

from imagechat_tui.server.store import (
    absences,
    comments,
    counters,
    invitations,
    pictures,
    replies,
    sessions,
    tables,
    tenants,
    users,
)
from imagechat_tui.server.store import markers as store_markers
from imagechat_tui.server.store.comments import Comment
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.invitations import Invitation
from imagechat_tui.server.store.replies import StoredReply, WriteKey
from imagechat_tui.server.store.sessions import Session
from imagechat_tui.server.store.users import User
from tests.support.contracts.rows import (
    DAY,
    NOW,
    a_comment,
    a_marker,
    a_picture,
    everything_of,
    fill_every_table,
    make_board,
    make_tenant,
)


class StoredThingsContract:
    """The suite."""

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
        assert not await database.write(lambda tx: users.see(tx, "acme", again, now_ms=NOW))
        assert await database.read(lambda connection: users.find(connection, "acme", "acme:ann")) == again

    # Tenants -----------------------------------------------------------------------------------------------------

    async def test_nothing_crosses_tenants(self, database: Database) -> None:
        """The same ids in two tenants are different things; one tenant finds nothing of the other."""

        def fill(tx: Transaction, tenant: str) -> None:
            board = make_board(tx, tenant=tenant)
            fill_every_table(tx, board, tenant)

        await database.write(lambda tx: fill(tx, "acme"))
        await database.write(lambda tx: make_tenant(tx, "other"))
        assert await database.read(lambda connection: everything_of(connection, "other")) == []
        everything = await database.read(lambda connection: everything_of(connection, "acme"))
        await database.write(lambda tx: fill(tx, "other"))
        assert await database.read(lambda connection: everything_of(connection, "acme")) == everything

    async def test_a_removed_tenant_leaves_nothing(self, database: Database) -> None:
        """Not one row of any table; the other tenant keeps its own."""

        def fill(tx: Transaction) -> None:
            for tenant in ("acme", "other"):
                fill_every_table(tx, make_board(tx, tenant=tenant), tenant)

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
        picture = a_picture("p.png", size=len(data))

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
        await database.write(lambda tx: pictures.begin(tx, "acme", a_picture("lost.png", size=9)))
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
