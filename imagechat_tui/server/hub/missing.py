"""Reads what the bus lost between nodes from the log, in the form of the rooms: one read for all viewers of a board."""

from typing import Final

from sqlalchemy import Connection

from imagechat_tui.server.bus.port import Parcel, Topic
from imagechat_tui.server.hub.news import News, board_news
from imagechat_tui.server.store import boards, events
from imagechat_tui.server.store.database import Database

MOST: Final = 1_000
"""Events of one repair; after a longer absence clients read the log themselves."""


async def missing_news(database: Database, topic: Topic, after: int, until: int | None) -> list[Parcel[News]]:
    """The parcels of a board after one position and up to another (``None``: to the end).

    Raises:
        LogTooOldError: Some of them are no longer kept.
    """

    def read(connection: Connection) -> list[Parcel[News]]:
        board = boards.find(connection, topic.tenant, topic.key)
        if board is None:
            return []
        most = MOST if until is None else min(MOST, until - after)
        stored = events.by_position(connection, board, after=after, most=most)
        return [Parcel(topic, one.seq, board_news(one, one.seq)) for one in stored if one.seq is not None]

    return await database.read(read)
