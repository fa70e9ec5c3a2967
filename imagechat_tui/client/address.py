"""Understands what a person means by IMAGE: a file, stdin, a picture's address, or a link to a board. Opens nothing."""

import hashlib
import stat
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from imagechat_tui import plain
from imagechat_tui.errors import NotFoundError, UsageError, UserError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import ids, paths
from imagechat_tui.protocol.limits import URL_ID_CHARACTERS

STDIN: Final = "-"


class FilePicture(Struct, frozen=True, kw_only=True):
    """A file of this machine."""

    path: Path
    """Absolute, without symbolic links: one file is one board, however it was reached."""

    @property
    def key(self) -> str:
        """The board's key: the same for the same place, whatever the bytes."""
        name = str(self.path).encode(errors="surrogateescape").decode(errors="backslashreplace")
        key = f"file:{name}"
        return key if len(key) <= URL_ID_CHARACTERS else f"file:sha256:{hashlib.sha256(name.encode()).hexdigest()}"


class PipedPicture(Struct, frozen=True, kw_only=True):
    """Bytes that can be read once: stdin, or a named pipe."""

    path: Path | None = None
    """``None`` is stdin."""


class WebPicture(Struct, frozen=True, kw_only=True):
    """A picture somewhere on the web."""

    url: str

    @property
    def key(self) -> str:
        """The board's key: the address without marketing parameters."""
        return ids.clean_url_id(self.url)


class BoardLink(Struct, frozen=True, kw_only=True):
    """An existing board of a server."""

    server: str
    tenant: str
    token: str


Address = FilePicture | PipedPicture | WebPicture | BoardLink


def read_address(text: str) -> Address:
    """What IMAGE means.

    Raises:
        UsageError: It is an address, but not one of a picture or a board.
        NotFoundError: There is no such file.
        UserError: It is a folder or a device.
    """
    if text == STDIN:
        return PipedPicture()
    scheme = text.partition("://")[0].lower() if "://" in text else ""
    if scheme in {"http", "https"}:
        return _read_url(text)
    if scheme == "file":
        return _read_file_url(text)
    if scheme and not Path(text).exists():
        shown = plain.line(scheme, most=20)
        raise UsageError(
            _("{shown}:// addresses cannot be opened: give a file, an http(s) address, or - for stdin.").format(
                shown=shown
            )
        )
    return _read_path(text)


def bytes_key(data: bytes) -> str:
    """The key of a board whose picture came from nowhere in particular."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _read_url(text: str) -> WebPicture | BoardLink:
    shown = plain.line(text, most=200)
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        raise UsageError(_("{shown} is not a valid address.").format(shown=shown)) from None
    if not parts.hostname:
        raise UsageError(_("{shown} names no host.").format(shown=shown))
    if parts.path.rstrip("/") == paths.INVITE:
        # The secret of the link is not repeated on the screen.
        raise UsageError(_("This is an invitation, not a picture: sign in with it first, by `imagechat login LINK`."))
    link = paths.read_board_link(text)
    if link is not None:
        return BoardLink(server=link.server, tenant=link.tenant, token=link.token)
    if parts.path.startswith(paths.OURS + "/b"):
        raise UsageError(_("{shown} is no complete link to a board: copy it again.").format(shown=shown))
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            _("An address with a name or password in it is not opened: everybody on the board would see it.")
        )
    if len(text) > URL_ID_CHARACTERS:
        raise UsageError(
            _("The address is longer than {most} characters: download the picture and open the file.").format(
                most=URL_ID_CHARACTERS
            )
        )
    return WebPicture(url=text)


def _read_file_url(text: str) -> Address:
    parts = urlsplit(text)
    if parts.netloc not in {"", "localhost"}:
        raise UsageError(
            _("{name} names a file of another machine: copy it here first.").format(name=plain.line(text, most=200))
        )
    return _read_path(unquote(parts.path))


def _read_path(text: str) -> FilePicture | PipedPicture:
    shown = plain.line(text, most=300)
    if not text:
        raise UsageError(_("No picture was named: give a file, an http(s) address, a link to a board, or - for stdin."))
    path = Path(text).expanduser() if text.startswith("~") else Path(text)
    try:
        mode = path.stat().st_mode
        real = path.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFoundError(_("There is no file {shown}.{hint}").format(shown=shown, hint=_hint(text))) from None
    except (OSError, ValueError, RuntimeError) as problem:
        reason = getattr(problem, "strerror", None) or _("the name is not valid")
        raise UserError(_("{shown} cannot be opened: {reason}.").format(shown=shown, reason=reason)) from None
    if stat.S_ISDIR(mode):
        raise UserError(_("{shown} is a folder: name a picture in it.").format(shown=shown))
    if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
        return PipedPicture(path=path)
    if not stat.S_ISREG(mode):
        raise UserError(_("{shown} is no ordinary file: name a picture.").format(shown=shown))
    return FilePicture(path=real)


def _hint(text: str) -> str:
    """An address without its scheme looks like a path."""
    host, slash, rest = text.partition("/")
    if text.startswith(("http:", "https:")):
        return _(" An address begins with https:// (two slashes).")
    if slash and rest and "." in host.strip("."):
        return _(" Did you mean https://{name} ?").format(name=plain.line(text, most=200))
    return ""
