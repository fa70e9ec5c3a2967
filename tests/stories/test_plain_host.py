"""What is different at a host that offers the plain contract only; the other stories are played there as well."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    MoveMarker,
    OpenThread,
    ResolveMarker,
    Retry,
    RetryNow,
    Vote,
)
from imagechat_tui.core.outputs import Outcome
from imagechat_tui.core.views import Delivery, LinkState, Reason
from imagechat_tui.protocol import paths
from tests.support.people import Person, Place, make_board, person
from tests.support.plain_host import PlainHost, plain_host
from tests.support.proxy import Proxy, proxy_to
from tests.support.servers import ServerProcess


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A board behind a plain host."""

    own: Place
    """The same board, at the server itself."""
    place: Place
    wired: Place
    """The same, over ``wire``."""
    wire: Proxy
    host: PlainHost


@pytest.fixture
async def plain(server: ServerProcess) -> AsyncIterator[Plain]:
    """The board of a story, behind a plain host."""
    own = await make_board(server.url, await server.tenant())
    async with plain_host(server.url) as (url, host), proxy_to(url) as wire:
        yield Plain(
            own=own, place=own.through(url, plain=True), wired=own.through(wire.url, plain=True), wire=wire, host=host
        )


def _texts(reader: Person, marker_id: str) -> list[str]:
    return [comment.text for comment in reader.view.thread(marker_id) or ()]


