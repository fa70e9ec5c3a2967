"""The gate over a real database: passes, pages, origins, and rights that another process takes away."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from imagechat_tui.server.auth import viewing
from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.auth.directory import Directory
from imagechat_tui.server.hub import Viewer
from imagechat_tui.server.live import Admission, Gatekeeper, Knock, Rejection
from imagechat_tui.server.store import boards, sessions, tenants, users, windows
from imagechat_tui.server.store.boards import NewBoard
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.sessions import Session
from imagechat_tui.server.store.users import User
from tests.server.test_hub import FakeOutlet, FakeTransport

NOW = 1_900_000_000_000
SECRET = "s3cret"
ANN = Actor(tenant="acme", role=Role.MEMBER, user_id="acme:ann", name="ann", session="s-ann", groups=("design",))
WINDOW = "closed:/pic.png:1:2"


@dataclass
class Gated:
    """A gate, the database behind it, and what another process would use."""

    gate: Gatekeeper
    database: Database
    elsewhere: Database

    async def admit(
        self, url_id: str, *, actor: Actor | None = None, origin: str | None = None
    ) -> Admission | Rejection:
        """Somebody knocks, with the pass that the REST side would have given."""
        passed = "" if actor is None else viewing.sign(SECRET, actor, url_id, now_ms=NOW)
        knock = Knock(tenant="acme", url_ids=(url_id,), user_id_ws=passed, origin=origin)
        return await self.gate.admit(knock)

    async def let_in(self, url_id: str, actor: Actor | None = None) -> Viewer:
        """Somebody who is admitted, looking."""
        admitted = await self.admit(url_id, actor=actor)
        assert isinstance(admitted, Admission)
        return Viewer(
            actor=admitted.actor,
            url_id=admitted.url_id,
            board=admitted.board,
            generation=admitted.generation,
            whole_board=True,
            batch=True,
            transport=FakeTransport(),
            outlet=FakeOutlet(),
        )


def furnish(tx: Transaction) -> None:
    """A tenant, a person in a group with a session, an open board, a closed one with a thread, another thread."""
    tenants.add(tx, "acme", secret=SECRET, now_ms=NOW, origins=["https://app.example"])
    users.see(tx, "acme", User(id="acme:ann", username="ann", role="member", groups=("design",)), now_ms=NOW)
    session = Session(
        id="s-ann",
        tenant="acme",
        user_id="acme:ann",
        role="member",
        groups=("design",),
        created_ms=NOW,
        expires_ms=NOW + 1000,
    )
    sessions.open_one(tx, session, token_hash="h")
    boards.add(tx, "acme", NewBoard(url_id="open", token="t1", title="", created_by=None), now_ms=NOW)
    group_only = NewBoard(
        url_id="closed", token="t2", title="", created_by=None, visibility="groups", groups=("design",)
    )
    closed = boards.add(tx, "acme", group_only, now_ms=NOW)
    assert closed is not None
    windows.add(tx, "acme", WINDOW, created_by="acme:ann")
    windows.claim(tx, closed, WINDOW, marker_id="m1")


@pytest.fixture
async def gated(tmp_path: Path) -> AsyncIterator[Gated]:
    """A gate over SQLite, and a second process' view of the same file."""
    url = f"sqlite:///{tmp_path / 'test.sqlite3'}"
    database, elsewhere = Database(url, readers=1), Database(url)
    await database.open()
    await database.write(furnish)
    await elsewhere.open()
    directory = Directory(database, clock=time.monotonic, seconds=3600.0)
    yield Gated(Gatekeeper(database, directory, clock_ms=lambda: NOW), database, elsewhere)
    await elsewhere.close()
    await database.close()


async def test_an_unknown_pass_is_a_guest_on_an_open_page_and_nobody_on_a_closed_one(gated: Gated) -> None:
    """Also on the threads of a closed page, and never with a hint whether the page exists for others."""
    admitted = await gated.admit("open")
    assert isinstance(admitted, Admission)
    assert admitted.actor.role is Role.GUEST
    for page in ("closed", WINDOW):
        refused = await gated.admit(page)
        assert isinstance(refused, Rejection)
        assert refused.status == 403


async def test_a_pass_opens_the_page_it_was_given_for(gated: Gated) -> None:
    """Its holder is who the session says, in the group that the page asks for."""
    admitted = await gated.admit("closed", actor=ANN)
    assert isinstance(admitted, Admission)
    assert admitted.actor.user_id == "acme:ann"
    assert (admitted.url_id, admitted.board) == ("closed", "closed")
    thread = await gated.admit(WINDOW, actor=ANN)
    assert isinstance(thread, Admission)
    assert thread.board == "closed"


