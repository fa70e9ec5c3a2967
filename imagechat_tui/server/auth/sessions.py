"""From what a request brings (token, cookie, payload, pass) to who asks; the only place where a token is looked at.

Tokens are random and stored as hashes. A session's rights are those of its person now, not those at sign-in.
"""

import hashlib
import secrets
from typing import Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from imagechat_tui.protocol import ids
from imagechat_tui.protocol.moments import iso
from imagechat_tui.server.auth import sso, viewing
from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.auth.directory import Directory
from imagechat_tui.server.store import counters, invitations, sessions, users
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.invitations import Invitation
from imagechat_tui.server.store.sessions import Session
from imagechat_tui.server.store.tenants import Tenant
from imagechat_tui.server.store.users import User

COOKIE: Final = "fastcomments.sid"
_TOKEN_BYTES: Final = 16
"""128 random bits: out of anybody's reach, and light in every request."""
_MOST_TOKEN_CHARACTERS: Final = 200
_DAY_MS: Final = 24 * 3600 * 1000


class Opened(Struct, frozen=True, kw_only=True):
    """A new session. ``token`` is shown to its owner this once."""

    actor: Actor
    token: str

    def __repr__(self) -> str:
        return f"Opened(actor={self.actor!r})"


def token_hash(token: str) -> str:
    """How a token (or the secret of an invitation) is stored."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def guest(tenant: str) -> Actor:
    """Nobody that is known."""
    return Actor(tenant=tenant, role=Role.GUEST)


async def of_token(directory: Directory, tenant: str, token: str, *, now_ms: int) -> Actor | None:
    """Who holds a session token; ``None`` when it is over, unknown, or of another tenant."""
    if not token or len(token) > _MOST_TOKEN_CHARACTERS:
        return None
    session = await directory.session_of(token_hash(token))
    if session is None or session.tenant != tenant or session.expires_ms <= now_ms:
        return None
    return await _of_session(directory, tenant, user_id=session.user_id, session_id=session.id)


async def of_payload(
    directory: Directory, database: Database, tenant: Tenant, text: str, *, now_ms: int
) -> Actor | None:
    """Who an SSO payload says the caller is, stored on sight; ``None`` for a visitor the site does not know.

    Raises:
        SsoError: The payload proves nothing.
    """
    claimed = sso.read(text, tenant=tenant.id, secret=tenant.secret, simple_allowed=tenant.simple_sso, now_ms=now_ms)
    if claimed is None:
        return None
    wire_id = ids.wire_user_id(tenant.id, claimed.id)
    known = await directory.user(tenant.id, wire_id)
    user = _merged(wire_id, claimed, known)
    if user != known:
        await database.write(lambda tx: _see(tx, tenant.id, user, now_ms=now_ms, signed_ms=claimed.signed_ms or 0))
        directory.forget()
    return _actor(tenant.id, user, session=None)


async def viewer(directory: Directory, tenant: Tenant, user_id_ws: str, *, pages: list[str], now_ms: int) -> Actor:
    """Who holds a ``userIdWS`` on one of these pages; a guest when it is unknown, over or void."""
    claims = viewing.read(user_id_ws, tenant=tenant.id, secret=tenant.secret, pages=pages, now_ms=now_ms)
    if claims is None or claims.user_id is None:
        return guest(tenant.id)
    if claims.session is not None:
        session = await directory.session(tenant.id, claims.session)
        if session is None or session.expires_ms <= now_ms or session.user_id != claims.user_id:
            return guest(tenant.id)
    actor = await _of_session(directory, tenant.id, user_id=claims.user_id, session_id=claims.session)
    if actor is None or viewing.groups_digest(actor.groups) != claims.groups:
        return guest(tenant.id)
    return actor


async def open_for(database: Database, actor: Actor, *, now_ms: int, days: float) -> Opened | None:
    """A session for somebody who has just proved who they are; ``None`` when the tenant is gone."""
    return await database.write(lambda tx: _open(tx, actor, now_ms=now_ms, days=days))


async def open_anonymous(database: Database, tenant: str, *, now_ms: int, days: float) -> Opened | None:
    """A session for somebody without a name; ``None`` when the tenant is gone."""
    actor = Actor(tenant=tenant, role=Role.ANONYMOUS, user_id=ids.anonymous_id(secrets.token_urlsafe(12)))
    return await open_for(database, actor, now_ms=now_ms, days=days)


async def redeem(database: Database, directory: Directory, secret: str, *, now_ms: int, days: float) -> Opened | None:
    """Use up an invitation: its person, signed in; ``None`` when it is unknown, used or over."""

    def work(tx: Transaction) -> Opened | None:
        invited = invitations.redeem(tx, secret_hash=token_hash(secret), now_ms=now_ms)
        if invited is None:
            return None
        user = _invited(invited, users.find(tx.connection, invited.tenant, invited.user_id))
        _see(tx, invited.tenant, user, now_ms=now_ms, signed_ms=now_ms)
        return _open(tx, _actor(invited.tenant, user, session=None), now_ms=now_ms, days=days)

    opened = await database.write(work)
    directory.forget()
    return opened


async def close(database: Database, directory: Directory, tenant: str, session_id: str) -> None:
    """Sign a session out; void at once in this process."""
    await database.write(lambda tx: sessions.close_one(tx, tenant, session_id))
    directory.forget()


def _see(tx: Transaction, tenant: str, user: User, *, now_ms: int, signed_ms: int) -> None:
    removed = users.removed_ms(tx.connection, tenant, user.id)
    if removed is not None and signed_ms <= removed and users.find(tx.connection, tenant, user.id) is None:
        raise sso.SsoError("This user was removed; a newer sign-in is needed.")
    if users.see(tx, tenant, user, now_ms=now_ms):
        counters.add(tx, tenant, day=iso(now_ms)[: len("2030-01-31")], name="account_created_count")


def _open(tx: Transaction, actor: Actor, *, now_ms: int, days: float) -> Opened | None:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session = Session(
        id=secrets.token_urlsafe(12),
        tenant=actor.tenant,
        user_id=actor.user_id or "",
        role=actor.role.value,
        groups=actor.groups,
        created_ms=now_ms,
        expires_ms=now_ms + int(days * _DAY_MS),
    )
    if not sessions.open_one(tx, session, token_hash=token_hash(token)):
        return None
    return Opened(actor=with_session(actor, session.id), token=token)


async def _of_session(directory: Directory, tenant: str, *, user_id: str, session_id: str | None) -> Actor | None:
    if ids.is_anonymous(user_id):
        return Actor(tenant=tenant, role=Role.ANONYMOUS, user_id=user_id, session=session_id)
    user = await directory.user(tenant, user_id)
    return None if user is None else _actor(tenant, user, session=session_id)


def _actor(tenant: str, user: User, *, session: str | None) -> Actor:
    return Actor(
        tenant=tenant,
        role=Role(user.role),
        user_id=user.id,
        name=user.name,
        session=session,
        groups=user.groups,
        verified=user.verified,
        email=user.email,
        avatar=user.avatar,
        label=user.label,
    )


def with_session(actor: Actor, session: str | None) -> Actor:
    """The same person in a session."""
    return replace(actor, session=session)


def _merged(wire_id: str, claimed: sso.SsoUser, known: User | None) -> User:
    """What is stored now: the payload's fields, and for those it leaves out what was known."""
    old = known or User(id=wire_id, username=claimed.username, role=Role.MEMBER.value)
    role = Role.ADMIN if claimed.is_admin else Role.MODERATOR if claimed.is_moderator else Role.MEMBER
    return User(
        id=wire_id,
        username=claimed.username,
        role=role.value,
        display_name=_kept(claimed.display_name, old.display_name),
        email=claimed.email,
        avatar=_kept(claimed.avatar, old.avatar),
        label=_kept(claimed.display_label, old.label),
        website=_kept(claimed.website_url, old.website),
        groups=old.groups if isinstance(claimed.groups, UnsetType) else claimed.groups,
        verified=claimed.secure,
        private=old.private if claimed.private_activity is UNSET else bool(claimed.private_activity),
    )


def _invited(invited: Invitation, known: User | None) -> User:
    """Whom an invitation is for: as they are known, a moderator from now on if it says so; nothing is taken away."""
    if known is None:
        return User(
            id=invited.user_id, username=invited.username, role=invited.role, groups=invited.groups, verified=True
        )
    promoted = known.role == Role.MEMBER.value and invited.role == Role.MODERATOR.value
    return replace(known, role=invited.role) if promoted else known


def _kept(claimed: str | UnsetType | None, known: str | None) -> str | None:
    return known if isinstance(claimed, UnsetType) else claimed
