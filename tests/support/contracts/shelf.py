"""What every place for the bytes of pictures keeps: inherited by a class that provides a fixture ``make``.

``make()`` is a node's view of the same place, ``database`` the rows of pictures.
"""

from collections.abc import Callable

import pytest

from imagechat_tui.server.store import pictures, tenants
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.pictures import StoredPicture
from imagechat_tui.server.store.shelf import Shelf
from tests.support.contracts.rows import a_picture, make_tenant

Make = Callable[[], Shelf]


class ShelfContract:
    """The suite."""

    @pytest.mark.parametrize("size", [1, 1024 * 1024, 3_000_001])
    async def test_what_one_node_put_another_one_opens(self, database: Database, make: Make, size: int) -> None:
        """All of it, in parts."""
        data = bytes(range(251)) * (size // 251 + 1)
        stored = await begun(database, "acme", "p.png", size=size)
        await make().put("acme", "p.png", data[:size])
        assert await everything(make(), "acme", stored) == data[:size]

    async def test_tenants_do_not_meet(self, database: Database, make: Make) -> None:
        """Pictures of the same name are two, whatever the tenants are called."""
        shelf, names = make(), ("acme", "a/b", "..", "a b%2F")
        for name in names:
            await begun(database, name, "p.png", size=len(name))
            await shelf.put(name, "p.png", name.encode())
        for name in names:
            assert await everything(shelf, name, a_picture("p.png", size=len(name))) == name.encode()

    async def test_a_removed_tenant_takes_its_pictures_along(self, database: Database, make: Make) -> None:
        """And nobody else's."""
        shelf = make()
        for name in ("acme", "acme2"):
            for picture in ("p.png", "q.png"):
                await begun(database, name, picture, size=5)
                await shelf.put(name, picture, b"12345")
        await database.write(lambda tx: tenants.remove(tx, "acme"))
        await shelf.clear("acme")
        await shelf.clear("acme")
        assert await everything(make(), "acme", a_picture("p.png", size=5)) == b""
        assert await everything(make(), "acme2", a_picture("q.png", size=5)) == b"12345"


async def begun(database: Database, tenant: str, picture: str, *, size: int) -> StoredPicture:
    """The row of a picture whose bytes follow."""
    stored = a_picture(picture, size=size)

    def write(tx: Transaction) -> None:
        make_tenant(tx, tenant)
        pictures.begin(tx, tenant, stored)

    await database.write(write)
    return stored


async def everything(shelf: Shelf, tenant: str, picture: StoredPicture) -> bytes:
    """All bytes of a picture."""
    return b"".join([part async for part in await shelf.open(tenant, picture)])
