"""Single sign-on payloads: who the tenant's own site says the caller is; verifies, and stores nothing.

Secure: signed with the tenant's API secret. Simple: claimed by the browser, proves nothing, never grants a role.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Final, TypeVar
from urllib.parse import unquote

import msgspec
from msgspec import UNSET, Struct, UnsetType

from imagechat_tui.protocol.limits import NAME_CHARACTERS
from imagechat_tui.protocol.sso import signature
from imagechat_tui.server.auth.permissions import SIMPLE_PREFIX

T = TypeVar("T")

PAYLOAD_CHARACTERS: Final = 128 * 1024
"""Longest payload: an inline avatar of 50k in base64 inside base64 inside JSON."""
MOST_AGE_MS: Final = 2 * 24 * 3600 * 1000
MOST_SKEW_MS: Final = 60 * 1000
_LINK_CHARACTERS: Final = 3_000
_INLINE_AVATAR_CHARACTERS: Final = 50_000
_DISPLAY_NAME_CHARACTERS: Final = 500
_LABEL_CHARACTERS: Final = 100
_WEBSITE_CHARACTERS: Final = 2_000
_GROUPS: Final = 100
_GROUP_CHARACTERS: Final = 50
# A database column of text cannot hold NUL.
_NUL: Final = "\0"


class SsoError(Exception):
    """A payload that proves nothing; ``code`` is the contract's word, ``reason`` a sentence without its content."""

    def __init__(self, reason: str, code: str = "malformed-sso") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class SsoUser(Struct, frozen=True, kw_only=True):
    """A user as the payload has it. ``UNSET`` leaves a stored field alone, ``None`` clears it."""

    id: str
    """The part of the wire id after the tenant."""
    username: str
    email: str | None
    secure: bool
    display_name: str | UnsetType | None = UNSET
    avatar: str | UnsetType | None = UNSET
    display_label: str | UnsetType | None = UNSET
    website_url: str | UnsetType | None = UNSET
    groups: tuple[str, ...] | UnsetType | None = UNSET
    locale: str | UnsetType | None = UNSET
    is_admin: bool = False
    is_moderator: bool = False
    private_activity: bool | UnsetType = UNSET
    signed_ms: int | None = None
    """When the site signed it; ``None`` for a claim that nobody signed."""


class _Envelope(Struct, rename="camel"):
    user_data: str | None = msgspec.field(name="userDataJSONBase64", default=None)
    verification_hash: str | None = None
    timestamp: int | str | None = None
    simple_user: "_User | None" = msgspec.field(name="simpleSSOUser", default=None)


class _User(Struct, rename="camel"):
    id: str | int | None = None
    email: str | None = None
    username: str | None = None
    display_name: str | UnsetType | None = UNSET
    avatar: str | UnsetType | None = UNSET
    display_label: str | UnsetType | None = UNSET
    website_url: str | UnsetType | None = UNSET
    group_ids: list[str] | UnsetType | None = UNSET
    locale: str | UnsetType | None = UNSET
    is_admin: bool | None = None
    is_moderator: bool | None = None
    is_profile_activity_private: bool | UnsetType | None = UNSET


def read(text: str, *, tenant: str, secret: str, simple_allowed: bool, now_ms: int) -> SsoUser | None:
    """Who the payload says the caller is; ``None`` for a visitor that the site does not know either.

    Raises:
        SsoError: It is malformed, its hash is wrong, it is too old, or it is a kind that the tenant does not accept.
    """
    if len(text) > PAYLOAD_CHARACTERS:
        raise SsoError("The sign-in payload is too long.")
    if text.startswith("%7B"):
        # Some pages encode the payload themselves, and their client encodes it once more.
        text = unquote(text)
    envelope = _decode(text.encode(errors="surrogatepass"), _Envelope)
    if envelope.user_data is not None or envelope.verification_hash is not None:
        return _secure(envelope, secret=secret, now_ms=now_ms)
    user = envelope.simple_user or _decode(text.encode(errors="surrogatepass"), _User)
    if not user.email and not user.username:
        return None
    if not simple_allowed:
        raise SsoError("This tenant accepts signed sign-in payloads only.")
    return _simple(user, tenant=tenant, secret=secret)


