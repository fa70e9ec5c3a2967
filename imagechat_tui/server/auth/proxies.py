"""Where a caller is, as far as limits are concerned, when proxies stand between; pure functions over foreign text.

``X-Forwarded-For`` is believed only from the proxies that the operator named, read from the right: what stands left of
the first address that is none of them was written by the caller.
"""

import ipaddress
from collections.abc import Iterable
from functools import cache
from typing import Final

from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _

_NETWORK_BITS_V6: Final = 64
"""One subscriber of IPv6 has this many bits of network; the rest is theirs to vary."""
_LONGEST: Final = 2_000
"""Characters of the header that are looked at, from the right."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """The proxies that are believed."""

    __slots__ = ("_networks",)

    def __init__(self, networks: Iterable[Network]) -> None:
        self._networks = tuple(networks)

    def trusts(self, peer: str | None) -> bool:
        """Whether this peer says truly who asked it, and how."""
        address = _address(peer)
        return address is not None and any(address in network for network in self._networks)

    def caller(self, peer: str | None, forwarded: Iterable[str]) -> str | None:
        """The address of who asked: that of the peer, or for a trusted one the last that none of them has.

        Args:
            peer: The other end of the connection; ``None`` on a Unix socket.
            forwarded: The values of ``X-Forwarded-For``, in the order of the request.
        """
        found = peer
        if self.trusts(peer):
            for part in reversed(", ".join(forwarded)[-_LONGEST:].split(",")):
                address = _address(part.strip())
                if address is None:
                    break
                found = str(address)
                if not self.trusts(found):
                    break
        return found


@cache
def proxies(networks: tuple[str, ...]) -> Proxies:
    """The proxies of the settings.

    Raises:
        UserError: One of them is neither an address nor a network.
    """
    try:
        return Proxies([ipaddress.ip_network(one, strict=False) for one in networks])
    except ValueError:
        raise UserError(_("trusted proxies are addresses or networks such as 10.0.0.7 or 10.0.0.0/24")) from None


def counted_as(caller: str | None) -> str | None:
    """The name that a caller's connections are counted by; ``None`` for this machine, where a proxy may sit."""
    return None if caller is None or caller in _LOOPBACK else limited_as(caller)


def limited_as(caller: str) -> str:
    """The name of a caller's token buckets: the address, or the network of an IPv6 one."""
    address = _address(caller)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _NETWORK_BITS_V6), strict=False))
    return caller if address is None else str(address)


def _address(text: str | None) -> Address | None:
    """An address, with or without brackets and port; an IPv4 address in the clothes of IPv6 is undressed."""
    if not text:
        return None
    bare = text
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
