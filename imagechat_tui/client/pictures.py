"""Gets the picture that a person named, safely, and brings it to a server.

Files, stdin and the web are read up to a limit; what is no picture is refused before anything is sent anywhere.
A download carries no credentials, and every redirect is checked again. Never decides which board a picture belongs to.
"""

import asyncio
import hashlib
import ipaddress
import secrets
import sys
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from imagechat_tui import plain
from imagechat_tui.client.address import FilePicture, PipedPicture, WebPicture, bytes_key
from imagechat_tui.client.exchange import USER_AGENT, Exchange, NoAnswer, announced, words_of
from imagechat_tui.client.verdicts import unanswered, understood
from imagechat_tui.client.work import Told, Work, nobody
from imagechat_tui.errors import NotAllowedError, NotFoundError, PictureError, ServerError, UnreachableError, UserError
from imagechat_tui.i18n import _
from imagechat_tui.imaging import svg
from imagechat_tui.imaging.decode import decode
from imagechat_tui.imaging.formats import sniff
from imagechat_tui.protocol import paths, replies
from imagechat_tui.protocol.limits import PICTURE_BYTES

_MOST_REDIRECTS: Final = 5
_DOWNLOAD_SECONDS: Final = 10.0
# 25 MB at 4 Mbit/s.
_UPLOAD_SECONDS: Final = 60.0
_CHUNK: Final = 256 * 1024