def _decode(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise SsoError("The sign-in payload is not valid.") from None


def _secure(envelope: _Envelope, *, secret: str, now_ms: int) -> SsoUser | None:
    data, proof, stamp = envelope.user_data, envelope.verification_hash, envelope.timestamp
    if data is None or proof is None or stamp is None:
        raise SsoError("The sign-in payload lacks its data, its hash or its timestamp.")
    text = str(stamp)
    if not (text.isascii() and text.isdecimal() and len(text) <= len("9" * 16)):
        raise SsoError("The timestamp of the sign-in payload is not a number of milliseconds.")
    if not hmac.compare_digest(signature(secret, text, data).encode(), proof.encode(errors="replace")):
        raise SsoError("The signature of the sign-in payload is wrong.")
    age = now_ms - int(text)
    if age < -MOST_SKEW_MS:
        raise SsoError("The sign-in payload comes from the future: a clock is wrong.")
    if age > MOST_AGE_MS:
        raise SsoError("The sign-in payload is older than two days.")
    try:
        user = _decode(base64.b64decode(data, validate=True), _User)
    except (binascii.Error, ValueError):
        raise SsoError("The sign-in payload is not valid.") from None
    if not user.id and not user.email and not user.username:
        return None
    if not user.id or not user.email or not user.username:
        raise SsoError("A signed-in user needs an id, an email and a username.")
    wire_id = str(user.id)
    if len(wire_id) > NAME_CHARACTERS or wire_id.startswith(SIMPLE_PREFIX):
        raise SsoError("The user id is not allowed.")
    return _checked(user, wire_id, signed_ms=int(text))


def _simple(user: _User, *, tenant: str, secret: str) -> SsoUser | None:
    if not user.email:
        return None
    # Keyed, so that nobody can learn an e-mail address by guessing what its id would be.
    identity = f"{tenant}\0{user.email.strip().casefold()}"
    digest = hmac.new(secret.encode(), identity.encode(), hashlib.sha256).hexdigest()[:32]
    named = user.username or user.email.partition("@")[0] or "user"
    return _checked(msgspec.structs.replace(user, username=named), SIMPLE_PREFIX + digest, signed_ms=None)


def _checked(user: _User, wire_id: str, *, signed_ms: int | None) -> SsoUser:
    secure = signed_ms is not None
    username, email = (user.username or "").strip(), (user.email or "").strip()
    if not username or len(username) > NAME_CHARACTERS or len(email) > NAME_CHARACTERS:
        raise SsoError("The user name or the e-mail address is too long.")
    groups = user.group_ids if isinstance(user.group_ids, list) else ()
    if any(_NUL in value for value in (wire_id, *msgspec.structs.astuple(user), *groups) if isinstance(value, str)):
        raise SsoError("The sign-in payload holds a character that no text may hold.")
    if "@" in username:
        raise SsoError("The user name must not be an e-mail address.", "invalid-name-is-email")
    return SsoUser(
        id=wire_id,
        username=username,
        email=email or None,
        secure=secure,
        signed_ms=signed_ms,
        display_name=_limited(user.display_name, _DISPLAY_NAME_CHARACTERS),
        avatar=_avatar(user.avatar),
        display_label=_limited(user.display_label, _LABEL_CHARACTERS) if secure else UNSET,
        website_url=_limited(user.website_url, _WEBSITE_CHARACTERS),
        groups=_groups(user.group_ids) if secure else (),
        locale=_limited(user.locale, _GROUP_CHARACTERS),
        is_admin=secure and bool(user.is_admin),
        is_moderator=secure and bool(user.is_moderator),
        private_activity=False if user.is_profile_activity_private is None else user.is_profile_activity_private,
    )


def _limited(value: str | UnsetType | None, most: int) -> str | UnsetType | None:
    if isinstance(value, str) and len(value) > most:
        raise SsoError("A field of the sign-in payload is too long.")
    return None if value == "" else value


def _avatar(value: str | UnsetType | None) -> str | UnsetType | None:
    inline = isinstance(value, str) and value.startswith("data:")
    return _limited(value, _INLINE_AVATAR_CHARACTERS if inline else _LINK_CHARACTERS)


def _groups(value: list[str] | UnsetType | None) -> tuple[str, ...] | UnsetType | None:
    if not isinstance(value, list):
        return value
    if len(value) > _GROUPS or any(len(group) > _GROUP_CHARACTERS for group in value):
        raise SsoError("The sign-in payload names too many groups.")
    return tuple(value)
