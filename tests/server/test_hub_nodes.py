"""Rooms of two nodes joined by a real Redis, and what the log gives back when Redis has lost it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from imagechat_tui.protocol.events import NewComment
from imagechat_tui.server.bus.port import Topic
from imagechat_tui.server.bus.redis import RedisBus
from imagechat_tui.server.hub import Hub, HubSettings, News
from imagechat_tui.server.hub.missing import BoardLog
from imagechat_tui.server.hub.news import BoardNews, pack, unpack
from imagechat_tui.server.store import boards, events, tenants
from imagechat_tui.server.store.boards import NewBoard
from imagechat_tui.server.store.database import Database, Transaction
from imagechat_tui.server.store.events import Place
from tests.server.bus.test_redis import redis_url
from tests.server.live_world import BOARD, WINDOW, commented, full_comment, member, pinned, until
from tests.server.test_hub import look

__all__ = ["redis_url"]


@pytest.fixture
async def hubs(redis_url: str) -> AsyncIterator[tuple[Hub, Hub]]:
    """Two nodes."""
    buses = [RedisBus[News](redis_url, pack=pack, unpack=unpack) for _ in range(2)]
    one, two = (Hub(bus, settings=HubSettings(batch_ms=0), wall_ms=lambda: 0) for bus in buses)
    await asyncio.gather(one.open(), two.open())
    yield one, two
    await asyncio.gather(one.close(), two.close())


@pytest.mark.redis
async def test_viewers_of_another_node_get_the_same_bytes(hubs: tuple[Hub, Hub]) -> None:
    """On both kinds of topic, hidden events included in the count of positions only."""
    here, there = hubs
    local = [await look(here, member("ann"), url_id=BOARD, whole=True), await look(here, member("bob"))]
    remote = [await look(there, member("ann"), url_id=BOARD, whole=True), await look(there, member("bob"))]
    here.publish([commented(1), pinned(2), commented(3, only_for="acme:ann")])
    await until(lambda: all(b"".join(one.transport.news) for one in remote))
    for near, far in zip(local, remote, strict=True):
        assert b"".join(near.transport.news) == b"".join(far.transport.news)
    assert b'"c3"' in b"".join(remote[0].transport.news)
    assert b'"c3"' not in b"".join(remote[1].transport.news)


async def test_the_log_gives_back_what_was_lost(tmp_path: Path) -> None:
    """A gap of a board, where its end is, and nothing for a board that is gone."""
    database = Database(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    await database.open()

    def write(tx: Transaction) -> None:
        tenants.add(tx, "acme", secret="s", now_ms=0)
        board = boards.add(tx, "acme", NewBoard(url_id=BOARD, token="t", title="", created_by=None), now_ms=0)
        assert board is not None
        for number in range(1, 5):
            event = NewComment(comment=full_comment(f"c{number}"), broadcast_id=f"w{number}")
            events.append(tx, board, event, place=Place(channel=WINDOW, marker_id="m1"), now_ms=number)

    await database.write(write)
    topic = Topic("board", "acme", BOARD)
    log = BoardLog(database)
    gap = await log.missing(topic, 1, 3)
    assert [parcel.position for parcel in gap] == [2, 3]
    news = gap[0].body
    assert isinstance(news, BoardNews)
    assert isinstance(news.event, NewComment)
    assert (news.seq, news.event.seq, news.event.comment.id) == (2, 2, "c2")
    gone = Topic("board", "acme", "gone")
    assert await log.missing(gone, 0, 9) == []
    assert await log.heads([topic, gone]) == {topic: 4}
    await database.close()
