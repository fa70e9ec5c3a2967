"""Rooms without a network: joined writes, slices, windows, who is dropped, whose rights end."""

import asyncio
from dataclasses import dataclass, field

import pytest

from imagechat_tui.server.auth.actors import Actor, Role
from imagechat_tui.server.bus.memory import MemoryBus
from imagechat_tui.server.hub import Hub, HubSettings, News, Viewer
from tests.server.live_world import BOARD, WINDOW, commented, member, pinned, until


class FakeTransport(asyncio.WriteTransport):
    """Remembers what was written; ``unsent`` is what the peer has not read."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.unsent = 0
        self.closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return self.closing

    @property
    def news(self) -> list[bytes]:
        """Writes that are not presence."""
        return [data for data in self.writes if b'"p-u"' not in data]


@dataclass
class FakeOutlet:
    """Remembers how it was ended."""

    goodbyes: list[tuple[int, str]] = field(default_factory=list)
    aborted: bool = False

    def close(self, code: int, reason: str) -> None:
        self.goodbyes.append((code, reason))

    def abort(self) -> None:
        self.aborted = True


@dataclass
class Looking:
    """A viewer with its doubles."""

    viewer: Viewer
    transport: FakeTransport
    outlet: FakeOutlet


@pytest.fixture
async def hub() -> Hub:
    """A hub that sends in slices of three."""
    return await opened(HubSettings(slice_viewers=3, buffer_bytes=1000, batch_ms=30))


async def opened(settings: HubSettings) -> Hub:
    """A hub that delivers."""
    made = Hub(MemoryBus[News](), settings=settings, wall_ms=lambda: 0)
    await made.open()
    return made


async def look(
    hub: Hub, actor: Actor, *, url_id: str = WINDOW, board: str | None = BOARD, whole: bool = False
) -> Looking:
    """Somebody joins."""
    transport, outlet = FakeTransport(), FakeOutlet()
    viewer = Viewer(
        actor=actor, url_id=url_id, board=board, whole_board=whole, batch=whole, transport=transport, outlet=outlet
    )
    await hub.expect(viewer)
    hub.join(viewer)
    return Looking(viewer, transport, outlet)


async def turns(count: int = 10) -> None:
    """Let the loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_comes_in_one_turn_leaves_in_one_write(hub: Hub) -> None:
    """However many events, and the same bytes object for everybody."""
    ann, bob = await look(hub, member("ann")), await look(hub, member("bob"))
    hub.publish([commented(1), commented(2)])
    hub.publish([commented(3)])
    await turns()
    (sent,) = ann.transport.news
    assert sent.count(b'"new-comment"') == 3
    assert bob.transport.news == [sent]


async def test_a_large_room_is_written_in_slices_and_in_order(hub: Hub) -> None:
    """Other work gets its turn between slices, and what comes later overtakes nobody."""
    everybody = [await look(hub, member(f"u{number}")) for number in range(8)]
    hub.publish([commented(1)])
    await turns(1)
    assert sum(len(one.transport.news) for one in everybody) < 8
    hub.publish([commented(2)])
    await turns()
    for one in everybody:
        sent = b"".join(one.transport.news)
        assert sent.index(b'"c1"') < sent.index(b'"c2"')
        assert sent.count(b'"new-comment"') == 2


async def test_a_full_buffer_ends_that_socket_alone(hub: Hub) -> None:
    """The others get the same event in the same turn."""
    slow, fine = await look(hub, member("slow")), await look(hub, member("fine"))
    slow.transport.unsent = 1001
    hub.publish([commented(1)])
    await turns()
    assert slow.outlet.aborted
    assert slow.transport.news == []
    assert len(fine.transport.news) == 1
    assert (hub.dropped, hub.sockets) == (1, 1)


async def test_a_closing_transport_is_written_to_no_more(hub: Hub) -> None:
    """Its end will be told soon."""
    gone = await look(hub, member("gone"))
    gone.transport.closing = True
    hub.publish([commented(1)])
    await turns()
    assert gone.transport.news == []


