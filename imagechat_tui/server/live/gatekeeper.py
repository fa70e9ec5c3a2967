"""The gate over the database: who holds the pass, which page is meant, who may see it; refuses, and explains little.

An unknown pass is an anonymous viewer on public pages. A page that does not exist yet is public: nothing is there.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from itertools import groupby

from sqlalchemy import Connection

from imagechat_tui.server.auth import sessions as identities
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.auth.directory import Directory
from imagechat_tui.server.auth.permissions import may_see
from imagechat_tui.server.hub import Viewer
from imagechat_tui.server.live.gate import Admission, Knock, Rejection
from imagechat_tui.server.store import changes, sessions, tenants, users, windows
from imagechat_tui.server.store.boards import Board
from imagechat_tui.server.store.database import Database

_REFUSED = Rejection(status=403, reason="This page is not open to you.")
_UNKNOWN = Rejection(status=403, reason="There is no such tenant.")
_FOREIGN = Rejection(status=403, reason="Pages of that origin may not listen.")


class Gatekeeper:
    """A ``Gate``."""

    def __init__(self, database: Database, directory: Directory, *, clock_ms: Callable[[], int]) -> None:
        """``clock_ms``: milliseconds since 1970."""
        self._database = database
        self._directory = directory
        self._clock_ms = clock_ms
        self._marks: dict[int, str] = {}
        self._revision = 0

    async def admit(self, knock: Knock) -> Admission | Rejection:
        """See ``Gate``."""
        tenant = await self._directory.tenant(knock.tenant)
        if tenant is None:
            return _UNKNOWN
        if knock.origin is not None and knock.origin not in tenant.origins:
            return _FOREIGN
        pages = list(knock.url_ids)
        actor = await identities.viewer(self._directory, tenant, knock.user_id_ws, pages=pages, now_ms=self._clock_ms())
        url_id, board = await self._database.read(lambda connection: windows.place(connection, tenant.id, pages))
        if not _open_to(actor, board):
            return _REFUSED
        return Admission(
            actor=actor,
            url_id=url_id,
            board=None if board is None else board.url_id,
            generation=tenant.generation,
            pass_hash=None if actor.user_id is None else hashlib.sha256(knock.user_id_ws.encode()).hexdigest(),
        )

    async def revision(self) -> object:
        """See ``Gate``."""
        connection, mark = await self._database.read(changes.mark)
        if self._marks.get(connection) != mark:
            self._marks[connection] = mark
            self._revision += 1
        return self._revision

    async def lapsed(self, viewers: Sequence[Viewer]) -> Sequence[Viewer]:
        """See ``Gate``. Who is sent away finds no door that remembers how things were."""
        now_ms = self._clock_ms()
        gone = await self._database.read(lambda connection: _lapsed(connection, viewers, now_ms=now_ms))
        if gone:
            self._directory.forget()
        return gone


def _lapsed(connection: Connection, viewers: Sequence[Viewer], *, now_ms: int) -> list[Viewer]:
    """Those whose tenant, session, role, groups or page no longer are what let them in."""
    gone: list[Viewer] = []
    for tenant, group in groupby(sorted(viewers, key=lambda viewer: viewer.tenant), key=lambda viewer: viewer.tenant):
        members = list(group)
        found = tenants.find(connection, tenant)
        if found is None:
            gone.extend(members)
            continue
        asked = {viewer.actor.session for viewer in members if viewer.actor.session is not None}
        alive = sessions.alive(connection, tenant, asked, now_ms=now_ms)
        people = {viewer.actor.user_id for viewer in members if viewer.actor.signed_in}
        known = {user_id: users.find(connection, tenant, user_id) for user_id in people if user_id is not None}
        keys = {viewer.board or viewer.url_id for viewer in members}
        pages = {key: windows.place(connection, tenant, [key])[1] for key in keys}
        gone.extend(
            viewer
            for viewer in members
            if (viewer.actor.user_id is not None and viewer.generation != found.generation)
            or not _stands(viewer.actor, alive, known.get(viewer.actor.user_id or ""))
            or not _open_to(viewer.actor, pages[viewer.board or viewer.url_id])
        )
    return gone


def _stands(actor: Actor, alive: Collection[str], user: users.User | None) -> bool:
    if actor.session is not None and actor.session not in alive:
        return False
    if not actor.signed_in:
        return True
    return user is not None and user.role == actor.role.value and user.groups == actor.groups


def _open_to(actor: Actor, board: Board | None) -> bool:
    """Whether a page may be seen; one that nobody has a board for is open."""
    return board is None or may_see(actor, visibility=board.visibility, groups=board.groups, creator=board.created_by)