async def test_nothing_of_ours_is_asked_and_the_screen_knows(plain: Plain) -> None:
    """The host is recognised by its first answer; nobody tries what it does not have."""
    async with person(plain.place, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        assert ann.view.link.plain_host
        marker = await ann.pin("two requests", x=25.5, y=30.25)
        assert (marker.x, marker.y, marker.delivery, marker.number) == (25.5, 30.25, Delivery.CONFIRMED, 1)
        seen = await ben.sees("two requests")
        assert (seen.x, seen.y, seen.author_name) == (25.5, 30.25, "ann")
    assert not [one for one in plain.host.asked if paths.OURS in one]
    posts = [one for one in plain.host.asked if one.startswith("POST")]
    assert posts == [f"POST {paths.comments('acme')}", f"POST {paths.image_chats('acme')}"]


async def test_s1_counts_of_other_threads_are_told_by_the_page(plain: Plain) -> None:
    """A thread that nobody has opened says how long it is, and is read when it is opened."""
    async with person(plain.place, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        first, second = await ann.pin("first"), await ann.pin("second", x=10, y=10)
        await ben.opens("first")
        await ann.change(AddComment(marker_id=second.id, text="elsewhere"))
        await ben.sees("second", like=lambda one: one.comment_count == 2)
        await ben.opens("second")
        await ben.reads("elsewhere")
        assert ben.view.marker(first.id)


async def test_s1_users_of_both_kinds_of_client_meet(plain: Plain) -> None:
    """One of ours with everything, one as any client of the contract: they see the same."""
    async with person(plain.place, "ann") as ann, person(plain.own, "ben") as ben:
        await ann.live()
        await ben.live()
        hers = await ann.pin("hers", x=10, y=10)
        await ben.sees("hers")
        his = await ben.pin("his", x=20, y=20)
        await ann.opens("his")
        await ben.change(AddComment(marker_id=his.id, text="to Ann"))
        await ann.reads("to Ann")
        await ann.change(AddComment(marker_id=hers.id, text="to Ben"))
        await ben.until(lambda: _texts(ben, hers.id) == ["hers", "to Ben"], "the reply")
        await ben.change(MoveMarker(marker_id=his.id, x=77.5, y=20))
        await ann.sees("his", like=lambda one: one.x == 77.5)


async def test_moving_and_resolving_are_refused_with_a_reason(plain: Plain) -> None:
    """Not part of the contract: nothing is sent, the marker stays as it is, and the reason says so."""
    async with person(plain.place, "ann") as ann:
        await ann.live()
        marker = await ann.pin("stays", x=10, y=20)
        asked = len(plain.host.asked)
        for intent in (MoveMarker(marker_id=marker.id, x=1, y=2), ResolveMarker(marker_id=marker.id, resolved=True)):
            ended = await ann.change(intent)
            assert (ended.outcome, ended.reason) == (Outcome.REFUSED, Reason.NOT_COMPATIBLE)
        assert not [one for one in plain.host.asked[asked:] if one.startswith(("POST", "PATCH", "PUT"))]
        kept = ann.view.marker(marker.id)
        assert kept is not None
        assert (kept.x, kept.y, kept.resolved) == (10, 20, False)


async def test_s5_what_was_missed_is_read_from_the_log(plain: Plain) -> None:
    """The page's and the open thread's, in place of a list: a count nobody lists, a vote once, nothing twice."""
    async with person(plain.wired, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        one, other = await ben.pin("one", x=1, y=1), await ben.pin("other", x=2, y=2)
        await ann.opens("other")
        await ben.opens("other")
        heard = await ben.change(AddComment(marker_id=other.id, text="before"))
        await ann.reads("before")
        await plain.wire.refuse()
        plain.wire.cut()
        await ann.until(lambda: ann.view.link.state in {LinkState.RECONNECTING, LinkState.OFFLINE}, "the loss")
        await ben.change(AddComment(marker_id=one.id, text="to the closed one"))
        await ben.change(AddComment(marker_id=other.id, text="to the open one"))
        await ben.change(Vote(marker_id=other.id, comment_id=str(heard.comment_id), direction=1))
        await plain.wire.listen()
        asked = len(plain.host.asked)
        ann.do(RetryNow())
        await ann.live()
        await ann.until(lambda: _texts(ann, other.id) == ["other", "before", "to the open one"], "the open thread")
        await ann.until(lambda: ann.comment("before").votes == 1, "the vote")  # type: ignore[union-attr] # it is read above
        told = [request for request in plain.host.asked[asked:] if request.startswith("GET")]
        assert told.count(f"GET {paths.event_log('acme')}") == 2
        assert f"GET {paths.image_chats('acme')}" not in told
        assert [marker.comment_count for marker in ann.view.markers()] == [2, 3]


async def test_a_thread_that_was_closed_at_the_loss_is_right_when_it_is_opened(plain: Plain) -> None:
    """Its comments of before are readable at once, and read anew."""
    async with person(plain.wired, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        one, other = await ben.pin("one", x=1, y=1), await ben.pin("other", x=2, y=2)
        await ann.opens("one")
        await ann.opens("other")
        plain.wire.reset()
        await ann.until(lambda: ann.view.stats.reconnects >= 1 or ann.view.link.state is not LinkState.LIVE, "the loss")
        await ben.change(AddComment(marker_id=one.id, text="to the closed one"))
        await ben.change(AddComment(marker_id=other.id, text="to the open one"))
        ann.do(RetryNow())
        await ann.live()
        await ann.until(lambda: _texts(ann, other.id) == ["other", "to the open one"], "the open thread")
        ann.do(OpenThread(marker_id=one.id))
        await ann.until(lambda: _texts(ann, one.id) == ["one", "to the closed one"], "the closed thread")


async def test_two_people_on_the_same_cell_share_a_thread(plain: Plain) -> None:
    """One key, one thread: both first comments are in it, and nobody's words are lost."""
    async with person(plain.place, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        hers = await ann.pin("hers")
        await ben.sees("hers")
        ended = await ben.change(CreateMarker(x=50, y=50, text="his"))
        assert (ended.outcome, ended.marker_id) == (Outcome.CONFIRMED, hers.id)
        for one in (ann, ben):
            await one.opens("hers")
            await one.until(lambda one=one: _texts(one, hers.id) == ["hers", "his"], "both comments")  # type: ignore[misc] # mypy cannot infer lambdas with defaults
            assert len(one.view.markers()) == 1


@pytest.mark.parametrize("lost", [b"POST /comments/", b"POST /comment-image-chats/"])
async def test_an_answer_that_is_lost_on_the_way_makes_no_second_marker(plain: Plain, lost: bytes) -> None:
    """Of either of the two requests: one marker with one comment in the end, after a retry by hand if it takes one."""
    async with person(plain.wired, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        plain.wire.lose_answer_to(lost)
        ended = await ann.change(CreateMarker(x=40, y=40, text="did it arrive?"))
        ann.do(RetryNow())
        await ann.live()
        if ended.outcome is not Outcome.CONFIRMED:
            ann.do(Retry(operation=ended.operation))
        marker_id = await ben.opens("did it arrive?")
        await ann.sees("did it arrive?", like=lambda one: one.delivery is Delivery.CONFIRMED)
        assert _texts(ben, marker_id) == ["did it arrive?"]
        assert [one.title for one in ann.view.markers()] == ["did it arrive?"]
