"""The way out of a rolling restart: while a server drains, every answer tells its caller to connect anew.

A balancer that asks ``/readyz`` sends nobody here meanwhile, and no request meets a connection that is being closed.
"""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


def closing_while(draining: Callable[[], bool], app: ASGIApp) -> ASGIApp:
    """The application; while ``draining`` is true, its connections end with their next answer."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and draining():
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        await app(scope, receive, sending)

    return answering
