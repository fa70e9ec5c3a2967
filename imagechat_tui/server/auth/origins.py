"""Which names this server answers to, and which pages are its own; pure functions over headers.

A loopback server answers to loopback names only, so that no page of the web can reach it under a name of its own (DNS
rebinding).
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from imagechat_tui.server.settings import Settings

_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DEFAULT_PORTS: Final = (":80", ":443")


def host_rule(settings: Settings) -> Callable[[str], bool]:
    """Whether this server answers to a value of ``Host`` (with or without a port)."""
    named = frozenset(name.lower() for name in settings.allowed_hosts)
    if not settings.loopback and not named:
        return lambda _host: True
    allowed = named | _LOOPBACK_NAMES

    def answers(host: str) -> bool:
        name = host.lower()
        return name in allowed or _without_port(name) in allowed

    return answers


def same_origin(origin: str, host: str) -> bool:
    """Whether ``Origin`` names the very host that was asked; ``null`` names nobody."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and _bare(parts.netloc) == _bare(host)


def _without_port(host: str) -> str:
    head, colon, port = host.rpartition(":")
    return head if colon and port.isascii() and port.isdecimal() else host


def _bare(netloc: str) -> str:
    """Lower case, without the ports that browsers leave out."""
    name = netloc.lower()
    for port in _DEFAULT_PORTS:
        name = name.removesuffix(port)
    return name
