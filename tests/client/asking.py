"""One question about one board, through the real client."""

from imagechat_tui.client.exchange import Exchange, Identity
from imagechat_tui.client.rest import Rest
from imagechat_tui.client.server import Server, server_at
from imagechat_tui.core.asks import AskBody
from imagechat_tui.core.inputs import Answered, Refused, Unanswered
from tests.client.hosts import Host

CHATS: dict[str, object] = {
    "status": "success",
    "user": None,
    "conversations": [],
    "urlIdClean": "board",
    "isSiteAdmin": False,
    "tenantIdWS": "acme",
    "urlIdWS": "board",
    "userIdWS": "w-1",
}
"""What a plain host answers for a board without markers."""


def rest_of(server: Server, *, identity: Identity | None = None) -> Rest:
    """A board ``board`` of tenant ``acme``."""
    return Rest(Exchange(server, identity=identity), tenant="acme", url_id="board", name="Ana")


async def ask(
    host: Host, body: AskBody, *, identity: Identity | None = None, seconds: float = 5
) -> Answered | Refused | Unanswered:
    """One question over a fresh connection."""
    rest = rest_of(server_at(host.url), identity=identity)
    try:
        return await rest.ask(1, body, timeout=seconds)
    finally:
        await rest.close()
