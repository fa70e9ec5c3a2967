"""The connection breaks and heals, and nothing is lost or doubled on the way."""

import asyncio
from pathlib import Path

import pytest

from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteMarker,
    Discard,
    EditComment,
    OpenThread,
    Retry,
    RetryNow,
)
from imagechat_tui.core.outputs import LinkChanged, OperationEnded, Outcome
from imagechat_tui.core.views import Delivery, LinkState, Reason
from imagechat_tui.protocol import paths
from tests.stories.conftest import host_at
from tests.stories.modes import PLAIN_HOST, own_host_only
from tests.support.people import Person, Place, agree, make_board, person, seat, titles
from tests.support.proxy import Proxy, proxy_to
from tests.support.servers import ServerProcess, process


async def test_s2_one_live_connection_from_start_to_end(place: Place, wire: Proxy, server: ServerProcess) -> None:
    """Markers, threads, replies and edits come over the one socket that was opened at the start."""
    async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        for number in range(5):
            marker = await ben.pin(f"marker {number}", x=number)
            await ben.change(AddComment(marker_id=marker.id, text=f"reply {number}"))
        await ann.sees("marker 4")
        await ann.until(lambda: all(one.comment_count == 2 for one in ann.view.markers()), "all replies")
        async with await place.tenant.client(server.url, "ann") as client:
            metrics = (await client.get(paths.METRICS)).text
        sockets = next(line for line in metrics.splitlines() if "socket" in line and not line.startswith("#"))
        assert float(sockets.split()[-1]) == 2, metrics
        assert ann.view.stats.reconnects == 0


async def test_s5_s7_a_cut_connection_heals_by_itself_and_catches_up(place: Place, wire: Proxy) -> None:
    """What happened meanwhile is there afterwards: new, edited and deleted, without a key pressed."""
    async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        stays, goes = await ben.pin("stays", x=1, y=1), await ben.pin("goes")
        await ann.sees("goes")
        await ann.opens("stays")
        first = await ben.reads("stays")
        await wire.refuse()
        wire.cut()
        await ann.until(lambda: ann.view.link.state in {LinkState.RECONNECTING, LinkState.OFFLINE}, "the loss")
        await ben.pin("came meanwhile", x=3, y=3)
        await ben.change(AddComment(marker_id=stays.id, text="said meanwhile"))
        await ben.change(EditComment(marker_id=stays.id, comment_id=first.id, text="edited meanwhile"))
        await ben.change(DeleteMarker(marker_id=goes.id))
        await wire.listen()
        await ann.live()
        await ann.sees("came meanwhile")
        await ann.reads("said meanwhile")
        await ann.reads("edited meanwhile")
        assert ann.marker("goes") is None
        await agree(ann, ben)
        assert ann.view.stats.reconnects == 1
        await ben.change(AddComment(marker_id=stays.id, text="and live again"))
        await ann.reads("and live again")
        await ann.until(lambda: ann.view.markers()[0].comment_count == 3, "the count")


async def test_s5_attempts_grow_apart(place: Place, wire: Proxy) -> None:
    """Delays between attempts grow, and are not the same for everybody."""
    async with person(place.through(wire.url), "ann") as ann:
        await ann.live()
        await wire.refuse()
        wire.cut()
        await ann.until(lambda: ann.view.link.attempt >= 3, "three attempts")
        seen = {one.link.attempt for one in ann.heard if isinstance(one, LinkChanged)}
        assert {1, 2, 3} <= seen


async def test_s6_s22_while_reconnecting_the_board_is_readable_and_the_screen_says_so(
    place: Place, wire: Proxy
) -> None:
    """A banner appears and goes by itself; threads open all the while."""
    async with person(place, "ben") as ben:
        await ben.live()
        marker = await ben.pin("readable")
        await ben.change(AddComment(marker_id=marker.id, text="also this reply"))
    async with seat(place.through(wire.url), "ann") as ann:
        await ann.live()
        await ann.until(lambda: ann.view.thread(marker.id) is not None, "the thread to be kept for reading")
        before = await ann.screen()
        await wire.refuse()
        wire.cut()
        banner = await ann.until(lambda: ann.view.link.state is not LinkState.LIVE and ann.view.link, "the loss")
        assert banner
        await ann.press("n", "enter")
        during = await ann.shows("readable", "also this reply")
        assert during != before
        await ann.until(lambda: ann.view.link.state is LinkState.OFFLINE, "offline")
        await ann.shows("ffline")
        await wire.listen()
        await ann.live()
        await ann.hides("ffline")


