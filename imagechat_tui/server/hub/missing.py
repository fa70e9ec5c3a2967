"""Reads what the bus lost between nodes from the log, in the form of the rooms: one read for all viewers of a board."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection

from imagechat_tui.server.bus.port import Parcel, Topic
from imagechat_tui.server.hub.news import News, board_news
from imagechat_tui.server.store import boards, events
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.events import LogTooOldError

MOST: Final = 1_000
"""Events of one read: what is longer is read in several."""


class BoardLog:
    """A ``Log`` over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def missing(self, topic: Topic, after: int, until: int) -> list[Parcel[News]]:
        """See ``Log``; nothing of what is no longer kept."""

        def read(connection: Connection) -> list[Parcel[News]]:
            board = boards.find(connection, topic.tenant, topic.key)
            if board is None:
                return []
            try:
                stored = events.by_position(connection, board, after=after, most=min(MOST, until - after))
            except LogTooOldError:
                return []
            return [Parcel(topic, one.seq, board_news(one, one.seq)) for one in stored if one.seq is not None]

        return await self._database.read(read)

    async def heads(self, topics: Collection[Topic]) -> dict[Topic, int]:
        """See ``Log``."""
        by_tenant: dict[str, list[str]] = defaultdict(list)
        for topic in topics:
            by_tenant[topic.tenant].append(topic.key)

        def read(connection: Connection) -> dict[Topic, int]:
            return {
                Topic("board", tenant, key): head
                for tenant, keys in by_tenant.items()
                for key, head in boards.heads(connection, tenant, keys).items()
            }

        return await self._database.read(read)
