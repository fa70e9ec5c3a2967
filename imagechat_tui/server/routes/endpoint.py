"""One route as an ASGI application: runs its handler, turns what comes out or goes wrong into one answer.

It also keeps the books of the request: metrics and one line of the access log, which names the route's pattern and
never the address, because addresses carry tokens.
"""

import logging
import secrets
import time
from dataclasses import replace
from typing import Final

from msgspec import Struct
from starlette.types import Receive, Scope, Send

from imagechat_tui.log import FACTS
from imagechat_tui.server.auth import sessions
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.routes import answering, problems
from imagechat_tui.server.routes.answering import Answer
from imagechat_tui.server.routes.asking import Asked, Handler
from imagechat_tui.server.routes.doors import LISTED_ORIGIN
from imagechat_tui.server.usage import API_ERRORS

_access = logging.getLogger("imagechat_tui.server.access")
_FAILED: Final = 400
_REQUEST_ID: Final = b"x-request-id"


class Entry(Struct, frozen=True, kw_only=True):
    """A row of the table of routes."""

    method: str
    path: str
    """With ``{name}`` for its variable parts."""
    handler: Handler


class Endpoint:
    """Calls the handler of one route."""

    def __init__(self, entry: Entry, deps: Deps) -> None:
        self._entry = entry
        self._deps = deps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        asked = Asked(self._deps, scope, receive)
        request_id = secrets.token_hex(6)
        try:
            result = await self._entry.handler(asked)
            answer = result if isinstance(result, Answer) else answering.of(result)
        except Exception as problem:  # noqa: BLE001 - whatever went wrong, the caller gets an answer
            answer = problems.answer_to(problem, path=scope["path"], request_id=request_id)
        if asked.token is not None and asked.token_is_new:
            answer = with_cookie(answer, asked.token, asked)
        if answer.status >= _FAILED:
            answer = _with_id(answer, request_id)
        await answering.send(answer, send, browser=asked.header("authorization") is None)
        self._note(asked, answer, request_id, time.perf_counter() - started)

    def _note(self, asked: Asked, answer: Answer, request_id: str, seconds: float) -> None:
        entry, deps = self._entry, self._deps
        deps.metrics.request(entry.method, entry.path, answer.status, seconds=seconds)
        tenant = asked.known_tenant or "-"
        if answer.status >= _FAILED:
            deps.metrics.refused(str(answer.status))
            if asked.known_tenant is not None:
                deps.usage.count(asked.known_tenant, API_ERRORS)
        if _access.isEnabledFor(logging.INFO):
            facts = {
                "method": entry.method,
                "route": entry.path,
                "status": answer.status,
                "milliseconds": round(seconds * 1000, 1),
                "tenant": tenant,
                "request": request_id,
            }
            line = "%(method)s %(route)s %(status)d %(milliseconds).1f ms tenant=%(tenant)s request=%(request)s"
            _access.info(line, facts, extra={FACTS: facts})


def _with_id(answer: Answer, request_id: str) -> Answer:
    """The refusal, with the id that the log knows it by."""
    said = any(name == _REQUEST_ID for name, _ in answer.headers)
    return answer if said else replace(answer, headers=(*answer.headers, (_REQUEST_ID, request_id.encode())))


def with_cookie(answer: Answer, token: str, asked: Asked) -> Answer:
    """The answer, giving a browser the session's token. An empty token takes it away."""
    age = int(asked.deps.settings.session_days * 24 * 3600) if token else 0
    parts = [f"{sessions.COOKIE}={token}", "Path=/", "HttpOnly", f"Max-Age={age}"]
    secure = asked.encrypted
    # A page of another site that the tenant lists can only send the cookie back when it is marked so.
    parts.append("SameSite=None" if secure and asked.scope.get(LISTED_ORIGIN) else "SameSite=Lax")
    if secure:
        parts.append("Secure")
    header = (b"set-cookie", "; ".join(parts).encode("latin-1"))
    return replace(answer, headers=(*answer.headers, header))
