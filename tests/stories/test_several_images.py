"""A set of images is reviewed by two people: one walks through it in the app, the other works on one of its boards."""

from imagechat_tui.core.inputs import AddComment
from tests.support.people import Place, make_board, person, seat
from tests.support.servers import ServerProcess


async def test_s23_news_on_another_image_of_the_set_is_seen_and_led_to(server: ServerProcess, place: Place) -> None:
    """Ann reviews three images; Ben answers on the third one while she writes on the first."""
    second = await make_board(server.url, place.tenant, title="cart.png")
    third = await make_board(server.url, place.tenant, title="done.png")
    async with person(third, "ben") as ben, seat(place, "ann", second, third) as ann:
        await ben.live()
        await ann.live()
        await ann.shows("1/3 page.png", "● live")
        await ann.press("m")
        await ann.type("first remark")
        await ben.pin("done is too green")
        await ann.shows("1/3●", "1 new on another image", "first remark")
        await ann.press("enter", "less_than_sign")
        await ann.shows("3/3 done.png", "done is too green")
        await ann.press("n", "enter", "R")
        await ann.type("agreed")
        await ann.press("enter")
        await ben.reads("agreed")
        await ann.press("greater_than_sign")
        await ann.shows("1/3 page.png", "first remark")
        marker = await ben.sees("done is too green")
        await ben.change(AddComment(marker_id=marker.id, text="fixed", parent_id=None))
        await ann.shows("1/3●", "1 new on another image")
        await ann.press("less_than_sign")
        await ann.shows("fixed")


async def test_s2_each_image_of_a_set_has_one_connection_of_its_own(server: ServerProcess, place: Place) -> None:
    """People on one board see this person there, whichever is on the screen."""
    second = await make_board(server.url, place.tenant, title="cart.png")
    async with person(place, "ben") as ben, person(second, "cleo") as cleo, seat(place, "ann", second) as ann:
        await ann.live()
        for other in (ben, cleo):
            await other.live()
            await other.until(lambda other=other: other.view.viewers == 2, "two viewers")  # type: ignore[misc]
        await ann.press("greater_than_sign")
        await ann.shows("2/2 cart.png")
        assert (ben.view.viewers, cleo.view.viewers) == (2, 2)
