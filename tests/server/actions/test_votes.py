"""Votes: one per person and comment, told once, taken back by who gave them."""

import pytest

from imagechat_tui.protocol.events import DeletedVote, NewVote
from imagechat_tui.protocol.requests import VoteBody
from imagechat_tui.server.actions import markers, votes
from imagechat_tui.server.actions.refusals import Refusal
from imagechat_tui.server.store import comments
from tests.server.actions.world import ANN, BOB, GUEST, MOD, World, anonymous

UP = VoteBody(vote_dir="up", commenter_name=None, commenter_email=None, url=None)
DOWN = VoteBody(vote_dir="down", commenter_name="Carl", commenter_email=None, url=None)


async def a_comment(world: World) -> str:
    """A comment by ann on a board."""
    return (await markers.create_marker(world.deps, ANN, world.marker())).comment.id


async def tally(world: World, comment: str) -> tuple[int, int]:
    """Votes up and down."""
    found = await world.deps.database.read(lambda connection: comments.find(connection, "acme", comment))
    assert found is not None
    return found.votes_up, found.votes_down


async def test_the_same_vote_again_is_one_vote(world: World) -> None:
    """Under another id as well: no second event, because clients add up what they are told."""
    comment = await a_comment(world)
    first = await votes.vote(world.deps, BOB, comment, broadcast_id="1", body=UP)
    told = len(world.published)
    assert isinstance(world.published[-1].event, NewVote)
    assert world.published[-1].seq == first.seq == 3
    again = await votes.vote(world.deps, BOB, comment, broadcast_id="2", body=UP)
    assert again.vote_id == first.vote_id
    assert (len(world.published), await tally(world, comment)) == (told, (1, 0))


async def test_the_other_vote_takes_its_place(world: World) -> None:
    """Told as one taken back and one given."""
    comment = await a_comment(world)
    await votes.vote(world.deps, BOB, comment, broadcast_id="1", body=UP)
    await votes.vote(world.deps, BOB, comment, broadcast_id="2", body=DOWN)
    gone, given = (logged.event for logged in world.published[-2:])
    assert isinstance(gone, DeletedVote)
    assert isinstance(given, NewVote)
    assert (gone.vote.direction, given.vote.direction, await tally(world, comment)) == (1, -1, (0, 1))


async def test_taking_back_is_for_who_gave_it(world: World) -> None:
    """Not even moderators; somebody without an account shows the edit key."""
    comment = await a_comment(world)
    given = await votes.vote(world.deps, anonymous("x"), comment, broadcast_id="1", body=DOWN)
    assert given.vote_id is not None
    assert given.edit_key is not None
    for actor, key, code in ((MOD, None, "unauthorized"), (GUEST, "wrong", "edit-key-invalid")):
        with pytest.raises(Refusal) as refused:
            await votes.delete_vote(world.deps, actor, comment, vote_id=given.vote_id, broadcast_id="2", edit_key=key)
        assert refused.value.code == code
    await votes.delete_vote(
        world.deps, GUEST, comment, vote_id=given.vote_id, broadcast_id="3", edit_key=given.edit_key
    )
    assert await tally(world, comment) == (0, 0)
    with pytest.raises(Refusal) as refused:
        await votes.delete_vote(world.deps, BOB, comment, vote_id=given.vote_id, broadcast_id="4")
    assert refused.value.status == 404


async def test_names_by_direction(world: World) -> None:
    """Who voted so, under the name given."""
    comment = await a_comment(world)
    await votes.vote(world.deps, BOB, comment, broadcast_id="1", body=UP)
    await votes.vote(world.deps, anonymous("x"), comment, broadcast_id="2", body=DOWN)
    assert (await votes.vote_names(world.deps, ANN, comment, direction=1)).vote_user_names == ["Bob"]
    assert (await votes.vote_names(world.deps, ANN, comment, direction=-1)).vote_user_names == ["Carl"]


async def test_a_guest_does_not_vote(world: World) -> None:
    """401."""
    comment = await a_comment(world)
    with pytest.raises(Refusal) as refused:
        await votes.vote(world.deps, GUEST, comment, broadcast_id="1", body=UP)
    assert refused.value.status == 401
