"""What every request passes before a route sees it: the Host it names, the Origin it comes from, CORS; no identity.

CORS headers are given to the origins on the tenant's list only; they go on errors as well. A write with a cookie from a
page of another origin is refused.
"""

from typing import Final
from urllib.parse import parse_qs, unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagechat_tui.protocol import paths
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.auth.origins import host_rule, same_origin
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.routes import answering, problems
from imagechat_tui.server.routes.answering import Answer
from imagechat_tui.server.routes.asking import session_cookie

LISTED_ORIGIN: Final = "imagechat.listed_origin"
"""Set in the scope when the request comes from a page whose origin the tenant lists."""

_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_METHODS: Final = b"GET, POST, PUT, PATCH, DELETE, OPTIONS"
_HEADERS: Final = b"content-type, accept, authorization"
_EXPOSED: Final = b"retry-after"
_REMEMBERED_SECONDS: Final = b"600"
_BEFORE_TENANT: Final = tuple(
    f"{prefix}/"
    for prefix in (
        *("/comments", "/comment-image-chats", "/event-log", "/pages", "/upload-image"),
        *(f"{paths.OURS}/{subject}" for subject in ("boards", "log", "markers", "pictures", "files", "b")),
    )
)
_OPENS_SESSIONS: Final = (paths.SESSIONS, paths.INVITE)
_SERVER_SIDE: Final = "/api/"


class Doors:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, *, deps: Deps) -> None:
        self._app = app
        self._deps = deps
        self._host_allowed = host_rule(deps.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._deps.metrics.began()
        try:
            await self._pass(scope, receive, send)
        finally:
            self._deps.metrics.ended()

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        origin_header = headers.get(b"origin")
        if not self._host_allowed(host):
            refusal = Refusal(421, "domain-unauthorized", "This server does not answer to that host name.")
            await self._refuse(refusal, scope, send)
            return
        if origin_header is None:
            await self._app(scope, receive, send)
            return
        origin = origin_header.decode("latin-1")
        listed = await self._listed(scope, origin)
        scope[LISTED_ORIGIN] = listed
        if listed:
            send = _with_cors(send, origin_header)
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await answering.send(_preflight(allowed=listed), send, browser=False)
            return
        if scope["method"] in _WRITES and not listed and not same_origin(origin, host):
            cookie = session_cookie(headers.get(b"cookie", b"").decode("latin-1"))
            if cookie is not None or scope["path"] in _OPENS_SESSIONS:
                refusal = Refusal(403, "domain-unauthorized", "Pages of that origin may not change anything here.")
                await self._refuse(refusal, scope, send)
                return
        await self._app(scope, receive, send)

    async def _refuse(self, refusal: Refusal, scope: Scope, send: Send) -> None:
        answer = problems.answer_to(refusal, path=scope["path"], request_id="-")
        self._deps.metrics.request("-", "doors", answer.status, seconds=0)
        await answering.send(answer, send, browser=True)

    async def _listed(self, scope: Scope, origin: str) -> bool:
        name = tenant_of(scope["path"], scope["query_string"])
        if name is None:
            return False
        tenant = await self._deps.directory.tenant(name)
        return tenant is not None and origin in tenant.origins


def tenant_of(path: str, query: bytes) -> str | None:
    """The tenant that a request is about, from its address alone; ``None`` where no browser page has business."""
    if path.startswith(_SERVER_SIDE):
        return None
    for prefix in _BEFORE_TENANT:
        if path.startswith(prefix):
            return path[len(prefix) :].partition("/")[0] or None
    try:
        values = parse_qs(query.decode("ascii"), max_num_fields=200).get("tenantId")
    except (UnicodeDecodeError, ValueError):
        return None
    return unquote(values[0]) if values else None


def _preflight(*, allowed: bool) -> Answer:
    headers = (
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", _HEADERS),
        (b"access-control-max-age", _REMEMBERED_SECONDS),
    )
    return Answer(body=b"", status=204, headers=headers if allowed else ((b"vary", b"origin"),))


def _with_cors(send: Send, origin: bytes) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                *message["headers"],
                (b"access-control-allow-origin", origin),
                (b"access-control-allow-credentials", b"true"),
                (b"access-control-expose-headers", _EXPOSED),
                (b"vary", b"origin"),
            ]
        await send(message)

    return sending
