"""From IMAGE to an open board: loads the picture, finds server and identity, and joins everything into a runner.

Also shares a picture. Every way in which that can fail is one sentence; nothing is shown, and nothing runs yet.
"""

import dataclasses
import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, Final, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from imagechat_tui import plain
from imagechat_tui.client import pictures
from imagechat_tui.client.address import BoardLink, read_address
from imagechat_tui.client.arriving import Arrival, Place, arrive, arrive_by_link, not_signed_in, shared_place
from imagechat_tui.client.channels import Channels
from imagechat_tui.client.live import WebSockets
from imagechat_tui.client.pictures import Loaded
from imagechat_tui.client.rest import Rest
from imagechat_tui.client.runner import Runner
from imagechat_tui.client.server import query
from imagechat_tui.client.trace import Chance
from imagechat_tui.client.usage import UsageReader
from imagechat_tui.client.verdicts import refused, send, understood
from imagechat_tui.client.work import Told, Work, nobody
from imagechat_tui.core.session import Session
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.errors import NotAllowedError, UsageError, UserError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import codec, paths, replies, requests
from imagechat_tui.protocol.limits import URL_ID_CHARACTERS
from imagechat_tui.protocol.models import Image

Visibility = Literal["link", "tenant", "groups"]

_TITLE_CHARACTERS: Final = 200
_FORBIDDEN: Final = 403
# 64 random bits tell one person's operations of a day apart, and a server looks before it names things after them.
_ID_BYTES: Final = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenedBoard:
    """A board that is about to run."""

    runner: Runner
    """Not running yet."""
    picture: bytes | None = field(repr=False)
    """What the board shows; ``None`` when it has no picture."""
    title: str
    """Foreign text."""
    notices: tuple[str, ...]
    """Sentences for the person."""
    link: str | None
    """What to give to others; ``None`` for a board that only this machine can reach."""
    usage: UsageReader
    """What the board's tenant uses, if this person may know."""
    key: str
    """Tells the board from all others, also after a restart."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Board:
    """What a session is made of."""

    url_id: str
    title: str
    src: str | None
    picture: bytes | None = field(repr=False)
    link: str | None = None
    notices: tuple[str, ...] = ()


async def open_board(
    target: str,
    *,
    place: Place,
    url_id: str | None = None,
    settings: SessionSettings | None = None,
    stdin: BinaryIO | None = None,
    told: Told = nobody,
) -> OpenedBoard:
    """The board of a picture or of a link.

    Args:
        target: A file, a picture's http(s) address, ``-``, or a link to a board.
        place: Server, identity and folders.
        url_id: The board's key, in place of the one that is made of the picture's place.
        settings: What the person decided about reading and replying.
        stdin: Where ``-`` is read from; the process's own by default.
        told: How far it is. Ended before ``Work.SETTING_UP``, it has made and changed no board.

    Raises:
        UserError: The target, the picture or a setting is wrong.
        ServerError: The server, or the picture's host, failed or refused.
    """
    address = read_address(target)
    if url_id is not None and len(url_id) > URL_ID_CHARACTERS:
        raise UsageError(_("--url-id is longer than {most} characters.").format(most=URL_ID_CHARACTERS))
    if isinstance(address, BoardLink):
        if url_id is not None:
            raise UsageError(_("A link names its board by itself: leave --url-id away."))
        arrival = await arrive_by_link(address, place)
        try:
            board = await _linked(arrival, address, told)
        except BaseException:
            await arrival.exchange.close()
            raise
    else:
        loaded = await pictures.load(address, stdin=stdin, ca=place.ca, told=told)
        arrival = await arrive(place, told=told)
        try:
            board = await _pictured(arrival, loaded, url_id=url_id or loaded.key, told=told)
        except BaseException:
            await arrival.exchange.close()
            raise
    return _opened(arrival, board, settings=settings or SessionSettings(), compress=place.compress)


async def share(
    target: str,
    *,
    place: Place,
    visibility: Visibility = "link",
    groups: Sequence[str] | None = None,
    stdin: BinaryIO | None = None,
    told: Told = nobody,
) -> str:
    """Upload a picture as a new board and return the link to it; ``told`` hears how far it is, as ``open_board``'s.

    Raises:
        UsageError: No server is known, or the target is a link already.
        UserError, ServerError: As ``open_board``.
    """
    address = read_address(target)
    if isinstance(address, BoardLink):
        raise UsageError(_("This is a link to a board already: pass it on as it is."))
    place = shared_place(place)
    loaded = await pictures.load(address, stdin=stdin, ca=place.ca, told=told)
    arrival = await arrive(place, nameless=False)
    try:
        stored = await pictures.upload(arrival.exchange, arrival.tenant, loaded, told=told)
        told(Work.SETTING_UP, 0, 0)
        put = await _put(arrival, loaded, stored.src, url_id=None, visibility=visibility, groups=groups)
    finally:
        await arrival.exchange.close()
    return arrival.server.base_url + put.link


def new_id() -> str:
    """The identity of one operation."""
    return secrets.token_urlsafe(_ID_BYTES)


async def _linked(arrival: Arrival, link: BoardLink, told: Told) -> _Board:
    """The board behind a link, with its picture."""
    path = paths.board_link(link.tenant, link.token)
    answer = await send(arrival.exchange, "GET", path)
    if answer.status == _FORBIDDEN:
        raise NotAllowedError(
            _("This board is not open to you: ask for an invitation, and sign in with `imagechat login`.")
        )
    info = understood(answer, replies.BoardLinkInfo, arrival.server)
    picture = await _fetch(arrival, info.image, info.url_id, told) if info.image else None
    return _Board(
        url_id=info.url_id,
        title=info.title,
        src=info.image.src if info.image else None,
        picture=picture,
        link=arrival.server.base_url + path,
    )


async def _pictured(arrival: Arrival, loaded: Loaded, *, url_id: str, told: Told) -> _Board:
    """The board of a loaded picture: found, made, or brought to a new version."""
    path = paths.image_chats(arrival.tenant) + query(urlId=url_id, sso=arrival.exchange.identity.sso)
    answer = await send(arrival.exchange, "GET", path)
    chats = understood(answer, replies.ImageChats, arrival.server)
    board = _Board(url_id=url_id, title=loaded.title, src=None, picture=loaded.data, notices=loaded.notices)
    if chats.imagechat is None:
        return _on_plain_host(board, src=loaded.key)
    image = chats.imagechat.image
    if image is not None and image.sha256 == loaded.sha256:
        shared = None if arrival.server.uds else chats.imagechat.link
        link = None if shared is None else arrival.server.base_url + shared
        return dataclasses.replace(board, src=image.src, link=link)
    try:
        return await _new_version(arrival, loaded, board, earlier=image, told=told)
    except NotAllowedError:
        if image is None:
            raise
        notice = _("Your picture differs from that of the board, which only its creator can change: theirs is shown.")
        theirs = await _fetch(arrival, image, board.url_id, told)
        return dataclasses.replace(board, src=image.src, picture=theirs, notices=(*board.notices, notice))


async def _new_version(arrival: Arrival, loaded: Loaded, board: _Board, *, earlier: Image | None, told: Told) -> _Board:
    _check_named(arrival)
    stored = await pictures.upload(arrival.exchange, arrival.tenant, loaded, told=told)
    told(Work.SETTING_UP, 0, 0)
    # A key that can be guessed is not enough to see what somebody opened at a server that others use as well.
    # What its creator decided about a board that is there already stays.
    visibility: Visibility | UnsetType = "link" if arrival.server.uds else "tenant"
    if earlier is not None:
        visibility = UNSET
    put = await _put(arrival, loaded, stored.src, url_id=board.url_id, visibility=visibility)
    link = None if arrival.server.uds else arrival.server.base_url + put.link
    notices = board.notices
    if earlier is not None:
        notices = (
            *notices,
            _("The picture has changed since it was opened last: its markers now stand on the new one."),
        )
    return dataclasses.replace(board, src=put.src or stored.src, link=link, notices=notices)


def _check_named(arrival: Arrival) -> None:
    """Spare a visitor the upload that would be refused."""
    if not arrival.kept.named:
        raise not_signed_in(arrival.server)


def _on_plain_host(board: _Board, *, src: str) -> _Board:
    """A host of the contract only keeps no pictures: the board's is the one on the web."""
    if not src.startswith(("http://", "https://")):
        raise UserError(_("This server keeps no pictures: open the picture by its address on the web."))
    return dataclasses.replace(board, src=src)


