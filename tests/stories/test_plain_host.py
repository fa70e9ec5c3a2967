"""The stories again, at a host that offers the plain contract only: for everybody, or for one among users of ours."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from imagechat_tui.core.inputs import (
    AddComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    MoveMarker,
    OpenThread,
    ResolveMarker,
    Retry,
    RetryNow,
    Vote,
)
from imagechat_tui.core.outputs import CommentPut, Outcome
from imagechat_tui.core.views import Delivery, LinkState, Reason
from imagechat_tui.protocol import paths
from tests.support.people import Person, Place, person, seat
from tests.support.plain_host import PlainHost, plain_host
from tests.support.proxy import Proxy, proxy_to


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A board behind a plain host."""

    place: Place
    wired: Place
    """The same, over ``wire``."""
    wire: Proxy
    host: PlainHost


@pytest.fixture
async def plain(place: Place) -> AsyncIterator[Plain]:
    """The board of a story, behind a plain host."""
    async with plain_host(place.url) as (url, host), proxy_to(url) as wire:
        yield Plain(
            place=place.through(url, plain=True), wired=place.through(wire.url, plain=True), wire=wire, host=host
        )


async def _open(reader: Person, title: str) -> str:
    """Open a thread, so that its own channel is followed; the marker's id."""
    marker = await reader.sees(title)
    reader.do(OpenThread(marker_id=marker.id))
    await reader.reads(title)
    # A plain host's list says no counts: what happens while the socket is dialled anew would be told by nobody.
    await reader.until(lambda: reader.view.stats.followed == marker.id, "the thread's channel")
    await reader.live()
    return marker.id


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


