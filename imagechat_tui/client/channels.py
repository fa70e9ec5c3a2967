"""The names a host gave for live channels, by key: the thread's socket and the log by time of a plain host need them.

Filled by the answers that ``rest`` reads, asked by ``live``; holds no connection.
"""

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from imagechat_tui.protocol.brief import Ground

# Threads opened in one session; the oldest fall back to the names that a key has by itself.
_MOST: Final = 500


class Channel(Struct, frozen=True, kw_only=True):
    """What opens one channel's socket."""

    tenant_id_ws: str
    url_id_ws: str
    user_id_ws: str


class Channels:
    """Channels by plain key (``urlId`` or ``windowUrlId``)."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Channel] = OrderedDict()
        self.ground: Ground | None = None
        """What the thread keys of the board's markers are made of, if its host said."""

    def learn(self, url_id: str, *, tenant: str | None, url: str | None, user: str | None) -> None:
        """Remember what an answer named; one without all three names teaches nothing."""
        if tenant and url and user:
            self._known[url_id] = Channel(tenant_id_ws=tenant, url_id_ws=url, user_id_ws=user)
            self._known.move_to_end(url_id)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)

    def of(self, url_id: str) -> Channel | None:
        """The channel of a key, if its host named it."""
        return self._known.get(url_id)