async def _put(
    arrival: Arrival,
    loaded: Loaded,
    src: str,
    *,
    url_id: str | None,
    visibility: Visibility | UnsetType,
    groups: Sequence[str] | None = None,
) -> replies.BoardPut:
    board = requests.PutBoard(
        title=plain.line(loaded.title, most=_TITLE_CHARACTERS),
        src=src,
        broadcast_id=new_id(),
        url_id=url_id,
        visibility=visibility,
        groups=list(groups) if groups is not None else None,
    )
    answer = await send(arrival.exchange, "PUT", paths.boards(arrival.tenant), body=codec.encode(board))
    if not answer.ok:
        raise refused(answer, arrival.server)
    return understood(answer, replies.BoardPut, arrival.server)


async def _fetch(arrival: Arrival, image: Image, url_id: str, told: Told) -> bytes:
    told(Work.LOADING, 0, 0)
    rest = Rest(arrival.exchange, tenant=arrival.tenant, url_id=url_id)
    return await rest.fetch_picture(image.src, told=partial(told, Work.LOADING))


def _opened(arrival: Arrival, board: _Board, *, settings: SessionSettings, compress: bool) -> OpenedBoard:
    channels, exchange = Channels(), arrival.exchange
    chance = Chance(new_id=new_id, random=random.random)
    session = Session(
        tenant=arrival.tenant,
        url_id=board.url_id,
        src=board.src,
        settings=replace(settings, page_title=settings.page_title or plain.line(board.title, most=_TITLE_CHARACTERS)),
        new_id=chance.new_id,
        random=chance.random,
        wall_ms=_wall_ms,
    )
    rest = Rest(exchange, tenant=arrival.tenant, url_id=board.url_id, name=arrival.kept.name, channels=channels)
    live = WebSockets(
        exchange.server, channels=channels, traffic=exchange.traffic, wake=arrival.wake, compress=compress
    )
    runner = Runner(session, api=rest, live=live, traffic=exchange.traffic, chance=chance)
    if board.src is not None and board.picture is not None:
        runner.keep_picture(board.src, board.picture)
    usage = UsageReader(exchange.server, arrival.tenant, kept=arrival.kept, api_key=arrival.api_key)
    return OpenedBoard(
        runner=runner,
        picture=board.picture,
        title=board.title,
        notices=board.notices,
        link=board.link,
        usage=usage,
        key=f"{exchange.server.key} {arrival.tenant} {board.url_id}",
    )


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
