"""``userIdWS``: the signed, read-only pass that opens a live socket; knows no database and grants no write.

``<claims>.<mac>`` in URL-safe base64. The key is made of the tenant's API secret, so rotating it voids every pass.
Whether the session or user inside still stands is asked of the store by ``sessions.viewer``.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from imagechat_tui.protocol.limits import USER_ID_WS_SECONDS
from imagechat_tui.server.auth.actors import Actor

_MAC_BYTES = 18
_PAGE_BYTES = 12
MOST_CHARACTERS = 4_096
"""Longer passes are not looked at."""


class Pass(Struct, frozen=True, kw_only=True, array_like=True):
    """What a pass says: for whom, where, until when."""

    page: str
    """A digest of the key it was given for: the base ``urlId`` or a ``windowUrlId``."""
    expires: int
    """Seconds since the epoch."""
    user_id: str | None = None
    session: str | None = None
    """The row of the session; ``None`` when the identity came with the request itself."""
    groups: str | None = None
    """A digest of the groups at that time: a change voids the pass."""
    nonce: str = ""
    """Two passes are never equal: what is remembered about one belongs to one viewer."""


def sign(secret: str, actor: Actor, url_id: str, *, now_ms: int) -> str:
    """A pass for ``actor`` on the page ``url_id``, good for a day."""
    claims = Pass(
        page=_page(url_id),
        expires=now_ms // 1000 + USER_ID_WS_SECONDS,
        user_id=actor.user_id,
        session=actor.session,
        groups=groups_digest(actor.groups),
        nonce=secrets.token_urlsafe(6),
    )
    body = _text(msgspec.json.encode(claims))
    return f"{body}.{_mac(secret, actor.tenant, body)}"


def read(value: str, *, tenant: str, secret: str, pages: Sequence[str], now_ms: int) -> Pass | None:
    """What a pass says; ``None`` when it is not ours, not for one of these ``pages``, or over."""
    body, _, mac = value.partition(".")
    if not mac or len(value) > MOST_CHARACTERS:
        return None
    if not hmac.compare_digest(_mac(secret, tenant, body).encode(), mac.encode(errors="replace")):
        return None
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=Pass)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        return None
    if claims.expires * 1000 <= now_ms or claims.page not in {_page(page) for page in pages}:
        return None
    return claims


def groups_digest(groups: Sequence[str] | None) -> str | None:
    """A short mark of a set of groups; ``None`` for full access."""
    return None if groups is None else _text(hashlib.sha256(msgspec.json.encode(sorted(groups))).digest()[:9])


def _page(url_id: str) -> str:
    return _text(hashlib.sha256(url_id.encode(errors="surrogatepass")).digest()[:_PAGE_BYTES])


def _mac(secret: str, tenant: str, body: str) -> str:
    key = hmac.new(secret.encode(), b"imagechat userIdWS", hashlib.sha256).digest()
    message = msgspec.json.encode([tenant, body])
    return _text(hmac.new(key, message, hashlib.sha256).digest()[:_MAC_BYTES])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
