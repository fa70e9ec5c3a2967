"""Which bus a server has, and what it reads from the log when a node missed something."""

import uuid
from pathlib import Path

import pytest

from imagechat_tui.errors import UserError
from imagechat_tui.protocol import paths
from imagechat_tui.server.bus.memory import MemoryBus
from imagechat_tui.server.bus.port import Topic
from imagechat_tui.server.bus.redis import RedisBus
from imagechat_tui.server.run.nodes import make_bus, repair
from imagechat_tui.server.settings import Settings
from imagechat_tui.server.store.database import Database
from tests.support.servers import in_process


async def test_one_node_needs_no_broker_and_several_need_one() -> None:
    """By the setting; an address that is none is one sentence."""
    database = Database("sqlite://")
    assert isinstance(make_bus(Settings(data=Path("x")), database), MemoryBus)
    joined = make_bus(Settings(data=Path("x"), redis="redis://127.0.0.1:1/0"), database)
    assert isinstance(joined, RedisBus)
    with pytest.raises(UserError, match="--redis"):
        make_bus(Settings(data=Path("x"), redis="nonsense"), database)


async def test_a_gap_is_read_from_the_log(tmp_path: Path) -> None:
    """Exactly the positions after the first and up to the second number, in order; nothing of other boards."""
    async with in_process(tmp_path) as server:
        acme = await server.tenant("acme")
        async with await acme.client(server.url) as ann:
            positions = []
            for page in ("other", "page", "page", "page"):
                body = {"urlId": page, "x": 1, "y": 1, "comment": "a", "broadcastId": str(uuid.uuid4())}
                positions.append((await ann.post(paths.markers("acme"), json=body)).json()["seq"])
        last = positions[-1]
        database = server.running.deps.database
        found = await repair(database, Topic("board", "acme", "page"), 1, last - 1)
        assert [parcel.position for parcel in found] == list(range(2, last))
        assert await repair(database, Topic("board", "acme", "nowhere"), 0, 9) == []
        assert await repair(database, Topic("board", "nobody", "page"), 0, 9) == []
