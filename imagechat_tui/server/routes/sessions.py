"""Signing in once, being told who one is, signing out; invitations, which a preview cannot use up."""

from typing import Final

from msgspec.structs import replace

from imagechat_tui.protocol import limits, paths
from imagechat_tui.protocol.replies import Done, SessionOpened, WhoAmI
from imagechat_tui.protocol.requests import OpenSession, RedeemInvitation
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.actions.shapes import user_of
from imagechat_tui.server.auth import sessions
from imagechat_tui.server.auth.sessions import Opened
from imagechat_tui.server.routes import answering
from imagechat_tui.server.routes.answering import Answer
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry, with_cookie
from imagechat_tui.server.routes.pages import page

_INVITED: Final = (
    "You have been invited to imagechat",
    "This link signs you in once. Copy it whole from the address bar and type:",
    "imagechat login LINK",
)


async def open_session(asked: Asked) -> Answer:
    """Exchange an SSO payload for a token; without one, an anonymous session."""
    body = await asked.json(OpenSession)
    deps = asked.deps
    await deps.throttle.admit(deps.settings.limits.sign_ins, "sign-in", asked.address)
    tenant = await asked.tenant_named(body.tenant_id)
    now_ms, days = deps.clock_ms(), deps.settings.session_days
    actor = None
    if body.sso is not None:
        actor = await sessions.of_payload(deps.directory, deps.database, tenant, body.sso, now_ms=now_ms)
    if actor is None:
        opened = await sessions.open_anonymous(deps.database, tenant.id, now_ms=now_ms, days=days)
    else:
        opened = await sessions.open_for(deps.database, actor, now_ms=now_ms, days=days)
    if opened is None:
        raise Refusal(404, "invalid-tenant", "There is no such tenant on this server.")
    return await _signed_in(asked, opened)


async def who_am_i(asked: Asked) -> WhoAmI:
    """Who the token or the cookie belongs to."""
    token = _token(asked)
    session = None if token is None else await asked.deps.directory.session_of(sessions.token_hash(token))
    now_ms = asked.deps.clock_ms()
    actor = None
    if session is not None and token is not None:
        actor = await sessions.of_token(asked.deps.directory, session.tenant, token, now_ms=now_ms)
    if actor is None:
        raise Refusal(401, "unauthorized", "The session is over or unknown; sign in again.")
    asked.known_tenant = actor.tenant
    return WhoAmI(status="success", tenant_id=actor.tenant, user=user_of(actor), is_site_admin=actor.moderates)


async def sign_out(asked: Asked) -> Answer:
    """End the session; ending one that is over already is fine."""
    await _end_old(asked)
    return with_cookie(answering.of(Done(status="success")), "", asked)


async def invitation_page(_asked: Asked) -> Answer:
    """What somebody sees who opens an invitation in a browser; its secret never leaves the address bar."""
    return page(*_INVITED)


async def redeem(asked: Asked) -> Answer:
    """Use up an invitation."""
    deps = asked.deps
    await deps.throttle.admit(deps.settings.limits.sign_ins, "sign-in", asked.address)
    body = await asked.json(RedeemInvitation)
    opened = None
    if len(body.secret) <= limits.NAME_CHARACTERS:
        opened = await sessions.redeem(
            deps.database, deps.directory, body.secret, now_ms=deps.clock_ms(), days=deps.settings.session_days
        )
    if opened is None:
        raise Refusal(401, "unauthorized", "This invitation is unknown, was used before, or is over.")
    return await _signed_in(asked, opened)


async def _signed_in(asked: Asked, opened: Opened) -> Answer:
    """Tell the token; what the same caller was signed in with before is over, so that no old token stays behind."""
    await _end_old(asked)
    asked.known_tenant = opened.actor.tenant
    user = user_of(opened.actor)
    if user is None:
        raise Refusal(500, "internal", "The session has nobody in it.")
    if user.is_anon_session:
        user = replace(user, session_id=opened.token)
    reply = SessionOpened(status="success", token=opened.token, tenant_id=opened.actor.tenant, user=user)
    answer = answering.of(reply)
    # Programs keep the token themselves; a cookie is for the browsers, which always say where a write comes from.
    return with_cookie(answer, opened.token, asked) if asked.header("origin") else answer


async def _end_old(asked: Asked) -> None:
    deps, token = asked.deps, _token(asked)
    session = None if token is None else await deps.directory.session_of(sessions.token_hash(token))
    if session is not None:
        await sessions.close(deps.database, deps.directory, session.tenant, session.id)
        deps.hub.close_sessions(session.tenant, {session.id})


def _token(asked: Asked) -> str | None:
    authorization = asked.header("authorization") or ""
    token = authorization[7:].strip() if authorization[:7].lower() == "bearer " else asked.cookie()
    return token if token and len(token) <= limits.NAME_CHARACTERS else None


ENTRIES = (
    Entry(method="POST", path=paths.SESSIONS, handler=open_session),
    Entry(method="GET", path=paths.SESSIONS, handler=who_am_i),
    Entry(method="DELETE", path=paths.SESSIONS, handler=sign_out),
    Entry(method="GET", path=paths.INVITE, handler=invitation_page),
    Entry(method="POST", path=paths.INVITE, handler=redeem),
)
