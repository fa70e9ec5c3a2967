"""The runner, the real session and the real server with a bad line between them: nothing is lost, nothing doubles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from imagechat_tui.core.inputs import AddComment, CreateMarker, Discard, Retry, RetryNow
from imagechat_tui.core.outputs import OperationEnded, Outcome
from imagechat_tui.core.views import LinkState, Reason
from tests.support.people import Person, Place, agree, make_board, person
from tests.support.proxy import Proxy, count_from_here, proxy_to
from tests.support.servers import in_process


@asynccontextmanager
async def apart(place: Place, proxy: Proxy) -> AsyncIterator[tuple[Person, Person]]:
    """Ann behind the bad line, Ben on a good one, both live."""
    async with person(place, "ben") as ben, person(place.through(proxy.url), "ann") as ann:
        await ann.live()
        await ben.live()
        yield ann, ben


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A board on a server in this loop."""
    async with in_process(tmp_path / "server") as server:
        yield await make_board(server.url, await server.tenant())


async def without_live_socket(ann: Person, proxy: Proxy) -> None:
    """Ann's live socket is gone and does not come back; requests still get through on open connections."""
    await proxy.refuse()
    proxy.cut(b"GET /sub")
    await ann.state(LinkState.RECONNECTING)


@pytest.mark.parametrize("fault", ["cut", "reset"])
async def test_what_others_did_meanwhile_is_there_after_a_cut(place: Place, fault: str) -> None:
    """The client comes back by itself and reads what it missed."""
    async with proxy_to(place.url) as proxy, apart(place, proxy) as (ann, ben):
        await ben.pin("before")
        await ann.sees("before")
        await proxy.refuse()
        getattr(proxy, fault)()
        await ann.until(lambda: ann.view.link.state is not LinkState.LIVE, "the cut to be noticed")
        for number in range(5):
            await ben.pin(f"meanwhile {number}", x=number)
        assert ann.marker("before") is not None
        assert ann.marker("meanwhile 0") is None
        await proxy.listen()
        ann.do(RetryNow())
        await ann.live()
        await agree(ann, ben)
        assert len(ann.view.markers()) == 6


async def test_a_half_open_line_is_noticed_and_healed(place: Place) -> None:
    """Nothing says that it is dead: the unanswered ping does, and a new connection brings what was missed."""
    async with proxy_to(place.url) as proxy, apart(place, proxy) as (ann, ben):
        proxy.freeze()
        await ben.pin("unheard")
        await ann.until(lambda: ann.view.link.state is not LinkState.LIVE, "the half-open line to be noticed")
        proxy.thaw()
        ann.do(RetryNow())
        await ann.sees("unheard")
        await ann.live()
        await agree(ann, ben)


async def test_a_lost_answer_ends_as_unknown_and_comes_back_as_news(place: Place) -> None:
    """The server did it: the pending marker is taken off, the log brings the real one, once."""
    async with proxy_to(place.url) as proxy, apart(place, proxy) as (ann, ben):
        await without_live_socket(ann, proxy)
        proxy.lose_answer_to(b"POST /imagechat/v1/markers")
        ended = await ann.change(CreateMarker(x=10.0, y=20.0, text="did it arrive?"))
        assert (ended.outcome, ended.reason) == (Outcome.UNKNOWN, Reason.NO_ANSWER)
        await ben.sees("did it arrive?")
        await proxy.listen()
        ann.do(RetryNow())
        await ann.live()
        await ann.until(lambda: any(one.number for one in ann.view.markers()), "the marker as news")
        ann.do(Discard(operation=ended.operation))
        await agree(ann, ben)
        assert len(ann.view.markers()) == 1


async def test_a_retry_after_an_unknown_outcome_makes_no_second_one(place: Place) -> None:
    """It repeats the id, and the server repeats its answer."""
    async with proxy_to(place.url) as proxy, apart(place, proxy) as (ann, ben):
        marker = await ben.pin("logo")
        await ann.sees("logo")
        await without_live_socket(ann, proxy)
        proxy.lose_answer_to(b"POST /comments/")
        ended = await ann.change(AddComment(marker_id=marker.id, text="twice?"))
        assert ended.outcome is Outcome.UNKNOWN
        await proxy.listen()
        ann.do(Retry(operation=ended.operation))
        await ann.until(
            lambda: any(isinstance(one, OperationEnded) and one.outcome is Outcome.CONFIRMED for one in ann.heard),
            "the retry to be confirmed",
        )
        ann.do(RetryNow())
        await ann.live()
        await ben.until(lambda: (one := ben.marker("logo")) and one.comment_count == 2, "the comment")
        await agree(ann, ben)
        found = ann.view.marker(marker.id)
        assert found is not None
        assert found.comment_count == 2


async def test_offline_is_noticed_and_nothing_is_sent_later(place: Place) -> None:
    """An operation fails at once; when the line heals, nobody hears of it."""
    async with proxy_to(place.url) as proxy, apart(place, proxy) as (ann, ben):
        await proxy.refuse()
        proxy.cut()
        await ann.state(LinkState.OFFLINE)
        ended = await ann.change(CreateMarker(x=1.0, y=1.0, text="too early"))
        assert (ended.outcome, ended.reason) == (Outcome.REFUSED, Reason.OFFLINE)
        await proxy.listen()
        ann.do(RetryNow())
        await ann.live()
        await ben.pin("afterwards")
        await ann.sees("afterwards")
        assert ben.marker("too early") is None


async def test_a_line_of_single_bytes_is_only_slow(place: Place) -> None:
    """Everything still arrives."""
    async with proxy_to(place.url) as proxy:
        proxy.down.trickle = proxy.up.trickle = True
        async with apart(place, proxy) as (ann, ben):
            await ann.pin("slowly")
            await ben.sees("slowly")
            await agree(ann, ben)


async def test_the_picture_comes_over_the_same_line(place: Place) -> None:
    """And its bytes are counted."""
    async with proxy_to(place.url) as proxy, person(place.through(proxy.url), "ann") as ann:
        await ann.live()
        before = count_from_here(proxy)
        assert (await ann.runner.picture()).startswith(b"\x89PNG")
        assert before.down > 500
        assert ann.runner.traffic.bytes_in <= proxy.down.bytes