async def test_s7_the_server_is_killed_and_started_again(tmp_path: Path, mode: str) -> None:
    """Maintenance without a goodbye: everybody comes back, everything acknowledged is there, and work goes on."""
    data = tmp_path / "data"
    async with process(data) as first:
        place = await make_board(first.url, await first.tenant())
        port = int(first.url.rpartition(":")[2])
        async with (
            host_at(first.url, mode) as url,
            person(place.through(url, plain=mode == PLAIN_HOST), "ann") as ann,
            person(place.through(url, plain=mode == PLAIN_HOST), "ben") as ben,
        ):
            await ann.live()
            await ben.live()
            await ann.pin("before")
            await ben.sees("before")
            await first.kill()
            await ann.until(lambda: ann.view.link.state is not LinkState.LIVE, "the loss")
            async with process(data, port=port) as second:
                assert second.url == first.url
                ann.do(RetryNow())
                ben.do(RetryNow())
                await ann.live()
                await ben.live()
                await ben.pin("after", x=1)
                await ann.sees("after")
                await agree(ann, ben)
                assert [one.title for one in ann.view.markers()] == ["before", "after"]


async def test_a_half_open_connection_is_noticed(place: Place, wire: Proxy) -> None:
    """Nobody closes anything, nothing arrives: the keep-alive finds out, and the board catches up afterwards."""
    async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        wire.freeze()
        await ben.pin("unheard")
        await ann.until(lambda: ann.view.link.state is not LinkState.LIVE, "the silence to be noticed")
        wire.cut()
        wire.thaw()
        await ann.live()
        await ann.sees("unheard")


@own_host_only("a marker in one request: test_plain_host loses the answer to each of two")
async def test_a_request_whose_answer_is_lost_comes_back_as_news(place: Place, wire: Proxy) -> None:
    """The connection is cut between request and reply: one marker in the end, one's own, and no failed ghost of it."""
    async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        wire.lose_answer_to(b"/imagechat/v1/markers/")
        marker = CreateMarker(x=40, y=40, text="did it arrive?")
        ann.do(marker)
        await ben.sees("did it arrive?")
        seen = await ann.sees("did it arrive?", like=lambda one: one.delivery is Delivery.CONFIRMED)
        assert seen.mine
        await ann.live()
        await agree(ann, ben)
        assert len(ann.view.markers()) == 1
        assert len([one for one in ann.heard if isinstance(one, OperationEnded)]) == 1


@own_host_only("a marker in one request: test_plain_host loses the answer to each of two")
async def test_a_retry_after_an_unknown_outcome_makes_no_second_marker(place: Place, wire: Proxy) -> None:
    """The server had done it; nobody could know; the retry repeats its id."""
    async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        # Neither the answer nor the news reaches Ann before she tries again.
        wire.down.delay = 600.0
        changing = asyncio.create_task(ann.change(CreateMarker(x=10, y=10, text="twice?")))
        await ben.sees("twice?")
        wire.cut()
        ended = await changing
        assert ended.outcome is Outcome.UNKNOWN
        wire.down.delay = 0.0
        ann.do(Retry(operation=ended.operation))
        await ann.sees("twice?", like=lambda one: one.delivery is Delivery.CONFIRMED)
        await ann.live()
        await agree(ann, ben)
        assert [one.title for one in ben.view.markers()] == ["twice?"]


async def _go_offline(ann: Person, wire: Proxy) -> None:
    await wire.refuse()
    wire.cut()
    await ann.state(LinkState.OFFLINE)


async def test_s16_s17_offline_creation_fails_at_once_and_is_never_sent(place: Place, wire: Proxy) -> None:
    """The text stays; back online nothing leaves by itself; a retry by hand sends it."""
    async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        kept = await ben.pin("kept")
        await ann.sees("kept")
        await ann.until(lambda: ann.view.thread(kept.id) is not None, "the thread to be kept for reading")
        await _go_offline(ann, wire)
        marker = CreateMarker(x=1, y=2, text="typed offline")
        ended = await ann.change(marker)
        assert (ended.outcome, ended.reason) == (Outcome.REFUSED, Reason.OFFLINE)
        assert ended.intent is marker
        ann.do(OpenThread(marker_id=kept.id))
        await ann.reads("kept")
        await wire.listen()
        ann.do(RetryNow())
        await ann.live()
        await ben.pin("a later one", x=30, y=30)
        await ann.sees("a later one")
        assert ben.marker("typed offline") is None
        ann.do(Retry(operation=ended.operation))
        await ben.sees("typed offline")
        await agree(ann, ben)


