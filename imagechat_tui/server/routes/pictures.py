"""Pictures in and out: uploads are streamed to a file, decoded by a worker, kept as pixels only; fetches nothing."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from functools import partial
from typing import Final

from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from imagechat_tui.protocol import limits, paths
from imagechat_tui.protocol.models import MediaAsset
from imagechat_tui.protocol.replies import PictureStored, Uploaded
from imagechat_tui.server.actions import hosting, pages
from imagechat_tui.server.actions.hosting import Encoded
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.permissions import Action
from imagechat_tui.server.routes.answering import Answer
from imagechat_tui.server.routes.asking import Asked, too_large, too_slow
from imagechat_tui.server.routes.endpoint import Entry
from imagechat_tui.server.routes.reencoding import Made, Reencoder

_FRAME_BYTES: Final = 64 * 1024
"""What a multipart body may have around its file."""
_UPLOAD_SECONDS: Final = 300.0
_SIDES: Final = {"Default": (1_000,), "CrossPlatform": (1_000, 640, 320)}
"""Longest sides in pixels of the contract's presets."""
_HEADERS: Final = (
    (b"cache-control", b"private, max-age=31536000, immutable"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)


async def upload_picture(reencoder: Reencoder, asked: Asked) -> PictureStored:
    """A picture at full size, for a board."""
    actor = await asked.actor(await asked.tenant())
    pages.require(actor, Action.UPLOAD_PICTURE)  # Before anything of it is read or decoded.
    with reencoder.place(asked.address):
        data = await _file(asked, actor)
        made = await reencoder.reencode(data)
        return await hosting.store_picture(asked.deps, actor, _encoded(made[0], data), action=Action.UPLOAD_PICTURE)


async def upload_image(reencoder: Reencoder, asked: Asked) -> Uploaded:
    """A picture of a comment, made smaller by the contract's presets. The contract lets everybody upload."""
    preset = asked.query.one_of("sizePreset", tuple(_SIDES)) or "Default"
    actor = await asked.actor(await asked.tenant())
    media: list[MediaAsset] = []
    with reencoder.place(asked.address):
        data = await _file(asked, actor)
        for one in await reencoder.reencode(data, sides=_SIDES[preset]):
            stored = await hosting.store_picture(asked.deps, actor, _encoded(one, data), action=Action.UPLOAD_IMAGE)
            media.append(MediaAsset(w=one.width, h=one.height, src=_address(asked, stored.src)))
    if preset == "Default":
        return Uploaded(status="success", url=media[0].src)
    return Uploaded(status="success", media=media)


async def fetch(asked: Asked) -> Answer:
    """The bytes of a picture."""
    actor = await asked.actor(await asked.tenant())
    found = await hosting.find_picture(asked.deps, actor, asked.path("picture"))
    return Answer(
        body=b"",
        media_type=found.media_type.encode(),
        headers=_HEADERS,
        stream=await hosting.picture_bytes(asked.deps, actor.tenant, found),
        size=found.size,
    )


async def _file(asked: Asked, actor: Actor) -> bytes:
    """The one file of a multipart body.

    Raises:
        Refusal: 400, there is none; 413, it is too large; 415, it is no multipart body.
        TooOftenError: This caller uploaded too often.
    """
    await asked.limit("upload", asked.deps.settings.limits.uploads, actor)
    await asked.limit_tenant(actor.tenant)
    said = asked.header("content-type") or ""
    if not said.lower().startswith("multipart/form-data"):
        raise Refusal(415, "invalid-input", "The body has to be multipart/form-data with a file.")
    chunks = asked.chunks(most=limits.PICTURE_BYTES + _FRAME_BYTES)
    try:
        async with asyncio.timeout(_UPLOAD_SECONDS):
            data = await _first_file(said, chunks)
    except TimeoutError:
        raise too_slow() from None
    except (MultiPartException, FormParserError, KeyError, ValueError):
        raise Refusal(400, "invalid-input", "The multipart body is broken, or has no file.") from None
    if len(data) > limits.PICTURE_BYTES:
        raise too_large(limits.PICTURE_BYTES)
    return data


async def _first_file(content_type: str, chunks: AsyncGenerator[bytes, None]) -> bytes:
    headers = Headers({"content-type": content_type})
    form = await MultiPartParser(headers, chunks, max_files=1, max_fields=8, max_part_size=_FRAME_BYTES).parse()
    try:
        found = next((value for _, value in form.multi_items() if isinstance(value, UploadFile)), None)
        if found is None:
            raise ValueError("no file")
        return await found.read()
    finally:
        await form.close()


def _encoded(made: Made, uploaded: bytes) -> Encoded:
    return Encoded(
        data=made.png,
        media_type="image/png",
        width=made.width,
        height=made.height,
        sha256=hashlib.sha256(uploaded).hexdigest(),
    )


def _address(asked: Asked, path: str) -> str:
    """The whole address, because published clients put it into comments as it is."""
    scheme = "https" if asked.encrypted else "http"
    return f"{scheme}://{asked.header('host')}{path}"


def entries(reencoder: Reencoder) -> tuple[Entry, ...]:
    """The routes, with the workers that decode for them."""
    return (
        Entry(method="POST", path=f"{paths.OURS}/pictures/{{tenant}}", handler=partial(upload_picture, reencoder)),
        Entry(method="POST", path="/upload-image/{tenant}", handler=partial(upload_image, reencoder)),
        Entry(method="GET", path=f"{paths.PICTURE_FILES}/{{tenant}}/{{picture}}", handler=fetch),
    )
