"""Who is, was, or may be on a page: presence answers of the contract; who is here now is known by the hub."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from imagechat_tui.protocol import ids
from imagechat_tui.protocol.models import PageUser
from imagechat_tui.protocol.replies import PresenceStatus, UsersInfo, UsersOffline, UsersOnline
from imagechat_tui.server.actions import checks, pages
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import comments, users, windows
from imagechat_tui.server.store.users import User

_PAGE: Final = 100
_PRIVATE_NAME: Final = "Private"


async def users_online(
    deps: Deps, actor: Actor, url_id: str, *, after_name: str | None = None, after_user_id: str | None = None
) -> UsersOnline:
    """Who looks at a page now, by name, a hundred at a time.

    Raises:
        Refusal: 400, the key does not fit; 401 or 403, not for this actor.
    """
    key = await _visible_key(deps, actor, ids.page_keys(url_id))
    present = await deps.hub.present(actor.tenant, key)
    after = ((after_name or "").casefold(), after_user_id or "")
    later = [one for one in present.users if (one.name.casefold(), one.user_id) > after]
    page = later[:_PAGE]
    known = await deps.database.read(lambda connection: users.some(connection, actor.tenant, [p.user_id for p in page]))
    last = page[-1] if len(later) > _PAGE else None
    return UsersOnline(
        status="success",
        users=[_page_user(known.get(one.user_id), one.user_id, one.name) for one in page],
        total_count=present.total_count,
        anon_count=present.anon_count,
        next_after_name=last.name if last else None,
        next_after_user_id=last.user_id if last else None,
    )


async def users_offline(
    deps: Deps, actor: Actor, url_id: str, *, after_name: str | None = None, after_user_id: str | None = None
) -> UsersOffline:
    """Who wrote on a page and does not look at it now, by name, a hundred at a time.

    Raises:
        Refusal: 400, the key does not fit; 401 or 403, not for this actor.
    """
    keys = ids.page_keys(checks.window_url_id(url_id))

    def read(connection: Connection) -> tuple[str, list[tuple[str, str]], dict[str, User]]:
        key, _ = windows.place(connection, actor.tenant, keys)
        page = pages.find_page(connection, actor, key)
        after = (after_name or "", after_user_id or "")
        if page.board is None or page.marker_id is not None:
            found = comments.authors_in(connection, actor.tenant, key, after=after, most=_PAGE + 1)
        else:
            found = comments.authors_on(connection, page.board, after=after, most=_PAGE + 1)
        if page.board is None and not actor.moderates:
            found = [one for one in found if one[1] == actor.user_id]
        return key, found, users.some(connection, actor.tenant, [user_id for _, user_id in found])

    key, found, known = await deps.database.read(read)
    last = found[_PAGE - 1] if len(found) > _PAGE else None
    online = await deps.hub.online(actor.tenant, key, [user_id for _, user_id in found])
    return UsersOffline(
        status="success",
        users=[
            _page_user(known.get(user_id), user_id, name)
            for name, user_id in found[:_PAGE]
            if not ids.is_anonymous(user_id) and not online[user_id]
        ],
        next_after_name=last[0] if last else None,
        next_after_user_id=last[1] if last else None,
    )


async def users_info(deps: Deps, actor: Actor, user_ids: Sequence[str]) -> UsersInfo:
    """Names of these users, those who are known."""
    known = await deps.database.read(lambda connection: users.some(connection, actor.tenant, user_ids))
    return UsersInfo(
        status="success",
        users=[_page_user(known[one], one, known[one].name) for one in user_ids if one in known],
    )


async def presence_status(deps: Deps, actor: Actor, url_ids: Sequence[str], user_ids: Sequence[str]) -> PresenceStatus:
    """For every asked id, whether that user looks now at the page that one of ``url_ids`` is, likeliest first.

    Raises:
        Refusal: 400, the key does not fit; 401 or 403, not for this actor.
    """
    key = await _visible_key(deps, actor, url_ids)
    return PresenceStatus(status="success", user_ids_online=await deps.hub.online(actor.tenant, key, user_ids))


async def _visible_key(deps: Deps, actor: Actor, url_ids: Sequence[str]) -> str:
    keys = [checks.window_url_id(one) for one in url_ids]

    def read(connection: Connection) -> str:
        key, _ = windows.place(connection, actor.tenant, keys)
        return pages.find_page(connection, actor, key).url_id

    return await deps.database.read(read)


def _page_user(user: User | None, user_id: str, name: str) -> PageUser:
    if user is not None and user.private:
        return PageUser(id=user_id, display_name=_PRIVATE_NAME, is_private=True)
    return PageUser(id=user_id, display_name=name, avatar_src=user.avatar if user else None)
