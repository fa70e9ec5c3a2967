"""Who is, was, or may be on a page."""

from imagechat_tui.protocol import ids, limits, paths
from imagechat_tui.protocol.replies import PresenceStatus, UsersInfo, UsersOffline, UsersOnline
from imagechat_tui.server.actions import people
from imagechat_tui.server.routes.asking import Asked
from imagechat_tui.server.routes.endpoint import Entry

_MOST_IDS = 500


async def online(asked: Asked) -> UsersOnline:
    """Who looks now."""
    url_id = asked.url_id()
    actor = await asked.reader()
    name, user_id = _after(asked)
    return await people.users_online(asked.deps, actor, url_id, after_name=name, after_user_id=user_id)


async def offline(asked: Asked) -> UsersOffline:
    """Who wrote there and does not look now."""
    url_id = asked.url_id()
    actor = await asked.reader()
    name, user_id = _after(asked)
    return await people.users_offline(asked.deps, actor, url_id, after_name=name, after_user_id=user_id)


async def info(asked: Asked) -> UsersInfo:
    """Names of these users."""
    user_ids = asked.query.listed("ids", most=_MOST_IDS)
    return await people.users_info(asked.deps, await asked.reader(), user_ids)


async def status(asked: Asked) -> PresenceStatus:
    """For every asked id, whether that user looks now."""
    token = asked.query.needed("urlIdWS", most=4 * limits.URL_ID_CHARACTERS)
    user_ids = asked.query.listed("userIds", most=_MOST_IDS)
    url_ids = ids.url_id_candidates(token) or [token]
    return await people.presence_status(asked.deps, await asked.reader(), url_ids, user_ids)


def _after(asked: Asked) -> tuple[str | None, str | None]:
    most = 2 * limits.NAME_CHARACTERS
    return asked.query.text("afterName", most=most), asked.query.text("afterUserId", most=most)


ENTRIES = (
    Entry(method="GET", path="/pages/{tenant}/users/online", handler=online),
    Entry(method="GET", path="/pages/{tenant}/users/offline", handler=offline),
    Entry(method="GET", path="/pages/{tenant}/users/info", handler=info),
    Entry(method="GET", path=paths.PRESENCE_STATUS, handler=status),
)
