"""Reads a thread: which comments, in which order, as a list or a tree, and what they are to the one who reads."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from imagechat_tui.protocol import ids
from imagechat_tui.protocol.limits import PAGE_COMMENTS, PAGE_COMMENTS_RANGE
from imagechat_tui.protocol.models import PublicComment
from imagechat_tui.protocol.replies import Comments
from imagechat_tui.server.actions import checks, pages, shapes
from imagechat_tui.server.actions.image_chats import viewer_pass
from imagechat_tui.server.actions.ordering import Direction, Tree, arrange
from imagechat_tui.server.actions.pages import Page
from imagechat_tui.server.auth.actors import Actor
from imagechat_tui.server.deps import Deps
from imagechat_tui.server.store import comments, marks, votes
from imagechat_tui.server.store.comments import Comment, Outline
from imagechat_tui.server.usage import COMMENT_FETCHES

EVERYTHING: Final = -1
"""The page that has all comments."""

_MOST_DEPTH: Final = 50
"""Levels of one tree; what lies deeper is asked for with ``parentId``."""


class ThreadQuery(Struct, frozen=True, kw_only=True):
    """What of a thread is asked for; names as in the contract."""

    page: int = 0
    direction: Direction = "MR"
    skip: int | None = None
    limit: int | None = None
    skip_children: int = 0
    limit_children: int | None = None
    parent_id: str | None = None
    as_tree: bool = False
    count_children: bool = False
    max_tree_depth: int | None = None
    count_all: bool = False
    after_comment_id: str | None = None
    before_comment_id: str | None = None
    fetch_page_for_comment_id: str | None = None
    search_text: str | None = None
    hash_tags: tuple[str, ...] = ()
    user_id: str | None = None
    raw: bool = False
    """Send the raw text beside the HTML (ours)."""


class _Slice(Struct, frozen=True, kw_only=True):
    """The ids of one page."""

    ids: Sequence[str]
    page: int
    has_more: bool
    has_past: bool


class _Found(Struct, frozen=True, kw_only=True):
    page: Page
    comments: list[PublicComment]
    slice: _Slice
    total: int


async def list_comments(deps: Deps, actor: Actor, url_id: str, query: ThreadQuery) -> Comments:
    """A thread as this actor sees it, and what a client needs for a live connection to it.

    Raises:
        Refusal: 400, the key does not fit; 401 or 403, not for this actor.
    """
    window = checks.window_url_id(url_id)
    found = await deps.database.read(lambda connection: _read(connection, actor, window, query))
    deps.usage.count(actor.tenant, COMMENT_FETCHES)
    return Comments(
        status="success",
        comments=found.comments,
        user=shapes.user_of(actor),
        page_number=found.slice.page,
        url_id_clean=window,
        comment_count=found.total,
        is_site_admin=actor.moderates,
        has_more=found.slice.has_more,
        includes_past_pages=found.slice.page == EVERYTHING or not found.slice.has_past,
        last_gen_date=deps.clock_ms(),
        presence_poll_state=0,
        tenant_id_ws=actor.tenant,
        url_id_ws=ids.url_id_ws(window),
        user_id_ws=await viewer_pass(deps, actor, window),
        seq=None if found.page.board is None else found.page.board.head,
    )


def _read(connection: Connection, actor: Actor, window: str, query: ThreadQuery) -> _Found:
    page = pages.find_page(connection, actor, window)
    shown = [
        outline
        for outline in comments.outlines(connection, actor.tenant, window)
        if pages.shows(actor, page, user_id=outline.user_id, approved=bool(outline.approved))
    ]
    tree = arrange(_matching(connection, actor, window, shown, query), query.direction)
    order = _order(tree, query)
    part = _slice(order, _within(tree, order, query))
    wanted = _with_answers(tree, part.ids, query) if query.as_tree else list(part.ids)
    bodies = _bodies(connection, actor, wanted, query)
    if query.as_tree:
        listed = [_branch(tree, bodies, one, query, depth=1) for one in part.ids]
    else:
        listed = [bodies[one] for one in wanted]
    total = len(shown) if query.count_all or not query.as_tree else len(tree.roots)
    return _Found(page=page, comments=listed, slice=part, total=total)


def _matching(
    connection: Connection, actor: Actor, window: str, shown: list[Outline], query: ThreadQuery
) -> list[Outline]:
    words = [*(query.search_text or "").split(), *(f"#{tag.lstrip('#')}" for tag in query.hash_tags)]
    if words:
        having = comments.containing(connection, actor.tenant, window, words=words)
        shown = [outline for outline in shown if outline.id in having]
    if query.user_id is not None:
        shown = [outline for outline in shown if outline.user_id == query.user_id]
    return shown


def _order(tree: Tree, query: ThreadQuery) -> Sequence[str]:
    if query.parent_id is not None:
        return list(tree.children(query.parent_id))
    return tree.roots if query.as_tree else tree.flat()


def _within(tree: Tree, order: Sequence[str], query: ThreadQuery) -> ThreadQuery:
    """The same question with the branch that shows an answer in place of the answer, where only branches are paged."""
    asked = (query.after_comment_id, query.before_comment_id, query.fetch_page_for_comment_id)
    if all(one is None or one in order for one in asked):
        return query
    branch = {below: top for top in order for below in tree.below(top)}
    after, before, page_for = (one if one is None else branch.get(one, one) for one in asked)
    return replace(query, after_comment_id=after, before_comment_id=before, fetch_page_for_comment_id=page_for)


def _slice(order: Sequence[str], query: ThreadQuery) -> _Slice:
    size = PAGE_COMMENTS if query.limit is None else min(max(query.limit, 1), PAGE_COMMENTS_RANGE[1])
    if query.page == EVERYTHING:
        return _Slice(ids=order, page=EVERYTHING, has_more=False, has_past=False)
    if query.after_comment_id is not None and query.after_comment_id in order:
        start = order.index(query.after_comment_id) + 1
    elif query.before_comment_id is not None and query.before_comment_id in order:
        end = order.index(query.before_comment_id)
        start, size = max(end - size, 0), min(size, end)
    elif query.fetch_page_for_comment_id is not None and query.fetch_page_for_comment_id in order:
        start = order.index(query.fetch_page_for_comment_id) // size * size
    else:
        start = query.skip if query.skip is not None else max(query.page, 0) * size
    end = start + size
    return _Slice(
        ids=order[max(start, 0) : end],
        page=max(start, 0) // max(size, 1),
        has_more=end < len(order),
        has_past=start > 0,
    )


def _with_answers(tree: Tree, roots: Sequence[str], query: ThreadQuery) -> list[str]:
    found = list(roots)
    level, depth = list(roots), 1
    while level and depth < _depth(query):
        level = [answer for one in level for answer in _answers(tree, one, query)]
        found += level
        depth += 1
    return found


def _depth(query: ThreadQuery) -> int:
    return _MOST_DEPTH if query.max_tree_depth is None else min(max(query.max_tree_depth, 1), _MOST_DEPTH)


def _answers(tree: Tree, comment_id: str, query: ThreadQuery) -> Sequence[str]:
    answers = tree.children(comment_id)[query.skip_children :]
    return answers if query.limit_children is None else answers[: query.limit_children]


def _branch(tree: Tree, bodies: dict[str, PublicComment], one: str, query: ThreadQuery, *, depth: int) -> PublicComment:
    answers = [answer for answer in _answers(tree, one, query) if answer in bodies]
    deeper = depth < _depth(query)
    children = [_branch(tree, bodies, answer, query, depth=depth + 1) for answer in answers] if deeper else None
    body = replace(bodies[one], has_children=bool(tree.children(one)), child_count=len(tree.children(one)))
    if query.count_children:
        body = replace(body, nested_children_count=len(tree.below(one)) - 1)
    return replace(body, children=children)


def _bodies(
    connection: Connection, actor: Actor, wanted: Sequence[str], query: ThreadQuery
) -> dict[str, PublicComment]:
    """These comments as they are to the actor."""
    found = comments.some(connection, actor.tenant, wanted)
    if actor.user_id is None:
        return {one: shapes.public_comment(comment, raw=query.raw) for one, comment in found.items()}
    cast = votes.of_user_on(connection, actor.tenant, wanted, user_id=actor.user_id)
    flagged = marks.flagged(connection, actor.tenant, wanted, user_id=actor.user_id)
    blocked = marks.blocked_by(connection, actor.tenant, actor.user_id)

    def seen(comment: Comment) -> PublicComment:
        vote = cast.get(comment.id)
        return replace(
            shapes.public_comment(comment, raw=query.raw),
            my_vote_id=vote.id if vote else None,
            is_voted_up=vote is not None and vote.direction > 0,
            is_voted_down=vote is not None and vote.direction < 0,
            is_flagged=comment.id in flagged,
            is_blocked=comment.user_id in blocked,
        )

    return {one: seen(comment) for one, comment in found.items()}
