"""Which server a command means, and who the person is there: a configured one, one that a link names, or the local one.

A person without a session gets an anonymous one, which is kept, so that they can change tomorrow what they wrote today.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from imagechat_tui.client import signin
from imagechat_tui.client.address import BoardLink
from imagechat_tui.client.credentials import Credentials, Kept
from imagechat_tui.client.exchange import Exchange, Identity, Wake
from imagechat_tui.client.local import LocalServer
from imagechat_tui.client.server import Server, query, server_at
from imagechat_tui.client.traffic import Traffic
from imagechat_tui.client.verdicts import send, understood
from imagechat_tui.client.work import Told, nobody
from imagechat_tui.errors import NotAllowedError, UsageError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import paths, replies
from imagechat_tui.protocol.sso import sign


class Place(Struct, frozen=True, kw_only=True):
    """Where boards are, as this person configured it."""

    data: Path
    """The folder of the local server."""
    state: Path
    """The folder of sessions."""
    server: Server | None = None
    """``None``: the local server, started when needed."""
    tenant: str | None = None
    """``None``: that of the latest sign-in at the server."""
    ca: Path | None = None
    """Trusted as well, for servers that links name."""
    insecure_transport: bool = False
    """Servers that links name may be asked without encryption."""
    compress: bool = False
    """Compress live frames: for thin links."""
    api_key: str | None = None
    """The secret of ``tenant`` at ``server``; nobody else is shown it."""

    def __repr__(self) -> str:
        return f"Place(server={self.server!r}, tenant={self.tenant!r})"


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrival:
    """A server that answered, and who this person is there."""

    exchange: Exchange
    tenant: str
    kept: Kept
    wake: Wake | None = None
    api_key: str | None = field(default=None, repr=False)
    """The tenant's secret, where this person has it."""

    @property
    def server(self) -> Server:
        """The server."""
        return self.exchange.server


async def arrive(place: Place, *, nameless: bool = True, told: Told = nobody) -> Arrival:
    """The configured server, or the local one.

    Without ``nameless`` a person who is not signed in is refused before a session is opened for them. ``told`` hears
    when the local one has to be started.

    Raises:
        UsageError: Nobody named a tenant of the configured server.
        UserError: The local server cannot be started.
        NotAllowedError: The server takes no anonymous visitors, or the caller wants none.
        ServerError: No answer.
    """
    if place.server is None:
        return await _arrive_locally(place, told)
    kept = Credentials(place.state).of(place.server.key, place.tenant)
    tenant = place.tenant or (kept.tenant if kept else None)
    if tenant is None:
        raise UsageError(
            _("Sign in at {server} first (`imagechat login`), or name a tenant: --tenant.").format(
                server=place.server.base_url
            )
        )
    if not nameless and (kept is None or not kept.named):
        await _check_server(place.server, tenant)
        raise not_signed_in(place.server)
    return await _known_or_anonymous(place, place.server, tenant, kept)


def not_signed_in(server: Server) -> NotAllowedError:
    """The refusal of a visitor who would put a picture on a server."""
    return NotAllowedError(
        _("Only people who are signed in put pictures on {server}: sign in with `imagechat login`.").format(
            server=server.base_url
        )
    )


async def arrive_by_link(link: BoardLink, place: Place) -> Arrival:
    """The server that a link names.

    Raises:
        UsageError: It would be asked without encryption.
        NotAllowedError: It takes no anonymous visitors.
        ServerError: No answer.
    """
    server = server_at(link.server, ca=place.ca, insecure_transport=place.insecure_transport)
    kept = Credentials(place.state).of(server.key, link.tenant)
    return await _known_or_anonymous(place, server, link.tenant, kept)


def shared_place(place: Place) -> Place:
    """The place with a server that others can reach: the configured one, else that of the latest sign-in.

    Raises:
        UsageError: There is none.
    """
    if place.server is not None:
        return place
    kept = Credentials(place.state).latest_named()
    if kept is None:
        raise UsageError(_("Sharing needs a server that others can reach: name one with --server, or sign in first."))
    server = server_at(kept.server, ca=place.ca, insecure_transport=place.insecure_transport)
    return replace(place, server=server, tenant=place.tenant or kept.tenant)


async def _check_server(server: Server, tenant: str) -> None:
    """That the server answers and has this tenant comes before anything that is wrong with the person."""
    exchange = Exchange(server, identity=Identity())
    try:
        answer = await send(exchange, "GET", paths.image_chats(tenant) + query(urlId=server.base_url))
        understood(answer, replies.ImageChats, server)
    finally:
        await exchange.close()


async def _known_or_anonymous(place: Place, server: Server, tenant: str, kept: Kept | None) -> Arrival:
    exchange = Exchange(server, identity=signin.identity_of(kept), traffic=Traffic())
    try:
        # A session with a name that is over is not replaced: the person has to know, and to sign in again.
        if kept is None or (not kept.named and await _is_over(exchange, kept)):
            exchange.with_identity(Identity())
            kept = await signin.open_session(exchange, tenant)
            Credentials(place.state).keep(kept)
            exchange.with_identity(signin.identity_of(kept))
    except BaseException:
        await exchange.close()
        raise
    named = place.server is not None and (place.server.key, place.tenant) == (server.key, tenant)
    return Arrival(exchange=exchange, tenant=tenant, kept=kept, api_key=place.api_key if named else None)


async def _arrive_locally(place: Place, told: Told) -> Arrival:
    local = LocalServer(place.data, told=told)
    found = await local.find_or_start()
    # From here on it is brought back in the background.
    local.told = nobody
    credentials = Credentials(place.state)
    kept = credentials.of(found.server.key, found.tenant)
    exchange = Exchange(found.server, identity=signin.identity_of(kept), traffic=Traffic(), wake=local.wake)
    try:
        if kept is None or await _is_over(exchange, kept):
            exchange.with_identity(Identity())
            sso = sign(signin.this_user(), secret=found.secret, now_ms=time.time_ns() // 1_000_000)
            kept = await signin.open_session(exchange, found.tenant, sso=sso)
            credentials.keep(kept)
            exchange.with_identity(signin.identity_of(kept))
    except BaseException:
        await exchange.close()
        raise
    return Arrival(exchange=exchange, tenant=found.tenant, kept=kept, wake=local.wake, api_key=found.secret)


async def _is_over(exchange: Exchange, kept: Kept) -> bool:
    """Whether a kept session no longer opens anything; what a plain host was given once is never over."""
    return kept.token is not None and await signin.who_am_i(exchange) is None
