"""One request as a route sees it: who asks, which tenant, the query, the body within its limits; answers nothing."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final, Literal, TypeVar

from msgspec.structs import replace
from starlette.types import Receive, Scope

from imagechat_tui.protocol import codec, limits
from imagechat_tui.protocol.replies import Comments, CommentSaved, ImageChats
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.auth import sessions
from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.auth.proxies import Proxies, limited_as, proxies
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.routes.query import Query
from imagechat_tui.server.settings import Rate
from imagechat_tui.server.store.tenants import Tenant

T = TypeVar("T")
R = TypeVar("R", ImageChats, Comments, CommentSaved)

_TENANT_CHARACTERS: Final = 200
_NO_ADDRESS: Final = "local"
_BODY_SECONDS: Final = 60.0
"""For a whole body of JSON."""
_BODY_PATIENCE_SECONDS: Final = 30.0
"""Between two parts of a body."""


class Asked:
    """A request.

    ``known_tenant`` is set once the tenant turned out to exist. ``token`` is set once an anonymous session was opened
    or repeated: its owner is told.
    """

    __slots__ = ("_headers", "_query", "_receive", "deps", "known_tenant", "scope", "token", "token_is_new")

    def __init__(self, deps: Deps, scope: Scope, receive: Receive) -> None:
        self.deps = deps
        self.scope = scope
        self._receive = receive
        self._headers: dict[bytes, bytes] | None = None
        self._query: Query | None = None
        self.known_tenant: str | None = None
        self.token: str | None = None
        self.token_is_new = False

    @property
    def query(self) -> Query:
        """The parameters of the address."""
        if self._query is None:
            self._query = Query(self.scope["query_string"])
        return self._query

    def header(self, name: str) -> str | None:
        """A header by its lower-case name; the last one of several."""
        if self._headers is None:
            self._headers = dict(self.scope["headers"])
        value = self._headers.get(name.encode())
        return None if value is None else value.decode("latin-1")

    def cookie(self) -> str | None:
        """The session cookie."""
        return session_cookie(self.header("cookie"))

    def path(self, name: str) -> str:
        """A part of the path."""
        value: str = self.scope["path_params"][name]
        if not value or "\0" in value or len(value) > limits.NAME_CHARACTERS:
            raise Refusal(404, "not-found", "There is nothing here.")
        return value

    @property
    def address(self) -> str:
        """Where the caller is, as far as limits are concerned."""
        client = self.scope.get("client")
        caller = self._proxies.caller(client[0] if client else None, self._values(b"x-forwarded-for"))
        return _NO_ADDRESS if caller is None else limited_as(caller)

    @property
    def encrypted(self) -> bool:
        """Whether the caller's own connection is: to this server, or to a trusted proxy that says so."""
        client = self.scope.get("client")
        forwarded = self._values(b"x-forwarded-proto")
        if forwarded and client and self._proxies.trusts(client[0]):
            return forwarded[-1].strip().lower() == "https"
        return self.deps.settings.tls

    @property
    def _proxies(self) -> Proxies:
        return proxies(self.deps.settings.trusted_proxies)

    def _values(self, name: bytes) -> list[str]:
        """All values of a header, in the order of the request."""
        return [value.decode("latin-1") for key, value in self.scope["headers"] if key == name]

    async def tenant(self) -> Tenant:
        """The tenant of the path, or of the query where the path has none.

        Raises:
            Refusal: 404, there is no such tenant.
        """
        if "tenant" in self.scope["path_params"]:
            name = self.path("tenant")
        else:
            name = self.query.needed("tenantId", most=_TENANT_CHARACTERS)
        return await self.tenant_named(name)

    async def tenant_named(self, name: str) -> Tenant:
        """A tenant by name.

        Raises:
            Refusal: 404, there is no such tenant.
        """
        found = await self.deps.directory.tenant(name) if len(name) <= _TENANT_CHARACTERS else None
        if found is None:
            raise Refusal(404, "invalid-tenant", "There is no such tenant on this server.")
        self.known_tenant = found.id
        return found

    async def reader(self) -> Actor:
        """Who reads; counted against the limit of reads."""
        actor = await self.actor(await self.tenant())
        await self.limit("read", self.deps.settings.limits.reads, actor)
        return actor

    async def limit_tenant(self, tenant: str) -> None:
        """Count this request against what all people of the tenant together may do.

        Raises:
            TooOftenError: The tenant's people asked too often.
        """
        await self.deps.throttle.admit(self.deps.settings.limits.tenant, "tenant", tenant, per_user=False)

    async def writer(self, *, nobody: Literal["refuse", "session", "let"] = "refuse") -> Actor:
        """Who writes.

        Args:
            nobody: What becomes of a caller without identity: refused, given an anonymous session, or let through as a
                guest because something else (an edit key) may prove the right.

        Raises:
            Refusal: 401, nobody is known and nobody may be nameless here.
        """
        tenant = await self.tenant()
        actor = await self.actor(tenant)
        if actor.role is Role.GUEST and nobody == "refuse":
            raise Refusal(401, "unauthorized", "Sign in first.")
        if actor.role is Role.GUEST and nobody == "session":
            actor = await self.open_anonymous(tenant.id)
        await self.limit("comment", self.deps.settings.limits.comments, actor)
        await self.limit_tenant(tenant.id)
        return actor

    async def actor(self, tenant: Tenant) -> Actor:
        """Who asks: by bearer token, ``sso``, cookie or ``sessionId``, whichever comes first; else a guest.

        Raises:
            Refusal: 401, the bearer token is not valid (a stale cookie is just no identity).
            SsoError: The payload is not valid.
        """
        deps, now_ms = self.deps, self.deps.clock_ms()
        authorization = self.header("authorization")
        if authorization is not None and authorization[:7].lower() == "bearer ":
            actor = await sessions.of_token(deps.directory, tenant.id, authorization[7:].strip(), now_ms=now_ms)
            if actor is None:
                raise Refusal(401, "unauthorized", "The session is over or unknown; sign in again.")
            return actor
        payload = self.query.text("sso")
        held = await self._held(tenant.id, now_ms)
        if payload is not None:
            named = await sessions.of_payload(deps.directory, deps.database, tenant, payload, now_ms=now_ms)
            if named is not None:
                # Whose name is only claimed owns what the same browser wrote, and nothing else.
                nameless = held is not None and held.role is Role.ANONYMOUS
                return sessions.with_session(named, held.session) if held and nameless else named
        return held or sessions.guest(tenant.id)

    async def _held(self, tenant: str, now_ms: int) -> Actor | None:
        """Whom the cookie or the ``sessionId`` belongs to."""
        for token in (self.cookie(), self.query.text("sessionId", most=limits.NAME_CHARACTERS)):
            actor = token and await sessions.of_token(self.deps.directory, tenant, token, now_ms=now_ms)
            if actor:
                self.token = token if actor.role is Role.ANONYMOUS else None
                return actor
        return None

    async def open_anonymous(self, tenant: str) -> Actor:
        """A new anonymous session for this caller."""
        deps = self.deps
        await deps.throttle.admit(deps.settings.limits.sign_ins, "sign-in", self.address)
        opened = await sessions.open_anonymous(
            deps.database, tenant, now_ms=deps.clock_ms(), days=deps.settings.session_days
        )
        if opened is None:
            raise Refusal(404, "invalid-tenant", "There is no such tenant on this server.")
        self.token, self.token_is_new = opened.token, True
        return opened.actor

    def with_session_id(self, reply: R) -> R:
        """The reply, telling an anonymous caller the session that it has to repeat."""
        user = reply.user
        if self.token is None or user is None or not user.is_anon_session:
            return reply
        return replace(reply, user=replace(user, session_id=self.token))

    async def limit(self, kind: str, rate: Rate, actor: Actor) -> None:
        """Count this request against a rate of its caller; nameless callers also share one of their address.

        Raises:
            TooOftenError: They asked too often.
        """
        admit = self.deps.throttle.admit
        if not actor.signed_in:
            await admit(rate, kind, actor.tenant, "at", self.address, factor=self.deps.settings.limits.address_factor)
        if actor.user_id is not None:
            await admit(rate, kind, actor.tenant, actor.user_id)

    async def chunks(self, *, most: int) -> AsyncGenerator[bytes, None]:
        """The body as it comes.

        Raises:
            Refusal: 413, it is larger than ``most`` bytes; 408, nothing came for a while; 400, the caller went away.
        """
        announced = self.header("content-length")
        if announced is not None and announced.isdecimal() and int(announced) > most:
            raise too_large(most)
        size, more = 0, True
        while more:
            try:
                async with asyncio.timeout(_BODY_PATIENCE_SECONDS):
                    message = await self._receive()
            except TimeoutError:
                raise too_slow() from None
            if message["type"] != "http.request":
                raise Refusal(400, "invalid-input", "The request ended too early.")
            chunk: bytes = message.get("body", b"")
            more = message.get("more_body", False)
            size += len(chunk)
            if size > most:
                raise too_large(most)
            yield chunk

    async def body(self, *, most: int) -> bytes:
        """The whole body; refuses as ``chunks``."""
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                return b"".join([chunk async for chunk in self.chunks(most=most)])
        except TimeoutError:
            raise too_slow() from None

    async def json(self, kind: type[T], *, empty: T | None = None) -> T:
        """The body as a shape; ``empty`` is meant where there is none, because some stacks drop that of a DELETE.

        Raises:
            Refusal: 415, it is said to be something else than JSON; as ``body``.
            ProtocolError: It does not fit.
        """
        said = (self.header("content-type") or "application/json").partition(";")[0].strip().lower()
        if said != "application/json":
            raise Refusal(415, "invalid-input", "The body has to be JSON.")
        body = await self.body(most=limits.BODY_BYTES)
        return codec.decode(body, kind) if body or empty is None else empty

    def broadcast_id(self) -> str:
        """The required ``broadcastId`` of the query."""
        return self.query.needed("broadcastId", most=limits.BROADCAST_ID_CHARACTERS)

    def url_id(self, *, most: int = 2 * limits.URL_ID_CHARACTERS) -> str:
        """The required ``urlId`` of the query: a base key or a ``windowUrlId``."""
        return self.query.needed("urlId", most=most)


Handler = Callable[[Asked], Awaitable[object]]
"""Answers with a protocol shape, or with an ``answering.Answer``."""


def session_cookie(header: str | None) -> str | None:
    """The session's token in a ``Cookie`` header; other people's cookies beside it do not matter."""
    for part in (header or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == sessions.COOKIE:
            return value.strip('"') or None
    return None


def too_large(most: int) -> Refusal:
    """The refusal of a body above its limit."""
    return Refusal(413, "invalid-input", f"The body is too large; at most {most // 1024} kB are accepted.")


def too_slow() -> Refusal:
    """The refusal of a body that does not come to an end."""
    return Refusal(408, "invalid-input", "The body did not come in time.")
