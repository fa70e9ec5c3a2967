"""Pictures that this server keeps and serves; looks into none and decodes none."""

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct
from sqlalchemy import Connection

from imagechat_tui.protocol.paths import PICTURE_FILES
from imagechat_tui.protocol.replies import PictureStored
from imagechat_tui.server.actions import pages
from imagechat_tui.server.actions.refusals import UnknownRefusal, page_hidden
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import boards, pictures
from imagechat_tui.server.store.pictures import StoredPicture

_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


class Encoded(Struct, frozen=True, kw_only=True):
    """A picture that was decoded and encoded anew: nothing of what was uploaded is in it but pixels."""

    data: bytes
    media_type: str
    width: int
    height: int
    sha256: str
    """Of the bytes as they were uploaded."""


async def store_picture(deps: Deps, actor: Actor, picture: Encoded, *, action: Action) -> PictureStored:
    """Keep a picture. ``action`` is what the actor does by it: ``UPLOAD_PICTURE`` or ``UPLOAD_IMAGE``.

    Raises:
        Refusal: 401 or 403, not this actor.
    """
    pages.require(actor, action)
    stored = StoredPicture(
        id=f"{deps.new_id()}.{_ENDINGS[picture.media_type]}",
        sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
        media_type=picture.media_type,
        size=len(picture.data),
        url_id=None,
        created_by=actor.user_id or "",
        created_ms=deps.clock_ms(),
    )
    database, tenant = deps.database, actor.tenant
    await database.write(lambda tx: pictures.begin(tx, tenant, stored))
    await deps.shelf.put(tenant, stored.id, picture.data)
    await database.write(lambda tx: pictures.finish(tx, tenant, stored.id))
    return PictureStored(
        status="success",
        src=src(tenant, stored.id),
        width=stored.width,
        height=stored.height,
        sha256=stored.sha256,
    )


async def find_picture(deps: Deps, actor: Actor, picture: str) -> StoredPicture:
    """A picture by the last part of its path; that of a board only for who may see the board.

    Raises:
        Refusal: 401 or 403, not for this actor; 404, there is none.
    """

    def read(connection: Connection) -> StoredPicture:
        found = pictures.find(connection, actor.tenant, picture)
        if found is None:
            raise UnknownRefusal("picture")
        board = None if found.url_id is None else boards.find(connection, actor.tenant, found.url_id)
        if board is not None and not pages.sees(actor, board):
            raise page_hidden(actor)
        return found

    return await deps.database.read(read)


async def picture_bytes(deps: Deps, tenant: str, picture: StoredPicture) -> AsyncIterator[bytes]:
    """The bytes of a picture that ``find_picture`` found, part by part.

    Raises:
        ShelfAwayError: They cannot be had now.
    """
    return await deps.shelf.open(tenant, picture)


def src(tenant: str, picture: str) -> str:
    """The path of a picture: the same by every name of the host."""
    return f"{PICTURE_FILES}/{quote(tenant, safe='')}/{picture}"


def picture_id(path: str) -> str:
    """The last part of a picture's path."""
    return unquote(path.rpartition("/")[2])
