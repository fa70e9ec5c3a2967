"""Who asks: tokens, payloads and passes become a person, for as long as that person stands."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import delete

from imagechat_tui.protocol.sso import sign
from imagechat_tui.server.auth import sessions, viewing
from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.auth.directory import Directory
from imagechat_tui.server.store import counters, tables, tenants
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.tenants import Tenant

NOW = 1_700_000_000_000
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """With one tenant."""
    made = Database(f"sqlite:///{tmp_path / 'db.sqlite3'}")
    await made.open()
    await made.write(lambda tx: tenants.add(tx, "acme", secret="k", now_ms=1, simple_sso=True))
    yield made
    await made.close()


@pytest.fixture
def directory(database: Database) -> Directory:
    """That remembers nothing, as if every answer were old."""
    return Directory(database, clock=lambda: 0.0, seconds=0.0)


async def _tenant(directory: Directory) -> Tenant:
    found = await directory.tenant("acme")
    assert found is not None
    return found


async def _signed_in(database: Database, directory: Directory, **more: object) -> Actor:
    person = {"id": "ann", "email": "ann@example.com", "username": "ann", **more}
    text = sign(person, secret="k", now_ms=NOW)
    actor = await sessions.of_payload(directory, database, await _tenant(directory), text, now_ms=NOW)
    assert actor is not None
    return actor


async def _opened(database: Database, actor: Actor) -> sessions.Opened:
    opened = await sessions.open_for(database, actor, now_ms=NOW, days=1)
    assert opened is not None
    return opened


async def _viewer(directory: Directory, value: str, *, now_ms: int = NOW) -> Actor:
    return await sessions.viewer(directory, await _tenant(directory), value, pages=["page"], now_ms=now_ms)


async def test_a_token_is_its_person_until_it_is_over(database: Database, directory: Directory) -> None:
    """Not after its days, not after the sign-out, not for another tenant."""
    opened = await _opened(database, await _signed_in(database, directory, isModerator=True))
    known = await sessions.of_token(directory, "acme", opened.token, now_ms=NOW)
    assert known == opened.actor
    assert known is not None
    assert known.role is Role.MODERATOR
    assert await sessions.of_token(directory, "acme", opened.token, now_ms=NOW + DAY_MS) is None
    assert await sessions.of_token(directory, "other", opened.token, now_ms=NOW) is None
    assert opened.actor.session is not None
    await sessions.close(database, directory, "acme", opened.actor.session)
    assert await sessions.of_token(directory, "acme", opened.token, now_ms=NOW) is None


async def test_a_token_is_stored_as_a_hash_and_never_shown(database: Database, directory: Directory) -> None:
    """Whoever reads the database or a log cannot sign in with it."""
    opened = await _opened(database, await _signed_in(database, directory))
    assert opened.token not in repr(opened)
    assert opened.token.encode() not in Path(database.url.removeprefix("sqlite:///")).read_bytes()
    assert len(opened.token) >= 22  # 128 bits


async def test_a_payload_keeps_what_it_does_not_mention(database: Database, directory: Directory) -> None:
    """Absent keeps, null clears, a role lasts no longer than the payload says it."""
    await _signed_in(database, directory, displayName="Ann B.", avatar="https://x.example/a.png", isAdmin=True)
    actor = await _signed_in(database, directory, avatar=None)
    assert (actor.name, actor.avatar, actor.role) == ("Ann B.", None, Role.MEMBER)


async def test_a_proved_address_belongs_to_who_proved_it_last(database: Database, directory: Directory) -> None:
    """One person of a tenant has it; whoever merely claims it takes it from nobody."""
    await _signed_in(database, directory)
    await _signed_in(database, directory, id="ann-2")
    claimed = msgspec.json.encode({"username": "eve", "email": "ann@example.com"}).decode()
    assert await sessions.of_payload(directory, database, await _tenant(directory), claimed, now_ms=NOW) is not None
    first, second = await directory.user("acme", "acme:ann"), await directory.user("acme", "acme:ann-2")
    assert first is not None
    assert second is not None
    assert (first.email, second.email) == (None, "ann@example.com")


async def test_a_person_is_counted_once(database: Database, directory: Directory) -> None:
    """On the day of the first sign-in."""
    for name in ("Ann", "Ann B."):
        await _signed_in(database, directory, displayName=name)
    counted = await database.read(lambda connection: counters.days(connection, "acme"))
    assert counted == {"2023-11-14": {"account_created_count": 1}}


async def test_a_pass_is_its_holder_on_its_page(database: Database, directory: Directory) -> None:
    """With and without a session behind it."""
    member = await _signed_in(database, directory, groupIds=["design"])
    for actor in (member, (await _opened(database, member)).actor):
        value = viewing.sign("k", actor, "page", now_ms=NOW)
        assert await _viewer(directory, value) == actor


@pytest.mark.parametrize("end", ["sign-out", "rotation", "groups", "removal", "expiry", "nonsense"])
async def test_a_void_pass_is_a_guests(database: Database, directory: Directory, end: str) -> None:
    """Signed out, key rotated, groups changed, person removed, session or pass over, made up."""
    opened = await _opened(database, await _signed_in(database, directory, groupIds=["design"]))
    value = viewing.sign("k", opened.actor, "page", now_ms=NOW)
    now_ms = NOW
    if end == "sign-out":
        await sessions.close(database, directory, "acme", opened.actor.session or "")
    elif end == "rotation":
        await database.write(lambda tx: tenants.rotate_key(tx, "acme", secret="k2"))
    elif end == "groups":
        await _signed_in(database, directory, groupIds=["sales"])
    elif end == "removal":
        await database.write(lambda tx: tx.connection.execute(delete(tables.users)))
    elif end == "expiry":
        now_ms = NOW + DAY_MS
    else:
        value = "made-up"
    viewer = await _viewer(directory, value, now_ms=now_ms)
    assert viewer == Actor(tenant="acme", role=Role.GUEST)


async def test_a_rotated_key_ends_sessions_even_if_it_were_the_same(database: Database, directory: Directory) -> None:
    """Sessions hang on the rotation, not on the letters of the key."""
    opened = await _opened(database, await _signed_in(database, directory))
    await database.write(lambda tx: tenants.rotate_key(tx, "acme", secret="k"))
    assert await sessions.of_token(directory, "acme", opened.token, now_ms=NOW) is None


async def test_nobody_gets_a_session_of_a_tenant_that_is_gone(database: Database) -> None:
    """Removed in this very moment."""
    assert await sessions.open_anonymous(database, "gone", now_ms=NOW, days=1) is None
