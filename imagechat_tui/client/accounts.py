"""Signing in and out as commands do it: an exchange with a server, and what is kept of it between runs."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from msgspec import Struct

from imagechat_tui.client import signin
from imagechat_tui.client.credentials import Credentials, Kept
from imagechat_tui.client.exchange import Exchange, Identity
from imagechat_tui.client.server import Server, server_at
from imagechat_tui.errors import NotAllowedError, UsageError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import paths, replies


class Account(Struct, frozen=True, kw_only=True):
    """Who this person is at a server, as the server says now."""

    kept: Kept
    who: replies.WhoAmI | None
    """``None`` when the session is over, and at a plain host, which cannot be asked."""


async def login(link: str, *, state: Path, ca: Path | None = None, insecure_transport: bool = False) -> Kept:
    """Redeem an invitation and keep the session in the folder ``state``.

    Raises:
        UsageError: It is no invitation, or its server would be asked without encryption.
        NotAllowedError: It was used before, or is too old.
        ServerError: No answer.
    """
    invitation = paths.read_invitation(link.strip())
    if invitation is None:
        raise UsageError(
            _("This is no invitation: its link ends in /imagechat/v1/invite# and a secret. Copy it whole.")
        )
    server = server_at(invitation.server, ca=ca, insecure_transport=insecure_transport)
    async with asking(server) as exchange:
        kept = await signin.redeem(exchange, invitation.secret)
    Credentials(state).keep(kept)
    return kept


async def login_with_file(server: Server, path: Path, *, tenant: str | None, state: Path) -> Kept:
    """Exchange the payload of a sign-in file and keep the session in the folder ``state``.

    Args:
        server: Where.
        path: A file that ``signin.read_sso_file`` understands.
        tenant: The tenant; the file may name it instead.
        state: The folder of sessions.

    Raises:
        UsageError: Nobody named a tenant.
        NotAllowedError: The payload is not accepted.
        UserError, ServerError: See ``signin``.
    """
    found = signin.read_sso_file(path)
    tenant = tenant or found.tenant
    if tenant is None:
        raise UsageError(_("Which tenant? Name it with --tenant."))
    async with asking(server) as exchange:
        kept = await signin.open_session(exchange, tenant, sso=found.payload)
        if not kept.named:
            exchange.with_identity(signin.identity_of(kept))
            await signin.sign_out(exchange)
            raise NotAllowedError(_("{path} names nobody: it needs an id, an email and a username.").format(path=path))
    Credentials(state).keep(kept)
    return kept


async def logout(
    *, state: Path, server: Server | None = None, ca: Path | None = None, insecure_transport: bool = False
) -> Kept | None:
    """End the latest session, at one server or anywhere, and forget it; ``None`` when there is none.

    It is forgotten here even if the server does not answer.

    Raises:
        ServerError: No answer: the session may still be open there.
    """
    credentials = Credentials(state)
    kept = credentials.of(server.key) if server else credentials.latest_named()
    if kept is None:
        return None
    credentials.forget(kept)
    if kept.token is not None:
        where = server or server_at(kept.server, ca=ca, insecure_transport=insecure_transport)
        async with asking(where, kept) as exchange:
            await signin.sign_out(exchange)
    return kept


async def whoami(
    *, state: Path, server: Server | None = None, ca: Path | None = None, insecure_transport: bool = False
) -> Account | None:
    """The latest session, at one server or anywhere, and whom it belongs to; ``None`` when there is none.

    Raises:
        ServerError: No answer.
    """
    credentials = Credentials(state)
    kept = credentials.of(server.key) if server else credentials.latest_named()
    if kept is None or kept.token is None:
        return Account(kept=kept, who=None) if kept else None
    where = server or server_at(kept.server, ca=ca, insecure_transport=insecure_transport)
    async with asking(where, kept) as exchange:
        return Account(kept=kept, who=await signin.who_am_i(exchange))


@contextlib.asynccontextmanager
async def asking(server: Server, kept: Kept | None = None, *, api_key: str | None = None) -> AsyncIterator[Exchange]:
    """An exchange for one command, as the person of ``kept`` or with a tenant's secret, closed at its end."""
    exchange = Exchange(server, identity=Identity(api_key=api_key) if api_key else signin.identity_of(kept))
    try:
        yield exchange
    finally:
        await exchange.close()