async def test_the_key_that_is_known_is_the_one_that_is_meant(gated: Gated) -> None:
    """An address may mean several keys; for unknown pages the likeliest counts."""
    for url_ids, meant in ((("o%70en", "open"), "open"), (("new page", "new+page"), "new page")):
        admitted = await gated.gate.admit(Knock(tenant="acme", url_ids=url_ids, user_id_ws=""))
        assert isinstance(admitted, Admission)
        assert admitted.url_id == meant


async def test_a_foreign_origin_has_to_be_on_the_tenants_list(gated: Gated) -> None:
    """Exactly as it is written there."""
    assert isinstance(await gated.admit("open", origin="https://app.example"), Admission)
    assert isinstance(await gated.admit("open", origin="https://evil.example"), Rejection)


async def test_an_unknown_tenant_is_refused(gated: Gated) -> None:
    """403, as everything else here."""
    refused = await gated.gate.admit(Knock(tenant="nobody", url_ids=("open",), user_id_ws=""))
    assert isinstance(refused, Rejection)
    assert refused.status == 403


async def test_nothing_has_lapsed_while_nothing_has_changed(gated: Gated) -> None:
    """The mark stays equal, whichever reader is asked, and everybody may stay."""
    viewers = [await gated.let_in("closed", ANN), await gated.let_in("open")]
    for _ in range(20):  # Every reader has been seen once.
        await gated.gate.revision()
    mark = await gated.gate.revision()
    assert {await gated.gate.revision() for _ in range(20)} == {mark}
    assert await gated.gate.lapsed(viewers) == []


def rotate(tx: Transaction) -> None:
    """Another secret."""
    tenants.rotate_key(tx, "acme", secret="other")


def sign_out(tx: Transaction) -> None:
    """The session is over."""
    sessions.close_one(tx, "acme", "s-ann")


def regroup(tx: Transaction) -> None:
    """Ann has left the group."""
    users.see(tx, "acme", User(id="acme:ann", username="ann", role="member", groups=("sales",)), now_ms=NOW)


def promote(tx: Transaction) -> None:
    """Ann is somebody else now: what she may see has to be worked out anew."""
    users.see(tx, "acme", User(id="acme:ann", username="ann", role="admin", groups=("design",)), now_ms=NOW)


def close_page(tx: Transaction) -> None:
    """The open page asks for a group."""
    board = boards.find(tx.connection, "acme", "open")
    assert board is not None
    boards.describe(tx, board, title="", visibility="groups", groups=["board members"])


def remove(tx: Transaction) -> None:
    """The tenant is gone."""
    tenants.remove(tx, "acme")


@pytest.mark.parametrize(
    ("change", "ends"),
    [
        (rotate, ["ann at closed", "ann at open"]),
        (sign_out, ["ann at closed", "ann at open"]),
        (regroup, ["ann at closed", "ann at open"]),
        (promote, ["ann at closed", "ann at open"]),
        (close_page, ["ann at open", "guest at open"]),
        (remove, ["ann at closed", "ann at open", "guest at open"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_what_another_process_takes_away_is_seen(gated: Gated, change: object, ends: list[str]) -> None:
    """The mark differs, and exactly those lapse who would be refused or be somebody else."""
    viewers = {
        "ann at closed": await gated.let_in("closed", ANN),
        "ann at open": await gated.let_in("open", ANN),
        "guest at open": await gated.let_in("open"),
    }
    before = await gated.gate.revision()
    await gated.elsewhere.write(change)  # type: ignore[arg-type] # one of the functions above
    assert await gated.gate.revision() != before
    lapsed = await gated.gate.lapsed(list(viewers.values()))
    assert [name for name, viewer in viewers.items() if viewer in lapsed] == ends


@pytest.mark.parametrize("change", [rotate, sign_out, regroup, remove], ids=lambda value: value.__name__)
async def test_who_was_sent_away_cannot_come_back_by_what_is_remembered(
    gated: Gated, change: Callable[[Transaction], None]
) -> None:
    """However fresh the memory of who they were is."""
    viewer = await gated.let_in("closed", ANN)
    await gated.elsewhere.write(change)
    assert isinstance(await gated.admit("closed", actor=ANN), Admission), "remembered, so the test can fail"
    assert await gated.gate.lapsed([viewer]) == [viewer]
    assert isinstance(await gated.admit("closed", actor=ANN), Rejection)
