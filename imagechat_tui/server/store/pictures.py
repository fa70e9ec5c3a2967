"""Hosted pictures, kept in the database in pieces, so that a large one never keeps the writer from small ones."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from imagechat_tui.server.store.database import Transaction
from imagechat_tui.server.store.prepared import Prepared
from imagechat_tui.server.store.tables import picture_chunks as chunks
from imagechat_tui.server.store.tables import pictures as table

CHUNK_BYTES: Final = 1024 * 1024

_ABANDONED_MS: Final = 3600 * 1_000


class StoredPicture(Struct, frozen=True, kw_only=True):
    """One picture."""

    id: str
    """Random: whoever knows it was given it."""
    sha256: str
    """Of the bytes as they were uploaded, before they were encoded anew."""
    width: int
    height: int
    media_type: str
    size: int
    """Bytes that are served."""
    url_id: str | None
    """The board whose viewers may read it; ``None`` until one shows it."""
    created_by: str
    created_ms: int

    @property
    def pieces(self) -> int:
        """How many pieces its bytes are kept in."""
        return -(-self.size // CHUNK_BYTES)


_NAMES = StoredPicture.__struct_fields__
_of_tenant = table.c.tenant == bindparam("tenant")
_this = (_of_tenant, table.c.id == bindparam("picture_id"))
_begin = Prepared(insert(table).values({name: bindparam(name) for name in ("tenant", *_NAMES)}))
_piece = Prepared(insert(chunks).values({name: bindparam(name) for name in ("tenant", "picture_id", "number", "data")}))
_finish = Prepared(update(table).where(*_this).values(complete=1))
_find = Prepared(select(*(table.c[name] for name in _NAMES)).where(*_this, table.c.complete == 1))
_read = Prepared(
    select(chunks.c.data).where(
        chunks.c.tenant == bindparam("tenant"),
        chunks.c.picture_id == bindparam("picture_id"),
        chunks.c.number == bindparam("number"),
    )
)
_show = Prepared(update(table).where(*_this).values(url_id=bindparam("new_url_id")))
_abandoned = Prepared(
    select(table.c.tenant, table.c.id)
    .where(table.c.complete == 0, table.c.created_ms < bindparam("before_ms"))
    .limit(bindparam("most"))
)
_remove_pieces = Prepared(
    delete(chunks).where(chunks.c.tenant == bindparam("tenant"), chunks.c.picture_id == bindparam("picture_id"))
)
_remove = Prepared(delete(table).where(*_this))


def pieces(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The numbered pieces in which these bytes are stored."""
    for number, start in enumerate(range(0, len(data), CHUNK_BYTES)):
        yield number, data[start : start + CHUNK_BYTES]


def begin(tx: Transaction, tenant: str, picture: StoredPicture) -> None:
    """A picture whose bytes follow; nobody finds it before ``finish``."""
    _begin.run(tx.connection, tenant=tenant, **{name: getattr(picture, name) for name in _NAMES})


def add_piece(tx: Transaction, tenant: str, picture_id: str, *, number: int, data: bytes) -> None:
    """One piece of its bytes."""
    _piece.run(tx.connection, tenant=tenant, picture_id=picture_id, number=number, data=data)


def finish(tx: Transaction, tenant: str, picture_id: str) -> None:
    """All of its bytes are there."""
    _finish.run(tx.connection, tenant=tenant, picture_id=picture_id)


def find(connection: Connection, tenant: str, picture_id: str) -> StoredPicture | None:
    """One complete picture by its id."""
    row = _find.first(connection, tenant=tenant, picture_id=picture_id)
    return StoredPicture(**dict(zip(_NAMES, row, strict=True))) if row else None


def read_piece(connection: Connection, tenant: str, picture_id: str, *, number: int) -> bytes:
    """One piece of its bytes, counted from 0; empty where there is none."""
    row = _read.first(connection, tenant=tenant, picture_id=picture_id, number=number)
    return bytes(row[0]) if row else b""


def show(tx: Transaction, tenant: str, picture_id: str, *, url_id: str) -> None:
    """A board shows it: its viewers may read it."""
    _show.run(tx.connection, tenant=tenant, picture_id=picture_id, new_url_id=url_id)


def prune(tx: Transaction, *, now_ms: int, most: int) -> int:
    """Delete at most so many pictures whose bytes never came to an end; how many went."""
    abandoned = _abandoned.all(tx.connection, before_ms=now_ms - _ABANDONED_MS, most=most)
    for tenant, picture_id in abandoned:
        for statement in (_remove_pieces, _remove):
            statement.run(tx.connection, tenant=tenant, picture_id=picture_id)
    return len(abandoned)