async def test_s17_on_the_screen_the_text_typed_offline_stays(place: Place, wire: Proxy) -> None:
    """The app says that nothing was sent, and keeps every word."""
    async with seat(place.through(wire.url), "ann") as ann:
        await ann.live()
        await ann.shows("░")
        await _go_offline(ann, wire)
        await ann.press("m")
        await ann.type("a long thought")
        await ann.press("enter")
        await ann.shows("a long thought", "ffline")
        await wire.listen()
        ann.do(RetryNow())
        await ann.live()
        await ann.shows("a long thought")


async def test_a_discarded_failure_leaves_nothing(place: Place, wire: Proxy) -> None:
    """The user decides that it is not worth it."""
    async with person(place.through(wire.url), "ann") as ann:
        await ann.live()
        await _go_offline(ann, wire)
        ended = await ann.change(CreateMarker(x=1, y=2, text="never mind"))
        await ann.until(lambda: ann.marker("never mind"), "the failed marker to be shown")
        ann.do(Discard(operation=ended.operation))
        await ann.until(lambda: ann.marker("never mind") is None, "the failed marker to go")


async def test_a_trickling_connection_delivers_everything(place: Place, wire: Proxy) -> None:
    """One byte at a time is slow, and nothing else."""
    wire.down.trickle = True
    wire.up.trickle = True
    async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        await ben.pin("byte by byte ✓")
        await ann.sees("byte by byte ✓")
        await agree(ann, ben)


async def test_a_slow_connection_delivers_everything(place: Place, wire: Proxy) -> None:
    """What Ann does shows at once, and the others' changes come late, in their order."""
    wire.down.delay = wire.up.delay = 0.2
    async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        ann.do(CreateMarker(x=5, y=5, text="mine, far away"))
        mine = await ann.sees("mine, far away")
        assert mine.delivery is Delivery.PENDING
        await ben.pin("first")
        await ben.pin("second", x=60)
        await ann.sees("second")
        assert ann.marker("first") is not None
        await ben.sees("mine, far away")
        await agree(ann, ben)


async def test_a_reset_in_the_middle_of_a_frame_loses_nothing(place: Place, wire: Proxy) -> None:
    """Half a frame is no frame; the log has the whole one."""
    async with person(place.through(wire.url), "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        wire.down.reset_after = 40
        await ben.pin("cut in half " + "x" * 200)
        await ann.sees("cut in half " + "x" * 200)
        await ann.live()
        await agree(ann, ben)


@pytest.mark.parametrize("round_", range(2))
async def test_many_cuts_under_load_end_in_one_truth(place: Place, round_: int) -> None:
    """Three people write while the network is cut again and again; in the end all boards are equal."""
    async with (
        proxy_to(place.url) as first,
        proxy_to(place.url) as second,
        person(place.through(first.url), "ann") as ann,
        person(place.through(second.url), "ben") as ben,
        person(place, "cid") as cid,
    ):
        people = (ann, ben, cid)
        for one in people:
            await one.live()
        acknowledged: set[str] = set()

        async def write(one: Person) -> None:
            for number in range(12):
                text = f"{one.name} {round_}.{number}"
                ended = await one.change(CreateMarker(x=number, y=10 * people.index(one) + round_, text=text))
                if ended.outcome is Outcome.CONFIRMED:
                    acknowledged.add(text)

        async def disturb() -> None:
            for number in range(6):
                await cid.until(lambda number=number: len(cid.view.markers()) > 2 * number, "some progress")  # type: ignore[misc] # mypy cannot infer lambdas with defaults
                (first if number % 2 else second).reset()

        await asyncio.gather(*(write(one) for one in people), disturb())
        for one in people:
            one.do(RetryNow())
            await one.live()
            for operation in {found.operation for found in one.view.markers() if found.delivery is Delivery.FAILED}:
                one.do(Discard(operation=operation or ""))
        await agree(*people)
        await cid.until(lambda: acknowledged <= set(titles(cid.view.markers())), "what was acknowledged")
