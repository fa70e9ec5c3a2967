"""Becomes somebody at a server: exchanges a signed payload or an invitation for a session, and ends it again.

Secrets come from files and go into request bodies; they are in no address, argument or log.
"""

import getpass
import os
import time
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from imagechat_tui import plain
from imagechat_tui.client.credentials import Kept
from imagechat_tui.client.exchange import Answer, Exchange, Identity
from imagechat_tui.client.server import Server
from imagechat_tui.client.verdicts import refused, send, understood
from imagechat_tui.errors import NotAllowedError, NotFoundError, ProtocolError, UserError
from imagechat_tui.i18n import _
from imagechat_tui.protocol import codec, paths, replies, requests
from imagechat_tui.protocol.sso import sign

# A payload holds an inline avatar of 50k at most.
_MOST_FILE_BYTES: Final = 256 * 1024
_MOST_NAME: Final = 100


class SsoFile(Struct, frozen=True, kw_only=True):
    """What a sign-in file says."""

    payload: str
    """The signed payload, as the ``sso`` parameter's text."""
    tenant: str | None


class _Contents(Struct, rename="camel"):
    """Either a payload that a backend signed, or a tenant's secret with the user to sign for."""

    tenant_id: str | None = None
    tenant: str | None = None
    user_data: str | None = msgspec.field(name="userDataJSONBase64", default=None)
    verification_hash: str | None = None
    timestamp: int | None = None
    secret: str | None = None
    user: dict[str, object] | None = None


class _Payload(Struct, kw_only=True, rename="camel"):
    user_data: str = msgspec.field(name="userDataJSONBase64")
    verification_hash: str
    timestamp: int


def read_sso_file(path: Path, *, now_ms: int | None = None) -> SsoFile:
    """The payload of a sign-in file; one that holds a secret and a user is signed now.

    Raises:
        NotFoundError: There is no such file.
        UserError: It holds neither form.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(_("There is no file {path}.").format(path=path)) from None
    except OSError as problem:
        raise UserError(_("{path} cannot be read ({reason}).").format(path=path, reason=problem.strerror)) from None
    try:
        found = codec.decode(data[:_MOST_FILE_BYTES], _Contents)
    except ProtocolError:
        raise _not_a_sso_file(path) from None
    tenant = found.tenant_id or found.tenant
    if found.secret and found.user:
        stamp = now_ms if now_ms is not None else time.time_ns() // 1_000_000
        return SsoFile(payload=sign(found.user, secret=found.secret, now_ms=stamp), tenant=tenant)
    if found.user_data and found.verification_hash and found.timestamp is not None:
        ready = _Payload(
            user_data=found.user_data, verification_hash=found.verification_hash, timestamp=found.timestamp
        )
        return SsoFile(payload=codec.encode(ready).decode(), tenant=tenant)
    raise _not_a_sso_file(path)


async def open_session(exchange: Exchange, tenant: str, *, sso: str | None = None) -> Kept:
    """Exchange a signed payload for a session; without one, an anonymous session.

    A plain host opens none: the payload itself is kept then, and goes with every request.

    Raises:
        NotAllowedError: The payload is not accepted, or anonymous visitors are not.
        NotFoundError: The server has no such tenant.
        ServerError: No answer, or none that this program understands.
    """
    body = codec.encode(requests.OpenSession(tenant_id=tenant, sso=sso))
    answer = await send(exchange, "POST", paths.SESSIONS, body=body)
    if await _is_plain(exchange, tenant, answer):
        return Kept(server=exchange.server.key, tenant=tenant, sso=sso)
    return _kept(exchange.server, understood(answer, replies.SessionOpened, exchange.server))


async def redeem(exchange: Exchange, secret: str) -> Kept:
    """Exchange an invitation for a session; it works once.

    Raises:
        NotAllowedError: It was used before, or is too old.
        ServerError: No answer, or none that this program understands.
    """
    answer = await send(exchange, "POST", paths.INVITE, body=codec.encode(requests.RedeemInvitation(secret=secret)))
    if answer.status in {400, 401, 403, 404, 410} and codec.decode_error(answer.body).code:
        raise NotAllowedError(_("This invitation was used before or is too old: ask for a new one."))
    return _kept(exchange.server, understood(answer, replies.SessionOpened, exchange.server))


async def who_am_i(exchange: Exchange) -> replies.WhoAmI | None:
    """Who the exchange's identity is at its server; ``None`` when the session is over.

    Raises:
        ServerError: No answer, or none that this program understands.
    """
    answer = await send(exchange, "GET", paths.SESSIONS)
    if answer.status in {401, 403} and codec.decode_error(answer.body).code:
        return None
    return understood(answer, replies.WhoAmI, exchange.server)


async def sign_out(exchange: Exchange) -> None:
    """End the session at the server; one that is over already is no error.

    Raises:
        ServerError: No answer: the session may still be open there.
    """
    answer = await send(exchange, "DELETE", paths.SESSIONS)
    if not answer.ok and answer.status not in {401, 403, 404}:
        raise refused(answer, exchange.server)


def identity_of(kept: Kept | None) -> Identity:
    """What an exchange presents for a kept session."""
    return Identity(token=kept.token, sso=kept.sso) if kept else Identity()


def _kept(server: Server, opened: replies.SessionOpened) -> Kept:
    user = opened.user
    name = user.display_name or user.username or ""
    return Kept(server=server.key, tenant=opened.tenant_id, token=opened.token, name=name, user_id=user.id)


async def _is_plain(exchange: Exchange, tenant: str, answer: Answer) -> bool:
    """Whether a host that opens no sessions speaks the contract all the same."""
    if answer.status not in {404, 405}:
        return False
    code = codec.decode_error(answer.body).code
    if code.startswith("invalid-tenant"):
        return False
    chats = await send(exchange, "GET", paths.image_chats(tenant) + "?urlId=imagechat")
    return chats.ok and _decodes(chats.body)


def _decodes(body: bytes) -> bool:
    try:
        codec.decode(body, replies.ImageChats)
    except ProtocolError:
        return False
    return True


def _not_a_sso_file(path: Path) -> UserError:
    return UserError(
        _(
            "{path} is no sign-in file: it holds a signed payload (userDataJSONBase64, "
            "verificationHash, timestamp), or a tenant's secret with a user, as JSON."
        ).format(path=path)
    )


def this_user() -> dict[str, object]:
    """The person at this machine, as the local server knows them: the name of the system's account."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A container may run under a number that no account has.
        name = f"user-{os.getuid()}"
    name = plain.line(name.replace("@", "-"), most=_MOST_NAME) or "user"
    return {"id": name, "username": name, "email": f"{name}@localhost"}
