"""The bus of a single node keeps the contract."""

import pytest

from imagechat_tui.server.bus.memory import MemoryBus
from tests.support.contracts.bus import BOARD, CHANNEL, BusContract, Node, parcel


class TestMemoryBus(BusContract):
    """Both nodes are the same one."""

    @pytest.fixture
    async def nodes(self) -> tuple[Node, Node]:
        node = await Node(MemoryBus[str]()).open()
        return node, node


async def test_what_nobody_watches_is_not_wanted() -> None:
    """So that it need not be made."""
    node = await Node(MemoryBus[str]()).open()
    assert not node.bus.wants(BOARD)
    await node.bus.watch(BOARD)
    node.bus.unwatch(BOARD)
    assert not node.bus.wants(BOARD)


async def test_nothing_is_delivered_before_it_is_open() -> None:
    """And nothing fails."""
    bus = MemoryBus[str]()
    await bus.watch(CHANNEL)
    bus.publish([parcel("early")])
