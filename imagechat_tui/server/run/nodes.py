"""What joins a server to its neighbours: nothing for one node, Redis for several."""

from typing import Final

from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _
from imagechat_tui.server.bus.buckets import Buckets
from imagechat_tui.server.bus.crowds import Crowds, NoCrowds
from imagechat_tui.server.bus.memory import MemoryBus
from imagechat_tui.server.bus.port import Bus
from imagechat_tui.server.hub import News
from imagechat_tui.server.hub.missing import BoardLog
from imagechat_tui.server.hub.news import pack, unpack
from imagechat_tui.server.settings import Settings
from imagechat_tui.server.store.database import Database

_BEATS: Final = 3
"""A node that has been silent for so many beats is gone."""


def make_bus(settings: Settings, database: Database) -> tuple[Bus[News], Crowds]:
    """The bus that the settings ask for, and what tells who looks from other nodes.

    Raises:
        UserError: Several nodes are asked for, and what they need is not installed.
    """
    if settings.redis is None:
        return MemoryBus(), NoCrowds()
    try:
        from imagechat_tui.server.bus.redis import RedisBus  # noqa: PLC0415 - only the cluster extra has its library
        from imagechat_tui.server.bus.redis_crowds import RedisCrowds  # noqa: PLC0415 - the same
    except ImportError as problem:
        raise UserError(_("several nodes need more libraries: pip install 'imagechat-tui[cluster]'")) from problem
    try:
        bus: Bus[News] = RedisBus(
            settings.redis, pack=pack, unpack=unpack, log=BoardLog(database), check_seconds=settings.check_seconds
        )
        return bus, RedisCrowds(
            settings.redis, beat_seconds=settings.beat_seconds, life_seconds=_BEATS * settings.beat_seconds
        )
    except ValueError as problem:
        raise UserError(_("--redis has to be an address like redis://host:6379/0")) from problem


def make_buckets(settings: Settings) -> Buckets | None:
    """The buckets of rate limits that all nodes share; ``None`` for a node that is alone."""
    if settings.redis is None:
        return None
    from imagechat_tui.server.bus.redis_buckets import RedisBuckets  # noqa: PLC0415 - as above

    return RedisBuckets(settings.redis)