async def test_batches_of_a_busy_board_are_a_window_apart(hub: Hub) -> None:
    """The first event at once, the rest together when the window is over, and then it is quiet again."""
    board = await look(hub, member("ann"), url_id=BOARD, whole=True)
    hub.publish([commented(1)])
    await turns()
    assert len(board.transport.news) == 1
    hub.publish([commented(2)])
    hub.publish([commented(3)])
    await turns()
    assert len(board.transport.news) == 1
    await until(lambda: len(board.transport.news) == 2)
    assert b'"from":2,"to":3' in board.transport.news[1]


async def test_news_of_an_empty_room_are_never_made(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is encoded that nobody may want."""
    made: list[object] = []
    monkeypatch.setattr("imagechat_tui.server.hub.hub.channel_news", made.append)
    monkeypatch.setattr("imagechat_tui.server.hub.hub.board_news", lambda *news: made.append(news))
    ann = await look(hub, member("ann"))
    hub.leave(ann.viewer)
    hub.leave(ann.viewer)
    hub.publish([commented(1), pinned(2)])
    assert made == []
    assert hub.sockets == 0


async def test_replayed_events_go_to_the_board_and_not_to_their_thread(hub: Hub) -> None:
    """The thread's viewers have had them; official clients would count a vote twice."""
    thread = await look(hub, member("ann"))
    board = await look(hub, member("bob"), url_id=BOARD, whole=True)
    event = commented(1)
    hub.publish([type(event)(**{name: getattr(event, name) for name in event.__struct_fields__} | {"replayed": True})])
    await turns()
    assert thread.transport.news == []
    assert len(board.transport.news) == 1


async def test_who_listened_before_a_marker_claimed_the_thread_is_asked_again(hub: Hub) -> None:
    """A thread inherits the visibility of its board: nothing leaks to whoever guessed its key in time."""
    early = await look(hub, member("eve"), board=None)
    hub.publish([commented(1)])
    await turns()
    assert early.transport.news == []
    assert [code for code, _ in early.outlet.goodbyes] == [1012]


async def test_who_may_see_the_board_that_claims_a_thread_stays(hub: Hub) -> None:
    """The author of the first comment looks at the thread already."""
    ann, eve = await look(hub, member("ann"), board=None), await look(hub, member("eve"), board=None)
    hub.page_changed("acme", BOARD, window=WINDOW, may_see=lambda actor: actor.name == "Ann")
    hub.publish([commented(1)])
    await turns()
    assert len(ann.transport.news) == 1
    assert eve.transport.news == []
    assert eve.outlet.goodbyes == [(1008, "not allowed any longer")]


async def test_a_board_that_closes_ends_sockets_on_its_threads_too(hub: Hub) -> None:
    """And nobody's elsewhere."""
    page = await look(hub, member("bob"), url_id=BOARD, whole=True)
    thread = await look(hub, member("bob"))
    mine = await look(hub, member("ann"))
    elsewhere = await look(hub, member("bob"), url_id="other", board="other")
    foreign = await look(hub, member("bob", tenant="rival"))
    hub.page_changed("acme", BOARD, may_see=lambda actor: actor.name == "Ann")
    ended = [one.outlet.goodbyes != [] for one in (page, thread, mine, elsewhere, foreign)]
    assert ended == [True, True, False, False, False]


async def test_sessions_and_tenants_end_by_name(hub: Hub) -> None:
    """Each as wide as it says."""
    ann, bob = await look(hub, member("ann")), await look(hub, member("bob"))
    guest = await look(hub, Actor(tenant="acme", role=Role.GUEST))
    foreign = await look(hub, member("ann", tenant="rival"))
    hub.close_sessions("acme", {"s-ann"})
    assert [bool(one.outlet.goodbyes) for one in (ann, bob, guest, foreign)] == [True, False, False, False]
    hub.close_sessions("acme")
    assert [bool(one.outlet.goodbyes) for one in (bob, guest)] == [True, True]
    assert foreign.outlet.goodbyes == []


async def test_who_has_left_is_told_to_whom_it_concerns() -> None:
    """Once per socket."""
    departed: list[Viewer] = []
    hub = Hub(MemoryBus[News](), settings=HubSettings(), wall_ms=lambda: 0, departed=departed.append)
    ann = await look(hub, member("ann"))
    hub.leave(ann.viewer)
    hub.leave(ann.viewer)
    assert departed == [ann.viewer]
    assert hub.sockets_of("acme", "acme:ann") == 0
