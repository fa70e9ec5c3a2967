"""Which bus a server has: memory for one node, Redis for several; and how a gap between nodes is read from the log."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from sqlalchemy import Connection

from imagechat_tui.errors import UserError
from imagechat_tui.server.bus.memory import MemoryBus
from imagechat_tui.server.bus.port import Bus, Parcel, Topic
from imagechat_tui.server.hub import News
from imagechat_tui.server.hub.news import board_news, pack, unpack
from imagechat_tui.server.settings import Settings
from imagechat_tui.server.store import boards, events
from imagechat_tui.server.store.database import Database
from imagechat_tui.server.store.events import LogTooOldError
from imagechat_tui.server.store.logged import Logged

_MOST_REPAIRED: Final = 1_000
"""Positions read for one gap; viewers who miss more see the gap and read the log themselves."""


def make_bus(settings: Settings, database: Database) -> Bus[News]:
    """The bus that the settings ask for.

    Raises:
        UserError: Several nodes are asked for, and what they need is not installed.
    """
    if settings.redis is None:
        return MemoryBus()
    try:
        from imagechat_tui.server.bus.redis import RedisBus  # noqa: PLC0415 - only the cluster extra has its library
    except ImportError as problem:
        raise UserError("several nodes need more libraries: pip install 'imagechat-tui[cluster]'") from problem
    try:
        return RedisBus(settings.redis, pack=pack, unpack=unpack, repair=partial(repair, database))
    except ValueError as problem:
        raise UserError("--redis has to be an address like redis://host:6379/0") from problem


async def repair(database: Database, topic: Topic, after: int, up_to: int) -> Sequence[Parcel[News]]:
    """The news of a board after one position and up to another; none when the log no longer has them."""

    def read(connection: Connection) -> list[Logged]:
        board = boards.find(connection, topic.tenant, topic.key)
        if board is None:
            return []
        try:
            return events.by_position(connection, board, after=after, most=min(up_to - after, _MOST_REPAIRED))
        except LogTooOldError:
            return []

    found = await database.read(read)
    return [
        Parcel(topic, logged.seq, board_news(logged, logged.seq))
        for logged in found
        if logged.seq is not None and logged.seq <= up_to
    ]
