"""Reading a thread: order, pages, trees, counts, filters, and what a comment is to its reader."""

from dataclasses import replace

import pytest

from imagechat_tui.protocol.models import PublicComment
from imagechat_tui.protocol.requests import VoteBody
from imagechat_tui.server.actions import comments, markers, moderation, threads, votes
from imagechat_tui.server.actions.threads import ThreadQuery
from tests.server.actions.world import ANN, BOB, GUEST, MOD, World, said


@pytest.fixture
async def thread(world: World) -> str:
    """``1`` (the marker's), ``2`` with answers ``2a`` (with ``2aa``) and ``2b``, ``3``: ids are the texts."""
    names = iter(["marker", "1", "token", "2", "3", "2a", "2b", "2aa"])
    world.deps = replace(world.deps, new_id=lambda: next(names))
    window = (await markers.create_marker(world.deps, ANN, world.marker("text of 1"))).marker.url_id
    for name, parent in (("2", None), ("3", None), ("2a", "2"), ("2b", "2"), ("2aa", "2a")):
        body = said(f"text of {name}" + (" #tag" if name == "3" else ""), parent_id=parent)
        actor = BOB if name == "3" else ANN
        await comments.create_comment(world.deps, actor, window, broadcast_id=world.fresh(), body=body)
    return window


async def ids(world: World, thread: str, query: ThreadQuery) -> list[str]:
    """The ids of one answer."""
    return [one.id for one in (await threads.list_comments(world.deps, ANN, thread, query)).comments]


async def test_directions(world: World, thread: str) -> None:
    """Answers follow what they answer, oldest first; votes decide what is relevant; pinned comments lead."""
    assert await ids(world, thread, ThreadQuery(direction="OF")) == ["1", "2", "2a", "2aa", "2b", "3"]
    assert await ids(world, thread, ThreadQuery(direction="NF")) == ["3", "2", "2a", "2aa", "2b", "1"]
    assert await ids(world, thread, ThreadQuery(direction="MR")) == ["3", "2", "2a", "2aa", "2b", "1"]
    up = VoteBody(vote_dir="up", commenter_name=None, commenter_email=None, url=None)
    names = iter(["vote"])
    voter = replace(world.deps, new_id=lambda: next(names))
    await votes.vote(voter, BOB, "1", broadcast_id="v", body=up)
    assert (await ids(world, thread, ThreadQuery(direction="MR")))[0] == "1"
    pinned = await moderation.pin_comment(world.deps, MOD, "2", broadcast_id="p", pinned=True)
    assert pinned.comment_positions["OF"] == {"before": None, "after": "1"}
    assert (await ids(world, thread, ThreadQuery(direction="OF")))[0] == "2"


async def test_pages(world: World, thread: str) -> None:
    """By number, by skip, around a comment, all at once."""
    first = await threads.list_comments(world.deps, ANN, thread, ThreadQuery(direction="OF", limit=4))
    assert [one.id for one in first.comments] == ["1", "2", "2a", "2aa"]
    assert (first.page_number, first.has_more, first.comment_count) == (0, True, 6)
    second = await threads.list_comments(world.deps, ANN, thread, ThreadQuery(direction="OF", limit=4, page=1))
    assert ([one.id for one in second.comments], second.has_more, second.page_number) == (["2b", "3"], False, 1)
    everything = await threads.list_comments(world.deps, ANN, thread, ThreadQuery(direction="OF", page=-1))
    assert (len(everything.comments), everything.page_number, everything.has_more) == (6, -1, False)
    assert await ids(world, thread, ThreadQuery(direction="OF", skip=5)) == ["3"]
    assert await ids(world, thread, ThreadQuery(direction="OF", after_comment_id="2aa", limit=1)) == ["2b"]
    assert await ids(world, thread, ThreadQuery(direction="OF", before_comment_id="2a", limit=1)) == ["2"]
    assert await ids(world, thread, ThreadQuery(direction="OF", before_comment_id="2", limit=9)) == ["1"]
    around = ThreadQuery(direction="OF", fetch_page_for_comment_id="3", limit=4)
    assert await ids(world, thread, around) == ["2b", "3"]


def tree(comments: list[PublicComment] | None) -> object:
    """The ids of a tree."""
    return None if comments is None else [(one.id, tree(one.children)) for one in comments]


