"""What joins a server to others."""

from pathlib import Path

import pytest

from imagechat_tui.errors import UserError
from imagechat_tui.server.bus.crowds import NoCrowds
from imagechat_tui.server.bus.memory import MemoryBus
from imagechat_tui.server.bus.redis import RedisBus
from imagechat_tui.server.bus.redis_crowds import RedisCrowds
from imagechat_tui.server.run.nodes import make_bus
from imagechat_tui.server.settings import Settings
from imagechat_tui.server.store.database import Database


async def test_one_node_needs_no_broker_and_several_need_one() -> None:
    """By the setting; an address that is none is one sentence."""
    database = Database("sqlite://")
    bus, crowds = make_bus(Settings(data=Path("x")), database)
    assert isinstance(bus, MemoryBus)
    assert isinstance(crowds, NoCrowds)
    bus, crowds = make_bus(Settings(data=Path("x"), redis="redis://127.0.0.1:1/0"), database)
    assert isinstance(bus, RedisBus)
    assert isinstance(crowds, RedisCrowds)
    with pytest.raises(UserError, match="--redis"):
        make_bus(Settings(data=Path("x"), redis="nonsense"), database)
