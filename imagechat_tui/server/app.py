"""The server's HTTP side as one ASGI application: the table of routes behind the doors that every request passes.

A pure function of ``Deps``. It opens nothing and closes nothing; ``/sub`` never comes here.
"""

from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from imagechat_tui.server.deps import Deps
from imagechat_tui.server.routes import problems
from imagechat_tui.server.routes.answering import FOR_BROWSERS
from imagechat_tui.server.routes.doors import Doors
from imagechat_tui.server.routes.endpoint import Endpoint
from imagechat_tui.server.routes.table import entries


def make_app(deps: Deps) -> ASGIApp:
    """The application over ``deps``."""
    app = Starlette(
        routes=[Route(entry.path, Endpoint(entry, deps), methods=[entry.method]) for entry in entries()],
        middleware=[Middleware(Doors, deps=deps)],
        exception_handlers={HTTPException: partial(_unrouted, deps)},
    )
    # A redirect to the other slash form would break the preflight of browsers; both forms are in the table instead.
    app.router.redirect_slashes = False
    return app


async def _unrouted(deps: Deps, request: Request, problem: Exception) -> Response:
    """What is no route of ours, or not by this method."""
    answer = problems.answer_to(problem, path=request.url.path, request_id="-")
    deps.metrics.request("-", "unrouted", answer.status, seconds=0)
    headers = {"content-type": answer.media_type.decode()}
    headers |= {name.decode(): value.decode() for name, value in FOR_BROWSERS}
    if isinstance(problem, HTTPException) and problem.headers:
        headers |= dict(problem.headers)
    return Response(answer.body, answer.status, headers)
