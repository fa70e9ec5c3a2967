"""Where the bytes of hosted pictures lie: in pieces in the database, or in a folder or bucket that all nodes share.

What a picture is and who may read it is in the table ``pictures`` either way; nobody finds one before its bytes are
complete. What lies in the database stays readable when another place is chosen later.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote, urlsplit

from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _
from imagechat_tui.server.store import pictures
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.pictures import StoredPicture

if TYPE_CHECKING:
    from obstore.store import ObjectStore

ANSWER_SECONDS: Final = 20.0
"""How long one exchange with a bucket may take."""

_RETRIES: Final[Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
"""People wait: what two more tries do not bring is told."""

_PART_BYTES: Final = 256 * 1024
_SCHEMES: Final = ("file", "memory", "s3")


class ShelfAwayError(Exception):
    """The place of the pictures cannot be reached, or refuses."""


class Shelf(Protocol):
    """Bytes of pictures by tenant and id."""

    async def put(self, tenant: str, picture: str, data: bytes) -> None:
        """Keep the bytes of a picture that has been begun.

        Raises:
            ShelfAwayError: They could not be kept.
        """

    async def open(self, tenant: str, picture: StoredPicture) -> AsyncIterator[bytes]:
        """The bytes, part by part.

        Raises:
            ShelfAwayError: They cannot be had now.
        """

    async def clear(self, tenant: str) -> None:
        """Forget everything of a tenant that has been removed.

        Raises:
            ShelfAwayError: Some of it is still there.
        """


class DatabaseShelf:
    """Pieces in the database, so that a large picture never keeps the writer from small changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tenant: str, picture: str, data: bytes) -> None:
        """See ``Shelf``."""
        for number, piece in pictures.pieces(data):
            await self._put(tenant, picture, number, piece)

    async def open(self, tenant: str, picture: StoredPicture) -> AsyncIterator[bytes]:
        """See ``Shelf``."""
        return self._parts(tenant, picture)

    async def clear(self, tenant: str) -> None:
        """See ``Shelf``; the pieces went with the tenant's row."""

    async def _put(self, tenant: str, picture: str, number: int, piece: bytes) -> None:
        await self._database.write(lambda tx: pictures.add_piece(tx, tenant, picture, number=number, data=piece))

    async def _parts(self, tenant: str, picture: StoredPicture) -> AsyncIterator[bytes]:
        for number in range(picture.pieces):
            yield await self._piece(tenant, picture.id, number)

    async def _piece(self, tenant: str, picture: str, number: int) -> bytes:
        return await self._database.read(lambda found: pictures.read_piece(found, tenant, picture, number=number))


class BucketShelf:
    """Objects ``TENANT/PICTURE`` in a folder or bucket."""

    def __init__(self, objects: "ObjectStore", *, older: Shelf) -> None:
        """``older`` has what was kept before this place was chosen."""
        self._objects = objects
        self._older = older

    async def put(self, tenant: str, picture: str, data: bytes) -> None:
        """See ``Shelf``."""
        from obstore.exceptions import BaseError  # noqa: PLC0415 - only an extra has it

        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._objects.put_async(_path(tenant, picture), data)
        except (BaseError, OSError, TimeoutError) as problem:
            raise ShelfAwayError("the picture could not be kept") from problem

    async def open(self, tenant: str, picture: StoredPicture) -> AsyncIterator[bytes]:
        """See ``Shelf``."""
        from obstore.exceptions import BaseError  # noqa: PLC0415 - only an extra has it

        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                found = await self._objects.get_async(_path(tenant, picture.id))
        except FileNotFoundError:
            return await self._older.open(tenant, picture)
        except (BaseError, OSError, TimeoutError) as problem:
            raise ShelfAwayError("the picture cannot be had") from problem
        parts = found.stream(min_chunk_size=_PART_BYTES)
        return (bytes(part) async for part in parts)

    async def clear(self, tenant: str) -> None:
        """See ``Shelf``."""
        from obstore.exceptions import BaseError  # noqa: PLC0415 - only an extra has it

        try:
            async for some in self._objects.list(_folder(tenant)):
                await self._objects.delete_async([one["path"] for one in some])
        except (BaseError, OSError) as problem:
            raise ShelfAwayError("pictures of the tenant are still there") from problem


def make_shelf(url: str | None, database: Database) -> Shelf:
    """The place that an address means; ``None`` is the database.

    Args:
        url: ``file:///folder`` (the same folder on every node), or ``s3://bucket/prefix``, whose endpoint, region and
            credentials come from the usual ``AWS_*`` variables; ``memory://`` is for tests.
        database: Where the rows of pictures are.

    Raises:
        UserError: It is no such address, the folder cannot be made, or the library is not installed.
    """
    own = DatabaseShelf(database)
    if url is None:
        return own
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or (
        parts.scheme == "file" and (parts.netloc or not Path(parts.path).is_absolute())
    ):
        raise UserError(_("--pictures has to be an address like s3://bucket/prefix or file:///folder"))
    try:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - only an extra has it
        from obstore.store import LocalStore, MemoryStore, S3Store  # noqa: PLC0415 - the same
    except ImportError as problem:
        raise UserError(_("--pictures needs one more library: pip install 'imagechat-tui[pictures]'")) from problem
    try:
        if parts.scheme == "file":
            return BucketShelf(LocalStore(parts.path, mkdir=True), older=own)
        if parts.scheme == "memory":
            return BucketShelf(MemoryStore(), older=own)
        return BucketShelf(S3Store.from_url(url, retry_config=_RETRIES), older=own)
    except (BaseError, OSError, ValueError) as problem:
        reason = str(problem).splitlines()[0]
        raise UserError(_("--pictures {url} cannot be used: {reason}").format(url=url, reason=reason)) from problem


def _path(tenant: str, picture: str) -> str:
    return f"{_folder(tenant)}/{picture}"


def _folder(tenant: str) -> str:
    # Dots too: a tenant of that name is not the folder above.
    return quote(tenant, safe="").replace(".", "%2E")
