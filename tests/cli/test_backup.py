"""``imagechat backup`` and ``restore``: all of one moment, while people write; nothing half-done, nothing lost."""

import asyncio
import sqlite3
import stat
from pathlib import Path

import httpx
import pytest

from imagechat_tui.protocol import paths
from imagechat_tui.server.settings import DATABASE_FILE
from imagechat_tui.server.store import copies
from tests.cli.commands import Ended, imagechat
from tests.support.people import make_board
from tests.support.servers import ServerProcess, TenantKey, process


async def _run(home: Path, *words: str) -> Ended:
    return await asyncio.to_thread(imagechat, home, *words)


async def _write(server: ServerProcess, tenant: TenantKey, url_id: str, text: str) -> None:
    async with await tenant.client(server.url, text) as client:
        body = {"urlId": url_id, "x": 1, "y": 1, "comment": text, "broadcastId": text}
        (await client.post(paths.markers(tenant.name), json=body)).raise_for_status()


async def test_a_copy_of_a_serving_server_is_put_back_elsewhere(tmp_path: Path) -> None:
    """Markers, the picture's bytes, sessions and the tenant's secret are those of that moment."""
    copied = tmp_path / "copy.sqlite3"
    async with process(tmp_path / "data") as server:
        tenant = await server.tenant()
        place = await make_board(server.url, tenant)
        await _write(server, tenant, place.url_id, "before")
        token = await tenant.sign_in(server.url, "kept")
        writing = asyncio.create_task(_write_on(server, tenant, place.url_id))
        ended = await _run(tmp_path, "backup", str(copied), "--data", str(server.data))
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        assert ended.code == 0, ended
        await _write(server, tenant, place.url_id, "after")
        async with httpx.AsyncClient(base_url=server.url) as client:
            pixels = (await client.get(place.src)).content
        refused = await _run(tmp_path, "restore", str(copied), "--data", str(server.data))
        assert refused.code == 1
        assert "other server is using" in refused.err
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("copy.sqlite3-*"))
    restored = await _run(tmp_path, "restore", str(copied), "--data", str(tmp_path / "new"))
    assert restored.code == 0, restored
    async with process(tmp_path / "new") as again, httpx.AsyncClient(base_url=again.url) as client:
        board = await client.get(
            paths.boards(tenant.name),
            params={"urlId": place.url_id},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert board.status_code == 200
        assert "before" in board.text
        assert "after" not in board.text
        assert (await client.get(place.src)).content == pixels
        await tenant.sign_in(again.url, "with the same secret")


async def _write_on(server: ServerProcess, tenant: TenantKey, url_id: str) -> None:
    for number in range(10_000):
        await _write(server, tenant, url_id, f"meanwhile {number}")


def test_what_a_restore_replaces_is_kept_beside_it(tmp_path: Path) -> None:
    """The wrong file is not the end of the data."""
    for name in ("one", "two"):
        assert imagechat(tmp_path, "tenant", "add", name, "--data", str(tmp_path / name)).code == 0
    assert imagechat(tmp_path, "backup", "copy", "--data", str(tmp_path / "one")).code == 0
    restored = imagechat(tmp_path, "restore", "copy", "--data", str(tmp_path / "two"))
    assert restored.code == 0, restored
    assert "one" in imagechat(tmp_path, "tenant", "list", "--data", str(tmp_path / "two")).out
    [kept] = (tmp_path / "two").glob(f"{DATABASE_FILE}.before-*")
    with sqlite3.connect(kept) as old:
        assert old.execute("SELECT id FROM tenants").fetchall() == [("two",)]
    old.close()


def test_no_file_is_replaced_unasked_and_nothing_comes_of_what_is_no_backup(tmp_path: Path) -> None:
    """One sentence, and everything is as it was."""
    data = ("--data", str(tmp_path / "data"))
    assert imagechat(tmp_path, "backup", "copy", *data).code == 5
    assert imagechat(tmp_path, "tenant", "add", "acme", *data).code == 0
    assert imagechat(tmp_path, "backup", "copy", *data).code == 0
    again = imagechat(tmp_path, "backup", "copy", *data)
    assert (again.code, "--overwrite" in again.err) == (1, True)
    assert imagechat(tmp_path, "backup", "copy", "--overwrite", *data).code == 0
    assert imagechat(tmp_path, "backup", "no/such/folder/copy", *data).code == 1
    (tmp_path / "words").write_text("no database at all")
    with sqlite3.connect(tmp_path / "foreign") as foreign:
        foreign.execute("CREATE TABLE x (y)")
    foreign.close()
    for wrong, code in (("words", 1), ("foreign", 1), ("gone", 5)):
        ended = imagechat(tmp_path, "restore", wrong, *data)
        assert ended.code == code, ended
        assert "Traceback" not in ended.err
    assert "acme" in imagechat(tmp_path, "tenant", "list", *data).out
    assert {one.name for one in (tmp_path / "data").iterdir()} <= {
        DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm", "lock",
    }  # fmt: skip


COPIES = "imagechat_tui.server.store.copies"


def _files(folder: Path) -> dict[str, bytes]:
    """Without the lock, and what SQLite puts beside a database that is read."""
    return {one.name: one.read_bytes() for one in folder.iterdir() if not one.name.endswith(("lock", "-wal", "-shm"))}


@pytest.mark.parametrize("moment", ["_copy_pages:1", "_check:1"])
def test_a_backup_that_is_stopped_leaves_no_file(tmp_path: Path, moment: str) -> None:
    """Before the copying, and before the check of the copy."""
    data = ("--data", str(tmp_path / "data"))
    assert imagechat(tmp_path, "tenant", "add", "acme", *data).code == 0
    before = {one.name for one in tmp_path.iterdir()}
    ended = imagechat(tmp_path, "backup", "copy", *data, stop_at=f"{COPIES}:{moment}")
    assert (ended.code, ended.out) == (130, "")
    assert ended.err == "The backup was stopped: there is no new copy.\n"
    assert {one.name for one in tmp_path.iterdir()} == before


@pytest.mark.parametrize("moment", ["_copy_pages:1", "_check:1", "_copy_pages:2", "_check:2"])
def test_a_restore_that_is_stopped_changes_nothing(tmp_path: Path, moment: str) -> None:
    """While the backup is copied, and while the present data are: these are there, and nothing beside them."""
    for name in ("one", "two"):
        assert imagechat(tmp_path, "tenant", "add", name, "--data", str(tmp_path / name)).code == 0
    assert imagechat(tmp_path, "backup", "copy", "--data", str(tmp_path / "one")).code == 0
    before = _files(tmp_path / "two")
    ended = imagechat(tmp_path, "restore", "copy", "--data", str(tmp_path / "two"), stop_at=f"{COPIES}:{moment}")
    assert (ended.code, ended.out) == (130, "")
    assert ended.err == f"The restore was stopped: {tmp_path / 'two'} is as it was.\n"
    assert _files(tmp_path / "two") == before


def test_nothing_is_stopped_in_the_moment_of_change(tmp_path: Path) -> None:
    """From the first file that is touched on it comes too late: the work is done, and says so."""
    for name in ("one", "two"):
        assert imagechat(tmp_path, "tenant", "add", name, "--data", str(tmp_path / name)).code == 0
    assert imagechat(tmp_path, "backup", "copy", "--data", str(tmp_path / "one")).code == 0
    last = f"{COPIES}:_sync_folder:3"
    ended = imagechat(tmp_path, "restore", "copy", "--data", str(tmp_path / "two"), stop_at=last)
    assert ended.code == 0, ended
    named = imagechat(tmp_path, "backup", "again", "--data", str(tmp_path / "two"), stop_at=f"{COPIES}:_sync_folder:1")
    assert (named.code, (tmp_path / "again").exists()) == (0, True)
    assert "one" in imagechat(tmp_path, "tenant", "list", "--data", str(tmp_path / "two")).out


def test_a_copy_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes, never fewer than before, up to all of them."""
    assert imagechat(tmp_path, "tenant", "add", "acme", "--data", str(tmp_path)).code == 0
    monkeypatch.setattr(copies, "_PAGES", 1)
    told: list[tuple[int, int]] = []
    size = copies.copy(tmp_path / DATABASE_FILE, tmp_path / "copy", told=lambda *how_far: told.append(how_far))
    assert told == sorted(told)
    assert told[0] < told[-1] == (size, size)


def test_postgresql_has_tools_of_its_own(tmp_path: Path) -> None:
    """It is not copied as a file."""
    ended = imagechat(tmp_path, "backup", "copy", "--database", "postgresql://127.0.0.1/none")
    assert ended.code == 2
    assert "pg_dump" in ended.err
