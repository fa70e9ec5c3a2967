"""For operators and clients' probes: alive, ready, numbers; nothing about tenants or people."""

import hmac
import ipaddress
from email.utils import formatdate
from typing import Final

from sqlalchemy import text

from imagechat_tui.protocol import paths
from imagechat_tui.protocol.replies import Done
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.metrics import CONTENT_TYPE
from imagechat_tui.server.routes import answering
from imagechat_tui.server.routes.answering import Answer
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "via")
"""What proxies add to a request that somebody else made."""


async def alive(asked: Asked) -> Answer:
    """The process answers, and says what time it has. Asked by clients that want to know whether they are offline."""
    date = formatdate(asked.deps.clock_ms() / 1000, usegmt=True)
    return answering.of(Done(status="success"), headers=((b"date", date.encode()),))


async def ready(asked: Asked) -> Done:
    """The database answers as well, and the server is here to stay; a failure is a 5xx like any other.

    Raises:
        Refusal: 503, it is about to end and wants nobody new.
    """
    if asked.deps.hub.draining:
        raise Refusal(503, "internal", "The server is about to end.")
    await asked.deps.database.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
    return Done(status="success")


async def metrics(asked: Asked) -> Answer:
    """Numbers in Prometheus' format, for this machine or for who has the token."""
    token = asked.deps.settings.metrics_token
    shown = (asked.header("authorization") or "").removeprefix("Bearer ")
    if token is not None:
        if not hmac.compare_digest(shown.encode(), token.encode()):
            raise Refusal(401, "unauthorized", "The metrics token is needed.")
    elif not _from_this_machine(asked):
        raise Refusal(403, "unauthorized", "Metrics are for this machine, or with a token.")
    return Answer(body=asked.deps.metrics.text().encode(), media_type=CONTENT_TYPE.encode())


def _from_this_machine(asked: Asked) -> bool:
    # A proxy in front of the server is on this machine; those it asks for are not.
    if any(asked.header(name) is not None for name in _FORWARDED):
        return False
    client = asked.scope.get("client")
    if not client:
        return True
    try:
        return ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


ENTRIES = (
    Entry(method="GET", path=paths.HEALTH, handler=alive),
    Entry(method="GET", path=paths.READY, handler=ready),
    Entry(method="GET", path=paths.METRICS, handler=metrics),
)
