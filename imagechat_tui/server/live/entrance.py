"""What all live sockets of a server share: the gate, the hub, the keep-alive, and how many may come in."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable

from msgspec import Struct

from imagechat_tui.server.auth.proxies import counted_as, proxies
from imagechat_tui.server.hub import Hub
from imagechat_tui.server.live.gate import Admission, Gate, Knock, Rejection
from imagechat_tui.server.live.pulse import Pulse

logger = logging.getLogger(__name__)


class LiveSettings(Struct, frozen=True, kw_only=True):
    """How the live socket behaves."""

    beat_seconds: float = 6.0
    """Between two looks at a peer. Who was silent since the last one is pinged, who was silent since the ping gets a
    farewell of ``close_seconds``: a dead peer is gone within 20 s, as it notices the same of this side."""
    sockets: int = 20_000
    """Most connections at once, those included that wait for their admission."""
    sockets_per_address: int = 2_000
    """The same for one address; loopback, where a proxy may sit, is not counted."""
    sockets_per_user: int = 32
    trusted_proxies: tuple[str, ...] = ()
    """Whose ``X-Forwarded-For`` is believed."""
    admit_seconds: float = 10.0
    """The database's time for saying who somebody is."""
    close_seconds: float = 2.0
    """A peer's time for answering a goodbye."""
    restart_spread_seconds: float = 5.0
    """Clients are told to come back within so many seconds after a restart."""
    retry_after_seconds: int = 5
    """For callers who are turned away because the server is full or busy."""
    inbound_bytes: int = 64 * 1024
    """What a client may send between two beats; it has nothing to say."""
    control_bytes: int = 1024 * 1024
    """Most unsent bytes while a client still wants answers to its pings."""


class Entrance:
    """Where sockets come in."""

    def __init__(
        self, *, hub: Hub, gate: Gate, host_allowed: Callable[[str], bool], settings: LiveSettings | None = None
    ) -> None:
        """``host_allowed`` says whether this server answers to a value of ``Host``."""
        self.hub = hub
        self.host_allowed = host_allowed
        self.settings = settings or LiveSettings()
        self.pulse = Pulse(interval=self.settings.beat_seconds)
        self._gate = gate
        self._sockets = 0
        self._by_address: Counter[str] = Counter()
        self._proxies = proxies(self.settings.trusted_proxies)

    def came(self) -> None:
        """One connection more."""
        self._sockets += 1

    def caller(self, peer: str | None, forwarded: Iterable[str]) -> str | None:
        """The name that a connection is counted by from now on; ``went`` takes it back."""
        address = counted_as(self._proxies.caller(peer, forwarded))
        if address is not None:
            self._by_address[address] += 1
        return address

    def went(self, address: str | None) -> None:
        """One connection less."""
        self._sockets -= 1
        if address is not None:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    def crowded(self, address: str | None) -> Rejection | None:
        """Why a connection that has come is one too many; ``None`` when it is not."""
        if self.hub.closing:
            return Rejection(status=503, reason="The server is restarting.")
        if self._sockets > self.settings.sockets:
            return Rejection(status=503, reason="The server is full.")
        if address is not None and self._by_address[address] > self.settings.sockets_per_address:
            return Rejection(status=429, reason="Too many connections from this address.")
        return None

    async def ask(self, knock: Knock) -> Admission | Rejection:
        """Whether the caller may look; a gate that fails or takes too long is a busy server."""
        try:
            async with asyncio.timeout(self.settings.admit_seconds):
                answer = await self._gate.admit(knock)
        except TimeoutError:
            return Rejection(status=503, reason="The server is busy.")
        except Exception:
            logger.exception("a live socket could not be admitted")
            return Rejection(status=503, reason="The server is busy.")
        if isinstance(answer, Admission) and answer.actor.user_id is not None:
            open_already = self.hub.sockets_of(answer.actor.tenant, answer.actor.user_id)
            if open_already >= self.settings.sockets_per_user:
                return Rejection(status=429, reason="Too many connections of this user.")
        return answer