@dataclass(frozen=True, kw_only=True, eq=False)
class Loaded:
    """A picture at hand: checked, complete."""

    data: bytes = field(repr=False)
    """The bytes as they were found; of a drawing, its pixels as PNG."""
    title: str
    """What the board is called (foreign text)."""
    key: str
    """The key of its board."""
    notices: tuple[str, ...] = ()
    """Sentences for the person about how it was read."""

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes: how a changed picture is noticed."""
        return hashlib.sha256(self.data).hexdigest()


async def load(
    address: FilePicture | PipedPicture | WebPicture,
    *,
    stdin: BinaryIO | None = None,
    ca: Path | None = None,
    told: Told = nobody,
) -> Loaded:
    """The picture at an address.

    Args:
        address: A file, a pipe or the web.
        stdin: Where ``-`` is read from; the process's own by default.
        ca: Trust this authority as well, for a download.
        told: How far it is.

    Raises:
        PictureError: No picture, damaged, or too large.
        NotFoundError: It is not there.
        UserError: It cannot be read.
        ServerError: The web did not give it.
    """
    found = await _found(address, stdin=stdin, ca=ca, told=told)
    told(Work.READING, 0, 0)
    if sniff(found.data) == "SVG":
        found = await asyncio.to_thread(_rasterised, found)
    await asyncio.to_thread(check, found.data, found.title)
    return found


def _rasterised(found: Loaded) -> Loaded:
    """A drawing as a picture: what is shown, and what others get."""
    try:
        data = svg.to_png(found.data)
    except PictureError as problem:
        raise PictureError(f"{plain.line(found.title, most=200)}: {problem}") from problem
    note = _("The drawing was turned into pixels; what it names outside of itself is left out.")
    return replace(found, data=data, notices=(*found.notices, note))


def check(data: bytes, name: str) -> None:
    """Nothing, for a picture that can be shown.

    Raises:
        PictureError: With the name in front of what is wrong.
    """
    try:
        decode(data)
    except PictureError as problem:
        raise PictureError(f"{plain.line(name, most=200)}: {problem}") from problem


async def download(address: WebPicture, *, ca: Path | None = None, told: Told = nobody) -> Loaded:
    """The bytes behind an address that the person typed.

    Raises:
        NotFoundError: 404 or 410.
        NotAllowedError: 401 or 403: only public pictures can be opened so.
        PictureError: More than 25 MB.
        UnreachableError: No answer within 10 s.
        ServerError: Any other answer, or a redirect that is not followed.
    """
    url = address.url
    notices: tuple[str, ...] = ()
    if urlsplit(url).scheme == "http" and not await _is_inward(url):
        notices = (_("The picture came over http://: anybody on the way could have changed it."),)
    try:
        async with asyncio.timeout(_DOWNLOAD_SECONDS), _web_client(ca) as web:
            data = await _follow(web, url, told)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as problem:
        shown = plain.line(url, most=200)
        raise UnreachableError(
            _("{shown} cannot be loaded ({reason}): check the address.").format(shown=shown, reason=words_of(problem))
        ) from None
    return Loaded(data=data, title=_title(url), key=address.key, notices=notices)


async def upload(exchange: Exchange, tenant: str, picture: Loaded, *, told: Told = nobody) -> replies.PictureStored:
    """Store a picture at a server, at full size.

    Raises:
        NotAllowedError: This person may not.
        ServerError: No answer, or a refusal.
    """
    boundary = secrets.token_hex(16)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="picture"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + picture.data + f"\r\n--{boundary}--\r\n".encode()
    try:
        answer = await exchange.send(
            "POST",
            paths.pictures(tenant),
            body=body,
            kind=f"multipart/form-data; boundary={boundary}",
            timeout=_UPLOAD_SECONDS,
            told=partial(told, Work.SENDING),
        )
    except NoAnswer as silence:
        raise unanswered(silence, exchange.server) from None
    return understood(answer, replies.PictureStored, exchange.server)


async def _found(
    address: FilePicture | PipedPicture | WebPicture, *, stdin: BinaryIO | None, ca: Path | None, told: Told
) -> Loaded:
    told(Work.LOADING if isinstance(address, WebPicture) else Work.READING, 0, 0)
    match address:
        case FilePicture():
            data = await asyncio.to_thread(_read_file, address.path)
            return Loaded(data=data, title=address.path.name, key=address.key)
        case PipedPicture():
            data = await asyncio.to_thread(_read_pipe, address.path, stdin)
            return Loaded(data=data, title="stdin", key=bytes_key(data))
        case WebPicture():
            return await download(address, ca=ca, told=told)


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return _at_most(file, path.name)
    except FileNotFoundError:
        raise NotFoundError(_("There is no file {name}.").format(name=plain.line(str(path), most=300))) from None
    except OSError as problem:
        raise UserError(
            _("{name} cannot be read: {reason}.").format(name=plain.line(str(path), most=300), reason=problem.strerror)
        ) from None


def _read_pipe(path: Path | None, stdin: BinaryIO | None) -> bytes:
    if path is not None:
        return _read_file(path)
    stream = stdin or sys.stdin.buffer
    if stream.isatty():
        raise UserError(_("Nothing is piped into stdin: use it like `screenshot | imagechat open -`."))
    return _at_most(stream, "stdin")


def _at_most(stream: BinaryIO, name: str) -> bytes:
    """Everything, unless it is more than a picture may have; never more than that in memory."""
    parts: list[bytes] = []
    size = 0
    while part := stream.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > PICTURE_BYTES:
            raise _too_large(name)
    return b"".join(parts)


def _web_client(ca: Path | None) -> httpx.AsyncClient:
    context = httpx.create_ssl_context()
    context.load_default_certs()
    if ca is not None:
        context.load_verify_locations(cafile=ca)
    return httpx.AsyncClient(verify=context, timeout=None)  # noqa: S113 - `download` has the deadline


async def _follow(web: httpx.AsyncClient, url: str, told: Told) -> bytes:
    inward = await _is_inward(url)
    for _step in range(_MOST_REDIRECTS + 1):
        request = httpx.Request(
            "GET", url, headers={"User-Agent": USER_AGENT, "Accept": "image/*", "Accept-Encoding": "identity"}
        )
        response = await web.send(request, stream=True, follow_redirects=False)
        try:
            if not response.has_redirect_location:
                return await _body(response, url, told)
        finally:
            await response.aclose()
        target = urljoin(url, response.headers["Location"])
        await _check_redirect(url, target, inward=inward)
        url = target
    raise ServerError(
        _("{name} redirects too often: open the address it ends at.").format(name=plain.line(url, most=200))
    )


async def _check_redirect(url: str, target: str, *, inward: bool) -> None:
    """A redirect stays on the web, stays encrypted, and does not lead from outside into this network.

    Raises:
        ServerError: It does not.
    """
    shown = plain.line(target, most=200)
    scheme = urlsplit(target).scheme
    if scheme not in {"http", "https"}:
        raise ServerError(
            _("{name} redirects to {shown}, which is not followed.").format(name=plain.line(url, most=200), shown=shown)
        )
    if scheme == "http" and urlsplit(url).scheme == "https":
        raise ServerError(
            _("{name} redirects to the unencrypted {shown}, which is not followed.").format(
                name=plain.line(url, most=200), shown=shown
            )
        )
    if not inward and await _is_inward(target):
        raise ServerError(
            _("{name} redirects into this network ({shown}), which is not followed.").format(
                name=plain.line(url, most=200), shown=shown
            )
        )


async def _body(response: httpx.Response, url: str, told: Told) -> bytes:
    shown = plain.line(url, most=200)
    match response.status_code:
        case 200:
            pass
        case 404 | 410:
            raise NotFoundError(
                _("There is nothing at {shown} (status {status}).").format(shown=shown, status=response.status_code)
            )
        case 401 | 403:
            raise NotAllowedError(
                _("{shown} is not public: download the picture and open the file.").format(shown=shown)
            )
        case status:
            raise ServerError(_("{shown} did not give a picture (status {status}).").format(shown=shown, status=status))
    parts: list[bytes] = []
    size = 0
    of = announced(response)
    async for part in response.aiter_raw():
        parts.append(part)
        size += len(part)
        told(Work.LOADING, size, of)
        if size > PICTURE_BYTES:
            raise _too_large(_title(url))
    return b"".join(parts)


async def _is_inward(url: str) -> bool:
    """Whether an address leads to this machine or its network; an unknown name does not."""
    host = urlsplit(url).hostname or ""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    return any(not ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)


def _title(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.hostname or url


def _too_large(name: str) -> PictureError:
    most = PICTURE_BYTES // (1024 * 1024)
    return PictureError(
        _("{name}: the picture has more than {most} MB; export it smaller.").format(
            name=plain.line(name, most=200), most=most
        )
    )
