"""Which server, and how it may be reached: one value that cannot be made against the transport rule.

Everything that leaves the machine is encrypted unless the person said otherwise. Never opens a connection.
"""

import ipaddress
import ssl
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
from msgspec import Struct

from imagechat_tui import plain
from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _

_LOCAL_NAME = "http://localhost"


class Server(Struct, frozen=True, kw_only=True):
    """A server's origin and the way to it.

    Raises:
        UsageError: The address is none, or would carry everything in the clear to another machine.
    """

    base_url: str
    """Scheme, host and port; no path."""
    uds: Path | None = None
    """The Unix socket of the local server; ``base_url`` is only its name then."""
    ca: Path | None = None
    """A certificate authority to trust as well (PEM)."""
    insecure_transport: bool = False
    """The person accepts ``http://`` and ``ws://`` to another machine."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        clear = parts.scheme == "http" and self.uds is None and not is_loopback(parts.hostname or "")
        if clear and not self.insecure_transport:
            raise UsageError(
                _(
                    "{name} would send everything unencrypted: use https://, or allow it with --insecure-transport."
                ).format(name=plain.line(self.base_url, most=200))
            )

    @property
    def loopback(self) -> bool:
        """Nothing leaves this machine."""
        return self.uds is not None or is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def live_url(self) -> str:
        """The origin for the live socket."""
        return "ws" + self.base_url.removeprefix("http")

    @property
    def key(self) -> str:
        """What a session of this server is filed under."""
        return f"unix:{self.uds}" if self.uds else self.base_url

    def tls(self) -> ssl.SSLContext | None:
        """What is trusted: the system's and the bundled authorities, and ``ca``; ``None`` where nothing is encrypted.

        Raises:
            UsageError: ``ca`` cannot be read.
        """
        if not self.base_url.startswith("https://"):
            return None
        context = httpx.create_ssl_context()
        context.load_default_certs()
        if self.ca is not None:
            try:
                context.load_verify_locations(cafile=self.ca)
            except (OSError, ssl.SSLError) as problem:
                raise UsageError(
                    _("--ca {ca}: this is no readable certificate file ({problem}).").format(
                        ca=self.ca, problem=problem
                    )
                ) from None
        return context


def server_at(url: str, *, ca: Path | None = None, insecure_transport: bool = False) -> Server:
    """The server of an address that a person typed or a link named; a path after the host is refused.

    Raises:
        UsageError: It is no address of a server, or it breaks the transport rule.
    """
    shown = plain.line(url, most=200)
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise UsageError(
            _("{shown} is not an address: write it like https://pins.example.").format(shown=shown)
        ) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(
            _("{shown} is not the address of a server: write it like https://pins.example.").format(shown=shown)
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(_("A server's address must not carry a name or password: use `imagechat login`."))
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise UsageError(
            _("{shown} goes beyond the host: a server is named like https://pins.example.").format(shown=shown)
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, default} else "")
    return Server(base_url=origin, ca=ca, insecure_transport=insecure_transport)


def local_server(uds: Path) -> Server:
    """The server behind a Unix socket of this machine."""
    return Server(base_url=_LOCAL_NAME, uds=uds)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name: ``localhost``, 127.0.0.0/8, ``::1``."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def query(**values: str | float | None) -> str:
    """A query string with its question mark; ``None`` is left out; every byte that could mean something is quoted."""
    pairs = [
        f"{quote(key, safe='')}={quote(str(value), safe='')}" for key, value in values.items() if value is not None
    ]
    return "?" + "&".join(pairs) if pairs else ""