async def test_s1_reply_edit_and_deletion_appear_in_the_open_thread(plain: Plain) -> None:
    """Each step shows before the other does anything."""
    async with person(plain.place, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        await ann.pin("button is cut off")
        marker_id = await _open(ben, "button is cut off")
        await _open(ann, "button is cut off")
        await ben.change(AddComment(marker_id=marker_id, text="same on mobile"))
        reply = await ann.reads("same on mobile")
        mine = await ann.reads("button is cut off")
        assert (mine.mine, reply.mine) == (True, False)
        await ann.change(EditComment(marker_id=marker_id, comment_id=mine.id, text="cut off at the left"))
        await ben.reads("cut off at the left")
        await ben.change(DeleteComment(marker_id=marker_id, comment_id=reply.id))
        await ann.until(lambda: _texts(ann, marker_id) == ["cut off at the left"], "the reply to go")
        await ann.change(DeleteMarker(marker_id=marker_id))
        await ben.until(lambda: not ben.view.markers(), "the marker to go")


async def test_s1_counts_of_other_threads_are_told_by_the_page(plain: Plain) -> None:
    """A thread that nobody has opened says how long it is, and is read when it is opened."""
    async with person(plain.place, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        first, second = await ann.pin("first"), await ann.pin("second", x=10, y=10)
        await _open(ben, "first")
        await ann.change(AddComment(marker_id=second.id, text="elsewhere"))
        await ben.sees("second", like=lambda one: one.comment_count == 2)
        await _open(ben, "second")
        await ben.reads("elsewhere")
        assert ben.view.marker(first.id)


async def test_s1_users_of_both_kinds_of_client_meet(plain: Plain, place: Place) -> None:
    """One of ours with everything, one as any client of the contract: they see the same."""
    async with person(plain.place, "ann") as ann, person(place, "ben") as ben:
        await ann.live()
        await ben.live()
        hers = await ann.pin("hers", x=10, y=10)
        await ben.sees("hers")
        his = await ben.pin("his", x=20, y=20)
        await _open(ann, "his")
        await ben.change(AddComment(marker_id=his.id, text="to Ann"))
        await ann.reads("to Ann")
        await ann.change(AddComment(marker_id=hers.id, text="to Ben"))
        await ben.until(lambda: _texts(ben, hers.id) == ["hers", "to Ben"], "the reply")
        await ben.change(MoveMarker(marker_id=his.id, x=77.5, y=20))
        await ann.sees("his", like=lambda one: one.x == 77.5)


async def test_s1_on_the_screen(plain: Plain) -> None:
    """The whole app, by keys alone."""
    async with seat(plain.place, "ann") as ann, seat(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        await ann.shows("░")
        await ann.press("m")
        await ann.type("button is cut off")
        await ann.press("enter")
        await ben.shows("button is cut off")
        await ben.press("n", "enter")
        await ben.until(lambda: ben.comment("button is cut off"), "the thread")
        await ben.press("R")
        await ben.type("same on mobile")
        await ben.press("enter")
        await ann.press("n", "enter")
        await ann.shows("same on mobile")


async def test_s4_one_marker_in_the_end_and_no_echo_of_it(plain: Plain) -> None:
    """Two broadcasts come back; neither makes a second marker or comment."""
    async with person(plain.place, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        marker = await ann.pin("once only")
        marker_id = await _open(ann, "once only")
        assert marker_id == marker.id
        await ann.change(AddComment(marker_id=marker_id, text="said once"))
        await ben.pin("after it", x=1, y=1)
        await ann.sees("after it")
        assert _texts(ann, marker_id) == ["once only", "said once"]
        puts = [one for one in ann.heard if isinstance(one, CommentPut) and one.comment.text == "said once"]
        assert {one.comment.delivery for one in puts} <= {Delivery.PENDING, Delivery.CONFIRMED}
        assert sorted(one.title for one in ann.view.markers()) == ["after it", "once only"]
        seen = ann.view.marker(marker_id)
        assert seen is not None
        assert seen.comment_count == 2


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


async def test_votes_are_counted_once(plain: Plain) -> None:
    """One's own by the answer, another's by the event; taken back by the vote's id."""
    async with person(plain.place, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        await ann.pin("worth a vote")
        marker_id = await _open(ann, "worth a vote")
        await _open(ben, "worth a vote")
        comment = await ben.reads("worth a vote")
        await ben.change(Vote(marker_id=marker_id, comment_id=comment.id, direction=1))
        for one in (ann, ben):
            await one.until(lambda one=one: one.comment("worth a vote").votes == 1, "the vote")  # type: ignore[misc] # mypy cannot infer lambdas with defaults
        await ben.change(Vote(marker_id=marker_id, comment_id=comment.id, direction=0))
        for one in (ann, ben):
            await one.until(lambda one=one: one.comment("worth a vote").votes == 0, "no vote")  # type: ignore[misc] # mypy cannot infer lambdas with defaults


async def test_s5_s7_after_a_loss_everything_is_there_once(plain: Plain) -> None:
    """New, said, edited and deleted meanwhile; what was there before is not doubled."""
    async with person(plain.wired, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        stays = await ben.pin("stays", x=1, y=1)
        goes = await ben.pin("goes", x=2, y=2)
        await _open(ann, "stays")
        await ben.change(AddComment(marker_id=stays.id, text="before"))
        await ann.reads("before")
        await plain.wire.refuse()
        plain.wire.cut()
        await ann.until(lambda: ann.view.link.state in {LinkState.RECONNECTING, LinkState.OFFLINE}, "the loss")
        await ben.pin("came meanwhile", x=3, y=3)
        said = AddComment(marker_id=stays.id, text="said meanwhile")
        await ben.change(said)
        first = await ben.reads("stays")
        await ben.change(EditComment(marker_id=stays.id, comment_id=first.id, text="edited meanwhile"))
        await ben.change(DeleteMarker(marker_id=goes.id))
        await plain.wire.listen()
        ann.do(RetryNow())
        await ann.live()
        await ann.sees("came meanwhile")
        await ann.until(
            lambda: _texts(ann, stays.id) == ["edited meanwhile", "before", "said meanwhile"], "the thread as it is"
        )
        assert sorted(one.title for one in ann.view.markers()) == ["came meanwhile", "edited meanwhile"]
        await ben.change(AddComment(marker_id=stays.id, text="and live again"))
        await ann.reads("and live again")
        counted = ann.view.marker(stays.id)
        assert counted is not None
        assert counted.comment_count == 4


async def test_s5_what_was_missed_is_read_from_the_log(plain: Plain) -> None:
    """The page's and the open thread's, in place of a list: a count nobody lists, a vote once, nothing twice."""
    async with person(plain.wired, "ann") as ann, person(plain.place, "ben") as ben:
        await ann.live()
        await ben.live()
        one, other = await ben.pin("one", x=1, y=1), await ben.pin("other", x=2, y=2)
        await _open(ann, "other")
        await _open(ben, "other")
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
        await _open(ann, "one")
        await _open(ann, "other")
        plain.wire.reset()
        await ann.until(lambda: ann.view.stats.reconnects >= 1 or ann.view.link.state is not LinkState.LIVE, "the loss")
        await ben.change(AddComment(marker_id=one.id, text="to the closed one"))
        await ben.change(AddComment(marker_id=other.id, text="to the open one"))
        ann.do(RetryNow())
        await ann.live()
        await ann.until(lambda: _texts(ann, other.id) == ["other", "to the open one"], "the open thread")
        ann.do(OpenThread(marker_id=one.id))
        await ann.until(lambda: _texts(ann, one.id) == ["one", "to the closed one"], "the closed thread")


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
        marker_id = await _open(ben, "did it arrive?")
        await ann.sees("did it arrive?", like=lambda one: one.delivery is Delivery.CONFIRMED)
        assert _texts(ben, marker_id) == ["did it arrive?"]
        assert [one.title for one in ann.view.markers()] == ["did it arrive?"]


async def test_s24_an_anonymous_visitor_edits_what_is_their_own(plain: Plain) -> None:
    """By the key that the host gave with the comment; another's comment is not theirs."""
    async with person(plain.place, "ann") as ann, person(plain.place, None) as visitor:
        await ann.live()
        await visitor.live()
        marker = await ann.pin("anybody?")
        await _open(visitor, "anybody?")
        ended = await visitor.change(AddComment(marker_id=marker.id, text="a passer-by"))
        assert ended.outcome is Outcome.CONFIRMED, ended
        await _open(ann, "anybody?")
        await ann.reads("a passer-by")
        mine = await visitor.reads("a passer-by")
        edited = EditComment(marker_id=marker.id, comment_id=mine.id, text="a passer-by, again")
        assert (await visitor.change(edited)).outcome is Outcome.CONFIRMED
        await ann.reads("a passer-by, again")
        theirs = await visitor.reads("anybody?")
        refused = await visitor.change(EditComment(marker_id=marker.id, comment_id=theirs.id, text="mine now"))
        assert (refused.outcome, refused.reason) == (Outcome.REFUSED, Reason.NOT_SIGNED_IN)
