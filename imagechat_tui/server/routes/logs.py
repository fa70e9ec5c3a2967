"""What happened, read back: by time for official clients, on both slash forms; by position for ours."""

import hashlib

from imagechat_tui.protocol import ids, limits, paths
from imagechat_tui.protocol.replies import EventLog, LogPage
from imagechat_tui.server.actions import logs
from imagechat_tui.server.auth import sessions, viewing
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry


async def event_log(asked: Asked) -> EventLog:
    """Stored events of one channel between two moments. Reconnecting clients all ask at once: nobody is counted."""
    url_id = asked.url_id()
    user_id_ws = asked.query.needed("userIdWS", most=viewing.MOST_CHARACTERS)
    start_ms, end_ms = asked.query.needed_number("startTime"), asked.query.number("endTime")
    tenant = await asked.tenant()
    pages = ids.page_keys(url_id)
    directory, now_ms = asked.deps.directory, asked.deps.clock_ms()
    actor = await sessions.viewer(directory, tenant, user_id_ws, pages=pages, now_ms=now_ms)
    known = None if actor.user_id is None else hashlib.sha256(user_id_ws.encode()).hexdigest()
    return await logs.read_event_log(asked.deps, actor, url_id, start_ms=start_ms, end_ms=end_ms, viewer=known)


async def log(asked: Asked) -> LogPage:
    """Events of a board after a position."""
    url_id = asked.url_id(most=limits.URL_ID_CHARACTERS)
    after, limit = asked.query.needed_number("after"), asked.query.number("limit")
    actor = await asked.actor(await asked.tenant())
    return await logs.read_log(asked.deps, actor, url_id, after=after, limit=limit)


ENTRIES = (
    Entry(method="GET", path="/event-log/{tenant}", handler=event_log),
    Entry(method="GET", path="/event-log/{tenant}/", handler=event_log),
    Entry(method="GET", path=f"{paths.OURS}/log/{{tenant}}", handler=log),
)
