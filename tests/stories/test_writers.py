"""Two people at one board: each sees that the other writes, before anything is sent, and never afterwards."""

from imagechat_tui.core.inputs import AddComment, Writing
from imagechat_tui.core.settings import SessionSettings
from imagechat_tui.core.views import LinkState
from tests.stories.modes import own_host_only
from tests.support.people import Place, person, seat
from tests.support.proxy import Proxy

pytestmark = own_host_only("telling who writes")


async def test_it_shows_from_the_first_key_until_the_comment_is_there(place: Place) -> None:
    """In the thread of the one who looks; also when the text is left unsent, and for a marker to come."""
    async with seat(place, "ann") as ann, seat(place, "ben") as ben:
        await ann.live()
        await ben.live()
        marker = await ann.pin("label is cut off")
        await ben.sees("label is cut off")
        for one in (ann, ben):
            await one.press("n", "enter")
        await ann.press("R")
        await ann.type("shor")
        await ben.shows("⋯ ann is writing")
        assert "is writing" not in await ann.screen()
        await ann.type("ter")
        await ann.press("enter")
        await ben.shows("shorter")
        await ben.hides("is writing")
        await ann.press("R")
        await ann.type("one more")
        await ben.until(lambda: marker.id in ben.view.writers, "ann to write again")
        await ann.press("escape")
        await ben.hides("is writing")
        await ann.press("m")
        await ann.type("here")
        await ben.shows("ann is writing · 1")
        await ann.press("enter")
        await ben.sees("here")
        await ben.hides("is writing")


async def test_who_loses_the_connection_or_leaves_writes_no_longer(place: Place, wire: Proxy) -> None:
    """Neither for the others nor for oneself."""
    async with person(place, "ann") as ann:
        await ann.live()
        marker = await ann.pin("label is cut off")
        async with person(place.through(wire.url), "ben") as ben:
            await ben.live()
            await ben.sees("label is cut off")
            for one in (ann, ben):
                one.do(Writing(marker_id=marker.id))
            for one in (ann, ben):
                await one.until(lambda one=one: one.view.writers, "the other to write")  # type: ignore[misc] # binds the loop's value
            wire.cut()
            await ben.state(LinkState.RECONNECTING)
            assert not ben.view.writers
        await ann.until(lambda: not ann.view.writers, "nobody to write")


async def test_a_visitor_with_a_session_is_somebody(place: Place) -> None:
    """Without a name, and gone with the comment like everybody."""
    async with seat(place, "ann") as ann, person(place, None) as visitor:
        await ann.live()
        await visitor.live()
        marker = await ann.pin("label is cut off")
        await visitor.sees("label is cut off")
        await ann.press("n")
        visitor.do(Writing(marker_id=marker.id))
        await ann.shows("⋯ somebody is writing")
        await visitor.change(AddComment(marker_id=marker.id, text="same here"))
        await ann.shows("same here")
        await ann.hides("is writing")


async def test_who_does_not_want_it_tells_nothing(place: Place) -> None:
    """And sees the others all the same."""
    async with person(place, "ann") as ann, person(place, "eve", settings=SessionSettings(typing=False)) as eve:
        await ann.live()
        await eve.live()
        marker = await ann.pin("label is cut off")
        await eve.sees("label is cut off")
        eve.do(Writing(marker_id=marker.id))
        ann.do(Writing(marker_id=marker.id))
        await eve.until(lambda: eve.view.writers, "ann to write")
        await eve.change(AddComment(marker_id=marker.id, text="no word before it"))
        await ann.sees("label is cut off", like=lambda one: one.comment_count == 2)
        assert not [change for change in ann.heard if type(change).__name__ == "WritersChanged"]