async def test_trees(world: World, thread: str) -> None:
    """Nested to a depth, with counts; more of a branch is asked for by its parent."""
    found = await threads.list_comments(
        world.deps, ANN, thread, ThreadQuery(direction="OF", as_tree=True, count_children=True)
    )
    assert tree(found.comments) == [("1", []), ("2", [("2a", [("2aa", [])]), ("2b", [])]), ("3", [])]
    branch = found.comments[1]
    assert (branch.has_children, branch.child_count, branch.nested_children_count) == (True, 2, 3)
    assert found.comment_count == 3
    shallow = ThreadQuery(direction="OF", as_tree=True, max_tree_depth=2, limit_children=1)
    found = await threads.list_comments(world.deps, ANN, thread, shallow)
    assert tree(found.comments) == [("1", []), ("2", [("2a", None)]), ("3", [])]
    assert await ids(world, thread, ThreadQuery(parent_id="2")) == ["2a", "2b"]
    assert await ids(world, thread, ThreadQuery(parent_id="2", as_tree=True, skip=1)) == ["2b"]


async def test_filters(world: World, thread: str) -> None:
    """By words, tag and author."""
    assert await ids(world, thread, ThreadQuery(search_text="TEXT 2a")) == ["2a", "2aa"]
    assert await ids(world, thread, ThreadQuery(hash_tags=("tag",))) == ["3"]
    assert await ids(world, thread, ThreadQuery(user_id="acme:bob")) == ["3"]
    assert await ids(world, thread, ThreadQuery(search_text="nothing")) == []


async def test_a_deep_thread_does_not_end_in_recursion(world: World) -> None:
    """A long chain of answers to answers: the list is whole, the tree stops at its limit."""
    parent = await markers.create_marker(world.deps, ANN, world.marker())
    window, last = parent.marker.url_id, parent.comment.id
    for number in range(120):
        body = said(str(number), parent_id=last)
        saved = await comments.create_comment(world.deps, ANN, window, broadcast_id=world.fresh(), body=body)
        last = saved.comment.id
    everything = await threads.list_comments(world.deps, ANN, window, ThreadQuery(page=-1))
    assert len(everything.comments) == 121
    node: PublicComment | None
    node = (await threads.list_comments(world.deps, ANN, window, ThreadQuery(as_tree=True))).comments[0]
    depth = 0
    while node is not None:
        depth += 1
        node = node.children[0] if node.children else None
    assert depth == 50


async def test_what_a_comment_is_to_its_reader(world: World, thread: str) -> None:
    """Own vote, flag and block are seen by who gave them, and by nobody else."""
    names = iter(["vote"])
    voter = replace(world.deps, new_id=lambda: next(names))
    down = VoteBody(vote_dir="down", commenter_name=None, commenter_email=None, url=None)
    await votes.vote(voter, ANN, "3", broadcast_id="v", body=down)
    await moderation.flag_comment(world.deps, ANN, "3", flagged=True)
    blocked = await moderation.block_author(world.deps, ANN, "3", blocked=True, comment_ids=["3", "1", "none"])
    assert blocked.comment_statuses == {"3": True, "1": False, "none": False}
    query = ThreadQuery(page=-1, user_id="acme:bob")
    mine = (await threads.list_comments(world.deps, ANN, thread, query)).comments[0]
    assert (mine.my_vote_id, mine.is_voted_down, mine.is_voted_up) == ("vote", True, False)
    assert (mine.is_flagged, mine.is_blocked, mine.votes) == (True, True, -1)
    for other in (BOB, GUEST):
        seen = (await threads.list_comments(world.deps, other, thread, query)).comments[0]
        assert (seen.my_vote_id, seen.is_voted_down, seen.is_flagged, seen.is_blocked) == (None, False, False, False)
    await moderation.block_author(world.deps, ANN, "3", blocked=False, comment_ids=())
    assert (await moderation.check_blocked(world.deps, ANN, ["3"])).comment_statuses == {"3": False}
    await moderation.flag_comment(world.deps, ANN, "3", flagged=False)
    mine = (await threads.list_comments(world.deps, ANN, thread, query)).comments[0]
    assert (mine.is_flagged, mine.is_blocked) == (False, False)


async def test_the_answer_says_where_it_stands(world: World, thread: str) -> None:
    """Position of the board, names for the socket; raw text only for who asked."""
    found = await threads.list_comments(world.deps, ANN, thread, ThreadQuery())
    assert found.seq == world.published[-1].seq
    assert found.tenant_id_ws == "acme"
    assert found.user_id_ws
    assert all(one.comment is None for one in found.comments)
