"""Who is writing, told by several nodes: wherever the word comes in, everybody who looks hears it."""

import pytest

from imagechat_tui.core.inputs import AddComment, Writing
from tests.support.nodes import Engines, node_here
from tests.support.people import make_board, person

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


async def test_people_on_two_nodes_see_each_other_write(shared: Engines) -> None:
    """Until the comment is there, which comes from the other node as well."""
    async with node_here(shared, "one") as one, node_here(shared, "two") as two:
        place = await make_board(one.url, await one.tenant())
        async with person(place, "ann") as ann, person(place.through(two.url), "ben") as ben:
            await ann.live()
            await ben.live()
            marker = await ann.pin("label is cut off")
            await ben.sees("label is cut off")
            for writer, other in ((ann, ben), (ben, ann)):
                writer.do(Writing(marker_id=marker.id))
                await other.until(lambda other=other: marker.id in other.view.writers, "the other to write")  # type: ignore[misc] # binds the loop's value
                (seen,) = other.view.writers[marker.id]
                assert seen.name == writer.name
                assert not writer.view.writers
                await writer.change(AddComment(marker_id=marker.id, text=f"said by {writer.name}"))
                await other.until(lambda other=other: not other.view.writers, "nobody to write")  # type: ignore[misc] # binds the loop's value
